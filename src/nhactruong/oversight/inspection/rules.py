"""How far the record is read, what an emergency may be, and what counts as a burst."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from nhactruong.kernel.states import Role, Secrecy, Urgency

# ── The record ───────────────────────────────────────────────────────────────────────────────


class Scope(StrEnum):
    """How far somebody reads the record. Source: security.md 8, row "Read audit log"."""

    ALL = "all"
    TECHNICAL = "technical"
    SUMMARY = "summary"
    UNIT_SUMMARY = "unit_summary"
    OWN = "own"


SCOPE_WORDS: Final = {
    Scope.ALL: "Toàn bộ nhật ký của cơ quan; không có nội dung văn bản",
    Scope.TECHNICAL: "Nhật ký kỹ thuật: tài khoản, cấu hình, tổ chức, hệ thống",
    Scope.SUMMARY: "Tóm tắt của cơ quan và việc của đồng chí",
    Scope.UNIT_SUMMARY: "Tóm tắt của đơn vị và việc của đồng chí",
    Scope.OWN: "Việc của chính đồng chí",
}

#: Areas of acts that administrators read: the machine and its doors, never papers.
TECHNICAL_AREAS: Final = (
    *("account.", "accounts.", "audit.", "organization.", "numbering.series", "signing.key"),
    *("workdays.", "vocabularies.", "backup.", "configuration.", "access.denied"),
)

# ── Emergencies ──────────────────────────────────────────────────────────────────────────────


class State(StrEnum):
    """Where a request for sight in an emergency stands."""

    ASKED = "asked"
    ALLOWED = "allowed"
    REFUSED = "refused"
    OPENED = "opened"
    REVIEWED = "reviewed"
    WITHDRAWN = "withdrawn"


STATE_LABELS: Final = {
    State.ASKED: "Chờ duyệt",
    State.ALLOWED: "Đã duyệt, chưa mở",
    State.REFUSED: "Không duyệt",
    State.OPENED: "Đã mở, chờ hậu kiểm",
    State.REVIEWED: "Đã hậu kiểm",
    State.WITHDRAWN: "Đã rút",
}

#: Roles that never see content, whatever happens. Source: security.md 8.
WITHOUT_CONTENT: Final = frozenset({Role.SYSADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
#: What may be asked for; the second is proposed. Source: security.md 10 (default 60, at most 240).
MINUTES: Final = (30, 60, 120, 240)
DEFAULT_MINUTES: Final = 60
#: Nobody answered for so long: an express paper opens by itself, for reading.
AUTOMATIC_AFTER: Final = timedelta(minutes=10)
#: A permission not used in this time is over.
OPEN_WITHIN: Final = timedelta(hours=1)
REVIEW_WORKING_DAYS: Final = 3
_EXPRESS: Final = frozenset({Urgency.EXPRESS, Urgency.EXPRESS_TIMED})


def may_ever_open(secrecy: int) -> bool:
    """Whether an emergency may show a record of that level: never Tối mật, Tuyệt mật."""
    return secrecy < Secrecy.SECRET


def opens_by_itself(*, urgency: str, secrecy: int, waited: timedelta) -> bool:
    """Whether a request that nobody answered opens by itself. Source: security.md 10."""
    return urgency in _EXPRESS and secrecy <= Secrecy.INTERNAL and waited >= AUTOMATIC_AFTER


# ── Alarms ───────────────────────────────────────────────────────────────────────────────────


class Alarm(StrEnum):
    """What is looked for in the record. Source: security.md 4."""

    MASS_DOWNLOAD = "mass_download"
    NIGHT_ADMINISTRATION = "night_administration"
    REPEATED_DENIALS = "repeated_denials"
    SEAL_WITHOUT_NUMBER = "seal_without_number"
    TWO_PLACES = "two_places"
    EMERGENCY = "emergency"
    EMERGENCY_UNREVIEWED = "emergency_unreviewed"


@dataclass(frozen=True, slots=True)
class Burst:
    """More acts within the window than allowed: how many at the most, from when to when."""

    count: int
    first_at: datetime
    last_at: datetime


def bursts(times: Sequence[datetime], *, most: int, window: timedelta) -> Iterator[Burst]:
    """The stretches of `times` (ascending) in which any `window` holds more than `most`.

    Stretches that touch are one.
    """
    start = 0
    found: Burst | None = None
    for end, at in enumerate(times):
        while at - times[start] > window:
            start += 1
        count = end - start + 1
        if count <= most:
            continue
        if found is not None and times[start] <= found.last_at:
            found = Burst(max(found.count, count), found.first_at, at)
            continue
        if found is not None:
            yield found
        found = Burst(count, times[start], at)
    if found is not None:
        yield found


@dataclass(frozen=True, slots=True)
class Footprint:
    """One act of an account: when, in which session, from which address."""

    at: datetime
    session: str
    address: str


def two_places(steps: Sequence[Footprint], *, window: timedelta) -> Iterator[Burst]:
    """Where an account goes to and fro between two sessions at two addresses within the window.

    `steps` are ascending. Going from one place to another is a move; coming back to the first
    session while the second works is two people, or one at two machines. Source: security.md 7 (8).
    """
    last: dict[tuple[str, str], datetime] = {}
    here: tuple[str, str] | None = None
    for step in steps:
        place = (step.session, step.address)
        before = last.get(place)
        is_back = here is not None and here[0] != place[0] and here[1] != place[1]
        if is_back and before is not None and step.at - before <= window:
            yield Burst(2, before, step.at)
        last[place], here = step.at, place


def is_night(hour: int, *, from_hour: int, to_hour: int) -> bool:
    """Whether an hour of the office's clock lies between the two, across midnight if need be."""
    if from_hour <= to_hour:
        return from_hour <= hour < to_hour
    return hour >= from_hour or hour < to_hour
