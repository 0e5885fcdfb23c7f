"""Finding people and agencies: by any part of a name, by initials, by unit, page by page.

A door of its own beside `selectors`: it reads the whole directory, however large.
Source: architecture.md 5 (any part and initials; given, middle, family name).
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from django.db.models import QuerySet

from nhactruong.foundation.persistence.paging import Page, keyset_page
from nhactruong.kernel import clock
from nhactruong.kernel.text import fold
from nhactruong.masterdata.organization.models import Agency, Holding, Organ, Person, Post
from nhactruong.masterdata.organization.selectors.bodies import existing_on

_MOST_FOUND: Final = 20
_MOST_WORDS: Final = 6
_MOST_COMPARED: Final = 1_000
#: What the index finds anywhere in a word has at least one letter more.
_LETTERS: Final = 2


@dataclass(frozen=True, slots=True)
class Seat:
    """A post somebody holds, as a directory shows it."""

    title: str
    unit: str
    agency: str


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody with the posts of the day, the main one first."""

    person_id: int
    full_name: str
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """Who was found, and whether all who match were compared."""

    people: tuple[Found, ...]
    is_complete: bool


def people(
    words: str,
    *,
    agency_ids: Iterable[int] | None = None,
    most: int = _MOST_FOUND,
    on: date | None = None,
) -> Findings:
    """People whose name has every word in some part, or whose initials have it; two queries.

    One or two letters are looked for at the beginnings of words, more anywhere. In the order of
    names; with `agency_ids` only those who hold a post there on that day. When more than a
    thousand match, only the first thousand registered are compared and `is_complete` is False:
    whoever asks types one word more.
    """
    asked = fold(words).split()[:_MOST_WORDS]
    if not asked:
        return Findings((), True)
    day = on or clock.today()
    # In the order of keys: what is common is met at once on the way, what is rare comes from the
    # index. In the order of names everybody of one given name stands together, far down the way.
    rows = _matching(asked, agency_ids, day).order_by("pk")
    candidates = list(rows.values_list("sort_key", "pk", "full_name")[: _MOST_COMPARED + 1])
    chosen = sorted(candidates[:_MOST_COMPARED])[:most]
    seats = _seats([pk for _, pk, _ in chosen], day)
    return Findings(
        tuple(Found(pk, name, tuple(seats.get(pk, ()))) for _, pk, name in chosen),
        len(candidates) <= _MOST_COMPARED,
    )


def _matching(
    asked: Sequence[str], agency_ids: Iterable[int] | None, day: date
) -> QuerySet[Person]:
    rows = Person.objects.all()
    for word in asked:
        rows = rows.filter(named__contains=word if len(word) > _LETTERS else f" {word}")
    if agency_ids is not None:
        there = Holding.objects.filter(
            post__agency_id__in=list(agency_ids), valid__contains=day
        ).values("person_id")
        rows = rows.filter(pk__in=there)
    return rows


def _with_seats(rows: Iterable[Person], day: date) -> list[Found]:
    found = list(rows)
    seats = _seats([person.pk for person in found], day)
    return [Found(person.pk, person.full_name, tuple(seats.get(person.pk, ()))) for person in found]


def _seats(person_ids: Sequence[int], day: date) -> Mapping[int, list[Seat]]:
    held = (
        Holding.objects.filter(person_id__in=person_ids, valid__contains=day)
        .order_by("-kind", "post__rank", "post_id")
        .values_list("person_id", "post__title", "post__unit__name", "post__agency__short_name")
    )
    seats: dict[int, list[Seat]] = defaultdict(list)
    for person_id, title, unit, agency in held:
        seats[person_id].append(Seat(title, unit or "", agency))
    return seats


def page(
    cursor: str = "", *, rows: int = 50, on: date | None = None
) -> tuple[Page[Person], list[Found]]:
    """One page of the whole directory in the order of names, with the posts of the day.

    Raises: InvalidInput `page.bad_cursor`.
    """
    found = keyset_page(Person.objects.all(), order=("sort_key", "id"), cursor=cursor, rows=rows)
    return found, _with_seats(found.rows, on or clock.today())


def unit_list(unit_id: int, on: date | None = None) -> Sequence[tuple[str, str]]:
    """(title, name of the holder) of the posts of a unit, by rank; vacant ones have no name."""
    day = on or clock.today()
    posts = Post.objects.filter(unit_id=unit_id, valid_from__lte=day).exclude(valid_to__lte=day)
    titles = list(posts.order_by("rank", "pk").values_list("pk", "title"))
    held = Holding.objects.filter(post_id__in=[pk for pk, _ in titles], valid__contains=day)
    names = dict(held.values_list("post_id", "person__full_name"))
    return [(title, names.get(pk, "")) for pk, title in titles]


@dataclass(frozen=True, slots=True)
class Called:
    """An agency in force with what people call it: its name, its short name, its organs' names."""

    agency_id: int
    short_name: str
    above: str
    names: tuple[str, ...]


def called() -> list[Called]:
    """Every agency in force today in Vietnamese order, in plain rows: there may be thousands.

    Two queries.
    """
    day = clock.today()
    organs: dict[int, list[str]] = defaultdict(list)
    rows = Organ.objects.filter(valid_from__lte=day).exclude(valid_to__lte=day)
    for agency_id, name in rows.values_list("agency_id", "name"):
        organs[agency_id].append(name)
    standing = existing_on(Agency.objects.all(), day).order_by("level", "sort_key")
    return [
        Called(pk, short, above or "", (name, short, *organs.get(pk, ())))
        for pk, name, short, above in standing.values_list(
            "pk", "name", "short_name", "parent__short_name"
        )
    ]


def agencies(words: str, *, most: int = _MOST_FOUND) -> list[Called]:
    """Agencies in force of which one name has every word in some part; two queries."""
    asked = fold(words).split()[:_MOST_WORDS]
    if not asked:
        return []
    found = (one for one in called() if any(_has(name, asked) for name in one.names))
    return list(itertools.islice(found, most))


def _has(name: str, asked: Sequence[str]) -> bool:
    folded = _folded(name)
    return all(word in folded for word in asked)


#: Names are folded once a process, whoever asks: folding is most of the work.
_folded = lru_cache(maxsize=40_000)(fold)
