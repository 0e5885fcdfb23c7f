"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from nhactruong.foundation.workitems import views

app_name = "workitems"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("dang-cho/", views.standing, name="standing"),
]
