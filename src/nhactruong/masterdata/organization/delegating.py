"""What of a post's sight is lent to a person at this second.

Source: security.md 7.
"""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from nhactruong.kernel import clock
from nhactruong.kernel.actor import HeldPost, LentPost
from nhactruong.kernel.states import Act, Secrecy
from nhactruong.masterdata.organization import rules
from nhactruong.masterdata.organization.models import (
    Delegation,
    Holding,
    InheritedSight,
    PostRole,
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


def lent_posts(person_id: int, own: frozenset[int]) -> tuple[LentPost, ...]:
    """The posts lent to the person at this second, first given first; two queries.

    `own` are the tokens he has anyway. None once the giver has left the post, nor a post that has
    become one never delegated.
    """
    day = clock.today()
    inherited = InheritedSight.objects.filter(post_id=OuterRef("post_id"), since__lte=day)
    rows = (
        in_force(person_id)
        .annotate(inherited=ArraySubquery(inherited.values("token")))
        .select_related("post__agency", "post__unit", "given_by")
        .prefetch_related(Prefetch("post__roles", PostRole.objects.filter(valid__contains=day)))
        .order_by("pk")
    )
    lent = []
    for row in rows:
        post = row.post
        passed: list[int] = row.inherited
        roles = frozenset((role.as_role, role.agency_id) for role in post.roles.all())
        if not rules.may_be_lent(frozenset(role for role, _ in roles)):
            continue
        lent.append(
            LentPost(
                delegation=str(row.public_id),
                post=HeldPost(
                    post_id=post.pk,
                    title=post.title,
                    agency_id=post.agency_id,
                    agency_name=post.agency.short_name,
                    unit_id=post.unit_id,
                    unit_name=post.unit.name if post.unit else "",
                    roles=roles,
                ),
                named=row.named,
                giver=row.given_by.full_name,
                giver_person_id=row.given_by_id,
                until=row.valid.upper,
                cap=Secrecy(rules.shown_up_to(post.clearance, row.highest_secrecy)),
                tokens=frozenset(rules.sight_of(post.pk, post.unit_id, roles)).union(passed) - own,
                acts=frozenset(Act(act) for act in row.acts),
                document_types=frozenset(row.document_types),
                unit_ids=frozenset(row.unit_ids),
            )
        )
    return tuple(lent)
