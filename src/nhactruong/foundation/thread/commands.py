"""Tying knots together."""

from __future__ import annotations

import uuid
from typing import Protocol

from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.thread.models import ThreadLink
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor


class Knot(Protocol):
    """A record that can hang on the thread."""

    public_id: uuid.UUID

    @classmethod
    def type_name(cls) -> str:
        """The kind of record, as resolvers know it."""
        ...


@command
def connect(actor: Actor, earlier: Knot, later: Knot, kind: str) -> None:
    """`later` hangs on `earlier`; saying so twice changes nothing."""
    connect_ids(
        actor,
        (earlier.type_name(), earlier.public_id),
        (later.type_name(), later.public_id),
        kind,
    )


@command
def connect_ids(
    actor: Actor, earlier: tuple[str, uuid.UUID], later: tuple[str, uuid.UUID], kind: str
) -> None:
    """As `connect`, for records known by kind and identifier only."""
    ThreadLink.objects.bulk_create(
        [
            ThreadLink(
                earlier_type=earlier[0],
                earlier_id=earlier[1],
                later_type=later[0],
                later_id=later[1],
                kind=kind,
                linked_at=clock.now(),
                linked_by=actor.name,
            )
        ],
        ignore_conflicts=True,
    )
