"""The register books: which there are, and how many numbers each has given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import (
    Organ,
    Term,
)
from nhactruong.records.numbering.models import AllottedNumber
from nhactruong.records.outgoing.models import OutgoingDocument


@dataclass(frozen=True, slots=True)
class Book:
    """A register book of an agency: the documents of one issuing body."""

    body: str
    agency_id: int
    agency_name: str
    name: str


def books(actor: Actor) -> Sequence[Book]:
    """The books of the actor's agencies; organs of one symbol and counter share one."""
    found: dict[tuple[int, str], list[Organ]] = {}
    for organ in organization.organs_of(actor.agency_ids):
        found.setdefault((organ.agency_id, organ.series_body), []).append(organ)
    bodies = [agency_id for agency_id, _ in found]
    return [
        Book(
            body=body,
            agency_id=agency_id,
            agency_name=organs[0].agency.name,
            # The one counter of an agency, or the one its organs share, bears the agency's name.
            name=organs[0].agency.short_name
            if bodies.count(agency_id) == 1 or len(organs) > 1
            else organs[0].name,
        )
        for (agency_id, body), organs in found.items()
    ]


def terms(agency_id: int) -> Sequence[Term]:
    """The terms of an agency, the present one first."""
    return list(Term.objects.filter(agency_id=agency_id).order_by("-starts_on"))


@dataclass(frozen=True, slots=True)
class BookCount:
    """What a book's counters say: numbers given, void ones, and gaps (always none)."""

    given: int
    voided: int
    missing: int


def count_book(book: Book, period: str, groups: Iterable[str] = ()) -> BookCount:
    """The numbers of a book in a period, counted from the allotments themselves; one query.

    `missing` compares each counter with its allotments, whoever may see the documents.
    """
    rows = AllottedNumber.objects.filter(
        series__agency_id=book.agency_id,
        series__issuing_body=book.body,
        series__period=period,
        object_type=OutgoingDocument.type_name(),
    )
    wanted = list(groups)
    if wanted:
        rows = rows.filter(series__group__in=wanted)
    counted = list(
        rows.values("series_id", "series__last_number").annotate(
            given=Count("number", distinct=True),
            first=Min("number"),
            voided=Count("pk", filter=Q(voided_at__isnull=False)),
        )
    )
    return BookCount(
        given=sum(row["given"] for row in counted),
        voided=sum(row["voided"] for row in counted),
        missing=sum(
            row["series__last_number"] - row["first"] + 1 - row["given"] for row in counted
        ),
    )
