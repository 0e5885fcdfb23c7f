"""How much an actor sees of an agency's rows in a table, estimated from a sample of its pages.

Decides the form of a list query, never its answer. Source: docs/adr/0001, docs/adr/0002.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import connection
from psycopg import sql

#: Statistics change slowly; a process asks again after an hour.
_REMEMBER_SECONDS: Final = 3600.0
#: Up to this many rows are fetched through the inverted index and sorted; beyond, the walk wins.
_MOST_FETCHED: Final = 8_000
_SHARE_FETCHED: Final = 100
#: So many rows are looked at, by whole pages, to know the shares.
_SAMPLED_ROWS: Final = 20_000


@dataclass(frozen=True, slots=True)
class TableStatistics:
    """Estimated rows by agency, and by agency and sight token; what is not listed is rare."""

    by_agency: Mapping[int, float]
    by_token: Mapping[tuple[int, int], float]


_known: dict[str, tuple[float, TableStatistics]] = {}


def is_narrow(table: str, tokens: Iterable[int], agency_id: int) -> bool:
    """Whether so few rows of the agency are in sight that fetching them beats walking the newest.

    Source: docs/adr/0001 (fetch if breadth ≤ min(8,000, N/100)).
    """
    statistics = _statistics(table)
    breadth = sum(statistics.by_token.get((agency_id, token), 0.0) for token in tokens)
    own = statistics.by_agency.get(agency_id, 0.0)
    return breadth <= min(_MOST_FETCHED, own / _SHARE_FETCHED)


def forget_statistics() -> None:
    """The next question asks the database again."""
    _known.clear()


def _statistics(table: str) -> TableStatistics:
    kept = _known.get(table)
    if kept is not None and time.monotonic() - kept[0] < _REMEMBER_SECONDS:
        return kept[1]
    made = _sampled(table)
    _known[table] = (time.monotonic(), made)
    return made


def _sampled(table: str) -> TableStatistics:
    """The table's statistics from some of its pages; the database's own know no pairs."""
    by_agency: dict[int, float] = defaultdict(float)
    by_token: dict[tuple[int, int], float] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = to_regclass(%s)", [table])
        found = cursor.fetchone()
        rows = max(float(found[0]), 1.0) if found else 0.0
        if not rows:
            return TableStatistics({}, {})
        percent = min(100.0, 100.0 * _SAMPLED_ROWS / rows)
        cursor.execute(
            sql.SQL(
                "SELECT agency_id, token, count(*) FROM {table} TABLESAMPLE SYSTEM (%s)"
                # The row itself is counted as the token that none is.
                " CROSS JOIN LATERAL unnest(readers || NULL::integer) AS token GROUP BY 1, 2"
            ).format(table=sql.Identifier(table)),
            [percent],
        )
        for agency_id, token, count in cursor.fetchall():
            estimated = count * 100.0 / percent
            if token is None:
                by_agency[agency_id] += estimated
            else:
                by_token[agency_id, token] = estimated
    return TableStatistics(by_agency, by_token)
