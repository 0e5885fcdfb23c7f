"""How much an actor sees of a table, estimated from the database's own statistics.

Decides the form of a list query, never its answer. Source: docs/adr/0001.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import connection

#: Statistics change slowly; a process asks again after an hour.
_REMEMBER_SECONDS: Final = 3600.0
#: Up to this many rows are fetched through the inverted index and sorted; beyond, the walk wins.
_MOST_FETCHED: Final = 8_000
_SHARE_FETCHED: Final = 100


@dataclass(frozen=True, slots=True)
class TableStatistics:
    """Estimated rows in all, by sight token and by agency; what is not listed is rare."""

    rows: float
    by_token: Mapping[int, float]
    by_agency: Mapping[int, float]


_known: dict[str, tuple[float, TableStatistics]] = {}


def is_narrow(table: str, tokens: Iterable[int], agency_ids: Iterable[int]) -> bool:
    """Whether so few rows are in sight that fetching them all beats walking the newest.

    Source: docs/adr/0001 (fetch if breadth ≤ min(8,000, N/100)).
    """
    statistics = _statistics(table)
    breadth = sum(statistics.by_token.get(token, 0.0) for token in tokens)
    own = sum(statistics.by_agency.get(agency, 0.0) for agency in agency_ids)
    return breadth <= min(_MOST_FETCHED, own / _SHARE_FETCHED)


def forget_statistics() -> None:
    """The next question asks the database again."""
    _known.clear()


def _statistics(table: str) -> TableStatistics:
    kept = _known.get(table)
    if kept is not None and time.monotonic() - kept[0] < _REMEMBER_SECONDS:
        return kept[1]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT GREATEST(reltuples, 0) FROM pg_class WHERE oid = to_regclass(%s)", [table]
        )
        found = cursor.fetchone()
        rows = float(found[0]) if found else 0.0
        cursor.execute(
            "SELECT attname, most_common_elems::text::int[], most_common_elem_freqs,"
            # Of the arrays only their elements are wanted; whole arrays are no numbers.
            " CASE WHEN attname = 'agency_id' THEN most_common_vals::text::bigint[] END,"
            " most_common_freqs FROM pg_stats"
            " WHERE tablename = %s AND attname IN ('readers', 'agency_id')",
            [table],
        )
        by_token: dict[int, float] = {}
        by_agency: dict[int, float] = {}
        for name, elements, element_shares, values, shares in cursor.fetchall():
            if name == "readers" and elements:
                # The three last frequencies are minimum, maximum and the share of nulls.
                by_token = {
                    element: share * rows
                    for element, share in zip(elements, element_shares, strict=False)
                }
            if name == "agency_id" and values:
                by_agency = {
                    value: share * rows for value, share in zip(values, shares, strict=True)
                }
    made = TableStatistics(rows, by_token, by_agency)
    _known[table] = (time.monotonic(), made)
    return made
