"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from nhactruong.masterdata.importing.views import bringing, deciding, files

app_name = "importing"
urlpatterns = [
    path("", bringing.listed, name="list"),
    path("moi/", bringing.bring_in, name="new"),
    path("mau/<slug:list_code>/", files.template, name="template"),
    path("xuat/<slug:list_code>/", files.take_out, name="take_out"),
    path("<uuid:public_id>/", bringing.detail, name="detail"),
    path("<uuid:public_id>/loi.csv", files.faults, name="faults"),
    path("<uuid:public_id>/duyet/", deciding.approve, name="approve"),
    path("<uuid:public_id>/khong-duyet/", deciding.refuse, name="refuse"),
    path("<uuid:public_id>/rut/", deciding.withdraw, name="withdraw"),
]
