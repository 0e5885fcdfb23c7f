"""What a version of a procedure says, and how that is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Any, Final

from nhactruong.kernel.errors import InvalidInput
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
    _by_state: Mapping[str, str] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

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
