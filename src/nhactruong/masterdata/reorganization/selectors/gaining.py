"""Which roles new posts take over, and whether they may meet what their holders have then."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import FilteredRelation, OuterRef, Q, QuerySet
from django.db.models.functions import JSONArray

from nhactruong.kernel.states import ROLE_LABELS, Role
from nhactruong.masterdata.organization.models import Agency, Holding
from nhactruong.masterdata.organization.rules import may_meet
from nhactruong.masterdata.reorganization.rules import PostFacts

#: New post → the (role, agency reached) pairs it takes over.
Gains = Mapping[int, frozenset[tuple[Role, int]]]


@dataclass(frozen=True, slots=True)
class GainLine:
    """A new post, who holds it, and in words what it takes over."""

    post: str
    holder: str
    roles: str


def lines_of(new: Sequence[PostFacts], gains: Gains, names: Mapping[int, str]) -> list[GainLine]:
    """The posts that take over roles, by agency and rank; one query when a body that lives on is meant."""
    unknown = {agency for pairs in gains.values() for _, agency in pairs} - names.keys()
    if unknown:
        others = Agency.objects.filter(pk__in=unknown).values_list("pk", "short_name")
        names = {**names, **dict(others)}
    return [
        GainLine(
            post=f"{post.title}, {names[post.agency_id]}",
            holder=post.holder,
            roles="; ".join(
                f"{ROLE_LABELS[role]}, {names[agency]}"
                for role, agency in sorted(gains[post.post_id])
            ),
        )
        for post in new
        if post.post_id in gains
    ]


def in_hands_of(post: OuterRef, day: date) -> QuerySet[Holding, Any]:
    """[person, name, post, role or None] of all that whoever holds the post has from the day on."""
    period = DateRange(day, None, "[)")
    return (
        Holding.objects.filter(
            valid__overlap=period,
            valid__isempty=False,
            person__holdings__post_id=post,
            person__holdings__valid__overlap=period,
            person__holdings__valid__isempty=False,
        )
        .annotate(
            borne=FilteredRelation(
                "post__roles",
                condition=Q(post__roles__valid__overlap=period, post__roles__valid__isempty=False),
            )
        )
        .order_by("pk")
        .values_list(JSONArray("person_id", "person__full_name", "post_id", "borne__role"))
    )


def of_hands(
    new: Sequence[PostFacts], gains: Gains, ending: Collection[int], names: Mapping[int, str]
) -> Iterable[str]:
    """A sentence for each new post by which roles would meet that never meet.

    All counts that its holder has from the day on: what the posts held then carry, and what each of
    them takes over. `ending`: posts that end. Who follows himself and only goes on to have what he
    had gains nothing by the merger. Source: security.md 6, 8.
    """
    for post in new:
        if post.post_id not in gains:
            continue
        own = {role for role, _ in post.roles | gains[post.post_id]}
        hands: dict[tuple[int, str], set[Role]] = {(0, ""): own}
        taken = {role for role, _ in gains[post.post_id]}
        left: dict[tuple[int, str], set[Role]] = {}
        for person, name, held, role in post.hands:
            if held in ending:
                if role is not None:
                    left.setdefault((person, name), set()).add(Role(role))
                continue
            theirs = hands.setdefault((person, name), set(own))
            theirs |= {taken for taken, _ in gains.get(held, ())}
            if role is not None:
                theirs.add(Role(role))
        for (person, name), roles in hands.items():
            meeting = may_meet(roles)
            if not meeting and not taken <= left.get((person, name), set()):
                who = f" ({name})" if name else ""
                yield f"{post.title}, {names[post.agency_id]}{who}: {meeting.reason}"
                break
