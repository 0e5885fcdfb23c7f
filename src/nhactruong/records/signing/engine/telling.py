"""What machines are told of a file: the shape of `nhactruong signature verify --json`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def told(name: str, report: Mapping[str, Any]) -> dict[str, Any]:
    """The entry on one file; `report` is `FileVerdict.as_dict()`, made now or kept long ago."""
    return {
        "file": name,
        "verdict": report["verdict"],
        "reasons": list(report["reasons"]),
        "signatures": [_signature(one) for one in report["signatures"]],
    }


def _signature(one: Mapping[str, Any]) -> dict[str, Any]:
    moment, source = signed_at(one)
    return {
        "field": one["field_name"],
        "verdict": one["verdict"],
        "signer": one["signer"],
        "signed_at": None if moment is None else moment.isoformat(),
        "time_source": source,
        "coverage": one["coverage"],
        "changes": list(one["changes"]),
        "level": one["level"],
        "reasons": [*one["reasons"], *one["notes"]],
    }


def signed_at(one: Mapping[str, Any]) -> tuple[datetime | None, str]:
    """When a signature was made, and who says so: `timestamp`, `claimed`, `none`."""
    for key, source in (("trusted_time", "timestamp"), ("claimed_time", "claimed")):
        if one.get(key):
            moment = datetime.fromisoformat(one[key])
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)), source
    return None, "none"
