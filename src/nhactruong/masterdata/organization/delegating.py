"""The sight of a post, and what of it is lent to a person at this second.

Source: security.md 7.
"""

from __future__ import annotations

from typing import Final

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from nhactruong.foundation.access import rules as tokens
from nhactruong.kernel import clock
from nhactruong.kernel.actor import HeldPost, LentPost
from nhactruong.kernel.states import Act, Role, Secrecy
from nhactruong.masterdata.organization import rules
from nhactruong.masterdata.organization.models import Delegation, Holding, Person, PostRole

#: Roles that see what their unit is given.
_UNIT_HEADS: Final = frozenset({Role.HEAD_OF_DIVISION, Role.CHIEF_OF_OFFICE, Role.DEPUTY_CHIEF})


def sight_of(post_id: int, unit_id: int | None, roles: frozenset[tuple[Role, int]]) -> set[int]:
    """The sight tokens of a post with these roles."""
    sight = {tokens.post_token(post_id)}
    sight |= {tokens.role_token(role, agency) for role, agency in roles}
    if unit_id and any(role in _UNIT_HEADS for role, _ in roles):
        sight.add(tokens.unit_token(unit_id))
    return sight


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


def lent_posts(person: Person, own: frozenset[int]) -> tuple[LentPost, ...]:
    """The posts lent to the person at this second, first given first; two queries.

    `own` are the tokens he has anyway. None once the giver has left the post, nor a post that has
    become one never delegated.
    """
    day = clock.today()
    rows = (
        in_force(person.pk)
        .select_related("post__agency", "post__unit", "given_by")
        .prefetch_related(Prefetch("post__roles", PostRole.objects.filter(valid__contains=day)))
        .order_by("pk")
    )
    lent = []
    for row in rows:
        post = row.post
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
                tokens=frozenset(sight_of(post.pk, post.unit_id, roles)) - own,
                acts=frozenset(Act(act) for act in row.acts),
                document_types=frozenset(row.document_types),
                unit_ids=frozenset(row.unit_ids),
            )
        )
    return tuple(lent)
