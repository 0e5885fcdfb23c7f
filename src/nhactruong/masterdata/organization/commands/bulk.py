"""Whole lists at once: thousands of people, posts and times in posts in a few statements.

No row of the record for each: whoever calls records the list, its file and the agencies it touches,
and keeps which line made what. The caller has checked the lines under lock; what slipped in
meanwhile is refused by the constraints of the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.db.models.expressions import RawSQL

from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.text import collation_key, person_sort_key
from nhactruong.masterdata.organization.models import (
    Agency,
    AgencyName,
    Holding,
    Person,
    Post,
    PostRole,
    Unit,
)

#: Rows a statement writes.
_STEP = 1000


@dataclass(frozen=True, slots=True)
class PostLine:
    """What a post is; `post_id` is None for one to be created."""

    post_id: int | None
    key: str
    agency_id: int
    unit_id: int | None
    title: str
    rank: int
    since: date


@dataclass(frozen=True, slots=True)
class HoldingLine:
    """A time in a post; `holding_id` is None for one to be written."""

    holding_id: int | None
    person_id: int
    post_id: int
    kind: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class UnitLine:
    """What a unit is; `unit_id` is None for one to be created."""

    unit_id: int | None
    key: str
    agency_id: int
    name: str
    short_name: str
    since: date


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """What an agency that exists is to be."""

    agency_id: int
    name: str
    short_name: str
    level: str
    symbol: str
    place: str
    parent_id: int | None
    since: date


@command
def register_people(actor: Actor, names: Mapping[str, str]) -> Mapping[str, int]:
    """The keys of the people, registered under their codes with these names."""
    people = Person.objects.bulk_create(
        [
            Person(key=key, full_name=name, sort_key=person_sort_key(name))
            for key, name in names.items()
        ],
        batch_size=_STEP,
    )
    return {person.key: person.pk for person in people}


@command
def correct_names(actor: Actor, names: Mapping[int, str]) -> int:
    """The number of people whose name was corrected."""
    people = [
        Person(pk=key, full_name=name, sort_key=person_sort_key(name))
        for key, name in names.items()
    ]
    return Person.objects.bulk_update(people, ["full_name", "sort_key"], batch_size=_STEP)


@command
def set_posts(actor: Actor, lines: Iterable[PostLine]) -> Mapping[str, int]:
    """The posts by code: created, or changed in title, unit and rank."""
    known: dict[bool, list[Post]] = {True: [], False: []}
    for line in lines:
        known[line.post_id is not None].append(
            Post(
                pk=line.post_id,
                key=line.key,
                agency_id=line.agency_id,
                unit_id=line.unit_id,
                title=line.title,
                rank=line.rank,
                valid_from=line.since,
            )
        )
    Post.objects.bulk_update(known[True], ["title", "unit", "rank"], batch_size=_STEP)
    Post.objects.bulk_create(known[False], batch_size=_STEP)
    return {post.key: post.pk for posts in known.values() for post in posts}


@command
def set_roles(
    actor: Actor, roles: Mapping[int, Iterable[tuple[int, int]]], since: Mapping[int, date]
) -> int:
    """The number of roles given: each post carries exactly these (role, agency reached).

    A role begins on the post's day in `since`, else today; one that is no longer said ends today.
    """
    day = clock.today()
    lasting = Q(valid__endswith=None) | Q(valid__endswith__gt=day)
    carried: dict[tuple[int, int, int], int] = {
        (post_id, role, agency_id): key
        for key, post_id, role, agency_id in PostRole.objects.filter(
            lasting, post_id__in=list(roles), valid__isempty=False
        ).values_list("pk", "post_id", "role", "agency_id")
    }
    wanted = {(post_id, *pair) for post_id, pairs in roles.items() for pair in pairs}
    gone = [key for triple, key in carried.items() if triple not in wanted]
    PostRole.objects.filter(pk__in=gone).update(
        valid=RawSQL("daterange(lower(valid), greatest(lower(valid), %s))", [day])
    )
    given = PostRole.objects.bulk_create(
        [
            PostRole(
                post_id=post_id,
                role=role,
                agency_id=agency_id,
                valid=DateRange(since.get(post_id, day), None, "[)"),
            )
            for post_id, role, agency_id in sorted(wanted - carried.keys())
        ],
        batch_size=_STEP,
    )
    return len(given)


@command
def set_holdings(actor: Actor, lines: Sequence[HoldingLine]) -> Sequence[int]:
    """The keys of the times in posts, in the order of the lines: written, or corrected."""
    now = clock.now()
    rows = [
        Holding(
            pk=line.holding_id,
            person_id=line.person_id,
            post_id=line.post_id,
            kind=line.kind,
            valid=DateRange(line.since, line.until, "[)"),
            recorded_at=now,
        )
        for line in lines
    ]
    corrected = [row for row in rows if row.pk is not None]
    # One day of handing over that moves makes two periods overlap for a moment: empty ones never do.
    Holding.objects.filter(pk__in=[row.pk for row in corrected]).update(valid=DateRange(empty=True))
    Holding.objects.bulk_update(corrected, ["kind", "valid", "recorded_at"], batch_size=_STEP)
    Holding.objects.bulk_create([row for row in rows if row.pk is None], batch_size=_STEP)
    return [row.pk for row in rows]


@command
def set_units(actor: Actor, lines: Sequence[UnitLine]) -> Sequence[int]:
    """The keys of the units, in the order of the lines: created, or changed in name and day."""
    rows = [
        Unit(
            pk=line.unit_id,
            key=line.key,
            agency_id=line.agency_id,
            name=line.name,
            short_name=line.short_name,
            valid_from=line.since,
        )
        for line in lines
    ]
    fields = ["name", "short_name", "valid_from"]
    Unit.objects.bulk_update([row for row in rows if row.pk], fields, batch_size=_STEP)
    Unit.objects.bulk_create([row for row in rows if not row.pk], batch_size=_STEP)
    return [row.pk for row in rows]


@command
def correct_agencies(actor: Actor, lines: Iterable[AgencyLine]) -> int:
    """The number of agencies corrected; a corrected name supersedes the one that was wrong."""
    wanted = {line.agency_id: line for line in lines}
    agencies = list(Agency.objects.filter(pk__in=wanted).order_by("pk"))
    renamed = []
    for agency in agencies:
        line = wanted[agency.pk]
        if (agency.name, agency.short_name) != (line.name, line.short_name):
            renamed.append(agency.pk)
        if agency.issuer_lines == [agency.name.upper()]:
            agency.issuer_lines = [line.name.upper()]
        agency.name, agency.short_name = line.name, line.short_name
        agency.sort_key = collation_key(line.short_name)
        agency.level, agency.symbol, agency.place = line.level, line.symbol, line.place
        agency.parent_id, agency.valid_from = line.parent_id, line.since
    fields = ["name", "short_name", "issuer_lines", "sort_key", "level", "symbol", "place"]
    Agency.objects.bulk_update(agencies, [*fields, "parent", "valid_from"], batch_size=_STEP)
    _supersede_names({agency.pk: agency for agency in agencies if agency.pk in renamed})
    return len(agencies)


def _supersede_names(agencies: Mapping[int, Agency]) -> None:
    now = clock.now()
    present = list(
        AgencyName.objects.filter(
            agency_id__in=agencies, superseded_at=None, valid__endswith=None
        ).order_by("pk")
    )
    AgencyName.objects.filter(pk__in=[row.pk for row in present]).update(superseded_at=now)
    AgencyName.objects.bulk_create(
        [
            AgencyName(
                agency_id=row.agency_id,
                name=agencies[row.agency_id].name,
                short_name=agencies[row.agency_id].short_name,
                issuer_lines=agencies[row.agency_id].issuer_lines,
                valid=row.valid,
                recorded_at=now,
            )
            for row in present
        ],
        batch_size=_STEP,
    )
