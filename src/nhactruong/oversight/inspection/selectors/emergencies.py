"""Requests for sight in an emergency."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse

from nhactruong.foundation.access import selectors as access
from nhactruong.foundation.access.base import SightedRecord
from nhactruong.foundation.thread.cards import RecordCard
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound
from nhactruong.oversight.inspection.models import EmergencyRequest
from nhactruong.oversight.inspection.policies import DECIDING, READING_ALL
from nhactruong.oversight.inspection.rules import OPEN_WITHIN, STATE_LABELS, State, opens_by_itself
from nhactruong.oversight.inspection.selectors import reviewing


def visible(actor: Actor) -> QuerySet[EmergencyRequest]:
    """The actor's own requests, and those of the agencies for which the actor decides or audits.

    Of agencies below those whose review falls to the actor, and which he has reviewed.
    """
    reached = actor.agencies_with(*DECIDING, *READING_ALL)
    seen = Q(asked_person_id=actor.person_id or 0) | Q(agency_id__in=reached)
    if actor.person_id is not None:
        seen |= Q(reviewed_person_id=actor.person_id) | Q(pk__in=reviewing.falling_to(actor))
    return EmergencyRequest.objects.filter(seen)


def falls_to(actor: Actor, request: EmergencyRequest) -> bool:
    """Whether the actor reviews it as head of the office above, because nobody there may."""
    if request.as_state != State.OPENED or actor.has_any_role(
        frozenset(DECIDING), request.agency_id
    ):
        return False
    return request.pk in reviewing.falling_to(actor)


def get_visible(actor: Actor, public_id: uuid.UUID) -> EmergencyRequest:
    """The request. Raises: NotFound."""
    found = visible(actor).filter(public_id=public_id).select_related("agency").first()
    if found is None:
        raise NotFound("emergency.not_found", "Không tìm thấy đề nghị này.")
    return found


def lock_visible(actor: Actor, public_id: uuid.UUID, version: int | None) -> EmergencyRequest:
    """The request, locked for change. Raises: NotFound, ConflictingChange."""
    rows = visible(actor).filter(public_id=public_id).select_for_update(of=("self",))
    found = rows.first()
    if found is None:
        raise NotFound("emergency.not_found", "Không tìm thấy đề nghị này.")
    return found.require_version(version)


def unfinished_of(person_id: int) -> EmergencyRequest | None:
    """What stands in the way of the person's next request: waiting, running or unreviewed."""
    return EmergencyRequest.objects.filter(
        asked_person_id=person_id, state__in=[State.ASKED, State.ALLOWED, State.OPENED]
    ).first()


def meant_by(request: EmergencyRequest) -> Sequence[SightedRecord]:
    """The records that what was typed may mean; for who decides, without their content."""
    return access.find_things(request.asked, [request.agency_id])


def is_open_to(request: EmergencyRequest, thing: SightedRecord | None) -> bool:
    """Whether who asked may open it now: allowed a short while ago, or by itself after waiting."""
    now = clock.now()
    if request.as_state == State.ALLOWED:
        return request.decided_at is not None and now - request.decided_at <= OPEN_WITHIN
    if request.as_state != State.ASKED or thing is None:
        return False
    return opens_by_itself(
        urgency=str(getattr(thing, "urgency", "")),
        secrecy=thing.secrecy,
        waited=now - request.asked_at,
    )


@dataclass(frozen=True, slots=True)
class Running:
    """An emergency that runs now: until when, and whether it shows the record of this page."""

    request_url: str
    ends_at: datetime
    is_here: bool


def emergency_here(actor: Actor, public_id: uuid.UUID | None) -> Running | None:
    """The actor's running emergency, for the banner of every page; no query for all others."""
    for lease in access.running_leases(actor):
        request = EmergencyRequest.objects.filter(lease_id=lease.pk).first()
        if request is not None:
            url = reverse("inspection:emergency", args=[request.public_id])
            return Running(url, lease.ends_at, lease.object_id == public_id)
    return None


def record_cards(actor: Actor, ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, RecordCard]:
    """Cards of the wanted requests that the actor may see."""
    return {
        row.public_id: RecordCard(
            object_type=EmergencyRequest.type_name(),
            object_id=row.public_id,
            title=f"Truy cập khẩn cấp: {row.asked}",
            reference="",
            kind="Đề nghị",
            url=reverse("inspection:emergency", args=[row.public_id]),
            occurred_on=clock.local(row.asked_at).date(),
            state=STATE_LABELS[row.as_state],
        )
        for row in visible(actor).filter(public_id__in=list(ids))
    }
