"""What of the organization an order is about: roles, holders, who gains, who decides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet

from nhactruong.foundation.access.rules import post_token
from nhactruong.foundation.accounts import selectors as accounts
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.states import Role
from nhactruong.masterdata.changes.models import ChangeOrder
from nhactruong.masterdata.changes.policies import DECIDING
from nhactruong.masterdata.changes.rules import FOR_A_PERSON, Kind, State, suggested_username
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import (
    Agency,
    Delegation,
    Holding,
    Post,
    PostRole,
    Unit,
)


def period(since: date, until: date | None = None) -> DateRange:
    """The days from one day on, up to another and not with it."""
    return DateRange(since, until, "[)")


def posts_in_force(agency_ids: Iterable[int], day: date) -> QuerySet[Post]:
    """Posts of these agencies that stand on that day or later, by rank."""
    return (
        Post.objects.filter(agency_id__in=list(agency_ids))
        .exclude(valid_to__lte=day)
        .select_related("unit")
        .order_by("rank", "pk")
    )


def units_in_force(agency_id: int, day: date) -> QuerySet[Unit]:
    """Units of the agency that stand on that day or later."""
    return Unit.objects.filter(agency_id=agency_id).exclude(valid_to__lte=day).order_by("pk")


def lasting_roles(post_ids: Iterable[int], since: date) -> QuerySet[PostRole]:
    """Roles these posts carry from that day on, or will."""
    return (
        PostRole.objects.filter(post_id__in=list(post_ids), valid__isempty=False)
        .filter(Q(valid__endswith=None) | Q(valid__endswith__gt=since))
        .select_related("agency")
        .order_by("role", "agency_id", "pk")
    )


def holdings_during(since: date, until: date | None = None) -> QuerySet[Holding]:
    """Times in posts with a day in that period."""
    return (
        Holding.objects.filter(valid__overlap=period(since, until), valid__isempty=False)
        .select_related("person", "post")
        .order_by("pk")
    )


def gaining(order: ChangeOrder) -> frozenset[int]:
    """The people to whom the order gives something.

    A role is given to whoever holds the post then, and to whom the post is lent at this second.
    """
    if order.as_kind in FOR_A_PERSON:
        return frozenset({order.the_person.pk})
    if order.as_kind is not Kind.GRANT_ROLE:
        return frozenset()
    now = clock.now()
    # Who leaves before the day comes still asked for his own post.
    holding = holdings_during(clock.today()).filter(post=order.the_post)
    lent = Delegation.objects.filter(
        Q(revoked_at=None) | Q(revoked_at__gt=now),
        post=order.the_post,
        valid__endswith__gt=now,
    )
    ids = holding.order_by().values_list("person_id").union(lent.values_list("delegate_id"))
    return frozenset(person_id for (person_id,) in ids)


def decider_for(order: ChangeOrder, apart_from: Collection[int]) -> int | None:
    """The agency whose head of office decides: the order's own, else the next above; None: nobody.

    The head is none of `apart_from` and decides for the agency the role reaches as well.
    """
    today = clock.today()
    agency: Agency | None = order.agency
    seen: set[int] = set()
    while agency is not None and agency.pk not in seen:
        seen.add(agency.pk)
        heads = Holding.objects.filter(
            valid__contains=today,
            post__roles__role=DECIDING,
            post__roles__agency_id=agency.pk,
            post__roles__valid__contains=today,
        ).exclude(person_id__in=list(apart_from))
        for person_id in sorted(set(heads.values_list("person_id", flat=True))):
            if order.reached_id is None or order.reached_id in _headed_by(person_id, today):
                return agency.pk
        agency = agency.parent
    return None


def _headed_by(person_id: int, day: date) -> frozenset[int]:
    headed = PostRole.objects.filter(
        role=DECIDING,
        valid__contains=day,
        post__holdings__person_id=person_id,
        post__holdings__valid__contains=day,
    )
    return organization.with_those_below(headed.values_list("agency_id", flat=True))


def is_last(post_id: int, role: Role, agency_id: int, day: date) -> bool:
    """Whether no other post carries the role for that agency from that day on."""
    others = PostRole.objects.filter(role=role, agency_id=agency_id, valid__contains=day)
    return not others.exclude(post_id=post_id).exists()


def administrators(agency_id: int) -> frozenset[int]:
    """The people who administer the system for the agency today."""
    today = clock.today()
    rows = Holding.objects.filter(
        valid__contains=today,
        post__roles__role=Role.SYSADMIN,
        post__roles__agency_id=agency_id,
        post__roles__valid__contains=today,
    )
    return frozenset(rows.values_list("person_id", flat=True))


def waiting_at(post_id: int) -> int:
    """How much open work waits at the post itself."""
    return workitems.waiting_at([post_token(post_id)]).get(post_token(post_id), (0, 0))[0]


def main_holdings(day: date) -> QuerySet[Holding]:
    """Times in a main post with that day in them, with the account of the holder."""
    rows = Holding.objects.filter(valid__contains=day, kind=Holding.Kind.MAIN)
    return rows.select_related("person__account", "post")


def is_username_free(username: str, person_id: int) -> bool:
    """Whether no account has the name and no other open order asks for it."""
    asked = ChangeOrder.objects.filter(
        kind=Kind.GIVE_ACCOUNT, state=State.REQUESTED, said__username=username
    ).exclude(person_id=person_id)
    return not accounts.is_username_taken(username) and not asked.exists()


def free_username(full_name: str, person_id: int) -> str:
    """A name to sign in with, drawn from the person's; with a figure when others have it."""
    wanted = suggested_username(full_name)
    number, found = 1, wanted
    while found and not is_username_free(found, person_id):
        number += 1
        found = f"{wanted}{number}"
    return found


def carried_roles(post_ids: Sequence[int], day: date) -> Mapping[int, Sequence[PostRole]]:
    """By post the roles of that day and later; one query."""
    found: dict[int, list[PostRole]] = {}
    for row in lasting_roles(post_ids, day):
        found.setdefault(row.post_id, []).append(row)
    return found
