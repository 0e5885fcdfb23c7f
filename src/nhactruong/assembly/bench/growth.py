"""The same pages in a small and in a large office, asked in turns, so that a busy machine slows both."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

from nhactruong.assembly.bench.asking import Caller, timed_get
from nhactruong.assembly.bench.figures import times
from nhactruong.assembly.bench.targets import KINDS, Desk, walk
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

_WARM: Final = 4
_ADDRESSES: Final = frozenset({"DATABASE_URL", "DATABASE_OWNER_URL"})


@dataclass(frozen=True, slots=True)
class Served:
    """An office that answers: how large it is, where, and what is asked, by kind of page."""

    documents: int
    host: str
    port: int
    #: (path, cookie) in the order in which they are asked.
    asked: Mapping[str, Sequence[tuple[str, str]]]

    def to_json(self) -> str:
        """One line, for another process."""
        return json.dumps(
            {
                "documents": self.documents,
                "host": self.host,
                "port": self.port,
                "asked": {kind: list(pairs) for kind, pairs in self.asked.items()},
            }
        )


@dataclass(frozen=True, slots=True)
class Growth:
    """Medians in milliseconds by kind of page, small and large."""

    small_documents: int
    large_documents: int
    medians: Mapping[str, tuple[float, float]]


def served_office(
    documents: int,
    host: str,
    port: int,
    desks: Sequence[Desk],
    cookies: Mapping[str, str],
    rounds: int,
) -> Served:
    """What is asked of an office: each kind of page so many times, by all people in turn."""
    asked = {}
    for kind in KINDS:
        targets = (target for target in walk(desks, seed=5) if target.kind == kind)
        asked[kind] = [
            (target.path, cookies[target.username]) for target in islice(targets, rounds + _WARM)
        ]
    return Served(documents, host, port, asked)


@contextmanager
def small_office(documents: int, state_folder: Path) -> Iterator[Served]:
    """An office of that size, served by a process of its own for the length of the block.

    It has a database of its own under `state_folder`: the addresses of the large one, which this
    process works with, are not handed on.
    Raises: Refusal (`FAILED`) when it does not come up.
    """
    handed_on = {name: value for name, value in os.environ.items() if name not in _ADDRESSES}
    handed_on["NHACTRUONG_VAR"] = str(state_folder)
    own = (sys.executable, "-m", "nhactruong.assembly.cli", "bench", "serve")
    child = subprocess.Popen(
        [*own, "--documents", str(documents)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=handed_on,
    )
    with child:
        if child.stdin is None or child.stdout is None:
            raise _not_up()
        try:
            yield _told(child.stdout)
        finally:
            child.stdin.close()


def _not_up() -> Refusal:
    return Refusal(
        ExitCode.FAILED, "bench.smaller_failed", "Không đo được văn phòng nhỏ để so mức tăng."
    )


def _told(lines: IO[str]) -> Served:
    try:
        said: dict[str, Any] = json.loads(lines.readline())
    except ValueError:
        raise _not_up() from None
    return Served(
        said["documents"],
        said["host"],
        said["port"],
        {kind: [(path, cookie) for path, cookie in pairs] for kind, pairs in said["asked"].items()},
    )


def compare(small: Served, large: Served) -> Growth:
    """Medians of both, each page of one followed by a page of the other.

    Raises: Refusal (`FAILED`) when the small office is no smaller: then it is the same one.
    """
    if small.documents >= large.documents:
        raise Refusal(
            ExitCode.FAILED,
            "bench.same_office",
            "Hai văn phòng đem so có cùng số văn bản; không đo được mức tăng.",
        )
    one, other = Caller(small.host, small.port), Caller(large.host, large.port)
    medians = {}
    for kind in KINDS:
        took: tuple[list[float], list[float]] = ([], [])
        pairs = zip(small.asked[kind], large.asked[kind], strict=True)
        for number, (here, there) in enumerate(pairs):
            first, second = timed_get(one, *here), timed_get(other, *there)
            if number >= _WARM:
                took[0].append(first)
                took[1].append(second)
        medians[kind] = (times(took[0]).p50, times(took[1]).p50)
    one.close()
    other.close()
    return Growth(small.documents, large.documents, medians)
