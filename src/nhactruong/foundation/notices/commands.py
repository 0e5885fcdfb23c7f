"""Telling, and noting that it was read."""

from __future__ import annotations

from collections.abc import Iterable

from nhactruong.foundation.notices.models import Notice
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.thread.commands import Knot
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor


@command
def tell(actor: Actor, tokens: Iterable[int], kind: str, thing: Knot, text: str) -> None:
    """Whoever holds one of `tokens` finds `text` about `thing` among the notices."""
    Notice.objects.bulk_create(
        [
            Notice(
                token=token,
                object_type=thing.type_name(),
                object_id=thing.public_id,
                kind=kind,
                text=text[:500],
                secrecy=getattr(thing, "secrecy", 0),
                told_at=clock.now(),
            )
            for token in sorted(set(tokens))
        ]
    )


@command
def mark_all_read(actor: Actor) -> int:
    """The number of the actor's notices that were unread until now."""
    return Notice.objects.filter(
        token__in=list(actor.own_tokens), secrecy__lte=int(actor.clearance), read_at=None
    ).update(read_at=clock.now())
