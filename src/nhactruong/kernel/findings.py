"""What a check of the data finds, so that every app can say it in the same shape."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that needs mending: at which agency, what it is, and what is wrong with it."""

    agency_id: int
    what: str
    fault: str = ""


#: A check: what is found on that day, at these agencies only, or everywhere when None.
Check = Callable[[date, "Collection[int] | None"], Iterable[Finding]]
