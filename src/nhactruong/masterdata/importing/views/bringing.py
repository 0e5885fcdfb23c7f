"""Imports as a list, a new one, and the page of one."""

from __future__ import annotations

import uuid
from pathlib import Path, PurePath
from typing import Any, cast

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from nhactruong.foundation.files import store
from nhactruong.foundation.persistence.operations import is_carried_out
from nhactruong.foundation.persistence.paging import keyset_page
from nhactruong.foundation.web.limits import takes_files
from nhactruong.foundation.web.requests import ActorRequest, done
from nhactruong.kernel.errors import DomainError, InvalidInput
from nhactruong.kernel.text import one_line
from nhactruong.masterdata.importing import commands, policies, selectors
from nhactruong.masterdata.importing.engine.opening import MOST_BYTES, opened
from nhactruong.masterdata.importing.forms import BringInForm
from nhactruong.masterdata.importing.models import ListImport
from nhactruong.masterdata.importing.rules import KINDS, MOST_ROWS, ListCode, order_of
from nhactruong.masterdata.importing.taking_out import MEDIA
from nhactruong.masterdata.importing.views.showing import badge_of, counts_of, import_page

_MIB = 1_048_576


@require_safe
def listed(request: ActorRequest) -> HttpResponse:
    """Imports of my agencies, newest first; administrators see that they run, not what is in them."""
    policies.can_open(request.actor).require()
    page = keyset_page(
        selectors.imports(request.actor), order=("-id",), cursor=request.GET.get("trang", "")
    )
    is_technical = selectors.is_technical_only(request.actor)
    return render(
        request,
        "importing/list.html",
        {
            "lines": [_line(found, is_technical=is_technical) for found in page.rows],
            "may_bring_in": policies.can_bring_in(request.actor),
            "is_technical": is_technical,
            "kinds": [
                {
                    "label": kind.label,
                    "lead": kind.lead,
                    "template_url": reverse("importing:template", args=[kind.code.value]),
                    "take_out_url": reverse("importing:take_out", args=[kind.code.value]),
                }
                for kind in KINDS.values()
            ],
            "newer_url": f"?trang={page.newer}" if page.newer else "",
            "older_url": f"?trang={page.older}" if page.older else "",
        },
    )


def _line(found: ListImport, *, is_technical: bool) -> dict[str, Any]:
    return {
        "found": found,
        "badge": badge_of(found),
        "url": "" if is_technical else reverse("importing:detail", args=[found.public_id]),
        "title": found.kind.label if is_technical else found.title,
        "rows": sum(counts_of(found).values()),
    }


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: ActorRequest) -> HttpResponse:
    """The form of a new import; a POST takes the file in, to be checked by a job."""
    policies.can_bring_in(request.actor).require()
    agencies = selectors.agencies_for(request.actor)
    if request.method != "POST":
        asked = request.GET.get("danh-sach", "")
        start = {"list_code": asked if asked in list(ListCode) else ListCode.PEOPLE.value}
        return _form_page(request, BringInForm(initial=start, agencies=agencies))
    form = BringInForm(request.POST, request.FILES, agencies=agencies)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    said = form.cleaned_data
    try:
        found = _take(request, said["agency"], ListCode(said["list_code"]), said["file"])
    except InvalidInput as refusal:
        form.add_error("file", refusal.sentence)
        return _form_page(request, form, status=422)
    except DomainError as refusal:
        return _form_page(request, form, refusal=refusal, status=refusal.http_status)
    return done(
        request,
        reverse("importing:detail", args=[found.public_id]),
        "Đã nhận tệp, đang kiểm tra từng dòng.",
    )


def _take(
    request: ActorRequest, agency_id: int, code: ListCode, file: UploadedFile[Any]
) -> ListImport:
    """The import of the uploaded file; nothing is kept of a file that cannot be one."""
    path = Path(cast(TemporaryUploadedFile, file).temporary_file_path())
    if not is_carried_out(commands.bring_in):
        with opened(path, heading_only=True) as found:
            order_of(KINDS[code], found.heading)
    with path.open("rb") as stream:
        stored = store.write(store.chunks_of(stream))
    name = one_line(PurePath(file.name or "danh-sach").name)[:255]
    form = "xlsx" if name.lower().endswith(".xlsx") else "csv"
    return commands.bring_in(
        request.actor,
        agency_id=agency_id,
        list_code=code,
        stored=stored,
        media_type=MEDIA[form].partition(";")[0],
        file_name=name,
    )


def _form_page(
    request: ActorRequest,
    form: BringInForm,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "refusal": refusal,
        "kinds": [
            (kind, reverse("importing:template", args=[kind.code.value])) for kind in KINDS.values()
        ],
        "most_rows": MOST_ROWS,
        "most_mb": MOST_BYTES // _MIB,
        "crumbs": [("Nhập danh sách", reverse("importing:list")), ("Nhập mới", "")],
    }
    return render(request, "importing/new.html", context, status=status)


@require_safe
def detail(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """One import: how far the check is, then its report, the decision and the result."""
    return import_page(request, selectors.get_import(request.actor, public_id))
