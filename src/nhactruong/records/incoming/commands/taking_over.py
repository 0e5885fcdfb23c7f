"""Parts in documents given to another post because their holder leaves or is relieved."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from nhactruong.foundation.access import commands as access
from nhactruong.foundation.access.rules import post_token
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.organization.selectors import PostCard
from nhactruong.records.incoming.models import Handling
from nhactruong.records.incoming.rules import OPEN_STATES


@command
def take_over(
    actor: Actor,
    from_post_id: int,
    to: PostCard,
    *,
    only: Iterable[uuid.UUID] | None = None,
) -> frozenset[uuid.UUID]:
    """The open documents in which `to` has the parts from now on; sight goes with them.

    The part of the former post ends and stays in the story. A hand-over approved by a second person
    calls it, whoever of the two may see the documents.
    """
    parts = Handling.objects.select_for_update(of=("self",)).filter(
        post_id=from_post_id, ended_at=None, incoming__state__in=list(OPEN_STATES)
    )
    if only is not None:
        parts = parts.filter(incoming__public_id__in=list(only))
    name = f"{to.holder_name}, {to.title}" if to.holder_name else to.title
    moved = set()
    for part in parts.select_related("incoming").order_by("pk"):
        incoming = part.incoming
        part.ended_at = clock.now()
        part.save(update_fields=["ended_at"])
        has_it = Handling.objects.filter(
            incoming=incoming, post_id=to.post_id, part=part.part, ended_at=None
        )
        if not has_it.exists():
            Handling.objects.create(
                incoming=incoming,
                direction_id=part.direction_id,
                part=part.part,
                post_id=to.post_id,
                name_printed=name,
                given_at=clock.now(),
                given_by=actor.name,
            )
        if part.part == Handling.Part.LEAD:
            incoming.lead_printed = name
            incoming.save_changes("lead_printed")
        access.grant(actor, incoming, [post_token(to.post_id)], part.part)
        audit.record(actor, "incoming.taken_over", incoming, to=name)
        moved.add(incoming.public_id)
    return frozenset(moved)
