"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from nhactruong.masterdata.reorganization.views import agencies, deciding, preparing

app_name = "reorganization"
urlpatterns = [
    path("", agencies.directory, name="agencies"),
    path("<uuid:public_id>/", agencies.agency, name="agency"),
    path("sap-xep/", preparing.listed, name="list"),
    path("sap-xep/de-nghi/", preparing.propose, name="propose"),
    path("sap-xep/<uuid:public_id>/", preparing.detail, name="detail"),
    path("sap-xep/<uuid:public_id>/chuc-danh/", preparing.map_posts, name="map_posts"),
    path("sap-xep/<uuid:public_id>/xem-truoc/", deciding.preview, name="preview"),
    path("sap-xep/<uuid:public_id>/gui/", deciding.send, name="send"),
    path("sap-xep/<uuid:public_id>/duyet/", deciding.approve, name="approve"),
    path("sap-xep/<uuid:public_id>/tra-lai/", deciding.send_back, name="send_back"),
    path("sap-xep/<uuid:public_id>/thuc-hien/", deciding.carry_out, name="carry_out"),
    path("sap-xep/<uuid:public_id>/rut/", deciding.withdraw, name="withdraw"),
]
