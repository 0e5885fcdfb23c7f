"""Outgoing documents one by one, in lists, and who takes part in them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, Q, QuerySet

from nhactruong.foundation.access.base import SightedQuerySet
from nhactruong.foundation.thread.cards import RecordCard
from nhactruong.foundation.web.addresses import record_url
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.deadlines import month_of
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
from nhactruong.records.documents.models import Rendition
from nhactruong.records.numbering.models import AllottedNumber
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.policies import DRAFTING_ROLES
from nhactruong.records.outgoing.rules import EDITABLE, REGISTERED, STATE_LABELS, STATE_LOOKS, State
from nhactruong.records.signing.models import VerificationReport

_UNSIGNED: Final = (*EDITABLE, State.CONTENT_REVIEW, State.APPRAISAL, State.AWAITING_SIGNATURE)


def visible(actor: Actor) -> SightedQuerySet[OutgoingDocument]:
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


def of_document(document_id: int) -> OutgoingDocument:
    """The outgoing document of a document, for jobs. Raises: DoesNotExist."""
    return OutgoingDocument.objects.get(document_id=document_id)


def unsigned_of(post_id: int) -> QuerySet[OutgoingDocument]:
    """What that post drafts and nobody has signed, whoever asks; for handing over, never to show."""
    return OutgoingDocument.objects.filter(drafter_post_id=post_id, state__in=_UNSIGNED)


def unsigned_counts(post_ids: Iterable[int]) -> Mapping[int, int]:
    """How many of them each post has in its hands or under way; one query."""
    rows = OutgoingDocument.objects.filter(
        drafter_post_id__in=list(post_ids), state__in=_UNSIGNED
    ).values_list("drafter_post_id")
    return dict(rows.annotate(Count("pk")))


def lock_visible(
    actor: Actor, public_id: uuid.UUID, version: int | None, *, text: bool = True
) -> OutgoingDocument:
    """The document, locked for change, without its text when the verb has no use for it.

    Raises: NotFound, AccessDenied, ConflictingChange.

    Only the organ comes with it, every verb needs it; the other neighbours are read when a verb
    asks for them: joining six tables cost more than any verb's few.
    """
    rows = visible(actor).filter(public_id=public_id).select_related("organ")
    if not text:
        rows = rows.defer("body")
    document = rows.select_for_update(of=("self",)).first()
    if document is None:
        raise NotFound("outgoing.not_found", "Không tìm thấy văn bản.")
    return document.require_lasting_sight(actor).require_version(version)


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
    period: str = ""
    words: str = ""
    mine: bool = False


def register(
    actor: Actor, chosen: RegisterFilter, *, only_numbered: bool
) -> SightedQuerySet[OutgoingDocument]:
    """Documents for the list or, with `only_numbered`, the register; unordered."""
    rows = visible(actor)
    agencies = actor.agency_ids
    rows = rows.filter(agency_id__in=agencies)
    if only_numbered:
        rows = rows.filter(state__in=[state.value for state in REGISTERED])
    elif not chosen.state:
        rows = rows.exclude(state__in=[state.value for state in EDITABLE])
    if chosen.period:
        rows = rows.filter(series__period=chosen.period)
    if chosen.organ:
        rows = rows.filter(organ__series_body=chosen.organ)
    if chosen.document_type:
        rows = rows.filter(document_type=chosen.document_type)
    if chosen.state:
        rows = rows.filter(state=chosen.state)
    if chosen.month:
        rows = rows.filter(listed_on__range=month_of(chosen.month))
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


@dataclass(frozen=True, slots=True)
class Reviewers:
    """The posts that read a draft before its signer, the drafter's own left out.

    In a small office the Chánh Văn phòng heads the one unit (`head_is_chief`).
    """

    heads: Collection[int]
    chiefs: Collection[int]
    head_is_chief: bool


def reviewers(document: OutgoingDocument, *not_these: int | None) -> Reviewers:
    """Who heads the drafting unit and who is Chánh Văn phòng today, other than the drafter.

    No head where the drafter's own post is the head's; no chief among `not_these` people or where
    he signs himself: the step is then left out.
    """
    day = clock.today()
    is_head = Q(role=Role.HEAD_OF_DIVISION, post__unit_id=document.drafting_unit_id)
    is_chief = Q(role=Role.CHIEF_OF_OFFICE, agency_id=document.agency_id)
    asked = is_head | is_chief if document.drafting_unit_id else is_chief
    held = list(
        PostRole.objects.filter(
            asked, valid__contains=day, post__holdings__valid__contains=day
        ).values_list("role", "post_id", "post__holdings__person_id")
    )
    heads = {post: person for role, post, person in held if role == Role.HEAD_OF_DIVISION}
    chiefs = {post: person for role, post, person in held if role == Role.CHIEF_OF_OFFICE}
    is_own = document.drafter_post_id in heads or all(
        person == document.drafter_person_id for person in heads.values()
    )
    signer_post = document.authority.post_id if document.authority else None
    besides = {document.drafter_person_id, *not_these}
    return Reviewers(
        heads=[] if is_own else list(heads),
        chiefs=[
            post for post, person in chiefs.items() if post != signer_post and person not in besides
        ],
        head_is_chief=not chiefs.keys().isdisjoint(heads),
    )


def holder_names(post_ids: Iterable[int]) -> Mapping[int, str]:
    """Who holds these posts today; vacant ones are absent."""
    return dict(
        Holding.objects.filter(
            post_id__in=list(post_ids), valid__contains=clock.today()
        ).values_list("post_id", "person__full_name")
    )


def is_own_signer(authority_id: int | None, person_id: int) -> bool:
    """Whether this person alone holds, today, the post of that row of the signing table."""
    if authority_id is None:
        return False
    posts = SigningAuthority.objects.filter(pk=authority_id).values("post_id")
    holders = Holding.objects.filter(post_id__in=posts, valid__contains=clock.today())
    return set(holders.values_list("person_id", flat=True)) == {person_id}


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
            url=record_url("outgoing:detail", row.public_id),
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


def void_confirmers(documents: Iterable[OutgoingDocument]) -> Mapping[uuid.UUID, str]:
    """Who confirmed, as the second person, that these documents' numbers are void."""
    ids = [row.public_id for row in documents if row.as_state == State.CANCELLED]
    if not ids:
        return {}
    return dict(
        AllottedNumber.objects.filter(object_id__in=ids).values_list(
            "object_id", "void_confirmed_by"
        )
    )


def newest_report(shown: Iterable[Rendition]) -> VerificationReport | None:
    """The newest report on any of these renditions: each act is checked as it is done."""
    return (
        VerificationReport.objects.filter(rendition__in=[row.pk for row in shown])
        .order_by("-checked_at")
        .first()
    )
