"""The record as far as somebody may read it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Count, Q, QuerySet

from nhactruong.foundation.access import selectors as access
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.audit.rules import Outcome
from nhactruong.foundation.audit.selectors import RecordFilter, rows_of
from nhactruong.foundation.persistence.paging import Page, keyset_page
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.oversight.inspection import policies
from nhactruong.oversight.inspection.rules import TECHNICAL_AREAS, Scope
from nhactruong.oversight.inspection.words import act_words, acts_of_kind

NEWEST_FIRST: Final = ("-at", "-id")
_READING_KEEP: Final = "read"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for, as the address says it; days are days of the office, both inside."""

    person: str = ""
    thing: str = ""
    kind: str = ""
    outcome: str = ""
    since: date | None = None
    until: date | None = None


def in_scope(actor: Actor, rows: QuerySet[AuditRow]) -> QuerySet[AuditRow]:
    """Of `rows`, those the actor may read. Source: security.md 8, row "Read audit log"."""
    own = Q(user_id=actor.user_id or 0)
    match policies.reading_scope(actor):
        case Scope.ALL:
            agencies = actor.agencies_with(*policies.READING_ALL)
            # Acts before a post is known (sign-in) belong to no agency: the auditor reads them.
            doors = Q(agency_id=None) if actor.agencies_with(Role.AUDITOR) else Q(pk__in=[])
            return rows.filter(own | Q(agency_id__in=agencies) | doors)
        case Scope.TECHNICAL:
            areas = Q()
            for area in TECHNICAL_AREAS:
                areas |= Q(action__startswith=area)
            agencies = actor.agencies_with(Role.SYSADMIN, Role.SECURITY_ADMIN)
            return rows.filter(own | (areas & (Q(agency_id__in=agencies) | Q(agency_id=None))))
        case _:
            return rows.filter(own)


def _end_of(day: date | None) -> datetime | None:
    """The first instant after that day; None after the last day there is."""
    return _instant(day + timedelta(days=1)) if day and day < date.max else None


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(), clock.OFFICE_ZONE)


def search(actor: Actor, asked: Asked) -> QuerySet[AuditRow]:
    """The rows asked for that the actor may read, unordered."""
    wanted = RecordFilter(
        object_ids=things_meant(actor, asked.thing),
        outcome=asked.outcome,
        since=_instant(asked.since) if asked.since else None,
        until=_end_of(asked.until),
    )
    rows = in_scope(actor, rows_of(wanted))
    if asked.person:
        rows = rows.filter(_by_person(actor, asked.person))
    if asked.thing and not wanted.object_ids:
        return rows.none()
    if asked.kind:
        rows = rows.filter(action__in=acts_of_kind(asked.kind))
    return rows


def _by_person(actor: Actor, words: str) -> Q:
    people = organization.find_people(words, actor.agency_ids)
    accounts = [person.account_id for person in people if person.account_id is not None]
    # Who tried the door under a name that no account has, and services, have no account.
    return Q(user_id__in=accounts) | Q(user_id=None, person_name__iexact=words)


def things_meant(actor: Actor, words: str) -> tuple[uuid.UUID, ...]:
    """The identifiers a number and symbol, or an identifier, may mean in the actor's agencies."""
    if not words:
        return ()
    try:
        return (uuid.UUID(words),)
    except ValueError:
        found = access.find_things(words, actor.agency_ids)
        return tuple(thing.public_id for thing in found)


def page_of(actor: Actor, asked: Asked, cursor: str) -> Page[AuditRow]:
    """A page of the search, newest first. Raises: InvalidInput for a bad cursor."""
    return keyset_page(search(actor, asked), order=NEWEST_FIRST, cursor=cursor)


