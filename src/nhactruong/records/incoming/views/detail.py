"""One incoming document: read it, direct it, follow it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from nhactruong.foundation.access import selectors as access
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.ui.rules import date_words, time_words, when_words
from nhactruong.foundation.ui.shapes import LifeStep, TimelineItem
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor, HeldPost
from nhactruong.kernel.decisions import Decision
from nhactruong.kernel.errors import DomainError
from nhactruong.kernel.states import Role
from nhactruong.masterdata.procedures import selectors as procedures
from nhactruong.masterdata.workdays import selectors as workdays
from nhactruong.records.incoming import policies, selectors
from nhactruong.records.incoming.forms import AssignForm, DirectForm, ResultForm, faults, type_label
from nhactruong.records.incoming.models import Direction, Handling, IncomingDocument
from nhactruong.records.incoming.rules import State
from nhactruong.records.incoming.views import directing
from nhactruong.records.incoming.views.columns import badge_of, due_of
from nhactruong.records.incoming.views.reading import file_view

_SUBMITTING: Final = frozenset({Role.CHIEF_OF_OFFICE, Role.DEPUTY_CHIEF})
_REACHED: Final[Mapping[State, int]] = {
    State.RECEIVED: 1,
    State.SUBMITTED: 2,
    State.DIRECTED: 3,
    State.ASSIGNED: 3,
    State.IN_PROGRESS: 3,
    State.ANSWERED: 5,
    State.COMPLETED: 5,
    State.RETURNED_TO_SENDER: 1,
}
_KNOTS: Final = ("Tiếp nhận", "Vào sổ", "Bút phê", "Giải quyết", "Trả lời", "Lưu hồ sơ")


@require_safe
def detail(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The page of the document; opening it is noted."""
    document = selectors.opened(request.actor, public_id)
    audit.record_reading(request.actor, "incoming.opened", document)
    return page(request, document)


