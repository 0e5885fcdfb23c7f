"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from nhactruong.foundation.access import views

app_name = "access"
urlpatterns = [path("", views.table_of_rights, name="rights")]
