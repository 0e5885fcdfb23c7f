"""Finding: the engine itself filters by tokens, so that counts equal lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, Q, QuerySet, Value, When

from nhactruong.foundation.persistence.sight import shown_to
from nhactruong.foundation.search.models import SearchCard
from nhactruong.foundation.search.rules import asked_code, parts_of
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.text import fold

NEWEST_FIRST: Final = ("-occurred_on", "-id")
_TRIGRAM_FROM = 3
_PREFIX_FROM = 2
#: What the index keeps as one word though it is written in several parts: 92,5  077  -2030  a.b  v/v.
_ONE_WORD_IN_THE_INDEX: Final = re.compile(r"\b0[0-9]|[.,_@:+/-][0-9]|[a-z0-9][._@:/][a-z]")


def recent(actor: Actor) -> QuerySet[SearchCard]:
    """Every card `actor` may see, unordered; for suggestions before anything is typed."""
    return SearchCard.objects.filter(shown_to(actor, "readers__overlap"))


def find(
    actor: Actor, query: str, *, object_type: str = "", is_begun: bool = True
) -> QuerySet[SearchCard]:
    """Cards `actor` may see that hold every word of `query` (accents or not), unordered.

    The last word may be the beginning of one, unless `is_begun` is False.
    """
    folded = fold(query)
    cards = recent(actor)
    if object_type:
        cards = cards.filter(object_type=object_type)
    if not folded:
        return cards.none()
    return cards.filter(_matches(folded, is_begun=is_begun))


def find_as_asked(actor: Actor, query: str, *, object_type: str = "") -> QuerySet[SearchCard]:
    """Cards of `find` with the last word as it stands; where nothing holds it, as one begun."""
    whole = find(actor, query, is_begun=False)
    is_begun = not whole.exists()
    return find(actor, query, object_type=object_type, is_begun=is_begun)


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


def _matches(folded: str, *, is_begun: bool) -> Q:
    """Words by their index, the last perhaps only begun; a number also as a part of what stands there.

    Parts of text need the text of every hit read again, so only one word alone is asked so.
    """
    words = folded.split()
    if all(word.isalpha() for word in words):
        return _all_words(words, is_begun=is_begun)
    parts = parts_of(folded)
    matches = _all_words(parts, is_begun=is_begun) if parts else Q()
    if not parts or _ONE_WORD_IN_THE_INDEX.search(folded):
        matches |= Q(words=SearchQuery(folded, config="simple", search_type="plain"))
    if len(words) == 1 and len(folded) >= _TRIGRAM_FROM:
        matches |= Q(folded__contains=folded)
    return matches


def _all_words(words: Sequence[str], *, is_begun: bool) -> Q:
    *whole, last = words
    begun = f"{last}:*" if is_begun and len(last) >= _PREFIX_FROM and last.isalpha() else last
    return Q(words=SearchQuery(" & ".join([*whole, begun]), config="simple", search_type="raw"))
