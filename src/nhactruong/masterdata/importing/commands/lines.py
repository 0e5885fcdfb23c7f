"""What each list writes, a set of rows at a time, through the bulk verbs of the organization."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.importing.checking import Checked
from nhactruong.masterdata.importing.checking.agencies import AgencyPlan
from nhactruong.masterdata.importing.checking.planning import HoldingPlan
from nhactruong.masterdata.importing.checking.units import UnitPlan
from nhactruong.masterdata.importing.rules import ListCode
from nhactruong.masterdata.organization import commands as organization
from nhactruong.masterdata.organization.models import Agency


class Made(NamedTuple):
    """What a row made or changed, by key."""

    person_id: int | None = None
    holding_id: int | None = None
    unit_id: int | None = None
    agency_id: int | None = None


Writer = Callable[[Sequence[Checked]], Mapping[int, Made]]


def writer_for(actor: Actor, code: ListCode) -> Writer:
    """The function that writes rows of that list and says what each made."""
    write = _WRITERS[code]
    return lambda rows: write(actor, rows)


def _write_people(actor: Actor, rows: Sequence[Checked]) -> Mapping[int, Made]:
    plans: list[HoldingPlan] = [row.plan for row in rows]
    people = {
        **organization.register_people(
            actor,
            {one.person_key: one.full_name or "" for one in plans if one.person_id is None},
        ),
        **{one.person_key: one.person_id for one in plans if one.person_id is not None},
    }
    organization.correct_names(
        actor, {one.person_id: one.full_name for one in plans if one.person_id and one.full_name}
    )
    posts = _write_posts(actor, plans)
    holdings = organization.set_holdings(
        actor,
        [
            organization.HoldingLine(
                one.holding_id,
                people[one.person_key],
                posts[one.post_key],
                one.kind,
                one.since,
                one.until,
            )
            for one in plans
        ],
    )
    return {
        row.number: Made(person_id=people[plan.person_key], holding_id=holding)
        for row, plan, holding in zip(rows, plans, holdings, strict=True)
    }


def _write_posts(actor: Actor, plans: Sequence[HoldingPlan]) -> Mapping[str, int]:
    """The posts of the rows by code; the first row about a post says what it is."""
    known = {one.post_key: one.post_id for one in plans if one.post_id is not None}
    first: dict[str, HoldingPlan] = {}
    for one in plans:
        if one.post_id is None or one.has_post_changes:
            first.setdefault(one.post_key, one)
    written = organization.set_posts(
        actor,
        [
            organization.PostLine(
                one.post_id,
                one.post_key,
                one.agency_id,
                one.unit_id,
                one.title,
                one.rank,
                one.since,
            )
            for one in first.values()
        ],
    )
    posts = {**known, **written}
    said = [one for one in first.values() if one.roles is not None]
    organization.set_roles(
        actor,
        {posts[one.post_key]: one.roles or () for one in said},
        {posts[one.post_key]: one.since for one in said if one.post_id is None},
    )
    return posts


def _write_units(actor: Actor, rows: Sequence[Checked]) -> Mapping[int, Made]:
    plans: list[UnitPlan] = [row.plan for row in rows]
    units = organization.set_units(
        actor,
        [
            organization.UnitLine(
                one.unit_id, one.key, one.agency_id, one.name, one.short_name, one.since
            )
            for one in plans
        ],
    )
    return {
        row.number: Made(unit_id=unit, agency_id=row.agency_id)
        for row, unit in zip(rows, units, strict=True)
    }


def _write_agencies(actor: Actor, rows: Sequence[Checked]) -> Mapping[int, Made]:
    plans: list[AgencyPlan] = [row.plan for row in rows]
    named = {word for one in plans for word in (one.identifier, one.superior)}
    known = {one.identifier: one for one in Agency.objects.filter(identifier__in=named)}
    for one in plans:
        if one.agency_id is None:
            known[one.identifier] = organization.found_agency(
                actor,
                key=one.key,
                name=one.name,
                short_name=one.short_name,
                level=one.level,
                kind="committee",
                symbol=one.symbol,
                identifier=one.identifier,
                issuer_lines=[one.name.upper()],
                place=one.place,
                seal_name=one.name,
                valid_from=one.since,
                parent=known.get(one.superior),
            )
    organization.correct_agencies(
        actor,
        [
            organization.AgencyLine(
                one.agency_id,
                one.name,
                one.short_name,
                one.level,
                one.symbol,
                one.place,
                known[one.superior].pk if one.superior else None,
                one.since,
            )
            for one in plans
            if one.agency_id is not None
        ],
    )
    return {
        row.number: Made(agency_id=known[plan.identifier].pk)
        for row, plan in zip(rows, plans, strict=True)
    }


_WRITERS: Final[Mapping[ListCode, Callable[[Actor, Sequence[Checked]], Mapping[int, Made]]]] = {
    ListCode.PEOPLE: _write_people,
    ListCode.UNITS: _write_units,
    ListCode.AGENCIES: _write_agencies,
}