def histories_open_to(actor: Actor, object_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Of these things, those whose history the actor may read.

    Something must have been done with the thing in an agency whose whole record he reads: a refused
    attempt is written under the agency of who tried and opens nothing. Who does not watch the
    record by office must also see the thing. Source: security.md 8, row "Read audit log".
    """
    ids = tuple(object_ids)
    if not ids or not policies.can_read_all(actor):
        return set()
    rows = in_scope(actor, rows_of(RecordFilter(object_ids=ids, readings=False)))
    done = rows.filter(outcome=Outcome.OK).order_by()
    known = {
        (kind, one, agency)
        for kind, one, agency in done.values_list(
            "object_type", "object_id", "agency_id"
        ).distinct()
        if one is not None
    }
    watched = {
        *actor.agencies_with(*policies.WATCHING),
        *([None] if actor.agencies_with(Role.AUDITOR) else []),
    }
    hidden = access.hidden_of(
        actor, {(kind, one) for kind, one, agency in known if agency not in watched}
    )
    return {one for _, one, agency in known if agency in watched or one not in hidden}


def history_of(actor: Actor, object_id: uuid.UUID, cursor: str) -> Page[AuditRow]:
    """Every act on one thing, refusals too, newest first; readings have their own page.

    Raises: NotFound when the history is not open to the actor, as when there is no such thing.
    """
    if not histories_open_to(actor, [object_id]):
        raise NotFound("record.no_history", "Không tìm thấy việc nào trong nhật ký.")
    rows = in_scope(actor, rows_of(RecordFilter(object_ids=(object_id,), readings=False)))
    return keyset_page(rows, order=NEWEST_FIRST, cursor=cursor)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who has seen a thing: how often, first and last."""

    name: str
    post: str
    times: int
    first_at: datetime
    last_at: datetime
    has_downloaded: bool
    in_emergency: bool


def may_ask_who_saw(actor: Actor, object_id: uuid.UUID) -> bool:
    """Whether the actor may know who has seen it: who reads the whole record, or its owner."""
    thing = access.find_thing(object_id)
    if thing is None:
        return False
    if getattr(thing, "agency_id", None) in actor.agencies_with(*policies.READING_ALL):
        return True
    seen = type(thing).objects.visible_to(actor).filter(pk=thing.pk).exists()
    return seen and access.may_ask_who_saw(actor, thing)


def readers_of(actor: Actor, object_id: uuid.UUID) -> Sequence[Reader]:
    """Who opened or downloaded the thing, the last first. Raises: NotFound for who may not ask."""
    if not may_ask_who_saw(actor, object_id):
        raise NotFound("record.no_readers", "Không tìm thấy văn bản.")
    rows = rows_of(RecordFilter(object_ids=(object_id,), readings=True)).order_by(*NEWEST_FIRST)
    by_person: dict[int | None, list[AuditRow]] = {}
    for row in rows[:5000]:
        by_person.setdefault(row.user_id, []).append(row)
    return [
        Reader(
            name=seen[0].person_name,
            post=seen[0].post_title,
            times=len(seen),
            first_at=seen[-1].at,
            last_at=seen[0].at,
            has_downloaded=any(row.action.endswith("downloaded") for row in seen),
            in_emergency=any(row.facts.get("emergency") for row in seen),
        )
        for seen in by_person.values()
    ]


@dataclass(frozen=True, slots=True)
class Total:
    """One line of a summary: what, and how many times in the month."""

    label: str
    acts: int
    refused: int


def summary(actor: Actor, since: date) -> Sequence[Total]:
    """How many acts each person (of a head's units) or each kind of act (for leaders) had."""
    rows = rows_of(RecordFilter(since=_instant(since)))
    if policies.reading_scope(actor) is Scope.UNIT_SUMMARY:
        units = {post.unit_id for post in actor.posts if post.unit_id}
        posts = {
            card.post_id: card.holder_name or card.title
            for agency in {post.agency_id for post in actor.posts}
            for card in organization.post_cards(agency_id=agency)
            if card.unit_id in units
        }
        return _totals(rows.filter(post_id__in=list(posts)), "post_id", posts)
    agencies = actor.agencies_with(Role.SECRETARY, Role.DEPUTY_SECRETARY, *policies.READING_ALL)
    return _totals(rows.filter(agency_id__in=agencies), "action", {})


def _totals(rows: QuerySet[AuditRow], by: str, names: Mapping[int, str]) -> Sequence[Total]:
    counted = (
        rows.values(by)
        .annotate(many=Count("id"), refused=Count("id", filter=~Q(outcome="ok")))
        .order_by("-many")
    )
    return [
        Total(names.get(row[by]) or act_words(str(row[by])), row["many"], row["refused"])
        for row in counted
    ]
