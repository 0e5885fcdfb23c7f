"""Addresses of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from nhactruong.records.outgoing.views import (
    batches,
    drafting,
    drafts,
    files,
    issuing,
    registers,
    reviewing,
    sealing,
    signing,
)

app_name = "outgoing"
_D = "du-thao/<uuid:public_id>/"
_V = "van-ban-di/<uuid:public_id>/"

urlpatterns: list[URLPattern] = [
    path("du-thao/", drafts.drafts, name="drafts"),
    path("du-thao/moi/", drafts.new_draft, name="new_draft"),
    path("du-thao/noi-nhan/", drafting.recipients, name="recipients"),
    path(_D, drafting.draft, name="draft"),
    path(f"{_D}luu/", drafting.save, name="save"),
    path(f"{_D}dan/", drafting.paste, name="paste"),
    path(f"{_D}xem-truoc/<int:number>/", drafting.preview, name="preview"),
    path(f"{_D}gui/", drafting.submit, name="submit"),
    path(f"{_D}duyet/", reviewing.approve, name="approve"),
    path(f"{_D}tra-lai/", reviewing.return_draft, name="return_draft"),
    path(f"{_D}gop-y/", reviewing.comment, name="comment"),
    path(f"{_D}gop-y/<uuid:comment_id>/", reviewing.answer_comment, name="answer_comment"),
    path("van-ban-di/", registers.listed, name="list"),
    path("van-ban-di/ky-nhieu/", batches.choose, name="choose_batch"),
    path("van-ban-di/ky-nhieu/<uuid:public_id>/", batches.batch, name="batch"),
    path("van-ban-di/ky-nhieu/<uuid:public_id>/chuan-bi/", batches.prepare, name="prepare_batch"),
    path("van-ban-di/so/", registers.register_book, name="register_book"),
    path(_V, issuing.detail, name="detail"),
    path(f"{_V}ky/", signing.sign, name="sign"),
    path(f"{_V}ky/chuan-bi/", signing.prepare, name="prepare_signature"),
    path(f"{_V}cap-so/", issuing.assign_number, name="assign_number"),
    path(f"{_V}dong-dau/", sealing.request_seal, name="request_seal"),
    path(f"{_V}dong-dau/chuan-bi/", sealing.prepare, name="prepare_seal"),
    path(f"{_V}phat-hanh/", issuing.issue, name="issue"),
    path(f"{_V}bo-so/", issuing.request_void, name="request_void"),
    path(f"{_V}bo-so/xac-nhan/", issuing.confirm_void, name="confirm_void"),
    path(f"{_V}trang/<int:number>/", files.page, name="page"),
    path(f"{_V}tep/", files.download, name="download"),
    path(f"{_V}chu-ky/", files.signatures, name="signatures"),
    path(f"{_V}ho-so/", issuing.file, name="file"),
]
