"""Resolvers: how records of apps above are shown here, only those the actor may see."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.text import capfirst

from nhactruong.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class RecordCard:
    """A record as threads, dossiers, work items and search show it."""

    object_type: str
    object_id: uuid.UUID
    title: str
    reference: str
    kind: str
    url: str
    occurred_on: date
    state: str
    state_tone: str = "tinh"
    agency: str = ""
    #: Which column of the thread it belongs to (0 chủ trương … 4 kết quả).
    stage: int = 2
    #: No trích yếu is known yet: the title is the name of the file.
    is_named_by_file: bool = False

    @property
    def heading(self) -> str:
        """The title as a heading: a trích yếu begins with a capital, a file name stays as it is."""
        return self.title if self.is_named_by_file else capfirst(self.title)


Resolver = Callable[[Actor, Iterable[uuid.UUID]], Mapping[uuid.UUID, RecordCard]]

_resolvers: Final[dict[str, Resolver]] = {}


def register(object_type: str, resolver: Resolver) -> None:
    """Let `resolver` show records of `object_type`; called once at start by assembly."""
    _resolvers[object_type] = resolver


def cards(actor: Actor, wanted: Iterable[tuple[str, uuid.UUID]]) -> dict[uuid.UUID, RecordCard]:
    """Cards of the wanted records that `actor` may see; the others are simply absent."""
    by_type: dict[str, list[uuid.UUID]] = {}
    for object_type, object_id in wanted:
        by_type.setdefault(object_type, []).append(object_id)
    found: dict[uuid.UUID, RecordCard] = {}
    for object_type, ids in by_type.items():
        if object_type in _resolvers:
            found.update(_resolvers[object_type](actor, ids))
    return found
