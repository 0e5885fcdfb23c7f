"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from nhactruong.masterdata.catalogue.views import once

app_name = "catalogue"
urlpatterns = [
    path("mot-lan/", once.once, name="once"),
]
