"""Which addresses people open: each person's own pages, in the shares of the load's definition."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from django.urls import reverse

from nhactruong.assembly.bench import words
from nhactruong.assembly.bench.people import Person
from nhactruong.kernel import clock
from nhactruong.records.incoming import selectors as incoming
from nhactruong.records.incoming.rules import State as Arrived
from nhactruong.records.outgoing import selectors as outgoing
from nhactruong.records.outgoing.rules import REGISTERED
from nhactruong.records.outgoing.rules import State as Departing

#: Kind of page → its share in the load. Source: architecture.md 7.
SHARES: Final[Mapping[str, float]] = {
    "inbox": 0.40,
    "incoming_list": 0.18,
    "outgoing_list": 0.12,
    "incoming_document": 0.14,
    "outgoing_document": 0.06,
    "search": 0.10,
}
KINDS: Final = tuple(SHARES)
_WITH_A_PAGE: Final = REGISTERED | {Departing.SIGNED}
_QUESTIONS: Final = 60
_DOCUMENTS: Final = 100


@dataclass(frozen=True, slots=True)
class Target:
    """One page of one person."""

    kind: str
    username: str
    path: str


@dataclass(frozen=True, slots=True)
class Desk:
    """The addresses one person opens, by kind of page."""

    person: Person
    paths: Mapping[str, Sequence[str]]


def desks(people: Sequence[Person], seed: int = 1) -> Sequence[Desk]:
    """What each person opens; a kind that has nothing for the person is left out."""
    dice = random.Random(seed)  # noqa: S311 (the same walk every time)
    return [Desk(person, _paths(person, dice)) for person in people]


def walk(all_desks: Sequence[Desk], seed: int = 2) -> Iterator[Target]:
    """Endless pages: a random person, a kind of page by its share, one of its addresses."""
    dice = random.Random(seed)  # noqa: S311 (the same walk every time)
    weights = list(SHARES.values())
    while True:
        desk = dice.choice(all_desks)
        kind = dice.choices(KINDS, weights)[0]
        paths = desk.paths.get(kind)
        if paths:
            yield Target(kind, desk.person.username, dice.choice(paths))


def _paths(person: Person, dice: random.Random) -> Mapping[str, Sequence[str]]:
    actor, today = person.actor, clock.today()
    arrived = incoming.listed(actor, incoming.ListFilter(), today=today)
    departed = outgoing.register(actor, outgoing.RegisterFilter(), only_numbered=False)
    first_in = arrived.newest_page(actor, by="arrived_on", then="arrival_number", rows=_DOCUMENTS)
    first_out = departed.newest_page(actor, by="listed_on", then="number", rows=_DOCUMENTS)
    search = reverse("search")
    return {
        "inbox": [reverse("workitems:inbox")] * 8
        + [f"{reverse('workitems:inbox')}?han={due}" for due in ("qua-han", "tuan-nay")],
        "incoming_list": _list(
            reverse("incoming:list"), first_in.older, "trang-thai", Arrived.IN_PROGRESS.value
        ),
        "outgoing_list": _list(reverse("outgoing:list"), first_out.older, "tt", "issued"),
        "incoming_document": [
            reverse("incoming:detail", args=[row.public_id]) for row in first_in.rows
        ],
        "outgoing_document": [
            reverse("outgoing:detail", args=[row.public_id])
            for row in first_out.rows
            # Before the signature a document has the drafter's page, not this one.
            if row.state in _WITH_A_PAGE
        ],
        "search": [f"{search}?q={quote(text)}" for text in words.questions(dice, _QUESTIONS)],
    }


def _list(path: str, older: str, state_key: str, state: str) -> list[str]:
    """Six first pages, two second ones, one of a state, one of a type."""
    second = [f"{path}?{urlencode({'trang': older})}"] * 2 if older else []
    filtered = [f"{path}?{urlencode({state_key: state})}", f"{path}?loai=bao-cao"]
    return [path] * 6 + second + filtered
