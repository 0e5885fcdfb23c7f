"""Addresses of the register of devices, under /thiet-bi/."""

from __future__ import annotations

from django.urls import path

from nhactruong.masterdata.devices import views

app_name = "devices"
urlpatterns = [
    path("", views.listed, name="list"),
    path("ghi-so/", views.enter, name="enter"),
    path("<uuid:public_id>/", views.detail, name="detail"),
    path("<uuid:public_id>/ban-giao/", views.hand_over, name="hand_over"),
    path("<uuid:public_id>/ky-nhan/", views.receive, name="receive"),
    path("<uuid:public_id>/bao-mat/", views.report_loss, name="report_loss"),
    path("<uuid:public_id>/thu-hoi/", views.take_back, name="take_back"),
]
