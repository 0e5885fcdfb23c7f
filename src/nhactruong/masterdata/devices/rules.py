"""Kinds of devices, their states, and when the end is near: pure.

Source: security.md 9.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

#: Days before the end at which holders and keepers are told.
WARN_AT: Final = (60, 30, 7)


class Kind(StrEnum):
    """What stands in the register."""

    CERTIFICATE = "certificate"
    SIGNING_DEVICE = "signing_device"
    HSM = "hsm"
    CIPHER = "cipher"


KIND_LABELS: Final[Mapping[Kind, str]] = {
    Kind.CERTIFICATE: "Chứng thư số",
    Kind.SIGNING_DEVICE: "Thiết bị ký số",
    Kind.HSM: "Mô-đun bảo mật phần cứng (HSM)",
    Kind.CIPHER: "Thiết bị mật mã",
}

#: Nobody keeps these alone.
TWO_CUSTODIANS: Final = frozenset({Kind.HSM, Kind.CIPHER})


class State(StrEnum):
    """Where a device stands."""

    IN_USE = "in_use"
    LOST = "lost"
    RETURNED = "returned"


STATE_LABELS: Final[Mapping[State, str]] = {
    State.IN_USE: "Đang giữ",
    State.LOST: "Báo mất, không dùng được",
    State.RETURNED: "Đã trả, thu hồi",
}


def needs_second(kind: Kind) -> bool:
    """Whether two people keep it."""
    return kind in TWO_CUSTODIANS


def is_sound(kind: Kind, holder: int | None, second: int | None) -> bool:
    """Whether the custodians are as many and as different as the kind asks."""
    if needs_second(kind):
        return holder is not None and second is not None and holder != second
    return second is None


def warning_due(until: date | None, today: date, warned_at: int | None) -> int | None:
    """The threshold of days to be told of now, None when nothing new is due.

    `warned_at` is the threshold told of last.
    """
    if until is None or until < today:
        return None
    left = (until - today).days
    due = min((days for days in WARN_AT if left <= days), default=None)
    if due is None or (warned_at is not None and warned_at <= due):
        return None
    return due
