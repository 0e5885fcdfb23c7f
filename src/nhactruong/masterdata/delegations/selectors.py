"""Delegations, absences and what was done by them, each for whoever may know."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse

from nhactruong.foundation.access.rules import post_token
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.audit.rules import Outcome
from nhactruong.foundation.audit.selectors import RecordFilter, rows_of
from nhactruong.foundation.thread.cards import RecordCard
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor, HeldPost
from nhactruong.kernel.errors import NotFound
from nhactruong.masterdata.delegations.policies import OVERSEEING
from nhactruong.masterdata.delegations.rules import MOST_TOLD
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Absence, Delegation
from nhactruong.masterdata.organization.rules import WITHOUT_CONTENT, may_be_lent
from nhactruong.masterdata.organization.selectors import PostCard


def _all() -> QuerySet[Delegation]:
    return Delegation.objects.select_related("post", "given_by", "delegate")


def given_by(actor: Actor) -> QuerySet[Delegation]:
    """What the actor has delegated, unordered."""
    return _all().filter(given_by_id=actor.person_id or 0)


def received_by(actor: Actor) -> QuerySet[Delegation]:
    """What was delegated to the actor, unordered."""
    return _all().filter(delegate_id=actor.person_id or 0)


def of_agencies(actor: Actor) -> QuerySet[Delegation]:
    """The delegations of posts of the agencies the actor oversees, unordered."""
    return _all().filter(post__agency_id__in=actor.agencies_with(*OVERSEEING))


def still_running(rows: QuerySet[Delegation]) -> QuerySet[Delegation]:
    """Of `rows` those that run now or will."""
    now = clock.now()
    return rows.filter(Q(revoked_at=None) | Q(revoked_at__gt=now), valid__endswith__gt=now)


def get_visible(actor: Actor, public_id: uuid.UUID) -> Delegation:
    """The delegation, for its giver, its delegate and who oversees it. Raises: NotFound."""
    mine = Q(given_by_id=actor.person_id or 0) | Q(delegate_id=actor.person_id or 0)
    overseen = Q(post__agency_id__in=actor.agencies_with(*OVERSEEING))
    found = _all().filter(mine | overseen, public_id=public_id).first()
    if found is None:
        raise NotFound("delegation.none", "Không tìm thấy ủy quyền này.")
    return found


def state_of(lent: Delegation, now: datetime) -> tuple[str, str, str]:
    """The state as a badge: to come, running, over, withdrawn."""
    if lent.revoked_at is not None and lent.revoked_at <= now:
        return ("Đã thu hồi", "neutral", "undo")
    if now < lent.valid.lower:
        return ("Chưa đến giờ", "info", "clock")
    if now < lent.valid.upper:
        return ("Đang có hiệu lực", "ok", "ok")
    return ("Đã hết hạn", "neutral", "clock")


def record_cards(actor: Actor, ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, RecordCard]:
    """Cards of the delegations the actor gave or received."""
    mine = Q(given_by_id=actor.person_id or 0) | Q(delegate_id=actor.person_id or 0)
    now = clock.now()
    return {
        row.public_id: RecordCard(
            object_type="Delegation",
            object_id=row.public_id,
            title=f"{row.delegate.full_name} ({row.named})",
            reference="",
            kind="Ủy quyền",
            url=reverse("delegations:detail", args=[row.public_id]),
            occurred_on=clock.local(row.created_at).date(),
            state=state_of(row, now)[0],
        )
        for row in _all().filter(mine, public_id__in=list(ids))
    }


# ── Whom and what may be chosen ──────────────────────────────────────────────────────────────


def lendable(actor: Actor) -> Sequence[HeldPost]:
    """The actor's posts that may be delegated."""
    return [post for post in actor.posts if may_be_lent(frozenset(role for role, _ in post.roles))]


def candidates(actor: Actor) -> Sequence[PostCard]:
    """Who may stand in for the actor: colleagues who hold a post at one of his agencies today.

    Each person once, by the first of his posts; two queries an agency.
    """
    found: dict[int, PostCard] = {}
    technical: set[int] = set()
    for agency_id in actor.agency_ids:
        for card in organization.posts_reaching(agency_id):
            if card.person_id is None or card.person_id == actor.person_id:
                continue
            if any(role in WITHOUT_CONTENT for role, _ in card.roles):
                technical.add(card.person_id)
            found.setdefault(card.person_id, card)
    return [card for key, card in found.items() if key not in technical]


