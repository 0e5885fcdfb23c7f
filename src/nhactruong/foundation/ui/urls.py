"""Addresses of the gallery."""

from __future__ import annotations

from django.urls import path

from nhactruong.foundation.ui import views

app_name = "ui"

urlpatterns = [
    path("", views.index, name="index"),
    path("error/<int:status>/", views.error, name="error"),
    path("<slug:slug>/", views.component, name="component"),
]
