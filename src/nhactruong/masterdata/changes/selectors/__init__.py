"""Reading change orders, and what of the organization they are about."""

from __future__ import annotations

from nhactruong.masterdata.changes.selectors.codes import Code, code_of
from nhactruong.masterdata.changes.selectors.comparing import Line, lines_of
from nhactruong.masterdata.changes.selectors.reading import (
    get_visible,
    lock_visible,
    reach_of,
    record_cards,
    title_of,
    visible,
)

__all__ = [
    "Code",
    "Line",
    "code_of",
    "get_visible",
    "lines_of",
    "lock_visible",
    "reach_of",
    "record_cards",
    "title_of",
    "visible",
]
