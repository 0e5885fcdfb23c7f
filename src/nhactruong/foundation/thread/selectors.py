"""The thread around a record, knot by knot, as one actor may see it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from nhactruong.foundation.thread.cards import RecordCard, cards
from nhactruong.foundation.thread.models import ThreadLink
from nhactruong.kernel.actor import Actor

#: A thread is walked at most this many steps away from where one stands.
_MOST_STEPS: Final = 8
_MOST_KNOTS: Final = 120


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


def around(actor: Actor, object_type: str, object_id: uuid.UUID) -> Thread:
    """The thread of a record; links through knots the actor may not see are not followed."""
    seen = cards(actor, [(object_type, object_id)])
    edges: dict[tuple[uuid.UUID, uuid.UUID], Edge] = {}
    frontier = set(seen)
    for _ in range(_MOST_STEPS):
        if not frontier or len(seen) >= _MOST_KNOTS:
            break
        links = list(
            ThreadLink.objects.filter(Q(earlier_id__in=frontier) | Q(later_id__in=frontier))[
                : _MOST_KNOTS * 4
            ]
        )
        ends = {(link.earlier_type, link.earlier_id) for link in links}
        ends |= {(link.later_type, link.later_id) for link in links}
        fresh = cards(actor, [end for end in ends if end[1] not in seen])
        seen |= fresh
        for link in links:
            if link.earlier_id in seen and link.later_id in seen:
                edges[link.earlier_id, link.later_id] = Edge(
                    link.earlier_id, link.later_id, link.kind
                )
        frontier = set(fresh)
    knots = sorted(seen.values(), key=lambda card: (card.occurred_on, card.stage))
    return Thread(here=object_id, knots=knots, edges=list(edges.values()))
