"""Agencies as they stood on a day, and the history of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Coalesce

from nhactruong.kernel.text import fold
from nhactruong.masterdata.organization.models import (
    Agency,
    AgencyIdentifier,
    AgencyName,
    Holding,
    Organ,
    Post,
    Unit,
)
from nhactruong.masterdata.organization.rules import new_form
from nhactruong.masterdata.reorganization.models import Part
from nhactruong.masterdata.reorganization.rules import State


def directory(day: date, *, words: str = "", level: str = "") -> QuerySet[Agency]:
    """Agencies in force on that day under the names they bore then, unordered.

    `words`: parts of a name, accents may be left out; or an identifier, in either form.
    """
    named = AgencyName.objects.filter(
        agency_id=OuterRef("pk"), valid__contains=day, superseded_at=None
    )
    rows: QuerySet[Any, Agency] = (
        Agency.objects.filter(valid_from__lte=day)
        .exclude(valid_to__lte=day)
        .annotate(
            name_then=Coalesce(Subquery(named.values("name")[:1]), F("name")),
            short_name_then=Coalesce(Subquery(named.values("short_name")[:1]), F("short_name")),
        )
    )
    if level:
        rows = rows.filter(level=level)
    asked = fold(words).split()
    if asked:
        code = words.strip().upper()
        identified = AgencyIdentifier.objects.filter(
            agency_id=OuterRef("pk"), value__in=[code, new_form(code)]
        )
        names = Q()
        for word in asked:
            names &= Q(folded__contains=word)
        rows = rows.alias(
            folded=Func(F("name_then"), function="office_fold", output_field=TextField())
        ).filter(names | Exists(identified))
    return rows


@dataclass(frozen=True, slots=True)
class Holder:
    """A post with its holder on the day; an empty name: vacant."""

    title: str
    unit: str
    name: str


@dataclass(frozen=True, slots=True)
class History:
    """An agency with its names, identifiers, what went before and what comes after."""

    agency: Agency
    names: Sequence[AgencyName]
    identifiers: Sequence[AgencyIdentifier]
    predecessors: Sequence[Part]
    successors: Sequence[Part]
    organs: Sequence[Organ]
    units: Sequence[Unit]
    posts: Sequence[Holder]

    def name_on(self, day: date) -> str:
        """What it was called on that day."""
        return next((row.name for row in self.names if day in row.valid), self.agency.name)


def history(agency: Agency, day: date) -> History:
    """The history of an agency, and its bodies, posts and holders on that day; six queries."""
    done = Part.objects.filter(reorganization__state=State.CARRIED_OUT.value).select_related(
        "agency", "successor", "reorganization"
    )
    parts = list(
        done.filter(Q(agency=agency) | Q(successor=agency)).order_by(
            "reorganization__effective_on", "agency__sort_key"
        )
    )

    def then(model: type[Organ] | type[Unit]) -> list[Organ | Unit]:
        rows = model._default_manager.filter(agency=agency, valid_from__lte=day)
        return list(rows.exclude(valid_to__lte=day).order_by("pk"))

    held = Holding.objects.filter(post_id=OuterRef("pk"), valid__contains=day).order_by("pk")
    posts = (
        Post.objects.filter(agency=agency, valid_from__lte=day)
        .exclude(valid_to__lte=day)
        .annotate(held_by=Subquery(held.values("person__full_name")[:1]))
        .order_by("rank", "pk")
        .values_list("title", "unit__name", "held_by")
    )
    return History(
        agency=agency,
        names=list(AgencyName.objects.filter(agency=agency, superseded_at=None).order_by("-valid")),
        identifiers=list(AgencyIdentifier.objects.filter(agency=agency).order_by("-valid", "pk")),
        predecessors=[part for part in parts if part.successor_id == agency.pk],
        successors=[part for part in parts if part.agency_id == agency.pk and part.successor_id],
        organs=[one for one in then(Organ) if isinstance(one, Organ)],
        units=[one for one in then(Unit) if isinstance(one, Unit)],
        posts=[Holder(title, unit or "", name or "") for title, unit, name in posts],
    )
