"""Search as a page: newest first, the exact number before all, only what the person may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from nhactruong.foundation.persistence.paging import COUNT_CAP, keyset_page
from nhactruong.foundation.search.models import SearchCard
from nhactruong.foundation.search.selectors import find
from nhactruong.foundation.thread.cards import RecordCard, cards
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.text import fold, one_line
from nhactruong.masterdata.organization.selectors import agency_names

#: Value of `loai=` → (kind of record, word of the tab).
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "": ("", "Tất cả"),
    "den": ("IncomingDocument", "Văn bản đến"),
    "di": ("OutgoingDocument", "Văn bản đi"),
    "ho-so": ("Dossier", "Hồ sơ"),
}
_ORDER: Final = ("-occurred_on", "-id")
_ROWS: Final = 20
_MOST_EXACT: Final = 5
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """A found record: what search knows of it, and its card with address and state.

    `agency` keeps it; it is said only to people who serve several.
    """

    found: SearchCard
    card: RecordCard
    agency: str = ""
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits; `counts` by kind of record is empty when there are too many to count."""

    hits: Sequence[Hit]
    total: int
    counts: Mapping[str, int]
    newer: str
    older: str


def results(actor: Actor, words: str, *, kind: str = "", cursor: str = "") -> Results:
    """What `actor` finds; the record whose number is exactly `words` stands first.

    Raises: InvalidInput `page.bad_cursor`.
    """
    query = one_line(words)[:_LONGEST]
    object_type = KINDS.get(kind, KINDS[""])[0]
    everything = find(actor, query)
    tally = _tally(everything)
    total = sum(tally.values())
    rows = everything.filter(object_type=object_type) if object_type else everything
    exact = _exact(rows, query)
    page = keyset_page(
        rows.exclude(pk__in=[card.pk for card in exact]) if exact else rows,
        order=_ORDER,
        cursor=cursor,
        rows=_ROWS,
    )
    first = [] if cursor else exact
    several = len(actor.agency_ids) > 1
    names = agency_names({row.agency_id for row in page.rows}) if several else {}
    shown = cards(actor, [(row.object_type, row.object_id) for row in [*first, *page.rows]])
    return Results(
        hits=[
            Hit(row, shown[row.object_id], names.get(row.agency_id, ""), row in first)
            for row in [*first, *page.rows]
            if row.object_id in shown
        ],
        total=total,
        counts=tally if total <= COUNT_CAP else {},
        newer=page.newer,
        older=page.older,
    )


def _tally(found: QuerySet[SearchCard]) -> dict[str, int]:
    """How many hits of each kind, counting at most one more than the cap."""
    capped = found.order_by().values("object_type")[: COUNT_CAP + 1]
    try:
        sql, parameters = capped.query.sql_with_params()
    except EmptyResultSet:
        return {}
    # Counted where they were found; by key every hit would be looked up once more.
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT object_type, count(*) FROM ({sql}) AS hits GROUP BY object_type",  # noqa: S608
            parameters,
        )
        return dict(cursor.fetchall())


def _exact(rows: QuerySet[SearchCard], query: str) -> list[SearchCard]:
    """Records whose number is the query itself, accents and case aside."""
    folded = fold(query)
    if not any(sign.isdigit() for sign in folded):
        return []
    begins = rows.filter(folded__startswith=folded).order_by(*_ORDER)[:50]
    return [row for row in begins if fold(row.reference) == folded][:_MOST_EXACT]
