"""The due words of a piece of work, without a database and with a calendar of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from nhactruong.foundation.ui.shapes import Due
from nhactruong.foundation.workitems import terms
from nhactruong.foundation.workitems.commands import NO_TERM
from nhactruong.foundation.workitems.inbox import Line
from nhactruong.foundation.workitems.kinds import Kind
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.kernel.states import Urgency

MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def plain_weeks() -> Iterator[None]:
    """Monday to Friday are worked, and the calendar ends with 2026."""

    def count(agency_id: int, start: date, end: date) -> int | None:
        if end.year > 2026:
            return None
        step = 1 if end >= start else -1
        first, last = sorted((start.toordinal(), end.toordinal()))
        days = (date.fromordinal(day) for day in range(first + 1, last + 1))
        return step * sum(day.weekday() < 5 for day in days)

    before = list(terms._counters)
    terms.register(count)
    yield
    terms._counters[:] = before


def test_a_subject_begins_large_and_the_name_of_a_file_stays() -> None:
    kind = Kind("t.sign", "Ký", "sign", "Ký", "today", "Người trình", "{} trình")

    def line(title: str, source: str = "") -> Line:
        return Line(WorkItem(title=title, source=source), kind, url="/", due=None)

    assert line("về việc đê điều", "Đỗ Minh Khuê").title == "Về việc đê điều"
    assert line("về việc đê điều", "Đỗ Minh Khuê").source == "Đỗ Minh Khuê trình"
    assert line("quet-20261126.pdf").title == "quet-20261126.pdf"
    assert line("quet-20261126.pdf").source == ""


def item(due_on: date, urgency: str = Urgency.NORMAL) -> WorkItem:
    return WorkItem(agency_id=1, due_on=due_on, due_rule="Điều 12", urgency=urgency)


def test_work_without_a_term_has_no_due_words() -> None:
    assert terms.due_of(item(NO_TERM), MONDAY) is None


def test_the_days_left_are_working_days_and_name_their_rule() -> None:
    assert terms.due_of(item(date(2026, 11, 30)), MONDAY) == Due(5, date(2026, 11, 30), "Điều 12")


def test_urgent_work_due_today_is_done_at_once() -> None:
    due = terms.due_of(item(MONDAY, Urgency.URGENT), MONDAY)
    assert isinstance(due, Due)
    assert due.immediate
    later = terms.due_of(item(date(2026, 11, 24), Urgency.URGENT), MONDAY)
    assert isinstance(later, Due)
    assert not later.immediate


def test_a_term_that_ended_on_a_day_off_is_late() -> None:
    due = terms.due_of(item(date(2026, 11, 21)), date(2026, 11, 22))
    assert isinstance(due, Due)
    assert due.remaining == -1


def test_the_date_itself_is_said_when_only_days_off_lie_before_it() -> None:
    assert terms.due_of(item(date(2026, 11, 22)), date(2026, 11, 20)) == "Hạn Chủ nhật 22/11"


def test_the_date_itself_is_said_beyond_the_calendar() -> None:
    assert terms.due_of(item(date(2040, 1, 5)), MONDAY) == "Hạn 05/01/2040"
