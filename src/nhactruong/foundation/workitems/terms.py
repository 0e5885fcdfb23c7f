"""How much time is left for a piece of work, in words; the calendar is given by assembly.

The working calendar belongs to a storey above, so the function that counts is registered at
start, as kinds of work and record cards are.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from nhactruong.foundation.ui.rules import date_words, day_words
from nhactruong.foundation.ui.shapes import Due
from nhactruong.foundation.workitems.commands import NO_TERM
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.kernel.states import Urgency

#: (agency, from, to) → working days between; None when the calendar does not reach that far.
DaysCounter = Callable[[int, date, date], int | None]

_counters: list[DaysCounter] = []


def register(counter: DaysCounter) -> None:
    """Let `counter` say how many working days lie between two days; called once at start."""
    _counters[:] = [counter]


def due_of(item: WorkItem, today: date) -> Due | str | None:
    """The due chip of a piece of work: nothing for work without a term.

    Work that is due today and marked urgent is to be done at once. The date itself is said when
    the calendar does not reach it, or when only days off lie before it.
    """
    if item.due_on == NO_TERM:
        return None
    remaining = _counters[0](item.agency_id, today, item.due_on)
    if remaining is None:
        return f"Hạn {date_words(item.due_on)}"
    if item.due_on > today and remaining == 0:
        return f"Hạn {day_words(item.due_on)}"
    if item.due_on < today:
        # Passed on a day off: no working day lies between, yet it is late.
        remaining = min(remaining, -1)
    return Due(
        remaining,
        item.due_on,
        item.due_rule,
        immediate=item.due_on == today and item.urgency != Urgency.NORMAL,
    )
