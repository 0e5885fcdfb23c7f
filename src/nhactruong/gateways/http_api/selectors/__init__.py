"""What the interface reads by itself: keys, the directory, its changes."""

from __future__ import annotations

from nhactruong.gateways.http_api.selectors.keys import (
    KeyLine,
    Service,
    get_visible,
    key_lines,
    lock_visible,
    record_cards,
    service_of,
    visible,
)

__all__ = [
    "KeyLine",
    "Service",
    "get_visible",
    "key_lines",
    "lock_visible",
    "record_cards",
    "service_of",
    "visible",
]
