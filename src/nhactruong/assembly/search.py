"""Search as a page: what fits best, then newest first; only what the person may see."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat, StrIndex

from nhactruong.foundation.persistence.paging import beyond, is_backward, keyset_page
from nhactruong.foundation.search.models import SearchCard
from nhactruong.foundation.search.rules import asked_code
from nhactruong.foundation.search.selectors import NEWEST_FIRST, find, recent
from nhactruong.foundation.search.selectors import best as fitting
from nhactruong.foundation.thread.cards import RecordCard, cards
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.text import fold, one_line
from nhactruong.masterdata.organization.selectors import agency_names

#: Value of `loai=` → (kind of record, word of the tab).
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "": ("", "Tất cả"),
    "den": ("IncomingDocument", "Văn bản đến"),
    "di": ("OutgoingDocument", "Văn bản đi"),
    "ho-so": ("Dossier", "Hồ sơ"),
}
_ROWS: Final = 20
_MOST_BEST: Final = 5
#: So many hits are counted, by kind; of more it is only said that they are many.
COUNTED = 2_000
#: The database expects more hits than this: they are not even looked at.
MANY = 1_000
#: So many cards are passed, from the newest on, for a page of a question with many hits.
STEPS = 4_000
#: So many times as far, and at most so many times, when the first steps found less than a page.
_FURTHER: Final = 6
_FURTHEST: Final = 25
#: Longer questions are not asked.
LONGEST: Final = 200
TOO_LONG: Final = "search.too_long"


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
    """A page of hits; with too many to count `total` is None and `counts` by kind is empty.

    `best` stands above the first page: the number and symbol that were asked for, then titles
    that hold the words as they were typed. No record stands in both.
    """

    best: Sequence[Hit]
    hits: Sequence[Hit]
    total: int | None
    counts: Mapping[str, int]
    newer: str
    older: str


@dataclass(frozen=True, slots=True)
class _Survey:
    """How many hits of each kind; of the wanted kind the keys of the newest, and of the newest
    whose title holds the question.

    `is_whole` is False when there are too many to look at; the keys are then any of them.
    """

    counts: Mapping[str, int]
    newest: Sequence[int]
    titled: Sequence[int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def is_whole(self) -> bool:
        return self.total <= COUNTED


def results(actor: Actor, words: str, *, kind: str = "", cursor: str = "") -> Results:
    """What `actor` finds, newest first; what fits best stands before it on the first page.

    The last word counts as it stands; where nothing holds it, as the beginning of one.

    Raises: InvalidInput `search.too_long`, `page.bad_cursor`.
    """
    query = one_line(words)
    if len(query) > LONGEST:
        raise InvalidInput(
            TOO_LONG,
            "Câu tìm dài quá %(most)s ký tự nên chưa tìm. Đồng chí chọn vài từ trong trích yếu, "
            "hoặc số, ký hiệu.",
            most=LONGEST,
        )
    object_type = KINDS.get(kind, KINDS[""])[0]
    everything = find(actor, query, is_begun=False)
    # Parts of text are slow to compare card by card: a number and symbol is never walked for.
    is_unwalked = bool(asked_code(query)) or not (_is_large() or _are_many(everything))
    walked = None if is_unwalked else _walked(everything, object_type, cursor)
    survey = _UNCOUNTED if walked else _survey(everything, query, object_type)
    if not survey.total:
        # Nothing holds the last word as it stands: it is only begun.
        everything, is_unwalked = find(actor, query), True
        survey = _survey(everything, query, object_type)
    titled = survey.titled if survey.is_whole else ()
    best = list(fitting(actor, query, titled=titled, object_type=object_type)[:_MOST_BEST])
    if survey.is_whole and not cursor:
        # The survey has passed every hit: its newest are looked up by their keys.
        walked = survey.newest
    elif is_unwalked and not survey.is_whole:
        walked = _walked(everything, object_type, cursor)
    rows = _of(everything, object_type) if walked is None else recent(actor).filter(pk__in=walked)
    page = keyset_page(
        rows.exclude(pk__in=[card.pk for card in best]) if best else rows,
        order=NEWEST_FIRST,
        cursor=cursor,
        rows=_ROWS,
    )
    first = [] if cursor else best
    hits = _hits(actor, query, [*first, *page.rows])
    return Results(
        best=[hits[row.pk] for row in first if row.pk in hits],
        hits=[hits[row.pk] for row in page.rows if row.pk in hits],
        total=survey.total if survey.is_whole else None,
        counts=survey.counts if survey.is_whole else {},
        newer=page.newer,
        older=page.older,
    )


def _of(found: QuerySet[SearchCard], object_type: str) -> QuerySet[SearchCard]:
    return found.filter(object_type=object_type) if object_type else found


def _hits(actor: Actor, query: str, rows: Sequence[SearchCard]) -> Mapping[int, Hit]:
    """The rows as they are shown, by key; without those that no longer open."""
    names: Mapping[int, str] = {}
    if len(actor.agency_ids) > 1:
        names = agency_names({row.agency_id for row in rows})
    shown = cards(actor, [(row.object_type, row.object_id) for row in rows])
    code = asked_code(query)
    return {
        row.pk: Hit(
            found=row,
            card=shown[row.object_id],
            agency=names.get(row.agency_id, ""),
            is_exact=bool(code) and row.code == code,
        )
        for row in rows
        if row.object_id in shown
    }


#: Of a question whose hits are too many to look at.
_UNCOUNTED: Final = _Survey({"": COUNTED + 1}, (), ())


def _are_many(found: QuerySet[SearchCard]) -> bool:
    """Whether the database expects so many hits that looking at them all is slow."""
    plan = found.order_by().values("id").explain(format="json")
    # Whoever sees nothing has no plan.
    return bool(plan) and bool(json.loads(plan)[0]["Plan"]["Plan Rows"] > MANY)


def _is_large() -> bool:
    """Whether a page of hits among the newest cards means more hits than are counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [SearchCard._meta.db_table]
        )
        (cards_expected,) = cursor.fetchone()
    return bool(cards_expected * (_ROWS + _MOST_BEST) > COUNTED * STEPS)


