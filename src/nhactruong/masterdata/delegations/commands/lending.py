"""Lending a post to a person, and taking it back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from nhactruong.foundation.access.rules import post_token
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.notices import commands as notices
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound, RuleBroken
from nhactruong.kernel.limits import line_within
from nhactruong.kernel.states import Act, Secrecy
from nhactruong.masterdata.organization import rules
from nhactruong.masterdata.organization.models import (
    Absence,
    Delegation,
    Holding,
    Person,
    Post,
    PostRole,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is lent besides the sight of the post; empty types and units mean all of them."""

    acts: frozenset[Act] = frozenset()
    document_types: frozenset[str] = frozenset()
    unit_ids: frozenset[int] = field(default_factory=frozenset)
    highest_secrecy: Secrecy = Secrecy.TOP_SECRET


@command
def delegate(
    actor: Actor,
    post_id: int,
    person: Person,
    *,
    kind: Delegation.Kind,
    basis: str,
    starts_at: datetime,
    ends_at: datetime,
    scope: Scope | None = None,
    absence: Absence | None = None,
) -> Delegation:
    """The actor's own post lent to `person` from one second to another: its sight and `scope.acts`.

    The page asks for the code of confirmation before: that is the order signed by the giver, so
    that nobody else approves it. The delegate is told.
    Raises: AccessDenied with the rule that forbids it; RuleBroken `delegation.overlaps`.
    Source: security.md 7 (rules 1 to 4 and 7).
    """
    day, asked = clock.today(), scope or Scope()
    post = Post.objects.select_for_update(of=("self",)).filter(pk=post_id).first()
    if post is None:
        raise NotFound("delegation.no_such_post", "Không có chức danh này.")
    held = Holding.objects.filter(valid__contains=day)
    theirs = list(held.filter(person=person).values_list("post_id", flat=True))
    carried = PostRole.objects.filter(valid__contains=day)
    technical = carried.filter(post_id__in=theirs, role__in=list(rules.WITHOUT_CONTENT))
    rules.may_delegate(
        rules.Proposal(
            giver_holds_post=held.filter(post=post, person_id=actor.person_id or 0).exists(),
            giver_person_id=actor.person_id,
            delegate_person_id=person.pk,
            delegate_holds_a_post=bool(theirs),
            delegate_sees_content=not technical.exists(),
            roles=frozenset(role.as_role for role in carried.filter(post=post)),
            basis=basis,
            starts_at=starts_at,
            ends_at=ends_at,
            now=clock.now(),
        )
    ).require()
    try:
        with transaction.atomic():
            lent = Delegation.objects.create(
                post=post,
                given_by_id=actor.person_id or 0,
                delegate=person,
                absence=absence,
                kind=kind,
                basis=line_within(500, basis, field="basis", label="Căn cứ"),
                acts=sorted(asked.acts),
                document_types=sorted(asked.document_types),
                unit_ids=sorted(asked.unit_ids),
                highest_secrecy=asked.highest_secrecy,
                valid=DateTimeTZRange(starts_at, ends_at, "[)"),
                created_at=clock.now(),
            )
    except IntegrityError as fault:
        raise RuleBroken(
            "delegation.overlaps",
            "Chức danh này đã ủy quyền cho người đó trong thời gian trùng nhau; thu hồi trước.",
        ) from fault
    audit.record(
        actor.acting_as_id(post.pk),
        "organization.delegated",
        lent,
        post=post.key,
        delegate=person.key,
        kind=lent.kind,
        basis=lent.basis,
        acts=list(lent.acts),
        until=ends_at.isoformat(),
    )
    until = clock.local(ends_at)
    notices.tell(
        actor,
        [post_token(seat) for seat in theirs],
        "delegation.received",
        lent,
        f"{actor.name} giao đồng chí {lent.named} đến {until:%H:%M %d/%m/%Y}",
    )
    return lent


@command
def revoke_delegation(actor: Actor, delegation_id: uuid.UUID) -> Delegation:
    """The actor's delegation, over from this second; revoked twice, the first time counts.

    Raises: NotFound `delegation.none` unless the actor gave it.
    """
    lent = (
        Delegation.objects.select_for_update(of=("self",))
        .filter(public_id=delegation_id, given_by_id=actor.person_id or 0)
        .first()
    )
    if lent is None:
        raise NotFound("delegation.none", "Không có ủy quyền này do đồng chí lập.")
    if lent.revoked_at is None:
        _end(actor, lent)
    return lent


def _end(actor: Actor, lent: Delegation) -> None:
    lent.revoked_at = clock.now()
    lent.save(update_fields=["revoked_at"])
    audit.record(actor.acting_as_id(lent.post_id), "organization.delegation_revoked", lent)


@command
def end_all_of(actor: Actor, person_id: int) -> int:
    """The number of delegations that somebody who leaves had given or received, over from now."""
    now = clock.now()
    running = Delegation.objects.select_for_update(of=("self",)).filter(
        Q(given_by_id=person_id) | Q(delegate_id=person_id),
        revoked_at=None,
        valid__endswith__gt=now,
    )
    ended = list(running)
    for lent in ended:
        _end(actor, lent)
    return len(ended)
