"""Addresses of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from nhactruong.records.incoming import views

app_name = "incoming"
urlpatterns: list[URLPattern] = [
    path("", views.list_page, name="list"),
    path("so/", views.register_book, name="register_book"),
    path("tiep-nhan/", views.intake, name="intake"),
    path("tiep-nhan/<uuid:public_id>/", views.intake_item, name="intake_item"),
    path("tiep-nhan/<uuid:public_id>/tra-lai/", views.return_to_sender, name="return_to_sender"),
    path("<uuid:public_id>/", views.detail_page, name="detail"),
    path("<uuid:public_id>/but-phe/", views.direct, name="direct"),
    path("<uuid:public_id>/trinh/", views.submit_to_leader, name="submit_to_leader"),
    path("<uuid:public_id>/giao/", views.assign, name="assign"),
    path("<uuid:public_id>/ket-thuc/", views.complete, name="complete"),
    path("<uuid:public_id>/ho-so/", views.file, name="file"),
    path("<uuid:public_id>/trang/<int:number>/", views.page, name="page"),
    path("<uuid:public_id>/tep/", views.download, name="download"),
    path("<uuid:public_id>/chu-ky/", views.signatures, name="signatures"),
]
