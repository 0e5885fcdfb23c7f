"""Drafts given to another post because their drafter leaves or is relieved."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from nhactruong.foundation.access import commands as access
from nhactruong.foundation.access.rules import post_token
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.organization.selectors import PostCard
from nhactruong.records.outgoing import selectors
from nhactruong.records.outgoing.rules import EDITABLE


@command
def take_over(
    actor: Actor,
    from_post_id: int,
    to: PostCard,
    *,
    only: Iterable[uuid.UUID] | None = None,
) -> frozenset[uuid.UUID]:
    """The unsigned drafts in the hands of `to` from now on; sight goes with them.

    Who wrote a text that is under review stays its drafter, so that nobody approves his own; what
    is still being written has the new drafter.
    """
    drafts = selectors.unsigned_of(from_post_id).select_for_update(of=("self",))
    if only is not None:
        drafts = drafts.filter(public_id__in=list(only))
    moved = set()
    for draft in drafts.order_by("pk"):
        draft.drafter_post_id = to.post_id
        if draft.as_state in EDITABLE and to.person_id is not None:
            draft.drafter_person_id = to.person_id
        draft.save_changes("drafter_post", "drafter_person")
        access.grant(actor, draft, [post_token(to.post_id)], "drafter")
        audit.record(actor, "outgoing.taken_over", draft, to=to.title)
        moved.add(draft.public_id)
    return frozenset(moved)
