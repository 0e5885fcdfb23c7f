"""The verbs of bringing lists in: bring in, check, decide, write."""

from __future__ import annotations

from nhactruong.masterdata.importing.commands.checking import (
    conclude,
    give_up,
    note_expected,
    note_rows,
)
from nhactruong.masterdata.importing.commands.deciding import approve, refuse, withdraw
from nhactruong.masterdata.importing.commands.uploading import bring_in, note_taken_out
from nhactruong.masterdata.importing.commands.writing import (
    Moved,
    apply_list,
    moved_rows,
    note_moved,
)

__all__ = [
    "Moved",
    "apply_list",
    "approve",
    "bring_in",
    "conclude",
    "give_up",
    "moved_rows",
    "note_expected",
    "note_moved",
    "note_rows",
    "note_taken_out",
    "refuse",
    "withdraw",
]
