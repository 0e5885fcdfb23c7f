"""Reading imports, their rows, and the lists as they stand."""

from __future__ import annotations

from nhactruong.masterdata.importing.selectors.imports import (
    agencies_for,
    approving_tokens,
    faulty_rows,
    get_import,
    imports,
    is_about,
    is_technical_only,
    lock_import,
    reach_of,
    record_cards,
    rows_shown,
    written_rows,
)
from nhactruong.masterdata.importing.selectors.lists import lines_of

__all__ = [
    "agencies_for",
    "approving_tokens",
    "faulty_rows",
    "get_import",
    "imports",
    "is_about",
    "is_technical_only",
    "lines_of",
    "lock_import",
    "reach_of",
    "record_cards",
    "rows_shown",
    "written_rows",
]
