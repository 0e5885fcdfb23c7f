"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from nhactruong.masterdata.procedures.views import reading, wording

app_name = "procedures"
urlpatterns = [
    path("", reading.catalogue, name="list"),
    path("<uuid:public_id>/", reading.detail, name="detail"),
    path("<uuid:public_id>/qua-dinh-muc/", reading.late, name="late"),
    path("<uuid:public_id>/ap-dung/", wording.adopt, name="adopt"),
    path("<uuid:public_id>/soan/", wording.open_draft, name="open_draft"),
    path("ban/<uuid:public_id>/", wording.version, name="version"),
    path("ban/<uuid:public_id>/luu/", wording.save, name="save"),
    path("ban/<uuid:public_id>/ban-hanh/", wording.publish, name="publish"),
    path("ban/<uuid:public_id>/tra-lai/", wording.send_back, name="send_back"),
]
