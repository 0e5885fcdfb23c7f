"""Pages as pictures, the file itself, and what its signatures are worth."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.web.pictures import tagged_picture
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.kernel.errors import NotFound
from nhactruong.masterdata.vocabularies.selectors import type_name
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.extraction import pictures
from nhactruong.records.outgoing import selectors
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.views import showing


def _shown(request: ActorRequest, public_id: uuid.UUID) -> tuple[OutgoingDocument, Rendition]:
    document = selectors.get_visible(request.actor, public_id)
    best = contents.best_rendition(document.document_id)
    if best is None:
        raise NotFound("outgoing.no_file", "Văn bản chưa có bản trình ký nên chưa có tệp.")
    return document, best


@require_GET
def page(request: ActorRequest, public_id: uuid.UUID, number: int) -> HttpResponse:
    """The PNG of one page of the fullest file there is."""
    _, best = _shown(request, public_id)
    return tagged_picture(
        request,
        pictures.page_tag(best, number),
        lambda: pictures.page_picture(best, number).path.read_bytes(),
    )


@require_GET
def download(request: ActorRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The file under its number and symbol; the reading is recorded."""
    document, best = _shown(request, public_id)
    audit.record_reading(request.actor, "outgoing.downloaded", document)
    return FileResponse(
        contents.stream_of(best),
        as_attachment=True,
        filename=file_name(document),
        content_type="application/pdf",
    )


def file_name(document: OutgoingDocument) -> str:
    """The name a downloaded file gets, e.g. `188-TB-TU.pdf`."""
    code = document.reference_code.replace("/", "-")
    return f"{code or type_name(document.document_type)}.pdf"


@require_GET
def signatures(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The report on the signatures in plain words, the newest first."""
    document = selectors.get_visible(request.actor, public_id)
    report = selectors.newest_report(contents.renditions(document.document_id))
    found: list[dict[str, Any]] = report.report.get("signatures", []) if report else []
    context = {
        "document": document,
        "kind_name": type_name(document.document_type),
        "report": report,
        "verdict": showing.VERDICTS.get(report.verdict, "unknown") if report else "",
        "signatures": [
            {**one, "kind": showing.VERDICTS.get(str(one.get("verdict")), "unknown")}
            for one in found
        ],
        "crumbs": showing.detail_crumbs(document, "Chữ ký"),
    }
    return render(request, "outgoing/signatures.html", context)