def page(
    request: ActorRequest,
    document: IncomingDocument,
    *,
    direct_form: DirectForm | None = None,
    assign_form: AssignForm | None = None,
    result_form: ResultForm | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, again with what was typed when an act was refused."""
    actor, today = request.actor, clock.today()
    original = selectors.original_of(document)
    parts = [part for part in document.handlings.all() if part.ended_at is None]
    can = {
        "direct": policies.can_direct(actor, document),
        "assign": policies.can_assign(actor, document),
        "handle": policies.can_handle(actor, document),
        "complete": policies.can_complete(actor, document),
        "file": policies.can_file(actor, document),
    }
    panel = _panel(can, document, parts)
    post = (
        policies.directing_post(actor, document)
        if can["direct"].offered
        else _own_post(actor, parts)
    )
    context: dict[str, Any] = {
        "document": document,
        "kind": type_label(document.document_type) or "Văn bản đến",
        "badge": badge_of(document),
        "due": due_of(document, today, workdays.calendar(document.agency_id)),
        "standing": procedures.standing_of(document),
        "file": file_view(document, original),
        "steps": _life(document, parts),
        "can": can,
        "panel": panel,
        "post": post,
        "parts": _part_groups(parts),
        "directions": _story(document, selectors.directions_of(document), today),
        "knots": _knots(actor, document),
        "thread_url": reverse("thread", args=[document.public_id]),
        "reply_url": f"{reverse('outgoing:new_draft')}?{urlencode({'tra-loi': document.public_id})}",
        "urls": {
            name: reverse(f"incoming:{name}", args=[document.public_id])
            for name in ("direct", "submit_to_leader", "assign", "complete", "file")
        },
        "refusal": refusal,
        "result_error": refusal.sentence if result_form is not None and refusal else "",
        "result_fault": faults(result_form["result"]) if result_form is not None else "",
        "result": result_form["result"].value() if result_form is not None else "",
        "crumbs": _crumbs(request, document),
        "may_ask_who_saw": access.may_ask_who_saw(actor, document),
    }
    if can["direct"]:
        context["bp"] = directing.panel(actor, document, today, direct_form)
        context["typed_below"] = bool(direct_form and refusal and context["panel"] != "direct")
        context["may_submit"] = (
            document.as_state == State.SUBMITTED
            and actor.has_any_role(_SUBMITTING, document.agency_id)
            and not actor.has_role(Role.SECRETARY, document.agency_id)
        )
    if can["assign"]:
        context["staff"] = _staff(document, parts, assign_form)
        context["assign_note"] = assign_form["note"].value() if assign_form is not None else ""
        context["assign_error"] = faults(assign_form["post_id"]) if assign_form is not None else ""
    return render(request, "incoming/detail.html", context, status=status)


def _panel(
    can: Mapping[str, Decision], document: IncomingDocument, parts: Sequence[Handling]
) -> str:
    """Which panel leads: the act that waits for this person, else what is known."""
    if can["direct"] and document.as_state == State.SUBMITTED:
        return "direct"
    has_doer = any(part.part == Handling.Part.DO for part in parts)
    if can["assign"] and not can["direct"].offered and not has_doer:
        return "assign"
    return "handle" if can["handle"] else "follow"


def _own_post(actor: Actor, parts: Sequence[Handling]) -> HeldPost | None:
    """The held post to which a part was given, by post or as head of the unit."""
    for part in parts:
        for post in actor.posts:
            if part.post_id == post.post_id:
                return post
            is_head = any(role == Role.HEAD_OF_DIVISION for role, _ in post.roles)
            if part.unit_id is not None and part.unit_id == post.unit_id and is_head:
                return post
    return None


def _crumbs(request: ActorRequest, document: IncomingDocument) -> list[tuple[str, str]]:
    here = f"Số đến {document.arrival_number}" if document.arrival_number else "Chờ vào sổ"
    return [("Văn bản đến", reverse("incoming:list")), (here, "")]


def _hour(moment: datetime | None) -> str:
    if moment is None:
        return ""
    day = clock.local(moment).date()
    return f"{time_words(moment)} {'hôm nay' if day == clock.today() else date_words(day)}"


def _life(document: IncomingDocument, parts: Sequence[Handling]) -> list[LifeStep]:
    """The six knots of an incoming document. Source: documents.md 7, screens.md 4 number 12."""
    state = document.as_state
    reached = _REACHED[state]
    lead = next((part.name_printed for part in parts if part.part == Handling.Part.LEAD), "")
    doer = next((part.name_printed for part in parts if part.part == Handling.Part.DO), "")
    number = f"số {document.arrival_number}" if document.arrival_number else ""
    notes = {
        0: _hour(document.received_at),
        1: ", ".join(part for part in (_hour(document.registered_at), number) if part),
        2: _hour(document.directed_at),
        3: doer or lead or _hour(document.finished_at),
        4: document.answered_by_reference,
        5: ", ".join(line["code"] for line in document.filed_in),  # type: ignore[attr-defined]  # annotated by `opened`
    }
    waiting = {1: "đang chờ", 2: "đang chờ bút phê", 3: notes[3], 5: "đang chờ"}
    is_mine = document.is_mine  # type: ignore[attr-defined]  # annotated by `opened`
    steps = []
    for place, label in enumerate(_KNOTS):
        look = "done" if place < reached else "now" if place == reached else "next"
        note = notes[place] if look == "done" else ""
        if look == "now":
            note = "đang chờ đồng chí" if is_mine else waiting.get(place, "")
        if place == 4 and state == State.COMPLETED:
            look, note = "off", "không cần"
        if place == 5 and notes[5]:
            look, note = "done", notes[5]
        if place == 1 and state == State.RETURNED_TO_SENDER:
            look, note = "wrong", "trả lại nơi gửi"
        steps.append(LifeStep(label, look, note))
    return steps


def _part_groups(parts: Sequence[Handling]) -> list[tuple[str, list[str]]]:
    """Who has which part now, in the order of weight."""
    order = (Handling.Part.LEAD, Handling.Part.DO, Handling.Part.SUPPORT, Handling.Part.INFORM)
    groups = [
        (part.label, [one.name_printed for one in parts if one.part == part]) for part in order
    ]
    return [(label, names) for label, names in groups if names]


def _story(
    document: IncomingDocument, directions: Sequence[Direction], today: date
) -> list[TimelineItem]:
    """Directions and assignments, newest first."""
    told: list[tuple[datetime, TimelineItem]] = []
    for direction in directions:
        due = f" Hạn {date_words(direction.due_on)}." if direction.due_on else ""
        acted = f" ({direction.on_behalf_of})" if direction.on_behalf_of else ""
        said = direction.opinion or "Giao giải quyết."
        told.append(
            (
                direction.given_at,
                TimelineItem(
                    when_words(direction.given_at, today),
                    f"{said}{due}",
                    f"{direction.given_by}, {direction.given_by_title}{acted}",
                ),
            )
        )
    for part in document.handlings.all():
        if part.part == Handling.Part.DO:
            told.append(
                (
                    part.given_at,
                    TimelineItem(
                        when_words(part.given_at, today),
                        f"Giao {part.name_printed}",
                        part.given_by,
                    ),
                )
            )
    told.sort(key=lambda one: one[0], reverse=True)
    return [item for _, item in told]


def _knots(actor: Actor, document: IncomingDocument) -> list[TimelineItem]:
    """The nearest records of the thread and this one at its place in time."""
    near = selectors.nearest_knots(actor, document)
    if not near:
        return []
    here = (
        document.arrived_on,
        TimelineItem(
            date_words(document.arrived_on),
            f"{document.reference_code} {document.subject}".strip() or document.file_name,
            f"Văn bản đang xem, {badge_of(document).label.lower()}",
            state="here",
        ),
    )
    lines = [
        (
            card.occurred_on,
            TimelineItem(
                date_words(card.occurred_on),
                " ".join(part for part in (card.kind, card.reference, card.title) if part),
                " · ".join(part for part in (card.agency, card.state) if part),
                card.url,
            ),
        )
        for card in near
    ]
    return [item for _, item in sorted([*lines, here], key=lambda one: one[0])]


def _staff(
    document: IncomingDocument, parts: Sequence[Handling], form: AssignForm | None
) -> list[dict[str, Any]]:
    """Specialists of the leading unit (of the agency when a post leads) with their open load."""
    lead = next((part for part in parts if part.part == Handling.Part.LEAD), None)
    unit = lead.unit_id if lead is not None else None
    people = [
        desk
        for desk in selectors.desks(document.agency)
        if desk.post_id is not None
        and Role.SPECIALIST in desk.roles
        and desk.holder
        and (unit is None or desk.unit_id == unit)
    ]
    loads = selectors.open_loads([desk.post_id for desk in people if desk.post_id is not None])
    doer = next((part.post_id for part in parts if part.part == Handling.Part.DO), None)
    picked = str(form["post_id"].value() or "") if form is not None else ""
    lines = [
        {
            "value": desk.post_id,
            "label": f"{desk.holder} · {loads.get(desk.post_id or 0, 0)} việc đang mở",
            "checked": str(desk.post_id) == picked,
            "disabled": desk.post_id == doer,
            "load": loads.get(desk.post_id or 0, 0),
        }
        for desk in people
    ]
    return sorted(lines, key=lambda line: line["load"])
