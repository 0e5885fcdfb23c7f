"""States of an incoming document and how they change; when two entries look like one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from nhactruong.kernel.text import fold
from nhactruong.records.numbering.rules import SeriesKey


class State(StrEnum):
    """Where an incoming document stands. Source: documents.md 7."""

    RECEIVED = "received"
    SUBMITTED = "submitted"
    DIRECTED = "directed"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    COMPLETED = "completed"
    RETURNED_TO_SENDER = "returned_to_sender"


#: The entry of the catalogue of procedures that agrees with this table.
PROCEDURE: Final = "van-ban-den"

STATE_LABELS: Final[Mapping[State, str]] = {
    State.RECEIVED: "Chờ vào sổ",
    State.SUBMITTED: "Chờ bút phê",
    State.DIRECTED: "Chờ giao chuyên viên",
    State.ASSIGNED: "Đã giao",
    State.IN_PROGRESS: "Đang giải quyết",
    State.ANSWERED: "Đã trả lời",
    State.COMPLETED: "Đã giải quyết xong",
    State.RETURNED_TO_SENDER: "Trả lại nơi gửi",
}

#: state → (tone, icon) of its badge.
STATE_LOOKS: Final[Mapping[State, tuple[str, str]]] = {
    State.RECEIVED: ("canh", "intake"),
    State.SUBMITTED: ("canh", "clock"),
    State.DIRECTED: ("tin", "people"),
    State.ASSIGNED: ("tin", "person"),
    State.IN_PROGRESS: ("tin", "edit"),
    State.ANSWERED: ("tot", "check"),
    State.COMPLETED: ("tot", "check"),
    State.RETURNED_TO_SENDER: ("tinh", "undo"),
}

TRANSITIONS: Final[Mapping[tuple[str, State], State]] = {
    ("register", State.RECEIVED): State.SUBMITTED,
    ("return_to_sender", State.RECEIVED): State.RETURNED_TO_SENDER,
    ("direct", State.SUBMITTED): State.DIRECTED,
    ("direct", State.DIRECTED): State.DIRECTED,
    ("direct", State.ASSIGNED): State.DIRECTED,
    ("submit_to_leader", State.SUBMITTED): State.SUBMITTED,
    ("assign", State.SUBMITTED): State.ASSIGNED,
    ("assign", State.DIRECTED): State.ASSIGNED,
    ("assign", State.ASSIGNED): State.ASSIGNED,
    ("assign", State.IN_PROGRESS): State.ASSIGNED,
    ("start", State.ASSIGNED): State.IN_PROGRESS,
    ("start", State.DIRECTED): State.IN_PROGRESS,
    ("start", State.IN_PROGRESS): State.IN_PROGRESS,
    ("answer", State.DIRECTED): State.ANSWERED,
    ("answer", State.ASSIGNED): State.ANSWERED,
    ("answer", State.IN_PROGRESS): State.ANSWERED,
    ("complete", State.SUBMITTED): State.COMPLETED,
    ("complete", State.DIRECTED): State.COMPLETED,
    ("complete", State.ASSIGNED): State.COMPLETED,
    ("complete", State.IN_PROGRESS): State.COMPLETED,
}

#: States in which somebody still has to do something.
OPEN_STATES: Final = frozenset(
    {
        State.RECEIVED,
        State.SUBMITTED,
        State.DIRECTED,
        State.ASSIGNED,
        State.IN_PROGRESS,
    }
)

ARRIVAL_GROUP: Final = "arrival"


def arrival_key(registry_id: int, agency_key: str, day: date) -> SeriesKey:
    """The series of arrival numbers: one a year, paper and electronic together.

    Source: NĐ 30/2020 Điều 22.
    """
    return SeriesKey(
        registry_id=registry_id,
        issuing_body=agency_key,
        group=ARRIVAL_GROUP,
        period=f"year:{day.year}",
    )


_NOISE: Final = re.compile(r"[\s.:]+")
_ZEROS: Final = re.compile(r"^0+(?=\d)")


def duplicate_key(reference_code: str, issuer_name: str) -> str:
    """What two entries of one document have in common: number, symbol and issuer, folded.

    Empty when there is no number: then only the file itself can tell.
    Source: NĐ 30/2020 Phụ lục VI (duplicate warning).
    """
    code = fold(reference_code).removeprefix("so").strip(" :")
    code = _ZEROS.sub("", _NOISE.sub("", code))
    return f"{code}|{fold(issuer_name)}"[:300] if code else ""
