"""Whom a draft may be sent to: who its drafter wrote to lately, the agencies around, all by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import BooleanField, Case, Q, QuerySet, When

from nhactruong.kernel import clock
from nhactruong.masterdata.organization.models import Agency
from nhactruong.masterdata.organization.selectors.bodies import existing_on
from nhactruong.records.outgoing.models import OutgoingDocument, Recipient

#: So many agencies stand in the page itself; the others are asked for by name.
_OFFERED: Final = 60
#: Of so many of the drafter's last papers the recipients count as recent.
_LATELY: Final = 20


@dataclass(frozen=True, slots=True)
class Addressee:
    """An agency that can be chosen as a recipient."""

    agency_id: int
    short_name: str
    is_recent: bool


@dataclass(frozen=True, slots=True)
class Addressees:
    """Those that stand in the page, whether there are more, and the names of who is chosen."""

    offered: Sequence[Addressee]
    has_more: bool
    chosen: Mapping[int, str]


def addressees(document: OutgoingDocument, sent_to: Collection[int]) -> Addressees:
    """Everybody the draft can be sent to while they are few; of many the superior, who is below
    and whom the drafter's last papers went to. Never its own agency nor who is chosen already.

    One query however many agencies there are.
    """
    lately = Q(pk__in=_written_to_lately(document))
    own = Agency.objects.filter(pk=document.agency_id)
    around = lately | Q(parent_id=document.agency_id) | Q(pk__in=own.values("parent_id"))
    rows = (
        existing_on(Agency.objects.exclude(pk=document.agency_id), clock.today())
        .annotate(chosen=_is(Q(pk__in=list(sent_to))), lately=_is(lately), around=_is(around))
        .order_by("-chosen", "-around", "level", "sort_key")
        .values_list("pk", "short_name", "chosen", "lately", "around", "level", "sort_key")
    )
    found = list(rows[: len(sent_to) + _OFFERED + 1])
    free = [row for row in found if not row[2]]
    has_more = len(free) > _OFFERED
    offered = [row for row in free if row[4]][:_OFFERED] if has_more else free
    return Addressees(
        [
            Addressee(pk, name, has_more and is_recent)
            for pk, name, _, is_recent, _, _, _ in sorted(offered, key=lambda row: row[5:])
        ],
        has_more,
        {row[0]: row[1] for row in found if row[2]},
    )


def _is(condition: Q) -> Case:
    """True or False, never NULL, which would stand in front."""
    return Case(When(condition, then=True), default=False, output_field=BooleanField())


def _written_to_lately(document: OutgoingDocument) -> QuerySet[Recipient, int | None]:
    own = OutgoingDocument.objects.filter(
        drafter_person_id=document.drafter_person_id, agency_id=document.agency_id
    ).exclude(pk=document.pk)
    last = own.order_by("-pk").values("pk")[:_LATELY]
    rows = Recipient.objects.filter(outgoing_id__in=last, agency__isnull=False)
    return rows.values_list("agency_id", flat=True)
