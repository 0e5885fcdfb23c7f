"""What the store keeps of secrets, names of marks in a session, and when a code was made."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

#: The one provider of identities an installation may have, as rows name it.
OUTSIDE_PROVIDER: Final = "agency"

#: Marks of a session, seconds since 1970: last act, sign-in, second factor passed.
SEEN_AT: Final = "seen_at"
OPENED_AT: Final = "opened_at"
SECOND_FACTOR_AT: Final = "second_factor_at"
#: Mark of a session that the provider of identities has opened.
FROM_OUTSIDE: Final = "from_outside"

#: Tries before a lock, and how long it lasts. Source: security.md 1.2.
TRIES: Final = 5
LOCK: Final = timedelta(minutes=15)
#: How long one may take from the password to the second step.
STEP_LIFE: Final = timedelta(minutes=5)
#: So soon after sign-in nothing more is asked before the first second factor is set up.
FRESH: Final = timedelta(minutes=10)
#: How long a confirmation given by a security key waits for its act.
TICKET_LIFE: Final = timedelta(minutes=2)
TICKET_MARK: Final = "xn_"

CODE_SECONDS: Final = 30


def token_hash(token: str) -> str:
    """What the store keeps of a key: SHA-256 in hex (the key itself is random, 256 bits)."""
    return hashlib.sha256(token.encode()).hexdigest()


class Purpose(StrEnum):
    """What somebody with a code comes for."""

    FIRST = "first"
    AGAIN = "again"


PURPOSE_LABELS: Final[Mapping[Purpose, str]] = {
    Purpose.FIRST: "Vào lần đầu",
    Purpose.AGAIN: "Quên mật khẩu",
}
#: How long a code to come in with waits for its owner, and how many random bytes are in it.
INVITATION_LIFE: Final = timedelta(days=7)
INVITATION_BYTES: Final = 16
_GROUP: Final = 4


def invitation_words(drawn: bytes) -> str:
    """The code as it is printed: letters and figures that are not mistaken, in fours."""
    letters = base64.b32encode(drawn).decode("ascii").rstrip("=")
    return "-".join(letters[place : place + _GROUP] for place in range(0, len(letters), _GROUP))


def invitation_hash(typed: str) -> str:
    """What the store keeps of a code, however it was typed: case, spaces and dashes are nothing."""
    return token_hash("".join(letter for letter in typed.upper() if letter.isalnum()))


def counters_around(instant: datetime) -> tuple[int, ...]:
    """The steps of 30 seconds whose code is taken now: this one, the one before, the one after.

    Source: RFC 6238 5.2.
    """
    present = int(instant.timestamp()) // CODE_SECONDS
    return (present - 1, present, present + 1)


def is_over(
    session: Mapping[str, Any], *, now: datetime, idle: timedelta, absolute: timedelta
) -> bool:
    """Whether nobody did anything for `idle`, or sign-in lies `absolute` behind.

    Source: security.md 6 V7.
    """
    instant = now.timestamp()
    quiet = instant - float(session.get(SEEN_AT, instant))
    age = instant - float(session.get(OPENED_AT, instant))
    return quiet > idle.total_seconds() or age > absolute.total_seconds()


def is_fresh(session: Mapping[str, Any], *, now: datetime) -> bool:
    """Whether sign-in was a moment ago."""
    return now.timestamp() - float(session.get(OPENED_AT, 0)) < FRESH.total_seconds()


_BROWSERS: Final = (
    ("Edg/", "Edge"),
    ("coc_coc", "Cốc Cốc"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_MACHINES: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser_words(user_agent: str) -> str:
    """`Chrome trên Windows` of what a browser says of itself; its own words when unknown."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    machine = next((name for mark, name in _MACHINES if mark in user_agent), "")
    return f"{browser} trên {machine}" if browser and machine else user_agent[:90]
