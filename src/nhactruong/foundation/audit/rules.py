"""What kinds of row there are, and how long each is kept."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

#: Advisory locks of the database: who seals a day and who lets a month expire holds his.
ROOT_LOCK: Final = 4_711_003
EXPIRY_LOCK: Final = 4_711_004


class Keep(StrEnum):
    """How a row is kept; each kind has its own monthly partitions."""

    READ = "read"
    SHORT = "short"
    LONG = "long"


class Outcome(StrEnum):
    """What became of an act."""

    OK = "ok"
    DENIED = "denied"
    ERROR = "error"


#: Months after which a month of rows may leave the store; the database refuses it earlier.
#: Source: security.md 4 (24 months; 10 years for signing, registration, disposal, break-glass).
KEEP_MONTHS: Final[Mapping[Keep, int]] = {Keep.READ: 24, Keep.SHORT: 24, Keep.LONG: 120}

_LONG_AREAS: Final = frozenset(
    {"signing", "numbering", "sealing", "disposal", "break_glass", "audit"}
)
_LONG_VERBS: Final = frozenset(
    {
        *("signed", "numbered", "registered", "issued", "sealed", "seal_requested", "seal_failed"),
        *("voided", "void_requested", "disposed", "destroyed"),
    }
)


def keep_of(action: str) -> Keep:
    """How long an act of this code is kept; readings are told apart by who records them."""
    area, _, verb = action.partition(".")
    return Keep.LONG if area in _LONG_AREAS or verb in _LONG_VERBS else Keep.SHORT


def is_export(action: str) -> bool:
    """Whether something left the house as a whole: a register, a table, the record itself."""
    return action.endswith("exported")
