"""Addresses of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from nhactruong.records.signing.views import registering

app_name = "signing"

urlpatterns: list[URLPattern] = [
    path("<uuid:public_id>/chung-thu/", registering.certificate, name="certificate"),
    path("<uuid:public_id>/hinh/", registering.picture, name="picture"),
]
