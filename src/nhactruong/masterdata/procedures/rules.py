"""What a procedure says, when it is sound, what an adaptation may change, and sums of time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from statistics import median
from typing import Any, Final

from nhactruong.kernel.clock import local
from nhactruong.kernel.deadlines import WorkingCalendar, due_on, working_days_between
from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.kernel.states import ROLE_LABELS, Role


class State(StrEnum):
    """Where a version stands; a published one is never edited again."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    REPLACED = "replaced"


STATE_LABELS: Final[Mapping[State, str]] = {
    State.DRAFT: "Đang soạn",
    State.PROPOSED: "Chờ ban hành",
    State.PUBLISHED: "Đang áp dụng",
    State.REPLACED: "Đã thay thế",
}

TRANSITIONS: Final[Mapping[tuple[str, State], State]] = {
    ("edit", State.DRAFT): State.DRAFT,
    ("send", State.DRAFT): State.PROPOSED,
    ("send_back", State.PROPOSED): State.DRAFT,
    ("publish", State.PROPOSED): State.PUBLISHED,
    ("replace", State.PUBLISHED): State.REPLACED,
}


class Unit(StrEnum):
    """In what a norm of time is counted."""

    DAYS = "working_days"
    HOURS = "working_hours"


UNIT_WORDS: Final[Mapping[Unit, str]] = {
    Unit.DAYS: "ngày làm việc",
    Unit.HOURS: "giờ làm việc",
}

_MOST_AMOUNT: Final = 250
_MOST_STEPS: Final = 40
#: The closing entry of a trail.
FINISHED: Final = ""


@dataclass(frozen=True, slots=True)
class OfficeDay:
    """The hours an office works on a working day, in order."""

    periods: tuple[tuple[time, time], ...]

    @classmethod
    def read(cls, words: str) -> OfficeDay:
        """The day written as `07:30-11:30,13:30-17:30`."""
        pairs = (period.split("-") for period in words.split(","))
        return cls(tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in pairs))

    @property
    def minutes(self) -> int:
        """Working minutes of a whole day."""
        return sum(_minutes(end) - _minutes(start) for start, end in self.periods)


def _minutes(of: time) -> int:
    return of.hour * 60 + of.minute


@dataclass(frozen=True, slots=True)
class Norm:
    """How long a step may take."""

    amount: int
    unit: Unit

    @property
    def words(self) -> str:
        """`1 ngày làm việc`."""
        return f"{self.amount} {UNIT_WORDS[self.unit]}"

    def minutes(self, office_day: OfficeDay) -> int:
        """The norm in working minutes, to compare norms of both units."""
        return self.amount * (60 if self.unit == Unit.HOURS else office_day.minutes)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who does it, in what time, what comes out, and the states of a record it covers.

    A step without states is an addition of an office: read and followed by people, not measured.
    """

    key: str
    name: str
    doers: tuple[Role, ...] = ()
    norm: Norm | None = None
    #: Why the norm is what it is.
    rule: str = ""
    result: str = ""
    states: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    is_compulsory: bool = False

    @property
    def doer_words(self) -> str:
        """Who does it, as the table says."""
        return ", ".join(ROLE_LABELS[role] for role in self.doers)


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A form or template that belongs to the procedure; `address` names the page that shows it."""

    name: str
    address: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """All a version says."""

    steps: tuple[Step, ...]
    scope: str = ""
    basis: tuple[str, ...] = ()
    forms: tuple[FormSheet, ...] = ()
    #: States in which the case is over.
    closing: tuple[str, ...] = ()
    _by_state: Mapping[str, str] = field(init=False, repr=False, compare=False, default=None)  # type: ignore[assignment]  # filled at once

    def __post_init__(self) -> None:
        """Remember which step covers which state."""
        table = {state: step.key for step in self.steps for state in step.states}
        object.__setattr__(self, "_by_state", table)

    def step_of(self, state: str) -> str:
        """The key of the step that covers the state; `FINISHED` when none does."""
        return self._by_state.get(state, FINISHED)

    def step(self, key: str) -> Step | None:
        """The step of that key."""
        return next((step for step in self.steps if step.key == key), None)

    def position(self, key: str) -> int:
        """The place of a step, from 1; 0 for none."""
        return next((n for n, step in enumerate(self.steps, 1) if step.key == key), 0)


# Stored form ----------------------------------------------------------------------------------


def to_json(content: Content) -> dict[str, Any]:
    """The content as it is stored."""
    return {
        "scope": content.scope,
        "basis": list(content.basis),
        "closing": list(content.closing),
        "forms": [
            {"name": sheet.name, "address": sheet.address, "query": sheet.query}
            for sheet in content.forms
        ],
        "steps": [
            {
                "key": step.key,
                "name": step.name,
                "doers": [role.code for role in step.doers],
                "norm": {"amount": step.norm.amount, "unit": step.norm.unit.value}
                if step.norm
                else None,
                "rule": step.rule,
                "result": step.result,
                "states": list(step.states),
                "verbs": list(step.verbs),
                "compulsory": step.is_compulsory,
            }
            for step in content.steps
        ],
    }


