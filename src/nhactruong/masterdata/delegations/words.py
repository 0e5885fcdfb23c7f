"""Delegations and absences in the office's words, as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from nhactruong.kernel import clock
from nhactruong.kernel.states import ACT_LABELS, SECRECY_LABELS, Act, Secrecy
from nhactruong.kernel.text import collation_key
from nhactruong.masterdata.delegations import selectors
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Absence, Delegation
from nhactruong.masterdata.vocabularies.selectors import type_name, type_names

_STATE_PREFIX = "state-"


@dataclass(frozen=True, slots=True)
class Line:
    """A delegation as a row shows it."""

    lent: Delegation
    badge: tuple[str, str, str]
    acts: str
    is_running: bool


def line_of(lent: Delegation, now: datetime) -> Line:
    """The row of one delegation."""
    over = lent.revoked_at is not None and lent.revoked_at <= now
    return Line(
        lent,
        selectors.state_of(lent, now),
        acts_in_words(lent),
        not over and now < lent.valid.upper,
    )


def lines_of(rows: Iterable[Delegation]) -> list[Line]:
    """The rows of several."""
    now = clock.now()
    return [line_of(lent, now) for lent in rows]


def acts_in_words(lent: Delegation) -> str:
    """What may be done by it."""
    words = [ACT_LABELS[Act(act)] for act in lent.acts]
    return "; ".join(words) or "Chỉ xem"


def scope_in_words(lent: Delegation) -> list[tuple[str, str]]:
    """How far it goes, as (what, words)."""
    units = organization.unit_names(lent.unit_ids) if lent.unit_ids else {}
    highest = min(Secrecy(lent.highest_secrecy), Secrecy(lent.post.clearance))
    return [
        ("Việc được làm thay", acts_in_words(lent)),
        (
            "Loại văn bản",
            ", ".join(type_name(slug) for slug in lent.document_types) or "Mọi loại",
        ),
        ("Đơn vị", ", ".join(units.values()) or "Mọi đơn vị"),
        ("Độ mật cao nhất", SECRECY_LABELS[highest]),
    ]


def type_choices() -> list[tuple[str, str]]:
    """Types of documents by name, each once; those of the State stand with the Party's."""
    found: dict[str, str] = {}
    for slug, name in sorted(
        type_names().items(), key=lambda one: one[0].startswith(_STATE_PREFIX)
    ):
        plain = name.removesuffix(" (cá biệt)")
        if plain not in found.values():
            found[slug.removeprefix(_STATE_PREFIX)] = plain
    return sorted(found.items(), key=lambda one: collation_key(one[1]))


@dataclass(frozen=True, slots=True)
class Away:
    """An absence as a row shows it."""

    absence: Absence
    last: date
    badge: tuple[str, str, str]
    may_end: bool
    is_over: bool


def away_lines(rows: Sequence[Absence]) -> list[Away]:
    """The rows of several absences."""
    today = clock.today()
    lines = []
    for row in rows:
        first, last = row.valid.lower, selectors.last_day(row)
        if row.ended_at is not None:
            badge = ("Đã kết thúc sớm", "neutral", "undo")
        elif today < first:
            badge = ("Sắp tới", "info", "clock")
        elif today <= last:
            badge = ("Đang vắng", "soon", "clock")
        else:
            badge = ("Đã trở lại", "neutral", "ok")
        is_over = row.ended_at is not None or last < today
        lines.append(Away(row, last, badge, not is_over, is_over and first <= today))
    return lines
