"""Finding: the engine itself filters by tokens, so that counts equal lists."""

from __future__ import annotations

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from nhactruong.foundation.search.models import SearchCard
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.text import fold

_TRIGRAM_FROM = 3
_PREFIX_FROM = 2


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
    return cards.filter(_matches(folded))


def _matches(folded: str) -> Q:
    """Plain words by the index of words, the last as typed so far; numbers also by their parts.

    Parts of text need the text of every hit read again, so plain words do without.
    """
    words = folded.split()
    if all(word.isalpha() for word in words):
        *whole, last = words
        begun = f"{last}:*" if len(last) >= _PREFIX_FROM else last
        query = SearchQuery(" & ".join([*whole, begun]), config="simple", search_type="raw")
        return Q(words=query)
    matches = Q(words=SearchQuery(folded, config="simple", search_type="plain"))
    if len(folded) >= _TRIGRAM_FROM:
        matches |= Q(folded__contains=folded)
    return matches