def from_json(stored: Mapping[str, Any]) -> Content:
    """The content of a stored or shipped form. Raises: InvalidInput `procedure.malformed`."""
    try:
        return Content(
            steps=tuple(_step(row) for row in stored["steps"]),
            scope=str(stored.get("scope", "")),
            basis=tuple(stored.get("basis", ())),
            forms=tuple(
                FormSheet(row["name"], row.get("address", ""), row.get("query", ""))
                for row in stored.get("forms", ())
            ),
            closing=tuple(stored.get("closing", ())),
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise InvalidInput(
            "procedure.malformed", "Nội dung quy trình không đúng mẫu.", why=str(fault)
        ) from None


def _step(row: Mapping[str, Any]) -> Step:
    norm = row.get("norm")
    return Step(
        key=row["key"],
        name=row["name"],
        doers=tuple(Role[code.upper()] for code in row.get("doers", ())),
        norm=Norm(int(norm["amount"]), Unit(norm["unit"])) if norm else None,
        rule=row.get("rule", ""),
        result=row.get("result", ""),
        states=tuple(row.get("states", ())),
        verbs=tuple(row.get("verbs", ())),
        is_compulsory=bool(row.get("compulsory", False)),
    )


# What may be published ------------------------------------------------------------------------


def require_sound(content: Content) -> None:
    """Nothing when a version with this content may be proposed.

    Raises: InvalidInput naming the first step that is not right.
    """
    if not content.steps:
        raise InvalidInput("procedure.no_step", "Quy trình phải có ít nhất một bước.")
    if len(content.steps) > _MOST_STEPS:
        raise InvalidInput("procedure.many_steps", "Quy trình dài quá 40 bước. Đồng chí gộp bớt.")
    keys = [step.key for step in content.steps]
    states = [state for step in content.steps for state in step.states] + list(content.closing)
    if len(set(keys)) < len(keys) or len(set(states)) < len(states):
        raise InvalidInput("procedure.twice", "Một bước hoặc một trạng thái bị ghi hai lần.")
    for number, step in enumerate(content.steps, 1):
        if not step.name.strip():
            raise InvalidInput("procedure.no_name", "Bước %(number)s chưa có tên.", number=number)
        if not step.doers:
            raise InvalidInput(
                "procedure.no_doer", "Bước “%(name)s” chưa ghi ai thực hiện.", name=step.name
            )
        if step.norm is not None and not 1 <= step.norm.amount <= _MOST_AMOUNT:
            raise InvalidInput(
                "procedure.bad_norm",
                "Định mức của bước “%(name)s” phải từ 1 đến 250.",
                name=step.name,
            )


def require_within(own: Content, superior: Content, office_day: OfficeDay) -> None:
    """Nothing when `own` may stand for `superior` below: quicker or with more steps, never less.

    Raises: RuleBroken `procedure.step_removed`, `procedure.step_changed`, `procedure.longer`.
    """
    kept = [step.key for step in own.steps]
    order = []
    for above in superior.steps:
        step = own.step(above.key)
        if step is None:
            if above.is_compulsory:
                raise RuleBroken(
                    "procedure.step_removed",
                    "Bước “%(name)s” là bước bắt buộc của cấp trên nên không bỏ được.",
                    name=above.name,
                )
            continue
        order.append(kept.index(above.key))
        if (step.states, step.verbs, step.is_compulsory) != (
            above.states,
            above.verbs,
            above.is_compulsory,
        ):
            raise RuleBroken(
                "procedure.step_changed",
                "Bước “%(name)s” gắn với trạng thái của hồ sơ nên không đổi được phần này.",
                name=above.name,
            )
        if above.norm is not None and (
            step.norm is None or step.norm.minutes(office_day) > above.norm.minutes(office_day)
        ):
            raise RuleBroken(
                "procedure.longer",
                "Định mức của bước “%(name)s” không được dài hơn %(norm)s mà cấp trên quy định.",
                name=above.name,
                norm=above.norm.words,
            )
    known = {step.key for step in superior.steps}
    if any(step.states for step in own.steps if step.key not in known):
        raise RuleBroken(
            "procedure.own_state", "Bước thêm của cơ quan không gắn với trạng thái của hồ sơ."
        )
    if order != sorted(order) or own.closing != superior.closing:
        raise RuleBroken(
            "procedure.order_changed", "Thứ tự các bước của cấp trên không đổi được ở cấp dưới."
        )


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two versions; `old` or `new` is empty when it is not there."""

    what: str
    old: str
    new: str


def changes(old: Content, new: Content) -> list[Change]:
    """What a reader must know who knows the old version."""
    found = list(_step_changes(old, new))
    pairs = (
        ("Phạm vi áp dụng", old.scope, new.scope),
        ("Căn cứ", "; ".join(old.basis), "; ".join(new.basis)),
        (
            "Biểu mẫu",
            "; ".join(sheet.name for sheet in old.forms),
            "; ".join(sheet.name for sheet in new.forms),
        ),
    )
    found += [Change(what, before, after) for what, before, after in pairs if before != after]
    return found


def _step_changes(old: Content, new: Content) -> Iterator[Change]:
    for step in old.steps:
        if new.step(step.key) is None:
            yield Change(f"Bỏ bước “{step.name}”", _said(step), "")
    for number, step in enumerate(new.steps, 1):
        before = old.step(step.key)
        if before is None:
            yield Change(f"Thêm bước {number} “{step.name}”", "", _said(step))
        elif _said(before) != _said(step):
            yield Change(f"Bước {number} “{step.name}”", _said(before), _said(step))


def _said(step: Step) -> str:
    norm = step.norm.words if step.norm else "theo hạn của việc"
    parts = (step.name, step.doer_words, norm, step.rule, step.result)
    return ", ".join(part for part in parts if part)


# Time -----------------------------------------------------------------------------------------


def due_at(
    norm: Norm | None, since: datetime, calendar: WorkingCalendar, office_day: OfficeDay
) -> datetime | None:
    """The instant at which a step entered at `since` is late; None without a norm.

    Days: the end of the last day allowed. Hours: working minutes are counted out.
    Source: Bộ luật Dân sự 2015, Điều 147-148.
    """
    if norm is None:
        return None
    here = local(since)
    if norm.unit == Unit.DAYS:
        last = due_on(here.date(), norm.amount, calendar)
        return datetime.combine(last + timedelta(days=1), time(), here.tzinfo)
    left = norm.amount * 60
    day = here.date()
    while True:
        for start, end in _spans(day, here, calendar, office_day):
            length = int((end - start).total_seconds() // 60)
            if left <= length:
                return start + timedelta(minutes=left)
            left -= length
        day += timedelta(days=1)


def _spans(
    day: date, not_before: datetime, calendar: WorkingCalendar, office_day: OfficeDay
) -> Iterator[tuple[datetime, datetime]]:
    if not calendar.is_working_day(day):
        return
    for opens, closes in office_day.periods:
        start = max(datetime.combine(day, opens, not_before.tzinfo), not_before)
        end = datetime.combine(day, closes, not_before.tzinfo)
        if start < end:
            yield start, end


def used_minutes(
    start: datetime, end: datetime, calendar: WorkingCalendar, office_day: OfficeDay
) -> int:
    """Working minutes between two instants."""
    first, last = local(start), local(end)
    if last <= first:
        return 0
    if last.date() > first.date():
        # Whole days between are counted, not walked hour by hour.
        whole = working_days_between(first.date(), last.date() - timedelta(days=1), calendar)
        midnight = datetime.combine(last.date(), time(), last.tzinfo)
        return (
            _within_day(
                first, datetime.combine(first.date(), time.max, first.tzinfo), calendar, office_day
            )
            + whole * office_day.minutes
            + _within_day(midnight, last, calendar, office_day)
        )
    return _within_day(first, last, calendar, office_day)


def _within_day(
    start: datetime, end: datetime, calendar: WorkingCalendar, office_day: OfficeDay
) -> int:
    spans = _spans(start.date(), start, calendar, office_day)
    return sum(
        max(0, int((min(closes, end) - opens).total_seconds() // 60)) for opens, closes in spans
    )


Trail = Sequence[Sequence[str]]


def times_of(trail: Trail, calendar: WorkingCalendar, office_day: OfficeDay) -> dict[str, int]:
    """Working minutes a finished or running case has spent in each step it has left."""
    used: dict[str, int] = {}
    for (key, entered), (_, left) in zip(trail, trail[1:], strict=False):
        spent = used_minutes(
            datetime.fromisoformat(entered), datetime.fromisoformat(left), calendar, office_day
        )
        used[key] = used.get(key, 0) + spent
    return used


def medians(
    trails: Sequence[Trail], calendar: WorkingCalendar, office_day: OfficeDay
) -> dict[str, int]:
    """The median of working minutes by step; a case that passed a step by does not count there."""
    by_step: dict[str, list[int]] = {}
    for trail in trails:
        for key, minutes in times_of(trail, calendar, office_day).items():
            by_step.setdefault(key, []).append(minutes)
    return {key: round(median(found)) for key, found in by_step.items()}


def time_words(minutes: int, office_day: OfficeDay) -> str:
    """`2,5 ngày làm việc`, `3 giờ làm việc`, `dưới 1 giờ`."""
    if minutes < 60:
        return "dưới 1 giờ làm việc"
    if minutes < office_day.minutes:
        return f"{minutes // 60} giờ làm việc"
    days = f"{minutes / office_day.minutes:.1f}".removesuffix(".0").replace(".", ",")
    return f"{days} ngày làm việc"