def _walked(
    everything: QuerySet[SearchCard], object_type: str, cursor: str
) -> Sequence[int] | None:
    """Keys of the hits among the next cards from `cursor` on; None when too few stand there to
    fill a page, and all hits must be gathered.

    What many cards hold stands among the newest too: to gather and sort all hits for a page of
    twenty would read most of the table.
    """
    found = _of(everything, object_type)
    order = ("occurred_on", "id") if is_backward(cursor) else NEWEST_FIRST
    wanted = _ROWS + _MOST_BEST + 1
    near = beyond(SearchCard.objects.all(), order=NEWEST_FIRST, cursor=cursor)
    try:
        hits = found.order_by(*order).values("id")[:wanted]
        sql, parameters = hits.query.sql_with_params()
    except EmptyResultSet:
        return None
    table = connection.ops.quote_name(SearchCard._meta.db_table)
    with connection.cursor() as asked:

        def among_next(steps: int) -> Sequence[int]:
            window, bounds = near.order_by(*order)[:steps].query.sql_with_params()
            asked.execute(
                sql.replace(f"FROM {table}", f"FROM ({window}) AS {table}", 1),
                [*bounds, *parameters],
            )
            return [key for (key,) in asked.fetchall()]

        keys = among_next(STEPS)
        if len(keys) == wanted:
            return keys
        # As far as a page lies by what was found so far, and half as far again.
        likely = STEPS * wanted * 3 // (2 * len(keys)) if keys else 0
        if likely > STEPS * _FURTHEST or not _are_many(everything):
            return None
        keys = among_next(max(likely, STEPS * _FURTHER))
        return keys if len(keys) == wanted else None


def _survey(found: QuerySet[SearchCard], query: str, object_type: str) -> _Survey:
    """One look at the hits where they are found, at most at one more than the cap."""
    phrase = fold(query).strip("\"“”'‘’")
    titled = StrIndex(Concat(Value(" "), F("folded")), Value(f" {phrase}"))
    capped = (
        found.order_by()
        .annotate(titled=titled)
        .values("object_type", "id", "occurred_on", "titled")[: COUNTED + 1]
    )
    try:
        sql, parameters = capped.query.sql_with_params()
    except EmptyResultSet:
        return _Survey({}, (), ())
    wanted = "%s IN ('', object_type)"
    newest = "ORDER BY occurred_on DESC, id DESC LIMIT"
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH hits AS MATERIALIZED ({sql})"  # noqa: S608 (our own names)
            " SELECT 'count', object_type, count(*) FROM hits GROUP BY object_type"
            f" UNION ALL (SELECT 'newest', '', id FROM hits WHERE {wanted} {newest} %s)"
            f" UNION ALL (SELECT 'titled', '', id FROM hits WHERE titled > 0 AND {wanted}"
            f" {newest} %s)",
            [*parameters, object_type, _ROWS + _MOST_BEST + 1, object_type, _MOST_BEST],
        )
        lines = cursor.fetchall()
    return _Survey(
        counts={name: number for what, name, number in lines if what == "count"},
        newest=[number for what, _, number in lines if what == "newest"],
        titled=[number for what, _, number in lines if what == "titled"],
    )
