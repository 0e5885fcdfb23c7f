"""The states of an import and of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where an import stands."""

    CHECKING = "checking"
    UNREADABLE = "unreadable"
    FAULTY = "faulty"
    UNCHANGED = "unchanged"
    PROPOSED = "proposed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"
    OUTDATED = "outdated"
    APPLIED = "applied"


STATE_LABELS: Final[Mapping[State, str]] = {
    State.CHECKING: "Đang kiểm tra",
    State.UNREADABLE: "Không đọc được",
    State.FAULTY: "Có lỗi",
    State.UNCHANGED: "Không có gì thay đổi",
    State.PROPOSED: "Chờ duyệt",
    State.REFUSED: "Không duyệt",
    State.WITHDRAWN: "Đã rút",
    State.APPROVED: "Đang ghi",
    State.OUTDATED: "Dữ liệu đã đổi",
    State.APPLIED: "Đã ghi",
}

TRANSITIONS: Final[Mapping[tuple[str, State], State]] = {
    ("give_up", State.CHECKING): State.UNREADABLE,
    ("find_faults", State.CHECKING): State.FAULTY,
    ("find_nothing", State.CHECKING): State.UNCHANGED,
    ("propose", State.CHECKING): State.PROPOSED,
    ("withdraw", State.CHECKING): State.WITHDRAWN,
    ("withdraw", State.PROPOSED): State.WITHDRAWN,
    ("refuse", State.PROPOSED): State.REFUSED,
    ("approve", State.PROPOSED): State.APPROVED,
    ("find_changed", State.APPROVED): State.OUTDATED,
    ("apply", State.APPROVED): State.APPLIED,
}


class Outcome(StrEnum):
    """What a row comes to."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    FAULTY = "faulty"


OUTCOME_LABELS: Final[Mapping[Outcome, str]] = {
    Outcome.NEW: "Thêm mới",
    Outcome.CHANGED: "Thay đổi",
    Outcome.SAME: "Như cũ",
    Outcome.FAULTY: "Có lỗi",
}
