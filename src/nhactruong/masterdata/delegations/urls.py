"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from nhactruong.masterdata.delegations.views import absences, lending

app_name = "delegations"
urlpatterns = [
    path("toi/uy-quyen/", lending.mine, name="mine"),
    path("toi/uy-quyen/lap/", lending.new, name="new"),
    path("toi/uy-quyen/<uuid:public_id>/", lending.detail, name="detail"),
    path("toi/uy-quyen/<uuid:public_id>/thu-hoi/", lending.revoke, name="revoke"),
    path("toi/vang-mat/", absences.absences, name="absences"),
    path("toi/vang-mat/<uuid:public_id>/", absences.meanwhile, name="meanwhile"),
    path("toi/vang-mat/<uuid:public_id>/co-mat/", absences.come_back, name="come_back"),
    path("to-chuc/uy-quyen/", lending.overseen, name="overseen"),
]
