"""What the page of an incoming document sends: bút phê, giao, kết thúc, lưu hồ sơ."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from nhactruong.foundation.ui.rules import time_words
from nhactruong.foundation.ui.sources import PlainForm, carried
from nhactruong.foundation.web.requests import ActorRequest, done
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel import clock
from nhactruong.kernel.errors import (
    AccessDenied,
    ConflictingChange,
    DomainError,
    InvalidInput,
    NotFound,
    RuleBroken,
)
from nhactruong.records.dossiers import commands as dossiers
from nhactruong.records.dossiers import selectors as open_dossiers
from nhactruong.records.incoming import commands, policies, selectors
from nhactruong.records.incoming.commands.handling import Desk, desk_of
from nhactruong.records.incoming.forms import (
    AssignForm,
    DirectForm,
    FilingForm,
    ResultForm,
    faults,
)
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.views import detail, directing

#: Refusals that are shown on the page of the document, with everything typed kept.
_SHOWN: Final = (InvalidInput, RuleBroken, ConflictingChange, AccessDenied)

PlainForm(
    __name__,
    "Nút của bút phê",
    {
        "viec": ("Gửi hay trình", carried("Nút bấm")),
    },
)


def _again(document: IncomingDocument, error: DomainError) -> DomainError:
    """A stale form is told who was quicker. Source: screens.md sentence 17."""
    given = selectors.directions_of(document)
    if isinstance(error, ConflictingChange) and error.code == "record.changed" and given:
        return ConflictingChange(
            error.code,
            "Văn bản vừa được %(who)s bút phê lúc %(when)s. "
            "Đồng chí xem ý kiến mới trước khi gửi ý kiến của mình.",
            who=given[0].given_by,
            when=time_words(given[0].given_at),
        )
    return error


def _here(public_id: uuid.UUID) -> str:
    return reverse("incoming:detail", args=[public_id])


@post_only
def direct(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """A bút phê; the button *Trình Bí thư* of the same form puts it before the leader instead."""
    if request.POST.get("viec") == "trinh":
        return submit_to_leader(request, public_id)
    document = selectors.opened(request.actor, public_id)
    desks = [(desk.value, desk.name) for desk in selectors.desks(document.agency)]
    start = directing.prefilled(request.actor, document, clock.today())
    form = DirectForm(request.POST, desks=desks, initial=start)
    if not form.is_valid():
        return detail.page(request, document, direct_form=form, status=422)
    said = form.cleaned_data
    lead = said["lead_other"] or said["lead"]
    if not lead:
        form.add_error(
            "lead", "Chưa gửi được: chưa chọn nơi chủ trì. Đồng chí chọn một đơn vị hoặc chức danh."
        )
        return detail.page(request, document, direct_form=form, status=422)
    due_on, due_rule = directing.due_of(form, document, clock.today())
    try:
        directed = commands.direct(
            request.actor,
            public_id,
            lead=desk_of(lead),
            supporting=_desks([*said["support"], *said["support_other"]]),
            informed=_desks([*said["inform"], *said["inform_other"]]),
            opinion=said["opinion"],
            due_on=due_on,
            due_rule=due_rule,
            version=said["version"],
        )
    except (*_SHOWN, NotFound) as error:
        if isinstance(error, NotFound) and error.code != "desk.not_here":
            raise
        if isinstance(error, InvalidInput) and "due_on" in error.fields:
            form.add_error("due_other", error.fields["due_on"])
            return detail.page(request, document, direct_form=form, status=422)
        status = 409 if isinstance(error, NotFound) else error.http_status
        return detail.page(
            request, document, direct_form=form, refusal=_again(document, error), status=status
        )
    return done(request, _here(public_id), f"Đã gửi bút phê đến {directed.lead_printed}.")


def _desks(values: list[str]) -> list[Desk]:
    return [desk_of(value) for value in dict.fromkeys(values)]


@post_only
def submit_to_leader(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The document put before the agency's leader, with the opinion written so far."""
    document = selectors.opened(request.actor, public_id)
    desks = [(desk.value, desk.name) for desk in selectors.desks(document.agency)]
    form = DirectForm(request.POST, desks=desks)
    form.is_valid()
    try:
        commands.submit_to_leader(
            request.actor,
            public_id,
            opinion=form.cleaned_data.get("opinion", ""),
            version=form.cleaned_data.get("version"),
        )
    except _SHOWN as error:
        return detail.page(
            request,
            document,
            direct_form=form,
            refusal=_again(document, error),
            status=error.http_status,
        )
    return done(request, _here(public_id), "Đã trình lãnh đạo cơ quan.")


