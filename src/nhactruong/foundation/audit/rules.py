"""How a row and the chain are hashed; pure, so that a verifier elsewhere can do the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

GENESIS: Final = "0" * 64


def row_hash(fields: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of a row's fields in canonical JSON."""
    canonical = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def link_hash(previous: str, own: str) -> str:
    """SHA-256 (hex) that binds a row's hash to the link before it."""
    return hashlib.sha256(f"{previous}{own}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Where the chain does not hold, and why (`altered`, `relinked`, `missing`)."""

    position: int
    reason: str


def first_fault(links: Iterable[tuple[int, str, str, str, str]]) -> ChainFault | None:
    """The first broken link of (position, previous, stored row hash, true row hash, link hash)."""
    expected_previous = GENESIS
    expected_position = 1
    for position, previous, stored, true, link in links:
        if position != expected_position:
            return ChainFault(expected_position, "missing")
        if stored != true:
            return ChainFault(position, "altered")
        if previous != expected_previous or link != link_hash(previous, stored):
            return ChainFault(position, "relinked")
        expected_previous = link
        expected_position += 1
    return None
