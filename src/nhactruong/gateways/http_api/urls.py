"""Addresses of the interface."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
