"""How a row and its link are hashed.

A row is hashed as text: every field as the store prints it, times in UTC with six decimals. So a
verifier reads rows as text and hashes them as they came, without making numbers and dates of them.
Source: security.md 4.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

GENESIS: Final = "0" * 64
#: The way rows are hashed today; rows of stage 1 are version 1.
VERSION: Final = 2
#: The fields of a row in the order in which they are hashed.
ROW_FIELDS: Final = (
    *("event_id", "at", "keep", "action", "outcome", "reason_code", "object_type", "object_id"),
    *("agency_id", "secrecy", "user_id", "person_name", "post_id", "post_title", "on_behalf_of"),
    *("service", "session_id", "auth_method", "client_address", "device", "request_id", "reason"),
    "facts",
)
AT: Final = ROW_FIELDS.index("at")
KEEP: Final = ROW_FIELDS.index("keep")
ACTION: Final = ROW_FIELDS.index("action")
FACTS: Final = ROW_FIELDS.index("facts")

#: The values of `ROW_FIELDS`; None where the store has none.
RowText = Sequence[str | None]

#: What version 1 knew, and which of it were numbers.
_FIRST_FIELDS: Final = frozenset(ROW_FIELDS) - {
    *("keep", "reason_code", "auth_method", "device", "request_id")
}
_NUMBERS: Final = frozenset({"agency_id", "secrecy", "user_id", "post_id"})
_list_of = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_sorted = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
_sha256 = hashlib.sha256


def canonical_json(value: Any) -> str:
    """`value` in the one JSON form that is hashed: keys sorted, no spaces, letters as they are."""
    return _sorted(value)


def facts_text(facts: Any) -> str:
    """The facts of an act as they are stored and hashed; fractions stand as text.

    The store would print a fraction otherwise than it was given.
    """
    return _sorted(_plain(facts)) if facts else "{}"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return repr(value) if isinstance(value, float) else value


def time_text(instant: datetime) -> str:
    """`2026-11-28T04:19:00.120000Z`."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def row_hash(version: int, text: RowText) -> str:
    """SHA-256 (hex) of a row; `facts` may be printed with spaces, as the store does."""
    facts = text[-1]
    if facts is not None and facts != "{}":
        text = [*text[:-1], _sorted(json.loads(facts))]
    if version == 1:
        return _first_row_hash(text)
    return _sha256(f"{version}{_list_of(text)}".encode()).hexdigest()


def _first_row_hash(text: RowText) -> str:
    fields: dict[str, Any] = {}
    for name, value in zip(ROW_FIELDS, text, strict=True):
        # What stage 1 did not know was empty in its rows; whatever stands there now was put in.
        if name in _FIRST_FIELDS or (value and name != "keep"):
            fields[name] = int(value) if name in _NUMBERS and value is not None else value
    at = str(fields["at"]).removesuffix("Z").removesuffix(".000000")
    fields["at"] = f"{at}+00:00"
    fields["facts"] = json.loads(str(fields["facts"]))
    return _sha256(_sorted(fields).encode()).hexdigest()


def link_hash(previous: str, own: str) -> str:
    """SHA-256 (hex) that binds a row's hash to the link before it."""
    return _sha256(f"{previous}{own}".encode()).hexdigest()


def leaf(
    position: int, row_id: int, keep: str, at: str, row: str, link: str, sealed_at: str
) -> bytes:
    """What a link is in the tree of its day: all it says, so that no part of it can be changed."""
    said = f"{position}|{row_id}|{keep}|{at}|{row}|{link}|{sealed_at}"
    return _sha256(b"\0" + said.encode()).digest()
