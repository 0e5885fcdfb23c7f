"""The thread around a record, knot by knot, as one actor may see it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nhactruong.foundation.thread.cards import RecordCard, cards
from nhactruong.foundation.thread.models import ThreadLink
from nhactruong.kernel.actor import Actor

#: A thread is walked at most this many steps away from where one stands.
_MOST_STEPS: Final = 8
_MOST_KNOTS: Final = 120
_MOST_LINKS: Final = 2000


@dataclass(frozen=True, slots=True)
class Edge:
    """`later` exists because of `earlier`."""

    earlier: uuid.UUID
    later: uuid.UUID
    kind: str


@dataclass(frozen=True, slots=True)
class Thread:
    """The knots the actor sees, in order of time, and the links between them."""

    here: uuid.UUID
    knots: Sequence[RecordCard]
    edges: Sequence[Edge]


def _reached(object_id: uuid.UUID) -> list[ThreadLink]:
    """Links within reach of a record, whoever may see them; one query however long the thread."""
    return list(
        ThreadLink.objects.raw(
            """
            WITH RECURSIVE reached (id, step) AS (
                SELECT %s::uuid, 0
                UNION
                SELECT CASE WHEN link.earlier_id = reached.id
                            THEN link.later_id ELSE link.earlier_id END, step + 1
                FROM reached JOIN thread_threadlink link
                  ON link.earlier_id = reached.id OR link.later_id = reached.id
                WHERE step < %s
            )
            SELECT * FROM thread_threadlink
            WHERE earlier_id IN (SELECT id FROM reached) ORDER BY id LIMIT %s
            """,
            [object_id, _MOST_STEPS, _MOST_LINKS],
        )
    )


def around(actor: Actor, object_type: str, object_id: uuid.UUID) -> Thread:
    """The thread of a record; links through knots the actor may not see are not followed.

    The links in reach are read at once and the cards at once; the walk itself goes only from one
    visible knot to the next.
    """
    links = _reached(object_id)
    ends = {(link.earlier_type, link.earlier_id) for link in links}
    ends |= {(link.later_type, link.later_id) for link in links}
    visible = cards(actor, sorted({*ends, (object_type, object_id)}))
    seen = {object_id} & visible.keys()
    frontier = set(seen)
    while frontier and len(seen) < _MOST_KNOTS:
        beside = {link.later_id for link in links if link.earlier_id in frontier}
        beside |= {link.earlier_id for link in links if link.later_id in frontier}
        frontier = (beside & visible.keys()) - seen
        seen |= frontier
    edges = {
        (link.earlier_id, link.later_id): Edge(link.earlier_id, link.later_id, link.kind)
        for link in links
        if link.earlier_id in seen and link.later_id in seen
    }
    knots = sorted((visible[key] for key in seen), key=lambda card: (card.occurred_on, card.stage))
    return Thread(here=object_id, knots=knots, edges=list(edges.values()))
