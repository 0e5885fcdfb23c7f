"""States of a dossier and how they change."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a dossier stands; later states belong to the archive. Source: documents.md 9."""

    OPEN = "open"
    CLOSED = "closed"


STATE_LABELS: Final[Mapping[State, str]] = {State.OPEN: "Đang mở", State.CLOSED: "Đã kết thúc"}

TRANSITIONS: Final[Mapping[tuple[str, State], State]] = {
    ("add", State.OPEN): State.OPEN,
    ("close", State.OPEN): State.CLOSED,
    ("reopen", State.CLOSED): State.OPEN,
}

PERMANENT: Final = "vinh_vien"


def retention_words(retention: str) -> str:
    """How long the dossier is kept, as the file plan writes it."""
    return "Vĩnh viễn" if retention == PERMANENT else f"{retention} năm"
