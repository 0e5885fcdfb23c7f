"""Filters that write numbers and dates as the office writes them; pure text."""

from __future__ import annotations

from datetime import date, datetime

from nhactruong.foundation.ui import rules
from nhactruong.kernel import clock

from .registry import library


@library.filter
def vn_date(value: date | datetime | None) -> str:
    """`23/11/2026`."""
    return rules.date_words(value)


@library.filter
def vn_time(value: datetime | None) -> str:
    """`08:12` on the office's clock."""
    return rules.time_words(value)


@library.filter
def vn_day(value: date | None) -> str:
    """`thứ Hai 23/11`."""
    return rules.day_words(value) if value else ""


@library.filter
def vn_long_day(value: date | None) -> str:
    """`Thứ Hai, ngày 23 tháng 11 năm 2026`."""
    return rules.long_day_words(value) if value else ""


@library.filter
def vn_when(value: datetime | date | None) -> str:
    """`Hôm nay 08:20`, `Hôm qua 15:40`, `16/11 09:05`, `12/06/2026`."""
    return rules.when_words(value, clock.today()) if value else ""


@library.filter
def vn_number(value: int | None) -> str:
    """`2.451`, for quantities only; a register number is written as it is."""
    return "" if value is None else rules.quantity(value)


@library.filter
def vn_count(value: int | None) -> str:
    """`9`, `2.451`, `10.000+`."""
    return "" if value is None else rules.count_words(value)
