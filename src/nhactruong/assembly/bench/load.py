"""Open-loop load: requests leave when the schedule says, whether or not earlier ones are back."""

from __future__ import annotations

import http.client
import queue
import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from nhactruong.assembly.bench.asking import Caller
from nhactruong.assembly.bench.figures import Times, times
from nhactruong.assembly.bench.targets import Target

_CALLERS: Final = 64


@dataclass(frozen=True, slots=True)
class Load:
    """How a load went; times run from the scheduled start of each request.

    `failures` counts what was no page, by kind and status (0: no answer). `generator_cpu` is the
    share of one processor that the generator itself used.
    """

    rate: float
    seconds: float
    sent: int
    failures: Mapping[str, int]
    all: Times
    pages: Times
    kinds: Mapping[str, Times]
    generator_cpu: float

    @property
    def failed(self) -> int:
        """How many requests brought no page."""
        return sum(self.failures.values())

    @property
    def completed_per_second(self) -> float:
        """Good answers a second."""
        return (self.sent - self.failed) / self.seconds


@dataclass(slots=True)
class _Tally:
    lock: threading.Lock = field(default_factory=threading.Lock)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: Counter[str] = field(default_factory=Counter)


def run(
    host: str,
    port: int,
    cookies: Mapping[str, str],
    walk: Iterator[Target],
    *,
    rate: float,
    seconds: float,
) -> Load:
    """`rate` requests a second (Poisson arrivals) for `seconds`, from up to 64 connections."""
    dice = random.Random(3)  # noqa: S311 (the same arrivals every time)
    waiting: queue.SimpleQueue[tuple[float, Target] | None] = queue.SimpleQueue()
    tally = _Tally()
    callers = [
        threading.Thread(target=_serve, args=(Caller(host, port), cookies, waiting, tally))
        for _ in range(_CALLERS)
    ]
    for caller in callers:
        caller.start()
    cpu = time.process_time()
    begun = due = time.perf_counter()
    sent = 0
    while due - begun < seconds:
        pause = due - time.perf_counter()
        if pause > 0:
            time.sleep(pause)
        waiting.put((due, next(walk)))
        sent += 1
        due += dice.expovariate(rate)
    for _ in callers:
        waiting.put(None)
    for caller in callers:
        caller.join()
    took = time.perf_counter() - begun
    every = [one for found in tally.seconds.values() for one in found]
    pages = [
        one
        for kind in ("inbox", "incoming_list", "outgoing_list")
        for one in tally.seconds.get(kind, [])
    ]
    return Load(
        rate=rate,
        seconds=took,
        sent=sent,
        failures=dict(tally.failures),
        all=times(every),
        pages=times(pages),
        kinds={kind: times(found) for kind, found in sorted(tally.seconds.items())},
        generator_cpu=(time.process_time() - cpu) / took,
    )


def _serve(
    caller: Caller,
    cookies: Mapping[str, str],
    waiting: queue.SimpleQueue[tuple[float, Target] | None],
    tally: _Tally,
) -> None:
    while (job := waiting.get()) is not None:
        due, target = job
        try:
            status, _ = caller.get(target.path, cookies[target.username])
        except (OSError, http.client.HTTPException):
            status = 0
        took = time.perf_counter() - due
        with tally.lock:
            # A failed answer counts with its time too: a fast error must not help.
            tally.seconds[target.kind].append(took)
            if status != 200:
                tally.failures[f"{target.kind} {status}"] += 1
    caller.close()
