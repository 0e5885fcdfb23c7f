"""One way of reading, measured with one client: its times, its statements, the plan of the slowest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.test.utils import CaptureQueriesContext

from nhactruong.assembly.bench.figures import Times, times

_WARM: Final = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """What one way of reading costs."""

    name: str
    times: Times
    queries: int
    plan: Sequence[str]


def read(name: str, ways: Sequence[Callable[[], Any]], rounds: int) -> Reading:
    """`ways` in turn, `rounds` times in all; each a few times before, unmeasured."""
    for _ in range(_WARM):
        for way in ways:
            way()
    seconds = []
    for number in range(rounds):
        begun = time.perf_counter()
        ways[number % len(ways)]()
        seconds.append(time.perf_counter() - begun)
    asked: list[Mapping[str, str]] = []
    most = 0
    for way in ways:
        with CaptureQueriesContext(connection) as captured:
            way()
        asked += captured.captured_queries
        most = max(most, len(captured))
    return Reading(name, times(seconds), most, _plan(asked))


def _plan(queries: Iterable[Mapping[str, str]]) -> list[str]:
    """How the database carried out the slowest of these statements."""
    asked = [query for query in queries if query["sql"].lstrip().startswith(("SELECT", "(SELECT"))]
    if not asked:
        return []
    slowest = max(asked, key=lambda query: float(query["time"]))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) {slowest['sql']}")
        return [line for (line,) in cursor.fetchall()]
