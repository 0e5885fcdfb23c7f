"""The received file itself: its pages as pictures, its bytes, the report on its signatures."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.files import store
from nhactruong.foundation.ui.rules import date_words, time_words
from nhactruong.foundation.web.pictures import tagged_picture
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.records.extraction import pictures
from nhactruong.records.incoming import selectors
from nhactruong.records.incoming.views.reading import VERDICT_KINDS, file_view
from nhactruong.records.signing import selectors as signatures_made
from nhactruong.records.signing.engine.verdicts import ReasonCode


@require_safe
def page(request: ActorRequest, public_id: uuid.UUID, number: int) -> HttpResponse:
    """The picture of one page; unchanged pictures are not sent again."""
    document = selectors.seen(request.actor, public_id)
    rendition = selectors.original_of(document).rendition
    return tagged_picture(
        request,
        pictures.page_tag(rendition, number),
        lambda: pictures.page_picture(rendition, number).path.read_bytes(),
    )


@require_safe
def download(request: ActorRequest, public_id: uuid.UUID) -> FileResponse:
    """The original bytes as they came, under their own name; the reading is noted."""
    document = selectors.seen(request.actor, public_id)
    rendition = selectors.original_of(document).rendition
    stream = store.open_stored(rendition.holding.blob.sha256)
    audit.record_reading(request.actor, "incoming.downloaded", document)
    response = FileResponse(stream, content_type=rendition.media_type)
    response.headers["Content-Disposition"] = content_disposition_header(
        True, rendition.holding.file_name
    )
    response.headers["Content-Length"] = str(rendition.holding.blob.size_bytes)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def signatures(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The latest report in plain words; `?dang=json` gives it as data to keep."""
    document = selectors.seen(request.actor, public_id)
    original = selectors.original_of(document)
    report = signatures_made.latest_report(original.rendition.pk)
    if report is not None and request.GET.get("dang") == "json":
        answer = JsonResponse(report.report, json_dumps_params={"ensure_ascii": False, "indent": 1})
        answer.headers["Content-Disposition"] = content_disposition_header(
            True, f"kiem-tra-chu-ky-{document.public_id}.json"
        )
        return answer
    tree: Mapping[str, Any] = report.report if report is not None else {}
    return render(
        request,
        "incoming/signatures.html",
        {
            "document": document,
            "file": file_view(document, original),
            "report": report,
            "empty_sentence": _NOT_CHECKED
            if original.rendition.media_type == "application/pdf"
            else _NO_SIGNATURES,
            "lines": [_signature(one) for one in tree.get("signatures", ())],
            "stamps": _stamps(tree.get("document_timestamps", ())),
            "facts": _file_facts(tree),
            "crumbs": [
                ("Văn bản đến", reverse("incoming:list")),
                (
                    document.reference_code or document.file_name,
                    reverse("incoming:detail", args=[document.public_id]),
                ),
                ("Kiểm tra chữ ký", ""),
            ],
        },
    )


_NOT_CHECKED: Final = "Chữ ký của tệp này đang được kiểm tra. Đồng chí tải lại trang sau ít phút."
_NO_SIGNATURES: Final = "Chỉ tệp PDF mang chữ ký số; tệp này không có gì để kiểm tra."
_PURPOSES: Final = {"personal": "Cá nhân", "agency": "Cơ quan, tổ chức"}
_COVERAGE: Final = {
    "entire_file": "Toàn bộ tệp",
    "entire_revision": "Toàn bộ nội dung tính đến lúc ký",
}
_CHANGES: Final = {
    "none": "Không có",
    "form_filling": "Điền số và ngày văn bản",
    "new_signature": "Thêm chữ ký sau",
    "validation_data": "Thêm dữ liệu để kiểm tra lâu dài",
    "other": "Thay đổi khác",
}
_INTACT: Final = {
    "True": "Nội dung không đổi từ khi ký",
    "False": "Nội dung đã bị sửa sau khi ký",
}
_STAMP_KINDS: Final = {"signature": "trên chữ ký", "document": "trên cả tệp"}


def _instant(text: str | None) -> str:
    if not text:
        return ""
    moment = datetime.fromisoformat(text)
    return f"{time_words(moment)} ngày {date_words(moment)}"


def _signature(one: Mapping[str, Any]) -> dict[str, Any]:
    """One signature as the page shows it. Source: signatures.md 6.3 (TT 15/2025 Điều 6)."""
    validity = " đến ".join(
        part
        for part in (
            _instant(one.get("certificate_valid_from")),
            _instant(one.get("certificate_valid_until")),
        )
        if part
    )
    facts = [
        ("Người ký", one.get("signer")),
        ("Tổ chức", ", ".join(p for p in (one.get("unit"), one.get("organisation")) if p)),
        ("Chứng thư cấp cho", _PURPOSES.get(str(one.get("purpose")), "")),
        ("Nơi cấp chứng thư", one.get("issuer")),
        ("Số chứng thư", one.get("serial")),
        ("Chứng thư có hiệu lực", validity),
        ("Thời điểm ký (dấu thời gian)", _instant(one.get("trusted_time"))),
        ("Thời điểm ký (máy khai)", _instant(one.get("claimed_time"))),
        ("Toàn vẹn dữ liệu", _INTACT.get(str(one.get("intact")), "Chưa xác định")),
        ("Hiệu lực lúc ký", one.get("label")),
        ("Phạm vi ký", _COVERAGE.get(str(one.get("coverage")), one.get("coverage"))),
        (
            "Thay đổi sau khi ký",
            "; ".join(_CHANGES.get(kind, kind) for kind in one.get("changes") or ("none",)),
        ),
        ("Kiểm tra thu hồi", _revocation(one.get("revocation"))),
        ("Thuật toán", " · ".join(
            part for part in (one.get("signature_algorithm"), one.get("digest_algorithm")) if part
        )),
        ("Mức chữ ký", one.get("level")),
        ("Ô chữ ký", one.get("field_name")),
    ]  # fmt: skip
    return {
        "title": one.get("signer") or one.get("field_name") or "Chữ ký",
        "kind": VERDICT_KINDS.get(str(one.get("verdict")), "unknown"),
        "sentence": one.get("sentence", ""),
        "facts": facts,
    }


def _revocation(fact: Mapping[str, Any] | None) -> str:
    if not fact:
        return "Không có dữ liệu thu hồi"
    where = "kèm trong tệp" if fact.get("embedded") else "do nơi kiểm tra giữ"
    told = f"{str(fact.get('source', '')).upper()} lúc {_instant(fact.get('issued_at'))}, {where}"
    revoked = _instant(fact.get("revoked_at"))
    return f"{told}; thu hồi lúc {revoked}" if revoked else told


def _stamps(stamps: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return [
        (
            f"Dấu thời gian {_STAMP_KINDS.get(str(one.get('kind')), '')}".strip(),
            f"{_instant(one.get('time'))}, {one.get('authority', '')}" + _standing(one),
        )
        for one in stamps
    ]


def _standing(stamp: Mapping[str, Any]) -> str:
    if stamp.get("trusted"):
        return ""
    unknown = stamp.get("why_not") == ReasonCode.NO_ROOTS.value
    return " (chưa đối chiếu được)" if unknown else " (không tin cậy)"


def _file_facts(tree: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [
        ("Mã băm của tệp (SHA-256)", tree.get("sha256")),
        ("Danh sách tin cậy", tree.get("trust_version") or ("Chưa có" if tree else "")),
        ("Kiểm tra lúc", _instant(tree.get("checked_at"))),
    ]
