"""The inbox: what waits for the actor, worst first."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Count, Max, Q, QuerySet, Sum

from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.persistence.sight import shown_to
from nhactruong.foundation.workitems.kinds import lent_with
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.kernel.actor import Actor, HeldPost

#: The order the index keeps: what is due first stands first.
WORST_FIRST: Final = ("due_on", "id")
_MOST_FACETS: Final = 400
_MOST_PASSED: Final = 50


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """What the page's filters say; empty values filter nothing.

    `due`: late, today, week (the six days after today) or empty for all.
    """

    due: str = ""
    kinds: tuple[str, ...] = ()
    source: str = ""


def waiting(actor: Actor) -> QuerySet[WorkItem]:
    """Open work for one of the actor's tokens, unordered; of a lent post what was lent to be done."""
    rows = WorkItem.objects.filter(shown_to(actor, "token__in"), is_open=True)
    if not actor.lent:
        return rows
    asked = Q(token__in=actor.own_tokens)
    for lent in actor.lent:
        asked |= Q(token__in=lent.tokens, kind__in=lent_with(lent.acts))
    return rows.filter(asked)


def _due(today: date) -> dict[str, Q]:
    return {
        "late": Q(due_on__lt=today),
        "today": Q(due_on=today),
        "week": Q(due_on__gt=today, due_on__lte=today + timedelta(days=6)),
    }


def _filtered(rows: QuerySet[WorkItem], chosen: InboxFilter) -> QuerySet[WorkItem]:
    if chosen.kinds:
        rows = rows.filter(kind__in=list(chosen.kinds))
    if chosen.source:
        rows = rows.filter(source=chosen.source)
    return rows


def listed(actor: Actor, chosen: InboxFilter, *, today: date) -> QuerySet[WorkItem]:
    """The work the page lists, unordered; read it by `WORST_FIRST`."""
    rows = _filtered(waiting(actor), chosen)
    wanted = _due(today).get(chosen.due)
    return rows if wanted is None else rows.filter(wanted)


def count_waiting(actor: Actor) -> int:
    """How much waits for the actor."""
    return waiting(actor).count()


def counts(actor: Actor, today: date, chosen: InboxFilter | None = None) -> dict[str, int]:
    """How much waits: `all`, `late`, `today`, `week` (the six days after today).

    With `chosen` its kinds and source count, so that each number equals the list behind it.
    """
    return _filtered(waiting(actor), chosen or InboxFilter()).aggregate(
        all=Count("pk"),
        **{name: Count("pk", filter=wanted) for name, wanted in _due(today).items()},
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How much waits, and a mark that is another one as soon as other work waits."""

    waiting: int
    mark: str


def standing(actor: Actor) -> Standing:
    """What waits for the actor now, in one question."""
    found = waiting(actor).aggregate(count=Count("pk"), last=Max("pk"), total=Sum("pk"))
    facts = f"{found['count']} {found['last']} {found['total']}"
    return Standing(found["count"], hashlib.sha256(facts.encode()).hexdigest()[:16])


def facets(actor: Actor) -> Sequence[tuple[str, str]]:
    """The (kind, source) pairs among what waits, for the filters; at most 400."""
    return list(
        waiting(actor)
        .order_by("kind", "source")
        .values_list("kind", "source")
        .distinct()[:_MOST_FACETS]
    )


def open_for_object(actor: Actor, object_id: uuid.UUID) -> Sequence[WorkItem]:
    """What waits for the actor about one record, the work due first."""
    return list(waiting(actor).filter(object_id=object_id).order_by(*WORST_FIRST))


def waiting_at(wanted: Iterable[int]) -> Mapping[int, tuple[int, int]]:
    """(how much waits, its highest secrecy) by token, whoever asks; nothing of its content."""
    rows = (
        WorkItem.objects.filter(is_open=True, token__in=list(wanted))
        .values("token")
        .annotate(count=Count("pk"), highest=Max("secrecy"))
    )
    return {row["token"]: (row["count"], row["highest"]) for row in rows}


def open_for(of: Iterable[int]) -> QuerySet[WorkItem]:
    """Open work before these tokens, whoever asks; for moving it. The caller shows no content."""
    return WorkItem.objects.filter(token__in=list(of), is_open=True)


@dataclass(frozen=True, slots=True)
class Passed:
    """What happened to some posts' work in a time: how much came, and what was done."""

    arrived: int
    done: Sequence[WorkItem]


def passed(actor: Actor, of: Iterable[int], since: datetime, until: datetime) -> Passed:
    """What came for these tokens of the actor's and was done between the two instants.

    Done: the latest fifty, last done first; only what the actor may see.
    """
    rows = WorkItem.objects.filter(token__in=list(of), secrecy__lte=int(actor.clearance))
    return Passed(
        rows.filter(opened_at__gte=since, opened_at__lt=until).count(),
        list(
            rows.filter(is_open=False, closed_at__gte=since, closed_at__lt=until).order_by(
                "-closed_at"
            )[:_MOST_PASSED]
        ),
    )


def post_of(actor: Actor, item: WorkItem) -> HeldPost | None:
    """The held post for which the work waits; None when it is none of the actor's."""
    for post in actor.posts:
        own = {tokens.post_token(post.post_id)}
        own |= {tokens.role_token(role, agency) for role, agency in post.roles}
        if post.unit_id is not None:
            own.add(tokens.unit_token(post.unit_id))
        if item.post_id == post.post_id or item.token in own:
            return post
    return None
