"""The port of what moves: each app above tells what of its own is open at the old agencies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from django.db.models import QuerySet

from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.reorganization.rules import Plan


@dataclass(frozen=True, slots=True)
class Blocker:
    """Something that must be finished before, with the address where it is."""

    sentence: str
    url_name: str = ""
    object_id: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many things of a kind pass on, in the words of the preview, and what stands in the way."""

    name: str
    words: str
    how_many: int
    blockers: Sequence[Blocker]


class Mover(Protocol):
    """Knows one kind of open things; `move` runs inside the command that carries out."""

    name: str
    #: The kind of things, as the preview says it.
    words: str

    def rows(self, plan: Plan) -> QuerySet[Any]:
        """What would move; counted with what every other mover says, in one statement."""
        ...

    def blockers(self, plan: Plan) -> Sequence[Blocker]:
        """What must be finished before; at most one statement."""
        ...

    def move(self, actor: Actor, plan: Plan) -> int:
        """The number of things moved."""
        ...

    def orphans(self, plan: Plan) -> int:
        """How many open things still hang on what has ended."""
        ...


_movers: Final[list[Mover]] = []


def register(movers: Iterable[Mover]) -> None:
    """Let these move, in this order; called once at start by assembly."""
    _movers[:] = movers


def movers() -> Sequence[Mover]:
    """What moves, in its order."""
    return tuple(_movers)
