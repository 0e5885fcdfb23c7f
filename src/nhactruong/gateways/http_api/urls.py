"""Addresses of the pages of keys, under /quan-tri/khoa/."""

from __future__ import annotations

from django.urls import path

from nhactruong.gateways.http_api import views

app_name = "keys"
urlpatterns = [
    path("", views.listed, name="list"),
    path("de-nghi/", views.ask, name="ask"),
    path("<uuid:public_id>/", views.detail, name="detail"),
    path("<uuid:public_id>/duyet/", views.allow, name="allow"),
    path("<uuid:public_id>/khong-duyet/", views.refuse, name="refuse"),
    path("<uuid:public_id>/lay/", views.collect, name="collect"),
    path("<uuid:public_id>/thu-hoi/", views.revoke, name="revoke"),
]
