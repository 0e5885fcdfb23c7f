"""Kiểm tra chữ ký số: any PDF file, foreign ones too, judged at once; nothing of it is kept.

The judgement goes out with the page, sealed, and comes back for its downloads: the server keeps
neither the file nor what was found.
"""

from __future__ import annotations

import json
from pathlib import Path, PurePath
from typing import Any, Final, cast

from django.core import signing as seals
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from nhactruong.foundation.web.limits import takes_files
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.foundation.web.views import operation_exempt, post_only
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.text import one_line
from nhactruong.records.signing import showing, verifying
from nhactruong.records.signing.engine.telling import told
from nhactruong.records.signing.forms import CheckForm

#: So long a page with a judgement on it still gives its downloads.
_SEAL_SECONDS: Final = 12 * 60 * 60


@takes_files
@operation_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: ActorRequest) -> HttpResponse:
    """The form; a POST answers with what the file's signatures are worth."""
    if request.method != "POST":
        return render(request, "signing/check.html", {"form": CheckForm()})
    form = CheckForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "signing/check.html", {"form": form}, status=422)
    file = form.cleaned_data["file"]
    report, name = verifying.verify_alone(_path_of(file)), _name_of(file)
    context = {
        "form": CheckForm(),
        "name": name,
        "shown": showing.shown(report),
        "sealed": seals.dumps({"name": name, "report": report}, salt=_salt(request), compress=True),
    }
    return render(request, "signing/check.html", context)


@operation_exempt
@post_only
def report(request: ActorRequest) -> HttpResponse:
    """The judgement sent back by the page, as PDF or as the JSON of the command.

    Raises: InvalidInput `signing.judgement_stale` when it is not what we gave this person.
    """
    try:
        given = seals.loads(
            request.POST.get("ket_qua", ""), salt=_salt(request), max_age=_SEAL_SECONDS
        )
    except seals.BadSignature:
        raise InvalidInput(
            "signing.judgement_stale",
            "Kết quả kiểm tra này đã cũ. Đồng chí kiểm tra lại tệp rồi tải báo cáo.",
        ) from None
    if request.POST.get("dang") == "json":
        entry = told(given["name"], given["report"])
        words = json.dumps([entry], ensure_ascii=False, indent=2)
        return _download(
            words.encode("utf-8", "backslashreplace"), "application/json", "kiem-tra-chu-ky.json"
        )
    paper = showing.paper_of(given["report"], given["name"])
    return _download(paper, "application/pdf", "bao-cao-kiem-tra-chu-ky.pdf")


def _salt(request: ActorRequest) -> str:
    return f"nhactruong.signing.judgement.{request.actor.user_id}"


def _path_of(file: UploadedFile[Any]) -> Path:
    return Path(cast(TemporaryUploadedFile, file).temporary_file_path())


def _name_of(file: UploadedFile[Any]) -> str:
    return one_line(PurePath(file.name or "tep.pdf").name)[:255]


def _download(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
