"""The one condition under which a row is shown to an actor, for whatever column carries tokens."""

from __future__ import annotations

from django.db.models import Q

from nhactruong.kernel.actor import Actor


def shown_to(actor: Actor, lookup: str) -> Q:
    """Rows met by one of the actor's tokens at or below the secrecy that token shows.

    `lookup` compares the tokens: `readers__overlap`, `token__in`. Without tokens nothing is shown.
    """
    shown = Q(pk__in=[])
    for place, (tokens, highest) in enumerate(actor.sights()):
        part = Q(**{lookup: list(tokens)}, secrecy__lte=int(highest))
        shown = part if place == 0 else shown | part
    return shown
