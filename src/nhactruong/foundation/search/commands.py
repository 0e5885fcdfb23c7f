"""Keeping cards true; called by the app that owns the record, in the same transaction."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.contrib.postgres.search import SearchVector
from django.db import connection, models
from django.db.models import Value

from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.search.models import SearchCard
from nhactruong.foundation.search.rules import code_key
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import Secrecy
from nhactruong.kernel.text import fold

_WORDS_KEPT: Final = 200_000
_ONE_WORD: Final = re.compile(r"[a-z0-9][._@:][a-z]")
_BETWEEN_WORDS: Final = re.compile(r"[^a-z0-9]+")
_IDENTITY: Final = ["object_type", "object_id"]
_TOLD: Final = [
    field.name
    for field in SearchCard._meta.concrete_fields
    if not field.primary_key and field.name not in _IDENTITY
]

_TELL_ANEW: Final = """
UPDATE search_searchcard
   SET title = %s, reference = %s, code = %s, facts = %s, occurred_on = %s, folded = %s,
       words = setweight(to_tsvector('simple', %s), 'A')
            || setweight(to_tsvector('simple', %s), 'B') || ts_filter(words, '{c}')
 WHERE object_type = %s AND object_id = %s
"""


@dataclass(frozen=True, slots=True)
class Card:
    """What an app tells search of one record; `body` is searched and not kept."""

    object_type: str
    object_id: uuid.UUID
    agency_id: int
    title: str
    occurred_on: date
    reference: str = ""
    facts: str = ""
    body: str = ""
    secrecy: int = Secrecy.ORDINARY
    readers: Sequence[int] = ()


@command
def put(actor: Actor, card: Card) -> None:
    """The card of this record is now `card`; the text of confidential records is never kept."""
    body = card.body if card.secrecy <= Secrecy.INTERNAL else ""
    code = code_key(card.reference)
    title = fold(card.title)
    named = f"{fold(card.reference)} {title} {code}"
    if _ONE_WORD.search(title):
        # The index takes a file name for one word; its parts stand beside it.
        named += f" {_BETWEEN_WORDS.sub(' ', title)}"
    words = (
        SearchVector(Value(named), weight="A", config="simple")
        + SearchVector(Value(fold(card.facts)), weight="B", config="simple")
        + SearchVector(Value(fold(body)[:_WORDS_KEPT]), weight="C", config="simple")
    )
    SearchCard.objects.bulk_create(
        [
            SearchCard(
                object_type=card.object_type,
                object_id=card.object_id,
                agency_id=card.agency_id,
                title=card.title[:1000],
                reference=card.reference,
                code=code,
                facts=card.facts[:500],
                occurred_on=card.occurred_on,
                secrecy=card.secrecy,
                readers=sorted(set(card.readers)),
                folded=fold(f"{card.reference} {card.title}")[:1200],
                words=words,
            )
        ],
        update_conflicts=True,
        unique_fields=_IDENTITY,
        update_fields=_TOLD,
    )


@command
def tell_anew(actor: Actor, card: Card) -> bool:
    """Whether the card of this record now tells the number, title and facts of `card`.

    The text of the record has not changed and is not sent again: its words stay as they are.
    False when there is no card yet.
    """
    code = code_key(card.reference)
    with connection.cursor() as cursor:
        cursor.execute(
            _TELL_ANEW,
            [
                card.title[:1000],
                card.reference,
                code,
                card.facts[:500],
                card.occurred_on,
                fold(f"{card.reference} {card.title}")[:1200],
                fold(f"{card.reference} {card.title} {code}"),
                fold(card.facts),
                card.object_type,
                card.object_id,
            ],
        )
        changed: int = cursor.rowcount
    return changed > 0


@command
def set_readers(
    actor: Actor, object_type: str, object_id: uuid.UUID, readers: Sequence[int], secrecy: int
) -> None:
    """The card of this record, if there is one, is now seen by exactly `readers`."""
    SearchCard.objects.filter(object_type=object_type, object_id=object_id).update(
        readers=sorted(set(readers)), secrecy=secrecy
    )


@command
def follow(actor: Actor, model: type[models.Model], ids: Sequence[uuid.UUID]) -> int:
    """The number of cards that now have agency, readers and level of their records of `model`."""
    sql = (
        "UPDATE search_searchcard card SET agency_id = thing.agency_id, readers = thing.readers,"  # noqa: S608 (our own name)
        f" secrecy = thing.secrecy FROM {model._meta.db_table} thing"
        " WHERE card.object_id = thing.public_id AND thing.public_id = ANY(%s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(ids)])
        followed: int = cursor.rowcount
    return followed
