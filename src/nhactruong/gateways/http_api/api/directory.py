"""The directory: agencies, organs, units, posts and people, as they are or as they were."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.views.decorators.http import conditional_page
from ninja import Field, Query, Router, Schema
from ninja.decorators import decorate_view

from nhactruong.foundation.persistence.paging import keyset_page
from nhactruong.foundation.web.interface import MOST_ROWS, REFUSALS
from nhactruong.gateways.http_api.authentication import calling_service
from nhactruong.gateways.http_api.selectors import directory
from nhactruong.gateways.http_api.selectors.directory import Reach
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.organization.models import Agency, Holding, Organ, Post, Unit

T = TypeVar("T", bound=Model)

router = Router(tags=["danh bạ"])


class DayQuery(Schema):
    """On which day."""

    as_of: date | None = Field(None, description="Danh bạ của ngày này; trống: hôm nay.")


class DirectoryQuery(DayQuery):
    """Which page, of which agency, on which day."""

    agency_id: int | None = Field(None, ge=1, le=2**31 - 1)
    cursor: str = Field("", max_length=600, description="`next` của trang trước.")
    limit: int = Field(50, ge=1, le=MOST_ROWS, description="Số dòng một trang.")


class DirectoryPage(Schema):
    """Lines in the order in which they were entered; subclasses add `items`."""

    next: str | None = Field(None, description="Trang sau; null khi hết.")


class Pointer(Schema):
    """Another thing of the directory."""

    id: uuid.UUID
    name: str


class AgencyOut(Schema):
    """A legal body under the name it bore on the day."""

    id: uuid.UUID
    agency_id: int
    key: str
    name: str
    short_name: str
    level: str
    kind: str
    symbol: str
    identifier: str
    place: str
    parent: Pointer | None
    valid_from: date
    valid_to: date | None


class AgencyPage(DirectoryPage):
    """Agencies."""

    items: list[AgencyOut]


class OrganOut(Schema):
    """A body that decides and issues."""

    id: uuid.UUID
    agency_id: int
    key: str
    name: str
    kind: str
    symbol: str
    is_temporary: bool
    valid_from: date
    valid_to: date | None


class OrganPage(DirectoryPage):
    """Organs."""

    items: list[OrganOut]


class UnitOut(Schema):
    """A division of an agency."""

    id: uuid.UUID
    agency_id: int
    key: str
    name: str
    short_name: str
    valid_from: date
    valid_to: date | None


class UnitPage(DirectoryPage):
    """Units."""

    items: list[UnitOut]


class HolderOut(Pointer):
    """Who holds a post, and how."""

    held_as: str


class ReachedRole(Schema):
    """A role the post carries and the agency it reaches."""

    role: str
    agency_id: int


class PostOut(Schema):
    """A post; `holder` is null while it is vacant."""

    id: uuid.UUID
    agency_id: int
    key: str
    title: str
    unit: Pointer | None
    rank: int
    roles: list[ReachedRole]
    holder: HolderOut | None
    valid_from: date
    valid_to: date | None


class PostPage(DirectoryPage):
    """Posts."""

    items: list[PostOut]


class HeldPostOut(Schema):
    """A post a person holds, from when to when."""

    id: uuid.UUID
    agency_id: int
    title: str
    unit: Pointer | None
    held_as: str
    since: date | None
    until: date | None


class PersonOut(Schema):
    """A person: name and posts, nothing else."""

    id: uuid.UUID
    name: str
    posts: list[HeldPostOut]


class PersonPage(DirectoryPage):
    """People."""

    items: list[PersonOut]


def _reach(request: HttpRequest) -> Reach:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    return directory.reach_of(actor, calling_service(request))


def _page(
    rows: QuerySet[T], query: DirectoryQuery, line: Callable[[T], dict[str, Any]]
) -> dict[str, Any]:
    page = keyset_page(rows, order=directory.ORDER, cursor=query.cursor, rows=query.limit)
    return {"items": [line(row) for row in page.rows], "next": page.older or None}


def _of_agency(rows: QuerySet[T], query: DirectoryQuery, column: str = "agency_id") -> QuerySet[T]:
    return rows if query.agency_id is None else rows.filter(**{column: query.agency_id})


def _agency(row: Agency) -> dict[str, Any]:
    then: Any = row
    return {
        "id": row.public_id,
        "agency_id": row.pk,
        "key": row.key,
        "name": then.name_then,
        "short_name": then.short_name_then,
        "level": row.level,
        "kind": row.kind,
        "symbol": row.symbol,
        "identifier": row.identifier,
        "place": row.place,
        "parent": {"id": row.parent.public_id, "name": row.parent.short_name}
        if row.parent
        else None,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
    }


@router.get("/agencies", response={200: AgencyPage, **REFUSALS}, summary="Cơ quan")
@decorate_view(conditional_page)
def list_agencies(request: HttpRequest, query: Query[DirectoryQuery]) -> dict[str, Any]:
    """Agencies in force on the day."""
    rows = directory.agencies(_reach(request), query.as_of or clock.today())
    return _page(_of_agency(rows, query, "pk"), query, _agency)


@router.get(
    "/agencies/{uuid:public_id}", response={200: AgencyOut, **REFUSALS}, summary="Một cơ quan"
)
@decorate_view(conditional_page)
def get_agency(
    request: HttpRequest, public_id: uuid.UUID, query: Query[DayQuery]
) -> dict[str, Any]:
    """One agency on the day."""
    rows = directory.agencies(_reach(request), query.as_of or clock.today())
    return _agency(directory.one_of(rows, public_id))


def _organ(row: Organ) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "agency_id": row.agency_id,
        "key": row.key,
        "name": row.name,
        "kind": row.kind,
        "symbol": row.symbol,
        "is_temporary": row.is_temporary,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
    }


@router.get("/organs", response={200: OrganPage, **REFUSALS}, summary="Tổ chức ban hành văn bản")
@decorate_view(conditional_page)
def list_organs(request: HttpRequest, query: Query[DirectoryQuery]) -> dict[str, Any]:
    """Organs in force on the day."""
    rows = directory.organs(_reach(request), query.as_of or clock.today())
    return _page(_of_agency(rows, query), query, _organ)


def _unit(row: Unit) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "agency_id": row.agency_id,
        "key": row.key,
        "name": row.name,
        "short_name": row.short_name,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
    }


@router.get("/units", response={200: UnitPage, **REFUSALS}, summary="Đơn vị")
@decorate_view(conditional_page)
def list_units(request: HttpRequest, query: Query[DirectoryQuery]) -> dict[str, Any]:
    """Units in force on the day."""
    rows = directory.units(_reach(request), query.as_of or clock.today())
    return _page(_of_agency(rows, query), query, _unit)


def _post(row: Post) -> dict[str, Any]:
    then: Any = row
    return {
        "id": row.public_id,
        "agency_id": row.agency_id,
        "key": row.key,
        "title": row.title,
        "unit": {"id": row.unit.public_id, "name": row.unit.name} if row.unit else None,
        "rank": row.rank,
        "roles": [
            {"role": role.as_role.code, "agency_id": role.agency_id} for role in row.roles.all()
        ],
        "holder": {"id": then.holder_id, "name": then.holder_name, "held_as": then.held_as}
        if then.holder_id
        else None,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
    }


@router.get("/posts", response={200: PostPage, **REFUSALS}, summary="Chức danh")
@decorate_view(conditional_page)
def list_posts(request: HttpRequest, query: Query[DirectoryQuery]) -> dict[str, Any]:
    """Posts in force on the day, with roles and holders."""
    rows = directory.posts(_reach(request), query.as_of or clock.today())
    return _page(_of_agency(rows, query), query, _post)


@router.get("/posts/{uuid:public_id}", response={200: PostOut, **REFUSALS}, summary="Một chức danh")
@decorate_view(conditional_page)
def get_post(request: HttpRequest, public_id: uuid.UUID, query: Query[DayQuery]) -> dict[str, Any]:
    """One post on the day."""
    rows = directory.posts(_reach(request), query.as_of or clock.today())
    return _post(directory.one_of(rows, public_id))


def _held(row: Holding) -> dict[str, Any]:
    period: Any = row
    unit = row.post.unit
    return {
        "id": row.post.public_id,
        "agency_id": row.post.agency_id,
        "title": row.post.title,
        "unit": {"id": unit.public_id, "name": unit.name} if unit else None,
        "held_as": row.kind,
        "since": period.since,
        "until": period.until,
    }


@router.get("/people", response={200: PersonPage, **REFUSALS}, summary="Người giữ chức danh")
@decorate_view(conditional_page)
def list_people(request: HttpRequest, query: Query[DirectoryQuery]) -> dict[str, Any]:
    """People who held a post on the day, with these posts."""
    day = query.as_of or clock.today()
    reach = _reach(request)
    asked = reach if query.agency_id is None else _narrowed(reach, query.agency_id)
    page = keyset_page(
        directory.people(asked, day), order=directory.ORDER, cursor=query.cursor, rows=query.limit
    )
    held = directory.holdings_of([row.pk for row in page.rows], reach, day)
    return {
        "items": [
            {
                "id": row.public_id,
                "name": row.full_name,
                "posts": [_held(one) for one in held.get(row.pk, [])],
            }
            for row in page.rows
        ],
        "next": page.older or None,
    }


def _narrowed(reach: Reach, agency_id: int) -> Reach:
    within = reach.agencies is None or agency_id in reach.agencies
    return Reach(frozenset({agency_id} if within else ()))


@router.get("/people/{uuid:public_id}", response={200: PersonOut, **REFUSALS}, summary="Một người")
@decorate_view(conditional_page)
def get_person(
    request: HttpRequest, public_id: uuid.UUID, query: Query[DayQuery]
) -> dict[str, Any]:
    """One person with the posts held on the day."""
    day = query.as_of or clock.today()
    reach = _reach(request)
    person = directory.one_of(directory.people(reach, day), public_id)
    held = directory.holdings_of([person.pk], reach, day)
    return {
        "id": person.public_id,
        "name": person.full_name,
        "posts": [_held(one) for one in held.get(person.pk, [])],
    }
