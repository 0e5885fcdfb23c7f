"""Eight clerks at once: number, audit row, work, search card and outbox in one transaction each."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from nhactruong.assembly.bench.figures import Times, times

_CLIENTS: Final = 8
_PATIENCE_SECONDS: Final = 300.0


@dataclass(frozen=True, slots=True)
class Taking:
    """How the numbers were given out."""

    documents: int
    clients: int
    per_second: float
    each: Times
    series_with_gaps: int


def measure(
    documents: Sequence[str], person_id: int, environment: Mapping[str, str], *, gaps: Any
) -> Taking:
    """Every document numbered by the real command, shared out among eight processes.

    `gaps()` counts series with gaps afterwards.
    """
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(_CLIENTS)
    results = context.Queue()
    kept = dict(os.environ)
    os.environ.update(environment)
    try:
        clients = [
            context.Process(
                target=_client, args=(list(documents[start::_CLIENTS]), person_id, barrier, results)
            )
            for start in range(_CLIENTS)
        ]
        for client in clients:
            client.start()
        told = [results.get(timeout=_PATIENCE_SECONDS) for _ in clients]
        for client in clients:
            client.join()
    finally:
        os.environ.clear()
        os.environ.update(kept)
    seconds = [one for _, _, found in told for one in found]
    wall = max(end for _, end, _ in told) - min(begun for begun, _, _ in told)
    return Taking(len(seconds), _CLIENTS, len(seconds) / wall, times(seconds), gaps())


def _client(documents: list[str], person_id: int, barrier: Any, results: Any) -> None:
    import django

    django.setup()
    from nhactruong.masterdata.organization.selectors import actor_for_person
    from nhactruong.records.outgoing.commands import assign_number

    clerk = actor_for_person(person_id)
    barrier.wait(_PATIENCE_SECONDS)
    begun = time.time()
    found = []
    for public_id in documents:
        started = time.perf_counter()
        assign_number(clerk, public_id, version=None)  # type: ignore[arg-type]  # Django takes the text
        found.append(time.perf_counter() - started)
    results.put((begun, time.time(), found))
