"""Finding: the engine itself filters by tokens, so that counts equal lists."""

from __future__ import annotations

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from nhactruong.foundation.search.models import SearchCard
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.text import fold

_TRIGRAM_FROM = 3


def recent(actor: Actor) -> QuerySet[SearchCard]:
    """Every card `actor` may see, unordered; for suggestions before anything is typed."""
    return SearchCard.objects.filter(
        readers__overlap=list(actor.tokens), secrecy__lte=actor.clearance
    )


def find(actor: Actor, query: str, *, object_type: str = "") -> QuerySet[SearchCard]:
    """Cards `actor` may see that hold every word of `query` (accents or not), unordered."""
    folded = fold(query)
    cards = recent(actor)
    if object_type:
        cards = cards.filter(object_type=object_type)
    if not folded:
        return cards.none()
    matches = Q(words=SearchQuery(folded, config="simple", search_type="plain"))
    if len(folded) >= _TRIGRAM_FROM:
        matches |= Q(folded__contains=folded)
    return cards.filter(matches)
