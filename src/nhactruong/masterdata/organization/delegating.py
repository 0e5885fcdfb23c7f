"""What of a post's sight is lent to a person at this second.

Source: security.md 7.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

from nhactruong.kernel import clock
from nhactruong.kernel.states import Role, Secrecy
from nhactruong.masterdata.organization import rules
from nhactruong.masterdata.organization.models import (
    Delegation,
    Holding,
    InheritedSight,
    Person,
)


def in_force(person: int | OuterRef) -> QuerySet[Delegation]:
    """What is delegated to the person at this second by people who still hold the post."""
    now, day = clock.now(), clock.today()
    still_held = Holding.objects.filter(
        post_id=OuterRef("post_id"), person_id=OuterRef("given_by_id"), valid__contains=day
    )
    return Delegation.objects.filter(
        Exists(still_held),
        Q(revoked_at=None) | Q(revoked_at__gt=now),
        delegate_id=person,
        valid__contains=now,
    )


def delegated_sight(person: Person, clearance: Secrecy) -> Mapping[int, str]:
    """The tokens lent to the person at this second, with on whose behalf each is used; one query.

    None once the giver has left the post, nor from a post that has become one never delegated.
    """
    day = clock.today()
    inherited = InheritedSight.objects.filter(post_id=OuterRef("post_id"), since__lte=day)
    rows = in_force(person.pk).annotate(inherited=ArraySubquery(inherited.values("token")))
    told = rows.values_list(
        "kind",
        "post__title",
        "post_id",
        "post__unit_id",
        "post__clearance",
        "post__roles__role",
        "post__roles__agency_id",
        "post__roles__valid",
        "inherited",
    )
    posts: dict[tuple[str, int, int | None, int], set[tuple[Role, int]]] = {}
    passed: dict[int, list[int]] = {}
    for kind, title, post_id, unit_id, cleared, role, agency_id, valid, tokens_passed in told:
        passed[post_id] = tokens_passed
        named = f"{title} ({Delegation.Kind(kind).label})"
        carried = posts.setdefault((named, post_id, unit_id, cleared), set())
        if role is not None and day in valid:
            carried.add((Role(role), agency_id))
    sight: dict[int, str] = {}
    for (named, lent, unit, clear), carried in posts.items():
        if rules.reaches(clear, clearance, frozenset(role for role, _ in carried)):
            sight |= dict.fromkeys(rules.sight_of(lent, unit, frozenset(carried)), named)
            sight |= dict.fromkeys(passed[lent], named)
    return sight
