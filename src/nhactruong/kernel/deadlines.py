"""Working days and last days allowed, as pure sums over a calendar somebody else supplies."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta

from nhactruong.kernel.errors import InvalidInput

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Days off and working weekend days between two dates (both inside)."""

    first: date
    last: date
    days_off: Set[date]
    working_weekend_days: Set[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Whether the office works that day.

        Raises: InvalidInput when the calendar does not reach it.
        """
        if not self.first <= day <= self.last:
            raise InvalidInput(
                "calendar.out_of_reach",
                "Lịch làm việc chưa có đến ngày %(day)s. Đề nghị quản trị bổ sung lịch nghỉ.",
                day=f"{day:%d/%m/%Y}",
            )
        if day in self.working_weekend_days:
            return True
        return day.weekday() < _SATURDAY and day not in self.days_off


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of the month of `day`."""
    _, days = monthrange(day.year, day.month)
    return day.replace(day=1), day.replace(day=days)


def next_working_day(day: date, calendar: WorkingCalendar) -> date:
    """`day` itself when the office works then, else the first working day after it."""
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return day


def due_on(start: date, working_days: int, calendar: WorkingCalendar) -> date:
    """The last day allowed, counting `working_days` from the working day after `start`.

    Raises: InvalidInput when `working_days` < 1, or the calendar does not reach that far.
    Source: Bộ luật Dân sự 2015, Điều 147-148 (first day not counted; a day off moves forward).
    """
    if working_days < 1:
        raise InvalidInput("deadline.too_short", "Thời hạn phải từ 1 ngày làm việc trở lên.")
    day = start
    while working_days:
        day += timedelta(days=1)
        if calendar.is_working_day(day):
            working_days -= 1
    return day


def working_days_between(start: date, end: date, calendar: WorkingCalendar) -> int:
    """Working days after `start` up to and with `end`; negative when `end` lies before `start`."""
    if end < start:
        return -working_days_between(end, start, calendar)
    days = 0
    day = start
    while day < end:
        day += timedelta(days=1)
        days += calendar.is_working_day(day)
    return days
