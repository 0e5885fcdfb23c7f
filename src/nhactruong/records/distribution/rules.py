"""States of a delivery."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class DeliveryState(StrEnum):
    """How far a copy has come on its way."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"


DELIVERY_LABELS: Final[Mapping[DeliveryState, str]] = {
    DeliveryState.QUEUED: "Đang gửi",
    DeliveryState.DELIVERED: "Đã đến nơi",
    DeliveryState.ACKNOWLEDGED: "Đã xác nhận",
    DeliveryState.REFUSED: "Bị trả lại",
}

TRANSITIONS: Final[Mapping[tuple[str, DeliveryState], DeliveryState]] = {
    ("deliver", DeliveryState.QUEUED): DeliveryState.DELIVERED,
    ("acknowledge", DeliveryState.QUEUED): DeliveryState.ACKNOWLEDGED,
    ("acknowledge", DeliveryState.DELIVERED): DeliveryState.ACKNOWLEDGED,
    ("refuse", DeliveryState.DELIVERED): DeliveryState.REFUSED,
}
