"""The actor behind an account or a person: posts, roles, sight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Exists,
    OuterRef,
    Prefetch,
    Q,
)

from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.access.selectors import lent_to
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor, HeldPost
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.states import Role, Secrecy
from nhactruong.masterdata.organization import rules
from nhactruong.masterdata.organization.delegating import in_force, lent_posts
from nhactruong.masterdata.organization.models import (
    Holding,
    InheritedSight,
    Person,
    PostRole,
    SigningAuthority,
)


def actor_for_account(
    user_id: int, *, on: date | None = None, session_id: str = "", client_address: str = ""
) -> Actor:
    """The person behind an account with the posts held on that day; two queries, four for a delegate.

    Without `on`, what is delegated to the person at this second is in the sight.
    Raises: NotFound `account.no_person` when the account belongs to nobody.
    """
    day = on or clock.today()
    held = _held(Q(person__account_id=user_id), day)
    person = held[0].person if held else Person.objects.filter(account_id=user_id).first()
    if person is None:
        raise NotFound("account.no_person", "Tài khoản này chưa gắn với người nào.")
    lent = held[0].lent if held else ()  # type: ignore[attr-defined]  # annotated in `_held`
    actor = _actor(person, held, user_id, session_id, client_address, lent)
    return _with_lent(person, held, actor) if on is None else actor


def actor_for_person(person_id: int, on: date | None = None) -> Actor:
    """The person in the posts held on that day, without a session; for jobs and loaders."""
    held = _held(Q(person_id=person_id), on or clock.today())
    person = held[0].person if held else Person.objects.get(pk=person_id)
    actor = _actor(person, held, person.account_id, "", "", ())
    return _with_lent(person, held, actor) if on is None else actor


def _with_lent(person: Person, held: Sequence[Holding], actor: Actor) -> Actor:
    """The actor with what is delegated to him at this second; who holds no post is lent none."""
    if not any(row.is_lent for row in held):  # type: ignore[attr-defined]  # annotated in `_held`
        return actor
    # Nobody who administers sees content, not even for another.
    if any(role in rules.WITHOUT_CONTENT for role, _ in actor.role_reach):
        return actor
    lent = lent_posts(person, frozenset(actor.tokens))
    wide = [post.tokens for post in lent if post.cap >= actor.clearance]
    sight = frozenset(actor.tokens).union(*wide)
    return replace(actor, tokens=tuple(sorted(sight)), lent=lent)


#: Roles that administer or keep a seal; whoever signs is found by the signing table.
_GUARDED_ROLES: Final = frozenset(
    {Role.SYSADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.CLERK, Role.SECRET_CLERK}
)


def must_have_second_factor(actor: Actor) -> bool:
    """Whether the person administers, keeps a seal or signs today; at most one query.

    Source: security.md 1.2 (MFA for administrators), 6 V6.
    """
    if any(role in _GUARDED_ROLES for role, _ in actor.role_reach):
        return True
    return SigningAuthority.objects.filter(
        post_id__in=[post.post_id for post in actor.posts], valid__contains=clock.today()
    ).exists()


def _held(whose: Q, day: date) -> Sequence[Holding]:
    """Who holds which posts on that day, with their roles, the main post first; two queries."""
    rows = (
        Holding.objects.filter(whose, valid__contains=day)
        .annotate(
            lent=ArraySubquery(lent_to(OuterRef("person_id"))),
            is_lent=Exists(in_force(OuterRef("person_id"))),
            inherited=ArraySubquery(
                InheritedSight.objects.filter(post_id=OuterRef("post_id"), since__lte=day).values(
                    "token"
                )
            ),
        )
        .select_related("person", "post__agency", "post__unit")
        .prefetch_related(Prefetch("post__roles", PostRole.objects.filter(valid__contains=day)))
        .order_by("kind", "post__rank", "post_id")
    )
    return sorted(rows, key=lambda row: row.kind != Holding.Kind.MAIN)


def _actor(
    person: Person,
    held: Sequence[Holding],
    user_id: int | None,
    session_id: str,
    client_address: str,
    lent: Iterable[int],
) -> Actor:
    posts = []
    sight: set[int] = {tokens.lease_token(lease) for lease in lent}
    for row in held:
        post = row.post
        roles = frozenset((role.as_role, role.agency_id) for role in post.roles.all())
        posts.append(
            HeldPost(
                post_id=post.pk,
                title=f"Quyền {post.title}" if row.kind == Holding.Kind.ACTING else post.title,
                agency_id=post.agency_id,
                agency_name=post.agency.short_name,
                unit_id=post.unit_id,
                unit_name=post.unit.name if post.unit else "",
                roles=roles,
            )
        )
        sight |= rules.sight_of(post.pk, post.unit_id, roles)
        sight.update(row.inherited)  # type: ignore[attr-defined]  # annotated in `_held`
    return Actor(
        name=person.full_name,
        user_id=user_id,
        person_id=person.pk,
        posts=tuple(posts),
        clearance=max((Secrecy(row.post.clearance) for row in held), default=Secrecy.ORDINARY),
        tokens=tuple(sorted(sight)),
        session_id=session_id,
        client_address=client_address,
        role_reach=frozenset(pair for post in posts for pair in post.roles),
    )
