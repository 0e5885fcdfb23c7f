"""How much leaves freely, and for how long a permission holds."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

#: Lines a table may have without anybody's permission. Source: security.md 9.9.
FREE_ROWS: Final = 100
#: How long an allowed table may be made.
VALID_FOR: Final = timedelta(hours=24)


class State(StrEnum):
    """Where a request stands."""

    ASKED = "asked"
    ALLOWED = "allowed"
    REFUSED = "refused"


STATE_LABELS: Final = {
    State.ASKED: "Chờ duyệt",
    State.ALLOWED: "Đã duyệt",
    State.REFUSED: "Không duyệt",
}
