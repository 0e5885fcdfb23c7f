"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from nhactruong.records.releases import views

app_name = "releases"
urlpatterns = [
    path("", views.listed, name="list"),
    path("de-nghi/", views.ask, name="ask"),
    path("<uuid:public_id>/", views.detail, name="detail"),
    path("<uuid:public_id>/duyet/", views.allow, name="allow"),
    path("<uuid:public_id>/khong-duyet/", views.refuse, name="refuse"),
]
