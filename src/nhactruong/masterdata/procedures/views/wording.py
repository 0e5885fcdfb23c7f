"""Adopting a superior's procedure, wording a version, comparing it and publishing it."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from nhactruong.foundation.ui.sources import PlainForm, carried, chosen, typed
from nhactruong.foundation.web.requests import ActorRequest, done
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel.errors import (
    AccessDenied,
    ConflictingChange,
    DomainError,
    InvalidInput,
    RuleBroken,
)
from nhactruong.kernel.text import whole_number
from nhactruong.masterdata.procedures import commands, forms, policies, selectors
from nhactruong.masterdata.procedures.models import ProcedureVersion
from nhactruong.masterdata.procedures.rules import Content, State, changes
from nhactruong.masterdata.procedures.views.reading import (
    STEP_COLUMNS,
    badge_of,
    drawing,
    owner_of,
    procedure_page,
    step_rows,
)

_REFUSALS: Final = (AccessDenied, ConflictingChange, InvalidInput, RuleBroken)

PlainForm(
    __name__,
    "Bản quy trình",
    {
        "agency": ("Cơ quan", chosen("Cơ quan người làm đang giữ chức danh")),
        "note": ("Điểm mới và lý do", typed("Lý do của người soạn")),
        "reason": ("Lý do", typed("Lý do của người làm")),
        "gui": ("Lưu hay gửi", carried("Nút bấm")),
    },
)


def _asked_agency(request: ActorRequest) -> int:
    """The agency the person acts for. Raises: InvalidInput without one, AccessDenied for another's."""
    number = whole_number(request.POST.get("agency", ""))
    if number is None:
        raise InvalidInput("procedure.no_agency", "Chưa chọn cơ quan. Đồng chí chọn cơ quan.")
    if number not in request.actor.agency_ids:
        raise AccessDenied(
            "procedure.other_agency", "Đồng chí không giữ chức danh nào ở cơ quan đã chọn."
        )
    return number


@post_only
def adopt(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The superior's version in force applied as it is."""
    procedure = selectors.get_procedure(request.actor, public_id)
    try:
        commands.adopt(request.actor, public_id, agency_id=_asked_agency(request))
    except _REFUSALS as refusal:
        return procedure_page(request, procedure, refusal)
    url = reverse("procedures:detail", args=[public_id])
    return done(request, url, f"Đã áp dụng quy trình {procedure.name}.")


@post_only
def open_draft(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """A new wording, begun from what is in force."""
    procedure = selectors.get_procedure(request.actor, public_id)
    try:
        draft = commands.open_draft(request.actor, public_id, agency_id=_asked_agency(request))
    except _REFUSALS as refusal:
        return procedure_page(request, procedure, refusal)
    url = reverse("procedures:version", args=[draft.public_id])
    return done(request, url, f"Đã mở bản {draft.number} để soạn.")


@require_safe
def version(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """A wording: the form while it is a draft, the comparison while it waits."""
    return _page(request, selectors.get_version(request.actor, public_id))


def _page(
    request: ActorRequest,
    shown: ProcedureVersion,
    *,
    refusal: DomainError | None = None,
    content: Content | None = None,
    note: str | None = None,
) -> HttpResponse:
    actor = request.actor
    said = content or selectors.reads(shown)
    before = selectors.previous_of(shown)
    fault = refusal if isinstance(refusal, InvalidInput) else None
    nodes, edges = drawing(said)
    editing = policies.can_edit(actor, shown)
    context: dict[str, Any] = {
        "shown": shown,
        "procedure": shown.procedure,
        "owner": owner_of(shown.procedure),
        "badge": badge_of(shown),
        "content": said,
        "note": shown.note if note is None else note,
        "note_error": fault.fields.get("note", "") if fault else "",
        "basis": "\n".join(said.basis),
        "before": before,
        "before_owner": owner_of(before.procedure) if before else "",
        "changes": changes(selectors.reads(before), said) if before else [],
        "editing": editing,
        "publishing": policies.can_publish(actor, shown),
        "returning": policies.can_send_back(actor, shown),
        "steps": forms.step_fields(said, fault) if editing else [],
        "units": forms.UNITS,
        "doer_options": forms.doer_options(),
        "place_options": forms.new_step_options(said),
        "columns": STEP_COLUMNS,
        "rows": step_rows(said),
        "nodes": nodes,
        "edges": edges,
        "is_waiting": shown.as_state == State.PROPOSED,
        "refusal": refusal,
        "urls": {
            name: reverse(f"procedures:{name}", args=[shown.public_id])
            for name in ("save", "publish", "send_back")
        },
        "crumbs": _crumbs(shown),
    }
    status = refusal.http_status if refusal else 200
    return render(request, "procedures/version.html", context, status=status)


def _crumbs(shown: ProcedureVersion) -> list[tuple[str, str]]:
    of = reverse("procedures:detail", args=[shown.procedure.public_id])
    return [
        ("Quy trình", reverse("procedures:list")),
        (shown.procedure.name, of),
        (f"Bản {shown.number}", ""),
    ]


@post_only
def save(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The wording kept; with `gui` also put before whoever publishes."""
    shown = selectors.get_version(request.actor, public_id)
    note = request.POST.get("note", "")
    content = None
    try:
        content = forms.read_content(request.POST.dict(), selectors.reads(shown))
        kept = commands.save_draft(
            request.actor,
            public_id,
            content,
            note=note,
            version=whole_number(request.POST.get("version", "")),
        )
        if request.POST.get("gui"):
            commands.send(request.actor, public_id, version=kept.version)
    except _REFUSALS as refusal:
        fresh = selectors.get_version(request.actor, public_id)
        return _page(request, fresh, refusal=refusal, content=content, note=note)
    said = "Đã gửi lãnh đạo Văn phòng." if request.POST.get("gui") else "Đã lưu bản đang soạn."
    return done(request, reverse("procedures:version", args=[public_id]), said)


@post_only
def publish(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The proposal in force, by a second person."""
    return _decide(
        request,
        public_id,
        lambda seen: commands.publish(request.actor, public_id, version=seen),
        "Đã ban hành. Việc mới theo bản này; việc đang làm giữ bản cũ.",
    )


@post_only
def send_back(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The proposal back to those who word it."""
    reason = request.POST.get("reason", "")
    return _decide(
        request,
        public_id,
        lambda seen: commands.send_back(request.actor, public_id, reason=reason, version=seen),
        "Đã trả lại để soạn tiếp.",
    )


def _decide(request: ActorRequest, public_id: uuid.UUID, act: Any, said: str) -> HttpResponse:
    selectors.get_version(request.actor, public_id)
    try:
        act(whole_number(request.POST.get("version", "")))
    except _REFUSALS as refusal:
        return _page(request, selectors.get_version(request.actor, public_id), refusal=refusal)
    return done(request, reverse("procedures:version", args=[public_id]), said)
