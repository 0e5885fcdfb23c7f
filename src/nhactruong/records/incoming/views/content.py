"""The received file itself: its pages as pictures, its bytes, the report on its signatures."""

from __future__ import annotations

import uuid
from typing import Final

from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.files import store
from nhactruong.foundation.web.pictures import tagged_picture
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.records.extraction import pictures
from nhactruong.records.incoming import selectors
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.views.reading import file_view
from nhactruong.records.signing import selectors as signatures_made
from nhactruong.records.signing import showing
from nhactruong.records.signing.models import VerificationReport


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
    """The latest report in plain words; `?dang=json` gives it as data, `?dang=pdf` as paper."""
    document = selectors.seen(request.actor, public_id)
    original = selectors.original_of(document)
    report = signatures_made.latest_report(original.rendition.pk)
    wanted = request.GET.get("dang")
    if report is not None and wanted in ("json", "pdf"):
        return _kept(report, document, wanted)
    return render(
        request,
        "incoming/signatures.html",
        {
            "document": document,
            "file": file_view(document, original),
            "report": report,
            "shown": showing.shown(report.report) if report is not None else None,
            "empty_sentence": _NOT_CHECKED
            if original.rendition.media_type == "application/pdf"
            else _NO_SIGNATURES,
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


def _kept(report: VerificationReport, document: IncomingDocument, wanted: str) -> HttpResponse:
    """The kept report as a file; its paper is drawn anew where none was kept."""
    answer: HttpResponse
    if wanted == "json":
        answer = JsonResponse(report.report, json_dumps_params={"ensure_ascii": False, "indent": 1})
    elif report.paper is not None:
        with store.open_stored(report.paper.blob.sha256) as stream:
            answer = HttpResponse(stream.read(), content_type="application/pdf")
    else:
        paper = showing.paper_of(report.report, document.file_name)
        answer = HttpResponse(paper, content_type="application/pdf")
    answer.headers["Content-Disposition"] = content_disposition_header(
        True, f"kiem-tra-chu-ky-{document.public_id}.{wanted}"
    )
    return answer


_NOT_CHECKED: Final = "Chữ ký của tệp này đang được kiểm tra. Đồng chí tải lại trang sau ít phút."
_NO_SIGNATURES: Final = "Chỉ tệp PDF mang chữ ký số; tệp này không có gì để kiểm tra."
