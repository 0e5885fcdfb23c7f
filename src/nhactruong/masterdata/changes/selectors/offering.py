"""What the forms offer: agencies, posts, roles carried and people within the requester's reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import ROLE_LABELS
from nhactruong.masterdata.changes.policies import (
    EVERYWHERE,
    REQUESTING,
    can_request_for,
    units_led,
)
from nhactruong.masterdata.changes.rules import ABOUT_ACCOUNTS, OF_A_UNIT, Kind
from nhactruong.masterdata.changes.selectors import facts
from nhactruong.masterdata.organization import finding
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Agency, Holding, Person, Post

Choices = Sequence[tuple[str, str]]
#: A picker lists so many people at once; all others are found by typing.
_MOST_LISTED = 300


def agencies_for(actor: Actor) -> Sequence[Agency]:
    """The agencies for which the actor may ask, those of his own posts first.

    A head asks where his unit is, not wherever his role reaches.
    """
    own = {post.agency_id for post in actor.posts}
    found = [
        agency
        for agency in organization.agencies(actor.agencies_with(*REQUESTING))
        if agency.pk in own or actor.has_any_role(EVERYWHERE, agency.pk)
    ]
    return sorted(found, key=lambda agency: agency.pk not in own)


def kinds_for(actor: Actor, agency_id: int) -> Sequence[Kind]:
    """The kinds of change the actor may ask for at the agency."""
    units: set[int | None] = {None}
    if actor.agencies_with(*REQUESTING) and not actor.has_any_role(EVERYWHERE, agency_id):
        led = organization.units_of([agency_id]).filter(pk__in=units_led(actor))
        units = set(led.values_list("pk", flat=True))
    return [
        kind
        for kind in Kind
        if any(can_request_for(actor, kind, agency_id, unit_id) for unit_id in units)
    ]


def choices_for(actor: Actor, kind: Kind, agency: Agency) -> Mapping[str, Choices]:
    """By field what the form of that kind offers there; at most four queries."""
    if kind not in OF_A_UNIT:
        return {}
    if kind is Kind.OPEN_POST:
        units = facts.units_in_force(agency.pk, clock.today())
        return {
            "unit": [
                (str(unit.pk), unit.name)
                for unit in units
                if can_request_for(actor, kind, agency.pk, unit.pk)
            ]
        }
    posts = [
        post
        for post in facts.posts_in_force([agency.pk], clock.today())
        if can_request_for(actor, kind, agency.pk, post.unit_id)
    ]
    if kind is Kind.TAKE_ROLE:
        return {"carried": _carried(posts)}
    if kind in ABOUT_ACCOUNTS:
        return {"holder": _holders(kind, posts)}
    held = {
        row.post_id: row
        for row in facts.holdings_during(clock.today()).filter(
            post_id__in=[post.pk for post in posts]
        )
    }
    if kind is Kind.END_HOLDING:
        return {
            "held": [
                (f"{post.pk}.{row.person_id}", f"{row.person.full_name}, {_named(post)}")
                for post in posts
                if (row := held.get(post.pk)) is not None
            ]
        }
    if kind is Kind.GRANT_ROLE:
        below = organization.with_those_below(actor.agencies_with(*REQUESTING))
        return {
            "post": [(str(post.pk), _with_holder(post, held.get(post.pk))) for post in posts],
            "reached": [
                (str(one.pk), one.short_name)
                for one in sorted(organization.agencies(below), key=lambda one: one != agency)
            ],
        }
    # A post whose holder is known to leave may be given to the next from that day.
    free = [post for post in posts if post.pk not in held or held[post.pk].valid.upper is not None]
    return {"post": [(str(post.pk), _with_holder(post, held.get(post.pk))) for post in free]}


def _holders(kind: Kind, posts: Sequence[Post]) -> Choices:
    """Who holds one of these posts as the main one and has no account, or has one."""
    by_post = {post.pk: post for post in posts}
    rows = facts.main_holdings(clock.today()).filter(
        post_id__in=by_post, person__account__isnull=kind is Kind.GIVE_ACCOUNT
    )
    return [
        (
            f"{row.post_id}.{row.person_id}",
            f"{row.person.full_name}, {_named(by_post[row.post_id])}",
        )
        for row in rows.order_by("person__sort_key", "pk")
    ]


def _named(post: Post) -> str:
    if post.unit is not None and post.unit.name not in post.title:
        return f"{post.title}, {post.unit.name}"
    return post.title


def _with_holder(post: Post, row: Holding | None) -> str:
    return f"{_named(post)} ({row.person.full_name if row else 'chưa có người'})"


def _carried(posts: Sequence[Post]) -> Choices:
    by_post = facts.carried_roles([post.pk for post in posts], clock.today())
    return [
        (
            f"{post.pk}.{row.role}.{row.agency_id}",
            f"{ROLE_LABELS[row.as_role]} ở {row.agency.short_name}: {_named(post)}",
        )
        for post in posts
        for row in by_post.get(post.pk, ())
    ]


def people_of(agency_id: int, chosen: int | None) -> Sequence[tuple[str, str, str]]:
    """(key, name, post) of people of the agency, and of the one chosen from elsewhere."""
    rows = facts.holdings_during(clock.today()).filter(post__agency_id=agency_id)
    found = {
        row.person_id: (str(row.person_id), row.person.full_name, row.post.title)
        for row in rows.order_by("person__sort_key")[:_MOST_LISTED]
    }
    if chosen is not None and chosen not in found:
        for person in Person.objects.filter(pk=chosen):
            found[chosen] = (str(chosen), person.full_name, "")
    return list(found.values())


def people_named(words: str) -> Sequence[tuple[str, str, str]]:
    """(key, name, posts) of people anywhere whose name has the words; two queries."""
    return [
        (
            str(one.person_id),
            one.full_name,
            "; ".join(f"{seat.title}, {seat.agency}" for seat in one.seats) or "Chưa giữ chức danh",
        )
        for one in finding.people(words).people
    ]
