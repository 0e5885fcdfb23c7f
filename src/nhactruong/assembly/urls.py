"""Every address of the product, composed from the apps."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from nhactruong.assembly import api, views
from nhactruong.assembly.first_run.views import first_run

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.today, name="today"),
    path("", include("nhactruong.foundation.accounts.urls")),
    path("hop-viec/", include("nhactruong.foundation.workitems.urls")),
    path("van-ban-den/", include("nhactruong.records.incoming.urls")),
    path("", include("nhactruong.records.outgoing.urls")),
    path("", include("nhactruong.records.signing.urls")),
    path("ho-so/", include("nhactruong.records.dossiers.urls")),
    path("", include("nhactruong.oversight.inspection.urls")),
    path("to-chuc/ban-giao/", include("nhactruong.oversight.handover.urls")),
    path("xuat-du-lieu/", include("nhactruong.records.releases.urls")),
    path("to-chuc/thay-doi/", include("nhactruong.masterdata.changes.urls")),
    path("to-chuc/", include("nhactruong.masterdata.reorganization.urls")),
    path("thiet-bi/", include("nhactruong.masterdata.devices.urls")),
    path("", include("nhactruong.masterdata.delegations.urls")),
    path("quy-trinh/", include("nhactruong.masterdata.procedures.urls")),
    path("du-lieu/ma/", include("nhactruong.masterdata.codelists.urls")),
    path("du-lieu/nhap/", include("nhactruong.masterdata.importing.urls")),
    path("du-lieu/", include("nhactruong.masterdata.catalogue.urls")),
    path("soi-chi/<uuid:public_id>/", views.thread, name="thread"),
    path("tim/", views.search, name="search"),
    path("toi/", views.me, name="me"),
    path("toi/phien/", views.session, name="session"),
    path("toi/phim-tat/", views.shortcuts, name="shortcuts"),
    path("toi/mat-khau/", views.password, name="password"),
    path("toi/thong-bao/", views.notices, name="notices"),
    path("quan-tri/", views.administration, name="administration"),
    path("quan-tri/khoa/", include("nhactruong.gateways.http_api.urls")),
    path("quan-tri/quyen/", include("nhactruong.foundation.access.urls")),
    path("tro-giup/", views.help_page, name="help"),
    path("khoi-tao/", first_run, name="first_run"),
    path("ma-nguon/", views.source_code, name="source_code"),
    path("_ui/", include("nhactruong.foundation.ui.urls")),
    path("healthz", views.healthz, name="healthz"),
    path("api/v1/", api.addresses),
]

handler400 = "nhactruong.foundation.web.errors.bad_request"
handler403 = "nhactruong.foundation.web.errors.permission_denied"
handler404 = "nhactruong.foundation.web.errors.page_not_found"
handler500 = "nhactruong.foundation.web.errors.server_error"
