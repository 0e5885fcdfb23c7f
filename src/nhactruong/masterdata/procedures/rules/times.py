"""Sums of working time: when a step is late, how long steps took."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from statistics import median

from nhactruong.kernel.clock import local
from nhactruong.kernel.deadlines import WorkingCalendar, due_on, working_days_between
from nhactruong.masterdata.procedures.rules.content import Norm, OfficeDay, Unit


def due_at(
    norm: Norm | None, since: datetime, calendar: WorkingCalendar, office_day: OfficeDay
) -> datetime | None:
    """The instant at which a step entered at `since` is late; None without a norm.

    Days: the end of the last day allowed. Hours: working minutes are counted out.
    Source: Bộ luật Dân sự 2015, Điều 147-148.
    """
    if norm is None:
        return None
    here = local(since)
    if norm.unit == Unit.DAYS:
        last = due_on(here.date(), norm.amount, calendar)
        return datetime.combine(last + timedelta(days=1), time(), here.tzinfo)
    left = norm.amount * 60
    day = here.date()
    while True:
        for start, end in _spans(day, here, calendar, office_day):
            length = int((end - start).total_seconds() // 60)
            if left <= length:
                return start + timedelta(minutes=left)
            left -= length
        day += timedelta(days=1)


def _spans(
    day: date, not_before: datetime, calendar: WorkingCalendar, office_day: OfficeDay
) -> Iterator[tuple[datetime, datetime]]:
    if not calendar.is_working_day(day):
        return
    for opens, closes in office_day.periods:
        start = max(datetime.combine(day, opens, not_before.tzinfo), not_before)
        end = datetime.combine(day, closes, not_before.tzinfo)
        if start < end:
            yield start, end


def used_minutes(
    start: datetime, end: datetime, calendar: WorkingCalendar, office_day: OfficeDay
) -> int:
    """Working minutes between two instants."""
    first, last = local(start), local(end)
    if last <= first:
        return 0
    if last.date() > first.date():
        # Whole days between are counted, not walked hour by hour.
        whole = working_days_between(first.date(), last.date() - timedelta(days=1), calendar)
        midnight = datetime.combine(last.date(), time(), last.tzinfo)
        return (
            _within_day(
                first, datetime.combine(first.date(), time.max, first.tzinfo), calendar, office_day
            )
            + whole * office_day.minutes
            + _within_day(midnight, last, calendar, office_day)
        )
    return _within_day(first, last, calendar, office_day)


def _within_day(
    start: datetime, end: datetime, calendar: WorkingCalendar, office_day: OfficeDay
) -> int:
    spans = _spans(start.date(), start, calendar, office_day)
    return sum(
        max(0, int((min(closes, end) - opens).total_seconds() // 60)) for opens, closes in spans
    )


Trail = Sequence[Sequence[str]]


def times_of(trail: Trail, calendar: WorkingCalendar, office_day: OfficeDay) -> dict[str, int]:
    """Working minutes a finished or running case has spent in each step it has left."""
    used: dict[str, int] = {}
    for (key, entered), (_, left) in pairwise(trail):
        spent = used_minutes(
            datetime.fromisoformat(entered), datetime.fromisoformat(left), calendar, office_day
        )
        used[key] = used.get(key, 0) + spent
    return used


def medians(
    trails: Sequence[Trail], calendar: WorkingCalendar, office_day: OfficeDay
) -> dict[str, int]:
    """The median of working minutes by step; a case that passed a step by does not count there."""
    by_step: dict[str, list[int]] = {}
    for trail in trails:
        for key, minutes in times_of(trail, calendar, office_day).items():
            by_step.setdefault(key, []).append(minutes)
    return {key: round(median(found)) for key, found in by_step.items()}


def time_words(minutes: int, office_day: OfficeDay) -> str:
    """`2,5 ngày làm việc`, `3 giờ làm việc`, `dưới 1 giờ`."""
    if minutes < 60:
        return "dưới 1 giờ làm việc"
    if minutes < office_day.minutes:
        return f"{minutes // 60} giờ làm việc"
    days = f"{minutes / office_day.minutes:.1f}".removesuffix(".0").replace(".", ",")
    return f"{days} ngày làm việc"
