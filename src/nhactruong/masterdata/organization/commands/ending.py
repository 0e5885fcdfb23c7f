"""Bodies, posts and times in posts that end on a day, and what passes on to who comes after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from nhactruong.foundation.access.rules import unit_token
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound, RuleBroken
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization.models import (
    Agency,
    AgencyIdentifier,
    Holding,
    InheritedSight,
    Organ,
    OrganMembership,
    Person,
    Post,
    PostRole,
    Registry,
    RegistryService,
    SigningAuthority,
    Unit,
)
from nhactruong.masterdata.organization.rules import UNIT_HEADS, sight_of

#: A period that has not begun by then becomes empty.
_END: Final = """
UPDATE {table} SET valid = daterange(lower(valid), greatest(lower(valid), %s))
 WHERE {column} = ANY(%s) AND (upper(valid) IS NULL OR upper(valid) > %s)"""


def _end_periods(model: type[Any], column: str, ids: Iterable[int], on: date) -> int:
    """The number of rows of a table of periods that now end on that day at the latest."""
    with connection.cursor() as cursor:
        sql = _END.format(table=model._meta.db_table, column=column)
        cursor.execute(sql, [on, sorted(ids), on])
        ended: int = cursor.rowcount
    return ended


def _end_posts(ids: Sequence[int], on: date) -> None:
    for model in (PostRole, Holding, OrganMembership, SigningAuthority):
        _end_periods(model, "post_id", ids, on)
    Post.objects.filter(pk__in=ids).exclude(valid_to__lte=on).update(valid_to=on)


@command
def end_holding(actor: Actor, person: Person, post: Post, *, on: date) -> Holding:
    """The person's time in the post, over from that day on.

    Raises: NotFound `holding.none` when he does not hold it on the day before.
    """
    held = (
        Holding.objects.select_for_update(of=("self",))
        .filter(person=person, post=post, valid__startswith__lt=on)
        .filter(Q(valid__endswith=None) | Q(valid__endswith__gt=on))
        .first()
    )
    if held is None:
        raise NotFound("holding.none", "Người này không giữ chức danh ấy.")
    _end_periods(Holding, "id", [held.pk], on)
    held.refresh_from_db()
    audit.record(actor, "organization.holding_ended", person, post=post.key, on=on.isoformat())
    return held


@command
def take_role(actor: Actor, post: Post, role: Role, reached: Agency, *, on: date) -> PostRole:
    """The role of the post for that agency, over from that day on; one to come never begins.

    Raises: NotFound `role.none` when the post does not carry it that day or later.
    """
    carried = (
        PostRole.objects.select_for_update(of=("self",))
        .filter(post=post, role=role.value, agency=reached, valid__isempty=False)
        .filter(Q(valid__endswith=None) | Q(valid__endswith__gt=on))
        .order_by("valid")
    )
    rows = list(carried)
    if not rows:
        raise NotFound("role.none", "Chức danh này không có vai trò ấy.")
    _end_periods(PostRole, "id", [row.pk for row in rows], on)
    rows[0].refresh_from_db()
    audit.record(
        actor,
        "organization.role_taken",
        post,
        role=role.code,
        reached=reached.key,
        on=on.isoformat(),
    )
    return rows[0]


@command
def close_post(actor: Actor, post: Post, *, on: date) -> Post:
    """The post, no longer in force from that day, with its roles, holders, seats and authorities.

    The caller has seen to it that no work waits there.
    """
    _end_posts([post.pk], on)
    post.refresh_from_db()
    audit.record(actor, "organization.post_closed", post, on=on.isoformat())
    return post


@command
def close_unit(actor: Actor, unit: Unit, *, on: date) -> Unit:
    """The unit, no longer in force from that day. Raises: RuleBroken while a post stands in it."""
    if Post.objects.filter(unit=unit).exclude(valid_to__lte=on).exists():
        raise RuleBroken(
            "organization.unit_has_posts", "Phòng còn chức danh nên chưa kết thúc được."
        )
    Unit.objects.filter(pk=unit.pk).update(valid_to=on)
    unit.refresh_from_db()
    audit.record(actor, "organization.unit_closed", unit, on=on.isoformat())
    return unit


@command
def close_agency(actor: Actor, agency: Agency, *, on: date, reason: str) -> Agency:
    """The agency, no longer in force from that day: with its units, organs, posts and holders.

    Its names and what it issued stay. The caller has moved whatever was open.
    """
    own = {"agency_id": agency.pk}
    _end_posts(list(Post.objects.filter(**own).values_list("pk", flat=True)), on)
    organs = list(Organ.objects.filter(**own).values_list("pk", flat=True))
    _end_periods(SigningAuthority, "organ_id", organs, on)
    _end_periods(OrganMembership, "organ_id", organs, on)
    _end_periods(AgencyIdentifier, "agency_id", [agency.pk], on)
    for model in (Unit, Organ):
        model._default_manager.filter(**own).exclude(valid_to__lte=on).update(valid_to=on)
    Agency.objects.filter(pk=agency.pk).update(valid_to=on)
    agency.refresh_from_db()
    audit.record(actor, "organization.agency_closed", agency, reason=reason, on=on.isoformat())
    return agency


@dataclass(frozen=True, slots=True)
class Gained:
    """A role that a post takes over with the work of another."""

    post_id: int
    role: int
    agency_id: int


@command
def hand_over_posts(
    actor: Actor,
    posts: Mapping[int, int],
    units: Mapping[int, int],
    gained: Iterable[Gained],
    *,
    since: date,
) -> int:
    """The number of tokens that successors now bear; `posts`, `units`: which follows which.

    Each successor also carries the roles `gained`, so that what waits for, or is shown to, a role
    of a body that has ended is in charge of the role that comes after.
    """
    with connection.cursor() as cursor:
        rows = list(gained)
        cursor.execute(
            # A role the post already carries at that time is left as it is.
            "INSERT INTO organization_postrole (post_id, role, agency_id, valid)"
            " SELECT told.*, daterange(%s::date, NULL)"
            " FROM unnest(%s::bigint[], %s::smallint[], %s::bigint[]) AS told"
            " ON CONFLICT ON CONSTRAINT role_once_at_a_time DO NOTHING",
            [
                since,
                [row.post_id for row in rows],
                [row.role for row in rows],
                [row.agency_id for row in rows],
            ],
        )
    tokens = _sight_of_posts(posts, since)
    borne = {(after, token) for old, after in posts.items() for token in tokens.get(old, ())}
    for head in Post.objects.filter(
        unit_id__in=set(units.values()),
        roles__role__in=[role.value for role in UNIT_HEADS],
        roles__valid__contains=since,
    ).distinct():
        # The head of the unit that comes after sees what was the unit's, whoever led it before.
        borne |= {(head.pk, unit_token(old)) for old, new in units.items() if new == head.unit_id}
    passed = InheritedSight.objects.bulk_create(
        [InheritedSight(post_id=post, token=token, since=since) for post, token in sorted(borne)],
        ignore_conflicts=True,
    )
    return len(passed)


def _sight_of_posts(ids: Iterable[int], day: date) -> Mapping[int, set[int]]:
    """The tokens of posts and units these posts bear on that day, inherited ones as well."""
    found: dict[int, set[int]] = {}
    for post in Post.objects.filter(pk__in=list(ids)).prefetch_related("roles", "inherited"):
        # The roles themselves are handed over as roles, for the bodies they reach.
        roles = frozenset(
            (row.as_role, row.agency_id) for row in post.roles.all() if day in row.valid
        )
        by_role = sight_of(post.pk, None, roles) - {*sight_of(post.pk, None, frozenset())}
        found[post.pk] = sight_of(post.pk, post.unit_id, roles) - by_role
        found[post.pk] |= {row.token for row in post.inherited.all()}
    return found


@command
def hand_over_books(actor: Actor, registries: Mapping[int, int], *, since: date) -> int:
    """The number of agencies whose books another registry now keeps.

    `registries` says, for each registry that ends, which comes after; what the registry served
    is served by that one from the day on, so that its books stay in one custody.
    """
    served = list(
        RegistryService.objects.filter(registry_id__in=list(registries), valid__contains=since)
    )
    _end_periods(RegistryService, "id", [row.pk for row in served], since)
    RegistryService.objects.bulk_create(
        [
            RegistryService(
                registry_id=registries[row.registry_id],
                agency_id=row.agency_id,
                valid=DateRange(since, None, "[)"),
            )
            for row in served
        ]
    )
    for registry in Registry.objects.filter(pk__in=list(registries)):
        audit.record(actor, "organization.books_handed_over", registry)
    return len(served)
