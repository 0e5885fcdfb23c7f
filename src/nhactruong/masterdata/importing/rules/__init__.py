"""What a list consists of, what a cell may say, and how an import goes: pure."""

from __future__ import annotations

from nhactruong.masterdata.importing.rules.cells import (
    Fault,
    Values,
    escaped,
    read_row,
    unescaped,
)
from nhactruong.masterdata.importing.rules.lists import (
    KINDS,
    MOST_ROWS,
    Cell,
    Column,
    ListCode,
    ListKind,
    headings_of,
    order_of,
)
from nhactruong.masterdata.importing.rules.states import (
    OUTCOME_LABELS,
    STATE_LABELS,
    TRANSITIONS,
    Outcome,
    State,
)

__all__ = [
    "KINDS",
    "MOST_ROWS",
    "OUTCOME_LABELS",
    "STATE_LABELS",
    "TRANSITIONS",
    "Cell",
    "Column",
    "Fault",
    "ListCode",
    "ListKind",
    "Outcome",
    "State",
    "Values",
    "escaped",
    "headings_of",
    "order_of",
    "read_row",
    "unescaped",
]
