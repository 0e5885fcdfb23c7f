"""What the interface reads by itself: keys, the directory, its changes."""

from __future__ import annotations

from nhactruong.gateways.http_api.selectors.keys import (
    KeyLine,
    Service,
    kept_key,
    keys_kept_by,
    service_of,
)

__all__ = ["KeyLine", "Service", "kept_key", "keys_kept_by", "service_of"]
