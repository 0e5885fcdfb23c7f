"""What the pages of an incoming document read: few queries, each bounded."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import JSONObject

from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.thread.cards import RecordCard, cards
from nhactruong.foundation.thread.models import ThreadLink
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.states import Role
from nhactruong.kernel.text import fold
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Agency
from nhactruong.records.documents.models import Component, Rendition
from nhactruong.records.dossiers import selectors as dossiers
from nhactruong.records.extraction.models import Reading
from nhactruong.records.incoming.models import Direction, Handling, IncomingDocument
from nhactruong.records.incoming.rules import State, arrival_key
from nhactruong.records.incoming.selectors.register import visible
from nhactruong.records.numbering import selectors as numbering
from nhactruong.records.signing.models import VerificationReport

#: How far back the last similar document is looked for.
_SIMILAR_WITHIN: Final = 300


def seen(actor: Actor, public_id: uuid.UUID) -> IncomingDocument:
    """The bare document for its file. Raises: NotFound, as if it were absent."""
    document = (
        visible(actor).filter(public_id=public_id).select_related("agency", "delivery").first()
    )
    if document is None:
        raise NotFound("incoming.not_found", "Không tìm thấy văn bản.")
    return document


def next_arrival_number(document: IncomingDocument, day: date) -> int | None:
    """The number the document would get now, promised to nobody; None when no book is open."""
    last = numbering.last_number(arrival_key(document.registry_id, document.agency.key, day))
    return None if last is None else last + 1


def opened(actor: Actor, public_id: uuid.UUID) -> IncomingDocument:
    """The document for its page, with parts, their directions and the dossiers it lies in.

    `filed_in` lists `{id, code, title}` of dossiers the actor may see; `is_mine` says whether
    work on it waits for the actor. Two queries.
    Raises: NotFound, as if it were absent.
    """
    filed = (
        dossiers.visible(actor)
        .filter(entries__object_id=OuterRef("public_id"), entries__removed_at=None)
        .order_by("pk")
        .values(line=JSONObject(id="public_id", code="code", title="title"))
    )
    waiting = workitems.waiting(actor).filter(object_id=OuterRef("public_id"))
    document = (
        visible(actor)
        .filter(public_id=public_id)
        .select_related("agency", "delivery")
        .annotate(filed_in=ArraySubquery(filed), is_mine=Exists(waiting))
        .prefetch_related(
            Prefetch("handlings", Handling.objects.select_related("direction").order_by("pk"))
        )
        .first()
    )
    if document is None:
        raise NotFound("incoming.not_found", "Không tìm thấy văn bản.")
    return document


def directions_of(document: IncomingDocument) -> Sequence[Direction]:
    """The directions of an `opened` document, newest first; no query."""
    found = {part.direction_id: part.direction for part in document.handlings.all()}
    given = [direction for direction in found.values() if direction is not None]
    return sorted(given, key=lambda direction: direction.given_at, reverse=True)


@dataclass(frozen=True, slots=True)
class Original:
    """The received file, what was read of it, and what its signatures are worth (or "")."""

    rendition: Rendition
    reading: Reading
    verdict: str
    verdict_sentence: str


def original_of(document: IncomingDocument) -> Original:
    """The received file of a document the caller may see; one query. Raises: NotFound."""
    reports = VerificationReport.objects.filter(rendition_id=OuterRef("rendition_id"))
    latest = reports.order_by("-checked_at")
    reading = (
        Reading.objects.filter(
            rendition__version__component__document_id=document.document_id,
            rendition__version__component__kind=Component.Kind.MAIN,
            rendition__purpose=Rendition.Purpose.ORIGINAL,
        )
        .select_related("rendition__holding__blob")
        .annotate(
            verdict=Subquery(latest.values("verdict")[:1]),
            verdict_sentence=Subquery(latest.values("sentence")[:1]),
        )
        .first()
    )
    if reading is None:
        raise NotFound("incoming.no_content", "Văn bản này không có tệp.")
    return Original(
        reading.rendition, reading, reading.verdict or "", reading.verdict_sentence or ""
    )


def readings_of(documents: Iterable[IncomingDocument]) -> Mapping[int, str]:
    """How far the reading of each document has come, by document key."""
    rows = Reading.objects.filter(
        rendition__version__component__document_id__in=[one.document_id for one in documents]
    )
    return dict(rows.values_list("rendition__version__component__document_id", "state"))


def same_file(actor: Actor, document: IncomingDocument, sha256: str) -> Sequence[IncomingDocument]:
    """Other documents of the agency that hold the very same bytes, as far as the actor sees them."""
    return list(
        visible(actor)
        .filter(
            agency_id=document.agency_id,
            document__components__versions__renditions__holding__blob__sha256=sha256,
        )
        .exclude(pk=document.pk)
        .exclude(state=State.RETURNED_TO_SENDER)
        .order_by("pk")
        .distinct()[:3]
    )


@dataclass(frozen=True, slots=True)
class DeskCard:
    """A unit or post that can be given a part: `value` is what forms send (`unit:7`).

    `short` is the name on a chip, `holder` who heads the unit or holds the post today, `absent` until
    when that person is away, in words.
    """

    value: str
    name: str
    short: str
    holder: str
    unit_id: int | None
    post_id: int | None
    roles: frozenset[Role]
    absent: str = ""


_HANDLING_ROLES: Final = frozenset(
    {
        Role.SECRETARY,
        Role.DEPUTY_SECRETARY,
        Role.STANDING_MEMBER,
        Role.CHIEF_OF_OFFICE,
        Role.DEPUTY_CHIEF,
        Role.HEAD_OF_DIVISION,
        Role.SPECIALIST,
    }
)


def desks(agency: Agency) -> Sequence[DeskCard]:
    """Units and posts that handle the agency's papers, units first; remembered for a minute.

    What is shown may be a minute old; the command checks again.
    """
    return _desks(agency.pk, agency.short_name, int(time.monotonic() // 60))


def _without(office: str, title: str) -> str:
    """`Bí thư` for `Bí thư Tỉnh ủy` among the Tỉnh ủy's own; an office's name stays in its titles."""
    return title if office.startswith("Văn phòng") else title.removesuffix(f" {office}")


@lru_cache(maxsize=64)
def _desks(agency_id: int, office: str, minute: int) -> Sequence[DeskCard]:
    del minute
    posts = organization.posts_reaching(agency_id)
    heads = {
        post.unit_id: post
        for post in posts
        if any(role == Role.HEAD_OF_DIVISION for role, _ in post.roles)
    }
    units = [
        DeskCard(
            f"unit:{unit.pk}",
            unit.name,
            unit.short_name,
            heads[unit.pk].holder_name if unit.pk in heads else "",
            unit.pk,
            None,
            frozenset(),
            heads[unit.pk].absent if unit.pk in heads else "",
        )
        for unit in organization.units_serving(agency_id)
    ]
    people = [
        DeskCard(
            f"post:{post.post_id}",
            post.title,
            _without(office, post.title),
            post.holder_name,
            post.unit_id,
            post.post_id,
            frozenset(role for role, agency in post.roles if agency == agency_id),
            post.absent,
        )
        for post in posts
    ]
    return [*units, *(desk for desk in people if desk.roles & _HANDLING_ROLES)]


def open_loads(post_ids: Iterable[int]) -> Mapping[int, int]:
    """How much work waits for each of these posts."""
    by_token = {tokens.post_token(post_id): post_id for post_id in post_ids}
    rows = (
        WorkItem.objects.filter(is_open=True, token__in=list(by_token))
        .values_list("token")
        .annotate(count=Count("pk"))
    )
    return {by_token[token]: count for token, count in rows}


def similar_parts(actor: Actor, document: IncomingDocument) -> Sequence[Handling]:
    """The parts given by the last direction on a like document: same issuer and type, else one.

    Empty when nothing alike was directed among the agency's last few hundred documents.
    """
    recent = (
        visible(actor)
        .filter(agency_id=document.agency_id, directed_at__isnull=False)
        .exclude(pk=document.pk)
        .order_by("-arrived_on", "-pk")
        .values("pk")[:_SIMILAR_WITHIN]
    )
    same_type = Q(incoming__document_type=document.document_type)
    same_issuer = (
        Q(incoming__issuer_agency_id=document.issuer_agency_id)
        if document.issuer_agency_id
        else Q(incoming__issuer_name=document.issuer_name)
    )
    best = (
        Direction.objects.filter(incoming_id__in=recent)
        .filter(same_issuer | same_type)
        .annotate(
            likeness=Case(
                When(same_issuer & same_type, then=Value(0)),
                When(same_issuer, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            )
        )
        .order_by("likeness", "-given_at")
        .values("pk")[:1]
    )
    return list(
        Handling.objects.filter(direction_id=Subquery(best))
        .annotate(
            like_issuer=F("direction__incoming__issuer_name"),
            like_type=F("direction__incoming__document_type"),
        )
        .select_related("direction__incoming")
        .order_by("pk")
    )


def nearest_knots(actor: Actor, document: IncomingDocument, limit: int = 3) -> list[RecordCard]:
    """The records tied directly to this one that the actor may see, oldest first."""
    links = ThreadLink.objects.filter(
        Q(earlier_id=document.public_id) | Q(later_id=document.public_id)
    ).order_by("-linked_at", "-pk")[: limit * 4]
    wanted = [
        (link.later_type, link.later_id)
        if link.earlier_id == document.public_id
        else (link.earlier_type, link.earlier_id)
        for link in links
    ]
    found = sorted(cards(actor, wanted).values(), key=lambda card: card.occurred_on)
    return found[-limit:]


def agency_named(name: str) -> int | None:
    """The known agency that is called so in any spelling, else None."""
    return _agencies_by_name(int(time.monotonic() // 60)).get(fold(name))


@lru_cache(maxsize=2)
def _agencies_by_name(minute: int) -> Mapping[str, int]:
    del minute
    known: dict[str, int] = {}
    for agency in organization.agencies():
        for name in (agency.name, agency.short_name, " ".join(agency.issuer_lines)):
            known.setdefault(fold(name), agency.pk)
    return known