# ── Absences ─────────────────────────────────────────────────────────────────────────────────


def absences_of(actor: Actor) -> QuerySet[Absence]:
    """The actor's own absences, unordered."""
    return Absence.objects.filter(person_id=actor.person_id or 0).select_related("substitute")


def absences_in(actor: Actor) -> QuerySet[Absence]:
    """Who is or will be away among the holders of posts of the agencies the actor oversees."""
    today = clock.today()
    return (
        Absence.objects.filter(
            person__holdings__post__agency_id__in=actor.agencies_with(*OVERSEEING),
            person__holdings__valid__contains=today,
            ended_at=None,
            valid__endswith__gt=today,
        )
        .select_related("person", "substitute")
        .distinct()
    )


def get_absence(actor: Actor, public_id: uuid.UUID) -> Absence:
    """The actor's own absence. Raises: NotFound."""
    found = absences_of(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound("absence.none", "Không có lần vắng mặt này của đồng chí.")
    return found


def back_from(actor: Actor, within: timedelta) -> Absence | None:
    """The latest absence that ended so lately that its summary is offered."""
    since, now = clock.now() - within, clock.now()
    today = clock.local(now).date()
    return (
        absences_of(actor)
        .filter(Q(ended_at__gt=since) | Q(ended_at=None))
        .filter(valid__startswith__lte=today)
        .exclude(ended_at=None, valid__endswith__gt=today)
        .filter(valid__endswith__gt=clock.local(since).date())
        .order_by("-id")
        .first()
    )


# ── What was done ────────────────────────────────────────────────────────────────────────────


def running_between(begins: datetime, ends: datetime) -> Sequence[Delegation]:
    """The delegations that ran at some time between the two instants, oldest first."""
    return list(
        _all()
        .filter(valid__overlap=(begins, ends))
        .filter(Q(revoked_at=None) | Q(revoked_at__gt=begins))
        .select_related("given_by__account")
        .order_by("pk")
    )


def acts_by(lent: Delegation, begins: datetime, ends: datetime) -> QuerySet[AuditRow]:
    """The rows of the record made by this delegation between the two instants, newest first."""
    if lent.delegate.account_id is None:
        return AuditRow.objects.none()
    rows = rows_of(
        RecordFilter(user_id=lent.delegate.account_id, since=begins, until=ends, outcome=Outcome.OK)
    )
    return rows.filter(facts__delegation=str(lent.public_id)).order_by("-at", "-id")


def acts_of(lent: Delegation) -> Sequence[AuditRow]:
    """What was done by it so far, newest first, at most two hundred."""
    return list(acts_by(lent, lent.valid.lower, lent.valid.upper)[:MOST_TOLD])


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What happened at somebody's posts while he was away."""

    rows: Sequence[AuditRow]
    arrived: int
    done: Sequence[WorkItem]
    waiting: int


def meanwhile(actor: Actor, away: Absence) -> Meanwhile:
    """The summary of an absence: acts for the person, work that came, was done, and still waits."""
    begins = datetime.combine(away.valid.lower, time(), clock.OFFICE_ZONE)
    ends = min(
        away.ended_at or datetime.combine(away.valid.upper, time(), clock.OFFICE_ZONE),
        clock.now(),
    )
    rows: list[AuditRow] = []
    for lent in _all().filter(absence=away):
        rows += acts_by(lent, begins, ends)[:MOST_TOLD]
    posts = [post_token(post.post_id) for post in actor.posts]
    passed = workitems.passed(actor, posts, begins, ends)
    return Meanwhile(
        sorted(rows, key=lambda row: row.at, reverse=True)[:MOST_TOLD],
        passed.arrived,
        passed.done,
        workitems.count_waiting(actor),
    )


def last_day(away: Absence) -> date:
    """The last day away."""
    upper: date = away.valid.upper
    return upper - timedelta(days=1)
