"""The directory on a day: bodies, posts and people, as far as the caller's reach goes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from django.db.models import (
    CharField,
    DateField,
    Exists,
    F,
    Model,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, Lower, Upper

from nhactruong.gateways.http_api.rules import Scope
from nhactruong.gateways.http_api.selectors.keys import Service
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound
from nhactruong.masterdata.organization.models import (
    Agency,
    AgencyName,
    Holding,
    Organ,
    Person,
    Post,
    PostRole,
    Unit,
)

T = TypeVar("T", bound=Model)

#: Order of every list of the directory; what is entered later stands behind.
ORDER: Final = ("id",)


@dataclass(frozen=True, slots=True)
class Reach:
    """The agencies whose directory a caller may read; None: every agency."""

    agencies: frozenset[int] | None

    def over(self, column: str = "agency_id") -> Q:
        """The condition that `column` names an agency in reach."""
        return Q() if self.agencies is None else Q(**{f"{column}__in": self.agencies})


def reach_of(actor: Actor, service: Service | None) -> Reach:
    """How far the caller may browse.

    People who hold a post read the whole directory, whoever holds none reads nothing. A program
    reads what its key says. Source: security.md 8 (external organisations: no directory browsing).
    """
    if service is not None:
        everywhere = Scope.DIRECTORY_ALL in service.scopes
        return Reach(None if everywhere else frozenset({service.agency_id}))
    return Reach(None if actor.posts else frozenset())


def _in_force(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))


def agencies(reach: Reach, day: date) -> QuerySet[Agency]:
    """Agencies in force on that day, under the names they bore then."""
    named = AgencyName.objects.filter(
        agency_id=OuterRef("pk"), valid__contains=day, superseded_at=None
    )
    return (
        Agency.objects.filter(_in_force(day), reach.over("pk"))
        .select_related("parent")
        .annotate(
            name_then=Coalesce(Subquery(named.values("name")[:1]), F("name")),
            short_name_then=Coalesce(Subquery(named.values("short_name")[:1]), F("short_name")),
        )
    )


def organs(reach: Reach, day: date) -> QuerySet[Organ]:
    """Organs in force on that day."""
    return Organ.objects.filter(_in_force(day), reach.over()).select_related("agency")


def units(reach: Reach, day: date) -> QuerySet[Unit]:
    """Units in force on that day."""
    return Unit.objects.filter(_in_force(day), reach.over()).select_related("agency")


def posts(reach: Reach, day: date) -> QuerySet[Post]:
    """Posts in force on that day, with the roles they carried and who held them."""
    held = Holding.objects.filter(post_id=OuterRef("pk"), valid__contains=day)
    return (
        Post.objects.filter(_in_force(day), reach.over())
        .select_related("agency", "unit")
        .prefetch_related(Prefetch("roles", PostRole.objects.filter(valid__contains=day)))
        .annotate(
            holder_id=Subquery(held.values("person__public_id")[:1]),
            holder_name=Subquery(
                held.values("person__full_name")[:1], output_field=CharField(null=True)
            ),
            held_as=Subquery(held.values("kind")[:1], output_field=CharField(null=True)),
        )
    )


def people(reach: Reach, day: date) -> QuerySet[Person]:
    """People who held a post in reach on that day; whoever held none does not stand here."""
    held = Holding.objects.filter(reach.over("post__agency_id"), valid__contains=day)
    return Person.objects.filter(Exists(held.filter(person_id=OuterRef("pk"))))


def holdings_of(person_ids: Iterable[int], reach: Reach, day: date) -> Mapping[int, list[Holding]]:
    """The posts in reach that each person held on that day, by person; one query."""
    found: dict[int, list[Holding]] = {}
    rows = (
        Holding.objects.filter(
            reach.over("post__agency_id"), person_id__in=list(person_ids), valid__contains=day
        )
        .select_related("post__agency", "post__unit")
        .annotate(
            since=Lower("valid", output_field=DateField()),
            until=Upper("valid", output_field=DateField(null=True)),
        )
        .order_by("post__rank", "pk")
    )
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found


def one_of(rows: QuerySet[T], public_id: uuid.UUID) -> T:
    """The row of that identifier. Raises: NotFound for what is not there or not in reach."""
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise NotFound("directory.not_found", "Không có mục này trong danh bạ.")
    return row
