"""The actor's notices."""

from __future__ import annotations

from django.db.models import QuerySet

from nhactruong.foundation.notices.models import Notice
from nhactruong.kernel.actor import Actor


def for_actor(actor: Actor) -> QuerySet[Notice]:
    """Notices for one of the actor's own tokens, unordered; what is told to a lent post waits
    for its holder."""
    return Notice.objects.filter(
        token__in=list(actor.own_tokens), secrecy__lte=int(actor.clearance)
    )


def count_unread(actor: Actor) -> int:
    """How many the actor has not read, at most 100."""
    return for_actor(actor).filter(read_at=None)[:100].count()
