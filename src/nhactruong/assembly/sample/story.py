"""The story of the sample office, read from the data files: days, places in texts, order of acts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final

from nhactruong.kernel.clock import OFFICE_ZONE
from nhactruong.kernel.deadlines import WorkingCalendar

Row = Mapping[str, Any]

_PLACE: Final = re.compile(r"\{([a-zA-Z]+):([^}]+)\}")


@cache
def read(name: str) -> Row:
    """One data file, by its path under `data/`."""
    text = files("nhactruong.assembly.sample").joinpath("data", name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def outgoing() -> list[Row]:
    """The outgoing documents, in the order of the file."""
    return list(read("documents/outgoing.toml")["document"])


def incoming() -> list[Row]:
    """The incoming documents, in the order of the file."""
    return list(read("documents/incoming.toml")["document"])


@dataclass(frozen=True, slots=True)
class Days:
    """Working-day offsets as dates; day 0 is the load day or the last working day before it."""

    calendar: WorkingCalendar
    loaded_at: datetime
    _known: dict[int, date] = field(default_factory=dict)

    def on(self, offset: int) -> date:
        """The working day `offset` days from day 0."""
        if offset not in self._known:
            self._known[offset] = self._count(offset)
        return self._known[offset]

    def _count(self, offset: int) -> date:
        day = self.loaded_at.astimezone(OFFICE_ZONE).date()
        while not self.calendar.is_working_day(day):
            day -= timedelta(days=1)
        step = timedelta(days=1 if offset > 0 else -1)
        for _ in range(abs(offset)):
            day += step
            while not self.calendar.is_working_day(day):
                day += step
        return day

    def at(self, offset: int, clock_time: str) -> datetime:
        """That time of that day, at the latest the moment of loading."""
        moment = datetime.combine(self.on(offset), time.fromisoformat(clock_time), OFFICE_ZONE)
        return min(moment, self.loaded_at)


@dataclass(frozen=True, slots=True)
class Printed:
    """Number with symbol and date that a document of the story has received."""

    reference_code: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of the data with their places filled in."""

    days: Days
    numbered: Mapping[str, Printed]

    def fill(self, text: str) -> str:
        """`text` with every `{d:-3}`, `{n:key}` … resolved; see data/documents/outgoing.toml."""
        return _PLACE.sub(self._value, text)

    def _value(self, place: re.Match[str]) -> str:
        kind, what = place[1], place[2]
        if kind == "n":
            return self.numbered[what].reference_code
        if kind == "nd":
            return short_date(self.numbered[what].issued_on)
        day = self.days.on(int(what))
        return {
            "d": short_date(day),
            "D": f"ngày {day.day:02d} tháng {_month(day)} năm {day.year}",
            "Y": str(day.year),
            "m": f"{day.month}/{day.year}",
        }[kind]


def short_date(day: date) -> str:
    """The date as offices write it in running text, e.g. 5/2/2026."""
    return f"{day.day}/{day.month}/{day.year}"


def _month(day: date) -> str:
    return f"{day.month:02d}" if day.month <= 2 else str(day.month)


@dataclass(frozen=True, slots=True)
class Step:
    """One act of the story: when, and what is done."""

    day: int
    clock_time: str
    do: Callable[[], None]


def in_order(steps: Iterable[Step]) -> list[Step]:
    """The steps in the order of time; those of the same minute as they came."""
    return sorted(steps, key=lambda step: (step.day, step.clock_time))


def later(clock_time: str, minutes: int) -> str:
    """The clock time so many minutes later, within the same day."""
    hour, minute = map(int, clock_time.split(":"))
    total = min(hour * 60 + minute + minutes, 23 * 60 + 59)
    return f"{total // 60:02d}:{total % 60:02d}"
