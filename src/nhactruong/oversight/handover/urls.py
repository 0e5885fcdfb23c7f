"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from nhactruong.oversight.handover import views

app_name = "handover"
urlpatterns = [
    path("", views.hand_overs, name="list"),
    path("lap/", views.new, name="new"),
    path("<uuid:public_id>/", views.detail, name="detail"),
    path("<uuid:public_id>/duyet/", views.approve, name="approve"),
    path("<uuid:public_id>/khong-duyet/", views.refuse, name="refuse"),
    path("<uuid:public_id>/rut/", views.withdraw, name="withdraw"),
]
