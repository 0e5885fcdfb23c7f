"""The term a document gets when it names none: data of the office, with its basis."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from nhactruong.kernel.deadlines import WorkingCalendar, due_on, next_working_day
from nhactruong.kernel.states import URGENCY_LABELS, Urgency

_SHIPPED: Final = Path(__file__).parent / "data" / "default_terms.csv"


@dataclass(frozen=True, slots=True)
class Term:
    """A last day and the words of the rule that gave it."""

    last_day: date
    rule: str


@dataclass(frozen=True, slots=True)
class DefaultTerm:
    """Working days an urgency leaves (0: the day of arrival; None: no term) and on what basis."""

    working_days: int | None
    basis: str


@lru_cache(maxsize=1)
def default_terms() -> Mapping[Urgency, DefaultTerm]:
    """The shipped table by urgency. Source: documents.md 7, 10 (rows `in.urgent`, default)."""
    with _SHIPPED.open(encoding="utf-8", newline="") as lines:
        return {
            Urgency(row["urgency"]): DefaultTerm(
                int(row["working_days"]) if row["working_days"] else None, row["basis"]
            )
            for row in csv.DictReader(lines)
        }


def default_term(urgency: Urgency, arrived_on: date, calendar: WorkingCalendar) -> Term | None:
    """The term of a document that names none; None when the office gives none.

    Raises: InvalidInput when the calendar does not reach that far.
    """
    term = default_terms().get(urgency)
    if term is None or term.working_days is None:
        return None
    kind = f"văn bản {URGENCY_LABELS[urgency].lower()}"
    if term.working_days == 0:
        day = next_working_day(arrived_on, calendar)
        return Term(day, f"Mặc định {kind}: xử lý ngay. {term.basis}")
    day = due_on(arrived_on, term.working_days, calendar)
    return Term(day, f"Mặc định {kind}: {term.working_days} ngày làm việc. {term.basis}")
