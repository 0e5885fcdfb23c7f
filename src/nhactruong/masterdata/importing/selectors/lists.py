"""The lists as they stand, in the very cells an import would read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from django.db.models import Q

from nhactruong.kernel import clock
from nhactruong.kernel.text import fold
from nhactruong.masterdata.importing.checking.base import words_of
from nhactruong.masterdata.importing.checking.fetching import role_words
from nhactruong.masterdata.importing.rules import ListCode
from nhactruong.masterdata.importing.rules.lists import HOLDING_KINDS, LEVELS
from nhactruong.masterdata.organization.models import Agency, Holding, PostRole, Unit

_STEP: Final = 1000

Lines = Iterator[list[str]]


def lines_of(code: ListCode, scope: frozenset[int]) -> Lines:
    """The list of these agencies, row by row, read a thousand at a time.

    People stand in it with the posts they hold today or are to hold; bodies that have ended do not.
    """
    return _LISTS[code](scope)


def _people(scope: frozenset[int]) -> Lines:
    day = clock.today()
    identifiers = dict(Agency.objects.values_list("pk", "identifier"))
    units = _unit_words(scope)
    lasting = Q(valid__endswith=None) | Q(valid__endswith__gt=day)
    rows = (
        Holding.objects.filter(lasting, post__agency_id__in=scope, valid__isempty=False)
        .select_related("person", "post")
        .order_by("pk")
    )
    last = 0
    while held := list(rows.filter(pk__gt=last)[:_STEP]):
        last = held[-1].pk
        roles: dict[int, set[tuple[int, int]]] = {}
        for post_id, role, agency_id in PostRole.objects.filter(
            lasting, post_id__in={row.post_id for row in held}, valid__isempty=False
        ).values_list("post_id", "role", "agency_id"):
            roles.setdefault(post_id, set()).add((role, agency_id))
        for row in held:
            post = row.post
            yield [
                row.person.key,
                row.person.full_name,
                identifiers[post.agency_id],
                units.get(post.unit_id or 0, ""),
                post.title,
                post.key,
                str(post.rank),
                role_words(roles.get(post.pk, ()), post.agency_id, identifiers),
                HOLDING_KINDS[row.kind],
                words_of(row.valid.lower),
                words_of(row.valid.upper),
            ]


def _unit_words(scope: frozenset[int]) -> Mapping[int, str]:
    """How each unit is called in a cell: by its name, by its code where two bear the name."""
    units = list(Unit.objects.filter(agency_id__in=scope, valid_to=None))
    named = Counter(
        (unit.agency_id, fold(name)) for unit in units for name in {unit.name, unit.short_name}
    )
    return {
        unit.pk: unit.name if named[unit.agency_id, fold(unit.name)] == 1 else unit.key
        for unit in units
    }


def _units(scope: frozenset[int]) -> Lines:
    rows = Unit.objects.filter(agency_id__in=scope, valid_to=None).select_related("agency")
    last = 0
    while units := list(rows.filter(pk__gt=last).order_by("pk")[:_STEP]):
        last = units[-1].pk
        for unit in units:
            yield [
                unit.agency.identifier,
                unit.key,
                unit.name,
                unit.short_name,
                words_of(unit.valid_from),
            ]


def _agencies(scope: frozenset[int]) -> Lines:
    """Superiors stand before those below them, as a file must have them."""
    rows = Agency.objects.filter(pk__in=scope, valid_to=None).select_related("parent")
    waiting = list(rows.order_by("level", "sort_key", "pk"))
    here = {agency.pk for agency in waiting}
    told: set[int] = set()
    while waiting:
        ready = [one for one in waiting if one.parent_id not in here or one.parent_id in told]
        for agency in ready or waiting:
            yield [
                agency.identifier,
                agency.name,
                agency.short_name,
                LEVELS[agency.level],
                agency.parent.identifier if agency.parent else "",
                agency.symbol,
                agency.place,
                words_of(agency.valid_from),
            ]
        told |= {agency.pk for agency in ready}
        waiting = [one for one in waiting if one not in ready] if ready else []


_LISTS: Final[Mapping[ListCode, Callable[[frozenset[int]], Lines]]] = {
    ListCode.PEOPLE: _people,
    ListCode.UNITS: _units,
    ListCode.AGENCIES: _agencies,
}
