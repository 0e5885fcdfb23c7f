"""The register: what is seen, listed, locked; the actor comes first and sight filters all."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from nhactruong.foundation.access.base import SightedQuerySet
from nhactruong.foundation.thread.cards import RecordCard
from nhactruong.foundation.web.addresses import record_url
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.deadlines import month_of
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.states import Role
from nhactruong.kernel.text import fold
from nhactruong.masterdata.vocabularies.selectors import type_names
from nhactruong.records.incoming.models import Direction, Handling, IncomingDocument
from nhactruong.records.incoming.rules import STATE_LABELS, STATE_LOOKS, State


def visible(actor: Actor) -> SightedQuerySet[IncomingDocument]:
    """Incoming documents the actor may know of."""
    rows: SightedQuerySet[IncomingDocument] = IncomingDocument.objects.visible_to(actor)
    return rows


def get_visible(actor: Actor, public_id: uuid.UUID) -> IncomingDocument:
    """The document if the actor may know of it. Raises: NotFound, as if it were absent."""
    document = (
        visible(actor)
        .filter(public_id=public_id)
        .select_related("agency", "document", "delivery__sender_agency")
        .prefetch_related(Prefetch("handlings", Handling.objects.order_by("pk")))
        .prefetch_related(Prefetch("directions", Direction.objects.order_by("-given_at")))
        .first()
    )
    if document is None:
        raise NotFound("incoming.not_found", "Không tìm thấy văn bản.")
    return document


def lock_visible(actor: Actor, public_id: uuid.UUID, version: int | None) -> IncomingDocument:
    """The document, locked for change. Raises: NotFound, AccessDenied, ConflictingChange."""
    document = (
        visible(actor)
        .filter(public_id=public_id)
        .select_for_update(of=("self",))
        .select_related("agency", "document", "delivery")
        .first()
    )
    if document is None:
        raise NotFound("incoming.not_found", "Không tìm thấy văn bản.")
    return document.require_lasting_sight(actor).require_version(version)


def for_service(public_id: uuid.UUID) -> IncomingDocument:
    """The document as a service reads it."""
    return IncomingDocument.objects.select_related("agency", "document", "delivery").get(
        public_id=public_id
    )


def intake(actor: Actor) -> QuerySet[IncomingDocument]:
    """What waits in the intake of the agencies whose clerk the actor is, oldest first."""
    return (
        visible(actor)
        .filter(agency_id__in=actor.agencies_with(Role.CLERK), state=State.RECEIVED)
        .order_by("received_at", "pk")
    )


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What the filter bar says; empty values filter nothing."""

    agency: int | None = None
    document_type: str = ""
    state: str = ""
    month: date | None = None
    day: date | None = None
    words: str = ""
    late: bool = False


def listed(actor: Actor, chosen: ListFilter, *, today: date) -> SightedQuerySet[Any]:
    """Registered documents for the list or the register; unordered."""
    agencies = actor.agency_ids
    if chosen.agency is not None:
        agencies = tuple(agency for agency in agencies if agency == chosen.agency)
    rows = visible(actor).filter(agency_id__in=agencies).exclude(state=State.RECEIVED)
    if chosen.document_type:
        rows = rows.filter(document_type=chosen.document_type)
    if chosen.state:
        rows = rows.filter(state=chosen.state)
    if chosen.day:
        rows = rows.filter(arrived_on=chosen.day)
    elif chosen.month:
        rows = rows.filter(arrived_on__range=month_of(chosen.month))
    if chosen.late:
        rows = rows.filter(
            due_on__lt=today,
            state__in=[
                State.SUBMITTED,
                State.DIRECTED,
                State.ASSIGNED,
                State.IN_PROGRESS,
            ],
        )
    for word in fold(chosen.words).split():
        rows = rows.filter(folded__contains=word)
    return rows


def possible_duplicates(
    actor: Actor, document: IncomingDocument, duplicate_key: str
) -> Sequence[IncomingDocument]:
    """Registered documents of the same agency with the same number, symbol and issuer.

    Only those the actor may see: a warning never tells of another agency's file.
    """
    if not duplicate_key:
        return []
    return list(
        visible(actor)
        .filter(agency_id=document.agency_id, duplicate_key=duplicate_key)
        .exclude(pk=document.pk)
        .exclude(state__in=[State.RECEIVED, State.RETURNED_TO_SENDER])
        .order_by("-arrived_on")[:3]
    )


def record_cards(actor: Actor, ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, RecordCard]:
    """Cards of the wanted documents that the actor may see; resolver for thread and dossier."""
    names = type_names()
    return {
        row.public_id: RecordCard(
            object_type="IncomingDocument",
            object_id=row.public_id,
            title=row.subject or row.file_name,
            reference=row.reference_code,
            kind=names.get(row.document_type, "Văn bản đến"),
            url=record_url("incoming:detail", row.public_id),
            occurred_on=row.arrived_on,
            state=STATE_LABELS[row.as_state],
            state_tone=STATE_LOOKS[row.as_state][0],
            agency=row.issuer_name,
            stage=1,
            is_named_by_file=not row.subject,
        )
        for row in visible(actor).filter(public_id__in=list(ids))
    }


def at_agency(delivery_id: int) -> IncomingDocument | None:
    """The received copy of a delivery; for services."""
    return IncomingDocument.objects.filter(delivery_id=delivery_id).first()
