"""All tables a document touches, and the rows incoming and outgoing documents have in common."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from django.db import connection

from nhactruong.assembly.bench.houses import House
from nhactruong.assembly.bench.papers import Paper
from nhactruong.assembly.bench.tables import NULL, Line, Table
from nhactruong.foundation.access.models import Grant
from nhactruong.foundation.files.models import Holding
from nhactruong.foundation.search.models import SearchCard
from nhactruong.foundation.thread.models import ThreadLink
from nhactruong.foundation.workitems.commands import NO_TERM
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.records.documents.models import (
    Component,
    ComponentVersion,
    Document,
    Relation,
    Rendition,
)
from nhactruong.records.extraction.models import Reading
from nhactruong.records.incoming.models import Direction, Handling, IncomingDocument
from nhactruong.records.numbering.models import AllottedNumber
from nhactruong.records.outgoing.models import OutgoingDocument, Recipient

_CARDS: Final = "bench_card"
_PDF: Final = "application/pdf"


@dataclass(frozen=True, slots=True)
class Work:
    """An open piece of work: its state of the document, its kind and whose desk it lies on."""

    state: str
    kind: str
    token: int
    post_id: int | None = None
    unit_id: int | None = None
    name: str = ""


#: What work items repeat of their document: agency, kind of record, identifier, title, reference,
#: source, urgency, secrecy, due date.
About = tuple[int, str, str, str, str, str, str, int, date]


@dataclass
class Shelf:
    """Tables, papers and dice of one filling."""

    dice: random.Random
    papers: Sequence[Paper]
    document: Table = field(default_factory=lambda: Table(Document))
    component: Table = field(default_factory=lambda: Table(Component))
    version: Table = field(default_factory=lambda: Table(ComponentVersion))
    holding: Table = field(default_factory=lambda: Table(Holding))
    rendition: Table = field(default_factory=lambda: Table(Rendition))
    reading: Table = field(default_factory=lambda: Table(Reading))
    incoming: Table = field(default_factory=lambda: Table(IncomingDocument))
    direction: Table = field(default_factory=lambda: Table(Direction))
    handling: Table = field(default_factory=lambda: Table(Handling))
    outgoing: Table = field(default_factory=lambda: Table(OutgoingDocument))
    recipient: Table = field(default_factory=lambda: Table(Recipient))
    grant: Table = field(default_factory=lambda: Table(Grant))
    work: Table = field(default_factory=lambda: Table(WorkItem))
    number: Table = field(default_factory=lambda: Table(AllottedNumber))
    relation: Table = field(default_factory=lambda: Table(Relation))
    thread: Table = field(default_factory=lambda: Table(ThreadLink))
    card: Table = field(
        default_factory=lambda: Table(
            SearchCard, into=_CARDS, without=["words"], extra=["facts_folded", "paper"]
        )
    )

    def __post_init__(self) -> None:
        """Prepare the rows that are written most."""
        self._document = self.document.line("public_id", "agency_id", "created_at", "created_by")
        self._component = self.component.line("public_id", "document_id")
        self._version = self.version.line("component_id", "number", "created_at", "created_by")
        self._holding = self.holding.line("agency_id", "blob_id", "file_name", "held_since")
        self._rendition = self.rendition.line(
            "public_id",
            "version_id",
            "purpose",
            "holding_id",
            "parent_id",
            "parent_sha256",
            "media_type",
            "page_count",
            "made_at",
        )
        self._grant = self.grant.line(
            "object_type", "object_id", "token", "because", "granted_by", "granted_at"
        )
        self._number = self.number.line(
            "series_id",
            "number",
            "dated_on",
            "object_type",
            "object_id",
            "allotted_at",
            "allotted_by",
        )
        self._work = self.work.line(
            *("agency_id", "object_type", "object_id", "title", "reference", "source"),
            *("urgency", "secrecy", "due_on", "post_id", "public_id", "kind", "token"),
            *("opened_at", "opened_by", "is_open", "closed_at", "closed_by", "outcome"),
        )
        self.part: Line = self.handling.line(
            *("incoming_id", "direction_id", "part", "unit_id", "post_id"),
            *("name_printed", "given_at", "given_by"),
        )
        self.receiver: Line = self.recipient.line("outgoing_id", "line", "position")

    @property
    def tables(self) -> list[Table]:
        """Every table, each after those it points to."""
        return [
            self.document,
            self.component,
            self.version,
            self.holding,
            self.rendition,
            self.reading,
            self.incoming,
            self.direction,
            self.handling,
            self.outgoing,
            self.recipient,
            self.grant,
            self.work,
            self.number,
            self.relation,
            self.thread,
            self.card,
        ]

    @property
    def names(self) -> list[str]:
        """The tables of the database that are filled."""
        return [table.model._meta.db_table for table in self.tables]

    # One document -----------------------------------------------------------------------------

    def identifier(self) -> str:
        """A random identifier, the same every time for the same dice."""
        return identifier(self.dice)

    def content(
        self, house: House, at: str, by: str, public_id: str, purposes: Sequence[str], name: str
    ) -> tuple[int, Paper, int]:
        """(document, its paper, first rendition) of a new document with one file."""
        paper = self.papers[int(self.dice.random() * len(self.papers))]
        agency_id = house.agency_id
        document = self._document.add(public_id, agency_id, at, by)
        component = self._component.add(self.identifier(), document)
        version = self._version.add(component, 1, at, by)
        first = parent = 0
        for purpose in purposes:
            holding = self._holding.add(agency_id, paper.blob_id, name, at)
            parent = self._rendition.add(
                self.identifier(),
                version,
                purpose,
                holding,
                parent or NULL,
                paper.sha256 if parent else "",
                _PDF,
                paper.pages,
                at,
            )
            first = first or parent
        return document, paper, first

    def grants(
        self, kind: str, public_id: str, at: str, given: Iterable[tuple[str, int, str]]
    ) -> list[int]:
        """The readers that follow from the grants (reason, token, by whom) now written."""
        written = set()
        for because, token, by in given:
            if (because, token) in written:
                continue
            written.add((because, token))
            self._grant.add(kind, public_id, token, because, by, at)
        return sorted({token for _, token in written})

    def work_item(
        self,
        kind: str,
        token: int,
        about: About,
        at: str,
        by: str,
        *,
        post_id: int | None = None,
        closed: bool = False,
    ) -> None:
        """A piece of work about a document, put before `token` at that instant, or done then."""
        self._work.add(
            *about,
            post_id or NULL,
            self.identifier(),
            kind,
            token,
            at,
            by,
            not closed,
            at if closed else NULL,
            by if closed else "",
            "done" if closed else "",
        )

    def allot(
        self, series: int, number: int, day: date, kind: str, public_id: str, at: str, by: str
    ) -> None:
        """The number of the series given to a document."""
        self._number.add(series, number, day, kind, public_id, at, by)

    def flush(self) -> int:
        """The number of rows sent to the database now."""
        with connection.cursor() as cursor:
            return sum(table.flush(cursor) for table in self.tables)

    # Search cards -----------------------------------------------------------------------------

    def open_cards(self) -> None:
        """A place for cards whose words are not yet made into search vectors."""
        columns = ", ".join(name for name in self.card.columns if name not in _EXTRA)
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TEMP TABLE {_CARDS} ON COMMIT DROP AS SELECT {columns},"  # noqa: S608 (our own names)
                " ''::text AS facts_folded, 0 AS paper FROM search_searchcard WITH NO DATA"
            )
            cursor.execute("CREATE TEMP TABLE bench_paper (paper int, words tsvector)")
            cursor.executemany(
                "INSERT INTO bench_paper VALUES (%s, setweight(to_tsvector('simple', %s), 'C'))",
                [(paper.blob_id, paper.folded) for paper in self.papers],
            )

    def close_cards(self) -> None:
        """The cards, with the words that `search.commands.put` would give them."""
        columns = ", ".join(name for name in self.card.columns if name not in _EXTRA)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO search_searchcard ({columns}, words) SELECT {columns},"  # noqa: S608 (our own names)
                " setweight(to_tsvector('simple', folded || ' ' || code), 'A')"
                " || setweight(to_tsvector('simple', facts_folded), 'B') || p.words"
                f" FROM {_CARDS} JOIN bench_paper p USING (paper)"
            )
            cursor.execute(f"DROP TABLE {_CARDS}, bench_paper")


_EXTRA: Final = ("facts_folded", "paper")


def identifier(dice: random.Random) -> str:
    """A random identifier, the same every time for the same dice."""
    bits = f"{dice.getrandbits(120):030x}"
    return f"{bits[:8]}-{bits[8:12]}-4{bits[12:15]}-a{bits[15:18]}-{bits[18:]}"


def moment(day: date, dice: random.Random, *, later: int = 0) -> str:
    """An instant of office hours on that day, `later` days after it."""
    hour = 1 + int(dice.random() * 8)
    minute = int(dice.random() * 60)
    return f"{day + timedelta(days=later)} {hour:02d}:{minute:02d}:00+00"


def due_on(day: date | None) -> date:
    """The due date as work items keep it."""
    return day or NO_TERM
