"""Every address of the product, composed from the apps."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from nhactruong.assembly import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("nhactruong.foundation.accounts.urls")),
    path("hop-viec/", include("nhactruong.foundation.workitems.urls")),
    path("van-ban-den/", include("nhactruong.records.incoming.urls")),
    path("", include("nhactruong.records.outgoing.urls")),
    path("ho-so/", include("nhactruong.records.dossiers.urls")),
    path("_ui/", include("nhactruong.foundation.ui.urls")),
    path("healthz", views.healthz, name="healthz"),
    path("api/v1/", include("nhactruong.gateways.http_api.urls")),
]

handler400 = "nhactruong.foundation.web.errors.bad_request"
handler403 = "nhactruong.foundation.web.errors.permission_denied"
handler404 = "nhactruong.foundation.web.errors.page_not_found"
