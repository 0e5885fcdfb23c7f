"""Reorganizations the actor may see, who decides them, and who receives for a body that ended."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from nhactruong.foundation.thread.cards import RecordCard
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Agency
from nhactruong.masterdata.reorganization.models import Part, Reorganization
from nhactruong.masterdata.reorganization.policies import PROPOSING
from nhactruong.masterdata.reorganization.rules import STATE_LABELS, State

_LEADING: Final = (Role.SECRETARY, Role.DEPUTY_SECRETARY)
_TONES: Final = {
    State.DRAFT: "tinh",
    State.PROPOSED: "canh",
    State.APPROVED: "tin",
    State.CARRIED_OUT: "tot",
    State.WITHDRAWN: "tinh",
}
#: No directory is deeper.
_DEEPEST: Final = 8


def visible(actor: Actor) -> QuerySet[Reorganization]:
    """Those of the agencies whose office the actor works in; carried out, those of his agencies too."""
    administered = actor.agencies_with(Role.SYSADMIN)
    kept = organization.kept_with(administered).values("agency_id")
    own = actor.agencies_with(*PROPOSING, *_LEADING, Role.SYSADMIN)
    part = Part.objects.filter(reorganization=OuterRef("pk"), agency_id__in=actor.agency_ids)
    return Reorganization.objects.filter(
        Q(agency_id__in=own)
        | Q(agency_id__in=kept)
        | (Q(state=State.CARRIED_OUT.value) & Q(Exists(part)) if actor.posts else Q(pk__in=[]))
    ).select_related("agency")


def get_visible(actor: Actor, public_id: uuid.UUID) -> Reorganization:
    """The reorganization. Raises: NotFound, as if it were absent."""
    return _one(visible(actor), public_id)


def lock_visible(actor: Actor, public_id: uuid.UUID, version: int | None) -> Reorganization:
    """As `get_visible`, locked for change. Raises: NotFound, ConflictingChange."""
    rows = visible(actor).select_for_update(of=("self",))
    return _one(rows, public_id).require_version(version)


def _one(rows: QuerySet[Reorganization], public_id: uuid.UUID) -> Reorganization:
    made = rows.filter(public_id=public_id).first()
    if made is None:
        raise NotFound("reorganization.not_found", "Không tìm thấy lần sắp xếp này.")
    return made


def deciding_agency(actor: Actor, old: Iterable[Agency]) -> Agency | None:
    """The nearest agency above (or among) all the old ones in whose office the actor may propose."""
    lines = [_line_above(agency) for agency in old]
    reached = set(actor.agencies_with(*PROPOSING))
    if not lines:
        return None
    common = [one for one in lines[0] if all(one in line for line in lines)]
    return next((one for one in common if one.pk in reached), None)


def _line_above(agency: Agency) -> list[Agency]:
    line = [agency]
    while line[-1].parent is not None and len(line) < _DEEPEST:
        line.append(line[-1].parent)
    return line


def receiving_agency(agency_id: int, on: date | None = None) -> int:
    """The agency that receives on that day for this one: itself, or whoever has come after it."""
    day = on or clock.today()
    found = agency_id
    for _ in range(_DEEPEST):
        after = (
            Part.objects.filter(
                agency_id=found,
                successor__isnull=False,
                reorganization__state=State.CARRIED_OUT.value,
                reorganization__effective_on__lte=day,
            )
            .values_list("successor_id", flat=True)
            .first()
        )
        if after is None:
            break
        found = after
    return found


def record_cards(actor: Actor, ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, RecordCard]:
    """Cards of reorganizations for inbox and notices."""
    return {
        made.public_id: RecordCard(
            object_type=made.type_name(),
            object_id=made.public_id,
            title=f"{made.as_kind_words}: {made.basis}",
            reference="",
            kind="Sắp xếp cơ quan",
            url=reverse("reorganization:detail", args=[made.public_id]),
            occurred_on=made.effective_on,
            state=STATE_LABELS[made.as_state],
            state_tone=_TONES[made.as_state],
            agency=made.agency.short_name,
        )
        for made in visible(actor).filter(public_id__in=list(ids))
    }
