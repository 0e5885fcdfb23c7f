"""Addresses of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from nhactruong.records.signing import views

app_name = "signing"
urlpatterns: list[URLPattern] = [
    path("", views.check, name="check"),
    path("bao-cao/", views.report, name="report"),
]
