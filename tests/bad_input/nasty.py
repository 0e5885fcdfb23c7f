"""Values nobody means, as they stand in an address or a form, already quoted."""

from __future__ import annotations

import base64
import json
from typing import Any, Final
from urllib.parse import quote

#: Values for any field: numbers out of range or in other digits, dates that are none, characters
#: no text can hold, bytes that are no text, words of other languages' machines.
VALUES: Final[tuple[str, ...]] = (
    "",
    "+",
    "-1",
    "0",
    "99999999999999999999999",
    "1e999",
    quote("²"),
    quote("١٢"),
    "2026-13-45",
    "9999-12",
    "9999-12-31",
    "0001-01",
    "31%2F02%2F2026",
    "unit%3A99999999999999999999",
    "post%3A-1",
    "00000000-0000-0000-0000-000000000000",
    "%00",
    "%ff%fe",
    "%ed%a0%80",
    "%0d%0aSet-Cookie%3A+a%3Db",
    "%27%22%3E%3Cscript%3E",
    "%5c%25_%28%5b",
    quote("\u202e\u200b😀"),
    quote("ễ" * 1500),
    quote("[" * 1500),
    quote('{"schema": 1, "blocks": [{}]}'),
)


def _body(text: str) -> str:
    run = {"text": text}
    block = {"id": "a", "kind": "paragraph", "runs": [run]}
    return quote(json.dumps({"schema": 1, "blocks": [block]}))


#: What only a body in JSON can say.
BODIES: Final[tuple[str, ...]] = (
    _body("đoạn\0một"),
    _body("đoạn\ud800một"),
    quote("[" * 3000),
    quote('{"schema": 1, "blocks": ' + "[" * 3000),
    quote('{"schema": 1e999, "blocks": []}'),
    quote("[" + "9" * 5000 + "]"),
    quote("null"),
)
#: One of each kind, for forms, where every value costs an act.
FEW: Final[tuple[str, ...]] = (
    "-1",
    "99999999999999999999999",
    quote("²"),
    "31%2F02%2F2026",
    "post%3A99999999999999999999",
    "%00",
    "%ed%a0%80",
    quote("ễ" * 1500),
)


def cursor(*values: Any) -> str:
    """A cursor as our lists write it, with these values."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def raw_cursor(text: str) -> str:
    """Any text in the dress of a cursor."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


#: Places in a list that no list has written.
CURSORS: Final[tuple[str, ...]] = (
    cursor("o", "2026-01-01", -1),
    cursor("n", "2026-01-01", 10**30),
    cursor("o", "9999-12-31", 1.5),
    cursor("o", "2026-01-01T00:00:00+99:00", 1),
    cursor("o", "x\0", 1),
    cursor("o", "\ud800", 1),
    cursor("o", None, None),
    cursor("o", [], {}),
    cursor("o", True, False),
    cursor("o", 5, 5),
    cursor("o", 1),
    cursor("o"),
    cursor(),
    raw_cursor('["o", NaN, Infinity]'),
    raw_cursor('["o","2026-01-01",1e999]'),
    raw_cursor('{"o": 1}'),
    raw_cursor("[" * 3000),
    raw_cursor('["o","2026-01-01",' + "9" * 5000 + "]"),
    quote("trang thứ hai"),
)
