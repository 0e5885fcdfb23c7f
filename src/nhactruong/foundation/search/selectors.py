"""Finding: the engine itself filters by tokens, so that counts equal lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, Q, QuerySet, Value, When

from nhactruong.foundation.search.models import SearchCard
from nhactruong.foundation.search.rules import asked_code, parts_of
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.text import fold

NEWEST_FIRST: Final = ("-occurred_on", "-id")
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


def best(
    actor: Actor, query: str, *, titled: Iterable[int] = (), object_type: str = ""
) -> QuerySet[SearchCard]:
    """Of the cards `find` gives for `query`: those with this number and symbol, then those whose
    number and symbol begin so, then those of the keys `titled`; the newest of each first.
    """
    cards = recent(actor)
    if object_type:
        cards = cards.filter(object_type=object_type)
    code = asked_code(query)
    if not code:
        return cards.filter(pk__in=list(titled)).order_by(*NEWEST_FIRST)
    begins = Q(code__startswith=f"{code} ")
    closeness = Case(When(code=code, then=Value(0)), When(begins, then=Value(1)), default=Value(2))
    wanted = Q(code=code) | begins | Q(pk__in=list(titled))
    return cards.filter(wanted).order_by(closeness, *NEWEST_FIRST)


def _matches(folded: str) -> Q:
    """Plain words by the index of words, the last as typed so far; numbers also by their parts.

    Parts of text need the text of every hit read again, so plain words do without.
    """
    words = folded.split()
    if all(word.isalpha() for word in words):
        return _all_words(words)
    matches = Q(words=SearchQuery(folded, config="simple", search_type="plain"))
    if len(folded) >= _TRIGRAM_FROM:
        matches |= Q(folded__contains=folded)
    parts = parts_of(folded)
    return matches | _all_words(parts) if parts else matches


def _all_words(words: Sequence[str]) -> Q:
    *whole, last = words
    begun = f"{last}:*" if len(last) >= _PREFIX_FROM and last.isalpha() else last
    return Q(words=SearchQuery(" & ".join([*whole, begun]), config="simple", search_type="raw"))
