"""Every read of outgoing documents; the actor comes first and sight filters all."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from nhactruong.foundation.thread.cards import RecordCard
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.states import Role
from nhactruong.kernel.text import fold
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import (
    Agency,
    Holding,
    Organ,
    PostRole,
    SigningAuthority,
)
from nhactruong.masterdata.vocabularies.selectors import type_names
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.policies import DRAFTING_ROLES
from nhactruong.records.outgoing.rules import REGISTERED, STATE_LABELS, STATE_LOOKS, State


def visible(actor: Actor) -> QuerySet[OutgoingDocument]:
    """Outgoing documents the actor may know of."""
    return OutgoingDocument.objects.visible_to(actor)


def get_visible(actor: Actor, public_id: uuid.UUID) -> OutgoingDocument:
    """The document if the actor may know of it. Raises: NotFound, as if it were absent."""
    document = (
        visible(actor)
        .filter(public_id=public_id)
        .select_related(
            "agency",
            "organ",
            "authority__post",
            "document",
            "drafter_person",
            "drafter_post",
            "drafting_unit",
            "signer_person",
            "sealed_by",
            "answers",
        )
        .first()
    )
    if document is None:
        raise NotFound("outgoing.not_found", "Không tìm thấy văn bản.")
    return document


def lock_visible(actor: Actor, public_id: uuid.UUID, version: int | None) -> OutgoingDocument:
    """The document, locked for change. Raises: NotFound, ConflictingChange."""
    document = (
        OutgoingDocument.objects.select_for_update(of=("self",))
        .filter(pk__in=visible(actor).filter(public_id=public_id).values("pk"))
        .select_related("agency", "organ", "authority__post", "document", "drafter_post")
        .first()
    )
    if document is None:
        raise NotFound("outgoing.not_found", "Không tìm thấy văn bản.")
    return document.require_version(version)


def lock_for_service(public_id: uuid.UUID) -> OutgoingDocument:
    """The document, locked, for a service that executes what a person has asked."""
    return (
        OutgoingDocument.objects.select_for_update(of=("self",))
        .select_related("agency", "organ", "authority__post", "document", "registry")
        .get(public_id=public_id)
    )


def for_service(public_id: uuid.UUID) -> OutgoingDocument:
    """The document as a service reads it to execute what a person has asked."""
    return OutgoingDocument.objects.select_related(
        "agency", "organ", "authority__post", "document", "registry", "signer_person"
    ).get(public_id=public_id)


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What the register's filter bar says; empty values filter nothing."""

    organ: str = ""
    document_type: str = ""
    state: str = ""
    month: date | None = None
    words: str = ""
    mine: bool = False


def register(actor: Actor, chosen: RegisterFilter, *, only_numbered: bool) -> QuerySet[Any]:
    """Documents for the list or, with `only_numbered`, the register; unordered."""
    rows = visible(actor)
    agencies = actor.agency_ids
    rows = rows.filter(agency_id__in=agencies)
    if only_numbered:
        rows = rows.filter(state__in=[state.value for state in REGISTERED])
    if chosen.organ:
        rows = rows.filter(organ__series_body=chosen.organ)
    if chosen.document_type:
        rows = rows.filter(document_type=chosen.document_type)
    if chosen.state:
        rows = rows.filter(state=chosen.state)
    if chosen.month:
        last = date(chosen.month.year + chosen.month.month // 12, chosen.month.month % 12 + 1, 1)
        rows = rows.filter(listed_on__gte=chosen.month.replace(day=1), listed_on__lt=last)
    if chosen.words.strip():
        for word in fold(chosen.words).split():
            rows = rows.filter(folded__contains=word)
    if chosen.mine:
        rows = rows.filter(drafter_post_id__in=[post.post_id for post in actor.posts])
    return rows


def drafts(actor: Actor) -> QuerySet[OutgoingDocument]:
    """The actor's own documents that are not yet signed."""
    return visible(actor).filter(
        drafter_post_id__in=[post.post_id for post in actor.posts],
        state__in=[
            State.DRAFT,
            State.RETURNED,
            State.CONTENT_REVIEW,
            State.APPRAISAL,
            State.AWAITING_SIGNATURE,
        ],
    )


def issuing_organs(actor: Actor) -> Sequence[Organ]:
    """Organs for which the actor may draft."""
    return list(organization.organs_of(actor.agencies_with(*DRAFTING_ROLES)))


def authorities_for(
    document: OutgoingDocument, on: date | None = None
) -> Sequence[SigningAuthority]:
    """Rows of the signing table that allow this document's organ and type on that day."""
    return organization.authorities(document.organ_id, document.document_type, on or clock.today())


def has_other_head(document: OutgoingDocument) -> bool:
    """Whether somebody else than the drafter heads the drafting unit today.

    False when the drafter's own post is the head's: the step is then left out.
    """
    if document.drafting_unit_id is None:
        return False
    day = clock.today()
    heads = PostRole.objects.filter(
        post__unit_id=document.drafting_unit_id,
        role=Role.HEAD_OF_DIVISION,
        valid__contains=day,
    )
    held = list(
        Holding.objects.filter(post__in=heads.values("post_id"), valid__contains=day).values_list(
            "post_id", "person_id"
        )
    )
    return any(person != document.drafter_person_id for _, person in held) and all(
        post != document.drafter_post_id for post, _ in held
    )


def holder_names(post_ids: Iterable[int]) -> Mapping[int, str]:
    """Who holds these posts today; vacant ones are absent."""
    return dict(
        Holding.objects.filter(
            post_id__in=list(post_ids), valid__contains=clock.today()
        ).values_list("post_id", "person__full_name")
    )


def authority_holds(document: OutgoingDocument, on: date) -> bool:
    """Whether the chosen row of the signing table is in force on that day."""
    return any(row.pk == document.authority_id for row in authorities_for(document, on))


def record_cards(actor: Actor, ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, RecordCard]:
    """Cards of the wanted documents that the actor may see; resolver for thread and dossier."""
    names = type_names()
    return {
        row.public_id: RecordCard(
            object_type="OutgoingDocument",
            object_id=row.public_id,
            title=row.subject,
            reference=row.reference_code,
            kind=names.get(row.document_type, row.document_type),
            url=reverse("outgoing:detail", args=[row.public_id]),
            occurred_on=row.issued_on or row.listed_on,
            state=STATE_LABELS[row.as_state],
            state_tone=STATE_LOOKS[row.as_state][0],
            agency=row.agency.short_name,
            stage=2,
        )
        for row in visible(actor).filter(public_id__in=list(ids)).select_related("agency")
    }


def recipient_agencies(document: OutgoingDocument) -> Sequence[Agency]:
    """The agencies a copy goes to, in the order of Nơi nhận."""
    lines = document.recipients.filter(agency__isnull=False).select_related("agency")
    return [line.agency for line in lines.order_by("position") if line.agency]
