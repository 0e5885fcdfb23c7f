"""Addresses of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from nhactruong.records.signing.views import checking, registering

app_name = "signing"

urlpatterns: list[URLPattern] = [
    path("chu-ky/", checking.check, name="check"),
    path("chu-ky/bao-cao/", checking.report, name="report"),
    path("thiet-bi/<uuid:public_id>/chung-thu/", registering.certificate, name="certificate"),
    path("thiet-bi/<uuid:public_id>/hinh/", registering.picture, name="picture"),
]
