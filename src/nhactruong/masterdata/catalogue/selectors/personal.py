"""What the data sets hold about one person. Source: security.md 5 (right to know)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.apps import apps
from django.db import connection, models

from nhactruong.foundation.ui.rules import date_words
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.text import fold
from nhactruong.masterdata.catalogue import datasets, policies
from nhactruong.masterdata.catalogue.datasets import Dataset, Link, ModelCard
from nhactruong.masterdata.catalogue.models import CorrectionNote
from nhactruong.masterdata.organization.models import Holding, Person

_SHOWN: Final = 20
#: Nothing counts beyond it.
_CEILING: Final = 10_000
#: Where the first words of a meaning end.
_SHORTER: Final = re.compile("[,;:]")
_BY_ACCOUNT: Final = "account"


@dataclass(frozen=True, slots=True)
class Held:
    """Rows of one table that belong to the person: how many, and the newest of them in words."""

    what: str
    count: int
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class SetAbout:
    """One data set about the person, with what the record of processing says of it."""

    dataset: Dataset
    held: Sequence[Held]
    notes: Sequence[CorrectionNote]

    @property
    def count(self) -> int:
        """How many rows there are in all."""
        return sum(one.count for one in self.held)


def get_person(actor: Actor, public_id: uuid.UUID) -> Person:
    """The person, for whoever may ask about the person. Raises: NotFound."""
    person = Person.objects.filter(public_id=public_id).first()
    if person is None:
        raise NotFound("catalogue.no_person", "Không tìm thấy người này.")
    held = Holding.objects.filter(person=person, valid__contains=clock.today())
    agencies = frozenset(held.values_list("post__agency_id", flat=True))
    if not policies.can_ask_about(actor, person.pk, agencies):
        raise NotFound("catalogue.no_person", "Không tìm thấy người này.")
    return person


def people_of(agency_ids: Collection[int], words: str) -> Sequence[Person]:
    """People in posts of these agencies whose name holds `words`, accents or not; fifty at most."""
    rows = Person.objects.filter(
        holdings__valid__contains=clock.today(), holdings__post__agency_id__in=list(agency_ids)
    )
    if words:
        rows = rows.filter(named__contains=fold(words))
    return list(rows.distinct().order_by("sort_key", "pk")[:50])


def own(actor: Actor) -> Person:
    """The person who asks. Raises: NotFound for a service."""
    person = Person.objects.filter(pk=actor.person_id or 0).first()
    if person is None:
        raise NotFound("catalogue.no_person", "Không tìm thấy người này.")
    return person


def sets_about(person: Person, *, whole: bool = False) -> Sequence[SetAbout]:
    """Every data set with personal facts, and what it holds about the person; `whole` for export."""
    notes = list(CorrectionNote.objects.filter(person=person).order_by("-pk"))
    about = [one for one in datasets.datasets().values() if one.personal is not None]
    links = [link for one in about if one.personal for link in one.personal.links]
    counts = _counts(links, person)
    most = _CEILING if whole else _SHOWN
    return [
        SetAbout(
            one,
            list(_held(one, counts, person, most)),
            [note for note in notes if note.dataset == one.slug],
        )
        for one in about
    ]


def _held(one: Dataset, counts: Mapping[Link, int], person: Person, most: int) -> Iterator[Held]:
    cards = {card.label: card for card in one.models}
    links = one.personal.links if one.personal else ()
    for link in links:
        count = counts[link]
        lines = _lines(cards[link.model], link, person, most) if count and link.show else []
        yield Held(_what(cards[link.model], link, links), count, lines)


def _lines(card: ModelCard, link: Link, person: Person, most: int) -> Sequence[str]:
    model = apps.get_model(link.model)
    ways = [name for name in link.show if model._meta.get_field(name).is_relation]
    rows: Any = model._default_manager.filter(**{link.field: _key(link, person)})
    rows = rows.select_related(*ways) if ways else rows
    return [_line(card, link, row) for row in rows.order_by("-pk")[:most]]


def _key(link: Link, person: Person) -> int:
    """The number by which the rows know the person; 0 for somebody without an account."""
    return int((person.account_id if link.by == _BY_ACCOUNT else person.pk) or 0)


def _column(options: Any, name: str) -> str:
    """The column of a field named as queries name it: `person_id` for `person` too."""
    known = {one.attname: one.column for one in options.concrete_fields}
    return str(known[name])


def _counts(links: Sequence[Link], person: Person) -> Mapping[Link, int]:
    """How many rows of each table are the person's, up to the ceiling; one query."""
    quote = connection.ops.quote_name
    parts = []
    for link in links:
        options = apps.get_model(link.model)._meta
        column = quote(_column(options, link.field))
        table = quote(options.db_table)
        parts.append(
            f"(SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {column} = %s"  # noqa: S608 (our own names)
            f" LIMIT {_CEILING}) AS rows)"
        )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", [_key(link, person) for link in links])
        found = cursor.fetchone()
    return dict(zip(links, found, strict=True))


def _what(card: ModelCard, link: Link, links: Sequence[Link]) -> str:
    """The table, and in what part the person stands in it where there are several."""
    if sum(one.model == link.model for one in links) == 1:
        return card.meaning
    name = link.field.removesuffix("_id")
    part = next(one.meaning for one in card.fields if one.name in (link.field, name))
    return f"{card.meaning}: {part[:1].lower()}{part[1:]}"


def _line(card: ModelCard, link: Link, row: models.Model) -> str:
    meanings = {one.name: _SHORTER.split(one.meaning)[0] for one in card.fields}
    parts = [(meanings[name], _words(row, name)) for name in link.show]
    return "; ".join(f"{meaning}: {words}" for meaning, words in parts if words)


def _words(row: models.Model, name: str) -> str:
    shown = getattr(row, f"get_{name}_display", None)
    value: Any = shown() if callable(shown) else getattr(row, name)
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, datetime):
        return date_words(clock.local(value).date())
    if isinstance(value, date):
        return date_words(value)
    if hasattr(value, "lower") and hasattr(value, "upper") and not isinstance(value, str):
        return (
            f"từ {_day(value.lower)} đến {_day(value.upper)}"
            if value.upper
            else f"từ {_day(value.lower)}"
        )
    if name == "dataset":
        known = datasets.datasets().get(str(value))
        return known.name if known else str(value)
    return "" if value is None else str(value)


def _day(value: date | datetime) -> str:
    return date_words(clock.local(value).date() if isinstance(value, datetime) else value)
