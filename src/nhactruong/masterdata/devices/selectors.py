"""The register as each reader may see it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.urls import reverse

from nhactruong.foundation.thread.cards import RecordCard
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound
from nhactruong.masterdata.devices import policies
from nhactruong.masterdata.devices.models import Device
from nhactruong.masterdata.devices.policies import WATCHING
from nhactruong.masterdata.devices.rules import STATE_LABELS, WARN_AT, State
from nhactruong.masterdata.organization.models import Holding, PostRole

SOON: Final = "soon"
EXPIRED: Final = "expired"


def visible(actor: Actor) -> QuerySet[Device]:
    """Devices of the agencies whose register the actor reads, and those the actor keeps."""
    mine = Q(holder_id=actor.person_id or 0) | Q(second_id=actor.person_id or 0)
    return Device.objects.filter(
        mine | Q(agency_id__in=actor.agencies_with(*WATCHING))
    ).select_related("agency", "holder", "second")


def narrowed(
    rows: QuerySet[Device], *, kind: str = "", state: str = "", until: str = "", words: str = ""
) -> QuerySet[Device]:
    """The rows of that kind and state, ending soon or ended, with the words in name or number."""
    today = clock.today()
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    if until == SOON:
        last = today + timedelta(days=WARN_AT[0])
        rows = rows.filter(state=State.IN_USE, valid_until__gte=today, valid_until__lte=last)
    if until == EXPIRED:
        rows = rows.filter(state=State.IN_USE, valid_until__lt=today)
    if words:
        rows = rows.filter(
            Q(serial__icontains=words)
            | Q(name__icontains=words)
            | Q(holder__full_name__icontains=words)
        )
    return rows


def get_visible(actor: Actor, public_id: uuid.UUID) -> Device:
    """The device. Raises: NotFound."""
    return _found(visible(actor).filter(public_id=public_id).first())


def lock_visible(actor: Actor, public_id: uuid.UUID, version: int | None) -> Device:
    """The device, locked for change. Raises: NotFound, ConflictingChange."""
    rows = visible(actor).select_related(None).select_for_update(of=("self",))
    return _found(rows.filter(public_id=public_id).first()).require_version(version)


def get_kept(actor: Actor, public_id: uuid.UUID) -> Device:
    """The device, whose register the actor keeps. Raises: NotFound, AccessDenied."""
    device = get_visible(actor, public_id)
    policies.can_change(actor, device).require()
    return device


def lock_kept(actor: Actor, public_id: uuid.UUID, version: int | None) -> Device:
    """As `get_kept`, locked for change. Raises: also ConflictingChange."""
    device = lock_visible(actor, public_id, version)
    policies.can_change(actor, device).require()
    return device


def _found(device: Device | None) -> Device:
    if device is None:
        raise NotFound("device.not_found", "Không tìm thấy thiết bị này.")
    return device


def custodians(agency_ids: Iterable[int]) -> list[tuple[int, str]]:
    """(person, name with post) of everybody who works at these agencies today, by name."""
    held = (
        _working_at(agency_ids)
        .order_by("person__sort_key", "post__rank")
        .values_list("person_id", "person__full_name", "post__title")
    )
    found: dict[int, str] = {}
    for person, name, title in held:
        found.setdefault(person, f"{name}, {title}")
    return list(found.items())


def works_at(person_id: int, agency_id: int) -> bool:
    """Whether the person holds a post of the agency, or one that reaches it, today."""
    return _working_at([agency_id]).filter(person_id=person_id).exists()


def _working_at(agency_ids: Iterable[int]) -> QuerySet[Holding]:
    today, agencies = clock.today(), list(agency_ids)
    reaching = PostRole.objects.filter(agency_id__in=agencies, valid__contains=today)
    return Holding.objects.filter(
        Q(post__agency_id__in=agencies) | Q(post_id__in=reaching.values("post_id")),
        valid__contains=today,
    )


def posts_of(people: Iterable[int]) -> list[int]:
    """The posts these people hold today."""
    held = Holding.objects.filter(person_id__in=list(people), valid__contains=clock.today())
    return list(held.values_list("post_id", flat=True))


def record_cards(actor: Actor, ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, RecordCard]:
    """Cards of the wanted devices that the actor may see."""
    return {
        row.public_id: RecordCard(
            object_type=Device.type_name(),
            object_id=row.public_id,
            title=f"{row.name}, số {row.serial}",
            reference=row.serial,
            kind="Thiết bị, chứng thư số",
            url=reverse("devices:detail", args=[row.public_id]),
            occurred_on=row.held_since,
            state=STATE_LABELS[row.as_state],
        )
        for row in visible(actor).filter(public_id__in=list(ids))
    }
