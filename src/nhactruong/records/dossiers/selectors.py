"""Every read of dossiers; the actor comes first and sight filters all."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from nhactruong.foundation.thread import cards
from nhactruong.foundation.thread.cards import RecordCard
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.records.documents import selectors as documents
from nhactruong.records.documents.models import Document
from nhactruong.records.dossiers.models import Dossier, DossierEntry, PlanHeading
from nhactruong.records.dossiers.rules import STATE_LABELS, State


def visible(actor: Actor) -> QuerySet[Dossier]:
    """Dossiers the actor may know of."""
    return Dossier.objects.visible_to(actor)


def listed(actor: Actor, *, state: str = "", words: str = "") -> QuerySet[Dossier]:
    """Dossiers of the actor's agencies for the list; unordered."""
    rows = (
        visible(actor).filter(agency_id__in=actor.agency_ids).select_related("unit", "keeper_post")
    )
    if state:
        rows = rows.filter(state=state)
    if words.strip():
        rows = rows.filter(Q(title__icontains=words.strip()) | Q(code__icontains=words.strip()))
    return rows


def get_visible(actor: Actor, public_id: uuid.UUID) -> Dossier:
    """The dossier if the actor may know of it. Raises: NotFound, as if it were absent."""
    dossier = (
        visible(actor)
        .filter(public_id=public_id)
        .select_related("agency", "unit", "keeper_post", "heading")
        .first()
    )
    if dossier is None:
        raise NotFound("dossier.not_found", "Không tìm thấy hồ sơ.")
    return dossier


def open_of(post_id: int) -> QuerySet[Dossier]:
    """The open dossiers that post keeps, whoever asks; for handing over, never to show."""
    return Dossier.objects.filter(keeper_post_id=post_id, state=State.OPEN)


def open_counts(post_ids: Iterable[int]) -> Mapping[int, int]:
    """How many open dossiers each post keeps; one query."""
    rows = Dossier.objects.filter(keeper_post_id__in=list(post_ids), state=State.OPEN)
    return dict(rows.values_list("keeper_post_id").annotate(Count("pk")))


def lock_visible(actor: Actor, public_id: uuid.UUID, version: int | None) -> Dossier:
    """The dossier, locked for change. Raises: NotFound, AccessDenied, ConflictingChange."""
    dossier = visible(actor).filter(public_id=public_id).select_for_update(of=("self",)).first()
    if dossier is None:
        raise NotFound("dossier.not_found", "Không tìm thấy hồ sơ.")
    return dossier.require_lasting_sight(actor).require_version(version)


def contents(actor: Actor, dossier: Dossier) -> Sequence[tuple[DossierEntry, RecordCard]]:
    """What lies in the dossier and may be seen by the actor, in order of filing."""
    entries = list(
        DossierEntry.objects.filter(dossier=dossier, removed_at=None).order_by("filed_at", "pk")
    )
    seen = cards.cards(actor, [(entry.object_type, entry.object_id) for entry in entries])
    return [(entry, seen[entry.object_id]) for entry in entries if entry.object_id in seen]


def plan(agency_ids: Iterable[int], year: int) -> Sequence[PlanHeading]:
    """The file plan of these agencies for that year, in its order."""
    return list(
        PlanHeading.objects.filter(agency_id__in=list(agency_ids), year=year).order_by(
            "agency_id", "position", "pk"
        )
    )


def holding(actor: Actor, object_id: uuid.UUID) -> Sequence[Dossier]:
    """The dossiers the actor may see in which a record is filed."""
    return list(
        visible(actor).filter(
            pk__in=DossierEntry.objects.filter(object_id=object_id, removed_at=None).values(
                "dossier_id"
            )
        )
    )


def filed_in(actor: Actor, ids: Iterable[uuid.UUID]) -> Sequence[tuple[uuid.UUID, RecordCard]]:
    """(record, dossier) for every dossier the actor may see in which one of the records lies."""
    entries = list(
        DossierEntry.objects.filter(object_id__in=list(ids), removed_at=None)
        .order_by("filed_at", "pk")
        .values_list("object_id", "dossier__public_id")
    )
    seen = record_cards(actor, {dossier for _, dossier in entries}) if entries else {}
    return [(record, seen[dossier]) for record, dossier in entries if dossier in seen]


def open_for_filing(actor: Actor, agency_id: int) -> Sequence[Dossier]:
    """Open dossiers into which the actor may file a paper of the agency, newest first."""
    return list(
        visible(actor)
        .filter(agency_id__in=organization.agencies_kept_with(agency_id), state=State.OPEN)
        .order_by("-opened_on", "-pk")[:200]
    )


def record_cards(actor: Actor, ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, RecordCard]:
    """Cards of the wanted dossiers that the actor may see."""
    return {
        row.public_id: RecordCard(
            object_type="Dossier",
            object_id=row.public_id,
            title=row.title,
            reference=row.code,
            kind="Hồ sơ",
            url=reverse("dossiers:detail", args=[row.public_id]),
            occurred_on=row.opened_on,
            state=STATE_LABELS[State(row.state)],
            stage=4,
        )
        for row in visible(actor).filter(public_id__in=list(ids))
    }


def seen_document(actor: Actor, public_id: uuid.UUID) -> tuple[RecordCard, Document]:
    """A document the actor may see, with its card. Raises: NotFound."""
    card = cards.cards(actor, [("Document", public_id)]).get(public_id)
    thing = documents.document(public_id) if card else None
    if card is None or thing is None:
        raise NotFound("document.not_found", "Không tìm thấy văn bản.")
    return card, thing
