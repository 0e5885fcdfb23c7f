"""The provinces and the communes as they stand since 01/7/2025, shipped with the product.

Codes are those of the National Statistics Office. Where a province became a city or a commune a
ward, the day is that of the resolution: from which day it holds is to be compared with its text.
Source: exchange.md 6.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

#: From this day there are two levels of local government.
SINCE: Final = date(2025, 7, 1)
KINDS: Final[Mapping[str, str]] = {
    "tinh": "Tỉnh",
    "thanh_pho": "Thành phố",
    "xa": "Xã",
    "phuong": "Phường",
    "dac_khu": "Đặc khu",
}
_DATA: Final = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Place:
    """A province or a commune in a period `[since, until)`; a province lies in none."""

    code: str
    kind: str
    name: str
    province: str
    since: date
    until: date | None

    @property
    def full_name(self) -> str:
        """As it is written in full: Phường Ba Đình."""
        return f"{KINDS[self.kind]} {self.name}"


def _read(name: str) -> Iterator[Place]:
    with (_DATA / name).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            code, title, within = row["code"], row["name"], row.get("province", "")
            since = SINCE
            if row["kind_before"]:
                changed = date.fromisoformat(row["changed_on"])
                yield Place(code, row["kind_before"], title, within, SINCE, changed)
                since = changed
            yield Place(code, row["kind"], title, within, since, None)


@lru_cache(maxsize=1)
def provinces() -> Sequence[Place]:
    """Thirty-four at any time, by code."""
    return list(_read("provinces.csv"))


@lru_cache(maxsize=1)
def communes() -> Sequence[Place]:
    """3,321 at any time, by province and code."""
    return list(_read("communes.csv"))


def in_force(places: Sequence[Place], on: date) -> Sequence[Place]:
    """Those of the places that hold on that day."""
    return [one for one in places if one.since <= on and (one.until is None or on < one.until)]
