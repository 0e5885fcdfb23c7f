"""The table of rights and the rules of four eyes, as shipped."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from nhactruong.foundation.access.rules import COLUMNS, Cell, Line, cell_of

_DATA: Final = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Right:
    """One line of the table: an act, and what each column has in it.

    `where` is the function that answers it; empty while no part of the product does the act.
    """

    line: Line
    action: str
    cells: Mapping[str, Cell]
    where: str


@dataclass(frozen=True, slots=True)
class ExtraRole:
    """A role beside the columns, and what it may."""

    role: str
    rights: str


@dataclass(frozen=True, slots=True)
class FourEyes:
    """A rule that two persons share an act; `where` and `test` are empty while nothing does it."""

    number: int
    rule: str
    how: str
    where: str
    test: str


def _rows(name: str) -> list[dict[str, Any]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@lru_cache(maxsize=1)
def rights() -> Sequence[Right]:
    """The whole table in the order of its lines. Source: security.md 8."""
    return [
        Right(
            Line(int(row["line"])),
            row["action"],
            {column: cell_of(row[column]) for column in COLUMNS},
            row["where"],
        )
        for row in _rows("rights.csv")
    ]


@lru_cache(maxsize=1)
def extra_roles() -> Sequence[ExtraRole]:
    """The roles beside the columns. Source: security.md 8."""
    return [ExtraRole(row["role"], row["rights"]) for row in _rows("extra_roles.csv")]


@lru_cache(maxsize=1)
def four_eyes() -> Sequence[FourEyes]:
    """The rules that cannot be configured off. Source: security.md 9."""
    return [
        FourEyes(int(row["number"]), row["rule"], row["how"], row["where"], row["test"])
        for row in _rows("four_eyes.csv")
    ]
