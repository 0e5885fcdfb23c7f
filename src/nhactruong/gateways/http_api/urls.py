"""Addresses of the page of keys, under /quan-tri/khoa/."""

from __future__ import annotations

from django.urls import path

from nhactruong.gateways.http_api import views

app_name = "keys"
urlpatterns = [
    path("", views.keys, name="list"),
    path("<uuid:public_id>/thu-hoi/", views.revoke, name="revoke"),
]
