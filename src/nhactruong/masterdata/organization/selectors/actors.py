"""The actor behind an account or a person: posts, roles, sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final, NamedTuple

from django.db import connection

from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.access.selectors import LEASES_OF
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor, HeldPost
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.states import Role, Secrecy
from nhactruong.masterdata.organization import rules
from nhactruong.masterdata.organization.delegating import lent_posts
from nhactruong.masterdata.organization.models import Holding, Person, SigningAuthority

#: Asked at every request, hence in one statement written by hand: who the person is, and for each
#: post held on the day what it carries. Without a post there is one row with nothing in it.
_HELD: Final = f"""
SELECT person.id, person.full_name, person.account_id,
       holding.kind, post.id, post.title, post.clearance, post.agency_id, agency.short_name,
       post.unit_id, unit.name,
       ARRAY(SELECT ARRAY[carried.role, carried.agency_id] FROM organization_postrole carried
              WHERE carried.post_id = post.id AND carried.valid @> %(day)s),
       ARRAY(SELECT token FROM organization_inheritedsight
              WHERE post_id = post.id AND since <= %(day)s),
       {LEASES_OF.format(person="person.id")},
       EXISTS (SELECT FROM organization_delegation
                WHERE delegate_id = person.id AND valid @> %(now)s
                  AND (revoked_at IS NULL OR revoked_at > %(now)s))
  FROM organization_person person
  LEFT JOIN organization_holding holding
         ON holding.person_id = person.id AND holding.valid @> %(day)s
  LEFT JOIN organization_post post ON post.id = holding.post_id
  LEFT JOIN organization_agency agency ON agency.id = post.agency_id
  LEFT JOIN organization_unit unit ON unit.id = post.unit_id
 WHERE person.{{key}} = %(whose)s
 ORDER BY holding.kind <> '{Holding.Kind.MAIN}', holding.kind, post.rank, post.id"""  # noqa: S608 (our own names)


class _Row(NamedTuple):
    """A post held, with the person; `post_id` is None for who holds none."""

    person_id: int
    full_name: str
    account_id: int | None
    kind: str
    post_id: int | None
    title: str
    clearance: int
    agency_id: int
    agency_name: str
    unit_id: int | None
    unit_name: str | None
    roles: list[list[int]]
    inherited: list[int]
    leases: list[int]
    #: Whether something may be delegated to the person at this second.
    is_lent: bool


def actor_for_account(
    user_id: int, *, on: date | None = None, session_id: str = "", client_address: str = ""
) -> Actor:
    """The person behind an account with the posts held on that day; one query, three for a delegate.

    Without `on`, what is delegated to the person at this second is in the sight.
    Raises: NotFound `account.no_person` when the account belongs to nobody.
    """
    rows = _held("account_id", user_id, on or clock.today())
    if not rows:
        raise NotFound("account.no_person", "Tài khoản này chưa gắn với người nào.")
    actor = _actor(rows, user_id, session_id, client_address)
    return _with_lent(rows, actor) if on is None else actor


def actor_for_person(person_id: int, on: date | None = None) -> Actor:
    """The person in the posts held on that day, without a session; for jobs and loaders.

    Raises: Person.DoesNotExist.
    """
    rows = _held("id", person_id, on or clock.today())
    if not rows:
        raise Person.DoesNotExist
    actor = _actor(rows, rows[0].account_id, "", "")
    return _with_lent(rows, actor) if on is None else actor


def _with_lent(rows: Sequence[_Row], actor: Actor) -> Actor:
    """The actor with what is delegated to him at this second; who holds no post is lent none."""
    if not actor.posts or not rows[0].is_lent:
        return actor
    # Nobody who administers sees content, not even for another.
    if any(role in rules.WITHOUT_CONTENT for role, _ in actor.role_reach):
        return actor
    lent = lent_posts(rows[0].person_id, frozenset(actor.tokens))
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


def _held(key: str, whose: int, day: date) -> Sequence[_Row]:
    """The posts of the person on that day, the main one first; nothing when there is nobody."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD.format(key=key), {"whose": whose, "day": day, "now": clock.now()})
        return [_Row(*row) for row in cursor.fetchall()]


def _actor(
    rows: Sequence[_Row], user_id: int | None, session_id: str, client_address: str
) -> Actor:
    posts = []
    held = [row for row in rows if row.post_id is not None]
    sight: set[int] = {tokens.lease_token(lease) for row in held[:1] for lease in row.leases}
    for row in held:
        post_id = row.post_id or 0
        roles = frozenset((Role(role), agency_id) for role, agency_id in row.roles)
        posts.append(
            HeldPost(
                post_id=post_id,
                title=f"Quyền {row.title}" if row.kind == Holding.Kind.ACTING else row.title,
                agency_id=row.agency_id,
                agency_name=row.agency_name,
                unit_id=row.unit_id,
                unit_name=row.unit_name or "",
                roles=roles,
            )
        )
        sight |= rules.sight_of(post_id, row.unit_id, roles)
        sight.update(row.inherited)
    return Actor(
        name=rows[0].full_name,
        user_id=user_id,
        person_id=rows[0].person_id,
        posts=tuple(posts),
        clearance=max((Secrecy(row.clearance) for row in held), default=Secrecy.ORDINARY),
        tokens=tuple(sorted(sight)),
        session_id=session_id,
        client_address=client_address,
        role_reach=frozenset(pair for post in posts for pair in post.roles),
    )
