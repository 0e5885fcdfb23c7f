"""The working calendar as rules need it."""

from __future__ import annotations

import time
from datetime import date
from typing import Final

import holidays
from django.db.models import F, Q

from nhactruong.kernel.deadlines import WorkingCalendar
from nhactruong.masterdata.workdays.models import DayOverride

_FIRST_YEAR: Final = 2024
_LAST_YEAR: Final = 2032
_REMEMBER_SECONDS: Final = 60.0

_remembered: dict[int | None, tuple[float, WorkingCalendar]] = {}


def forget_calendars() -> None:
    """The next reader sees the table as it is now (other processes within a minute)."""
    _remembered.clear()


def calendar(agency_id: int | None = None) -> WorkingCalendar:
    """Days off and working weekend days 2024–2032; the override table beats the library."""
    kept = _remembered.get(agency_id)
    if kept and time.monotonic() - kept[0] < _REMEMBER_SECONDS:
        return kept[1]
    library = holidays.country_holidays("VN", years=range(_FIRST_YEAR, _LAST_YEAR + 1))
    off = set(library.keys())
    working = {day for day in library.weekend_workdays if day.year >= _FIRST_YEAR}
    settled = DayOverride.objects.filter(Q(agency_id=None) | Q(agency_id=agency_id))
    for row in settled.order_by(F("agency_id").asc(nulls_first=True)):
        off.discard(row.day)
        working.discard(row.day)
        (off if row.kind == DayOverride.Kind.HOLIDAY else working).add(row.day)
    made = WorkingCalendar(
        first=date(_FIRST_YEAR, 1, 1),
        last=date(_LAST_YEAR, 12, 31),
        days_off=frozenset(off),
        working_weekend_days=frozenset(working),
    )
    _remembered[agency_id] = (time.monotonic(), made)
    return made