@post_only
def assign(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The document given to one specialist."""
    document = selectors.opened(request.actor, public_id)
    form = AssignForm(request.POST)
    if not form.is_valid():
        return detail.page(request, document, assign_form=form, status=422)
    try:
        commands.assign(
            request.actor,
            public_id,
            post_id=form.cleaned_data["post_id"],
            note=form.cleaned_data["note"],
            version=form.cleaned_data["version"],
        )
    except (*_SHOWN, NotFound) as error:
        if isinstance(error, NotFound) and error.code != "desk.not_here":
            raise
        status = 409 if isinstance(error, NotFound) else error.http_status
        return detail.page(
            request, document, assign_form=form, refusal=_again(document, error), status=status
        )
    given = selectors.opened(request.actor, public_id)
    return done(request, _here(public_id), f"Đã giao {_doer(given)}.")


def _doer(document: IncomingDocument) -> str:
    parts = [part for part in document.handlings.all() if part.ended_at is None]
    return next((part.name_printed for part in parts if part.part == part.Part.DO), "chuyên viên")


@post_only
def complete(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The document closed with its result, without a reply."""
    document = selectors.opened(request.actor, public_id)
    form = ResultForm(request.POST)
    if not form.is_valid():
        return detail.page(request, document, result_form=form, status=422)
    try:
        commands.complete(
            request.actor,
            public_id,
            result=form.cleaned_data["result"],
            version=form.cleaned_data["version"],
        )
    except InvalidInput as fault:
        form.tell(fault)
        return detail.page(request, document, result_form=form, status=422)
    except _SHOWN as error:
        return detail.page(
            request,
            document,
            result_form=form,
            refusal=_again(document, error),
            status=error.http_status,
        )
    return done(request, _here(public_id), "Đã kết thúc giải quyết văn bản.")


@require_http_methods(["GET", "HEAD", "POST"])
def file(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Choose an open dossier for the document; a POST puts it there."""
    document = selectors.opened(request.actor, public_id)
    policies.can_file(request.actor, document).require()
    if request.method != "POST":
        return _filing_page(request, document, FilingForm())
    form = FilingForm(request.POST)
    if not form.is_valid():
        return _filing_page(request, document, form, status=422)
    try:
        entry = dossiers.file(request.actor, form.cleaned_data["dossier"], document)
    except (RuleBroken, AccessDenied, NotFound) as error:
        form.add_error("dossier", error.sentence)
        return _filing_page(request, document, form, status=409)
    return done(request, _here(public_id), f"Đã thêm vào hồ sơ {entry.dossier.code}.")


def _filing_page(
    request: ActorRequest,
    document: IncomingDocument,
    form: FilingForm,
    status: int = 200,
) -> HttpResponse:
    held = {str(line["id"]) for line in document.filed_in}  # type: ignore[attr-defined]  # annotated by `opened`
    options: list[dict[str, Any]] = [
        {
            "value": str(one.public_id),
            "label": f"{one.code} · {one.title}",
            "checked": str(one.public_id) == str(form["dossier"].value() or ""),
            "disabled": str(one.public_id) in held,
        }
        for one in open_dossiers.open_for_filing(request.actor, document.agency_id)
    ]
    context = {
        "document": document,
        "options": options,
        "error": faults(form["dossier"]),
        "new_url": reverse("dossiers:new"),
        "crumbs": [
            ("Văn bản đến", reverse("incoming:list")),
            (
                f"Số đến {document.arrival_number}" if document.arrival_number else "Văn bản",
                _here(document.public_id),
            ),
            ("Thêm vào hồ sơ", ""),
        ],
    }
    return render(request, "incoming/file.html", context, status=status)
