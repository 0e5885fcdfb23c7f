"""What is counted of a sent form, and when the checks of the data are counted: pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from nhactruong.foundation.ui.sources import Entered, Kind

#: The worker asks so often whether a check is not counted yet today.
COUNTED_WITHIN_MINUTES: Final = 10
NOT_COUNTED: Final = "Chưa đếm"

_PREFILLED: Final = frozenset({Kind.KNOWN, Kind.READ})
#: Shorter or longer texts are no name and no number of anything.
_SHORTEST: Final = 3
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Counted:
    """What one sending of one field adds to the numbers of its month."""

    form: str
    field: str
    month: date
    filled: int = 0
    corrected: int = 0
    by_hand: int = 0
    retyped: int = 0


def words_of_next_count() -> str:
    """When a check that was never counted will be."""
    return f"Hệ thống tự đếm trong {COUNTED_WITHIN_MINUTES} phút tới"


def month_of(day: date) -> date:
    """The first day of the month."""
    return day.replace(day=1)


def typed_text(entry: Entered) -> str:
    """What a person typed without help into a field of words; nothing for all else."""
    is_typed = entry.kind is Kind.TYPED or (entry.kind in _PREFILLED and _is_empty(entry.prefilled))
    if not is_typed or not isinstance(entry.value, str):
        return ""
    text = " ".join(entry.value.split())
    return text if _SHORTEST <= len(text) <= _LONGEST else ""


def _is_empty(value: Any) -> bool:
    return value in (None, "", [], ())


def counted(entries: Iterable[Entered], known: Collection[str], today: date) -> list[Counted]:
    """The numbers of these entries; `known` are the typed texts the office had already.

    A field that came filled in and left otherwise is a correction; one for which nothing was
    there and something was typed is by hand.
    """
    month = month_of(today)
    rows = []
    for entry in entries:
        can_be_filled = entry.kind in _PREFILLED
        is_filled = can_be_filled and not _is_empty(entry.prefilled)
        by_hand = can_be_filled and not is_filled and not _is_empty(entry.value)
        text = typed_text(entry)
        rows.append(
            Counted(
                entry.form,
                entry.field,
                month,
                filled=int(is_filled),
                corrected=int(is_filled and entry.has_changed),
                by_hand=int(by_hand),
                retyped=int(bool(text) and text in known),
            )
        )
    # One order for all, so that two requests never wait for each other's rows.
    return sorted(rows, key=lambda row: (row.form, row.field))
