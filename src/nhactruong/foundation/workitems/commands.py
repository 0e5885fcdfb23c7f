"""Work put before somebody, and taken away when done."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from django.db import connection

from nhactruong.foundation.access.rules import post_token
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.persistence.inserting import insert
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import Urgency

#: The due date of work without a term: the last date the store knows.
NO_TERM: Final = date(9999, 12, 31)

_CLOSE: Final = """
UPDATE workitems_workitem SET is_open = false, closed_at = %s, closed_by = %s, outcome = %s
 WHERE object_id = %s AND is_open"""

#: What is to wait elsewhere, from now on; of two that would wait for one token, one is enough.
_MERGE: Final = """
WITH told AS (SELECT * FROM unnest(%s::int[], %s::int[]) AS told (old, new)),
passing AS (
    SELECT item.id, told.new, item.kind, item.object_id
      FROM workitems_workitem item JOIN told ON item.token = told.old
     WHERE item.is_open AND (%s::uuid[] IS NULL OR item.object_id = ANY(%s::uuid[]))),
ranked AS (
    SELECT id, row_number() OVER (PARTITION BY new, kind, object_id ORDER BY id) AS place,
           EXISTS (SELECT 1 FROM workitems_workitem other
                    WHERE other.is_open AND other.token = passing.new
                      AND other.kind = passing.kind
                      AND other.object_id = passing.object_id) AS waits
      FROM passing)
UPDATE workitems_workitem item SET is_open = false, closed_at = %s, closed_by = %s, outcome = 'merged'
  FROM ranked WHERE item.id = ranked.id AND (ranked.place > 1 OR ranked.waits)"""
_MOVE: Final = """
UPDATE workitems_workitem item
   SET token = told.new, agency_id = coalesce(%s, agency_id),
       post_id = coalesce((SELECT after.new FROM unnest(%s::bigint[], %s::bigint[])
                              AS after (old, new) WHERE after.old = item.post_id), post_id)
  FROM unnest(%s::int[], %s::int[]) AS told (old, new)
 WHERE item.is_open AND item.token = told.old
   AND (%s::uuid[] IS NULL OR item.object_id = ANY(%s::uuid[]))"""


class WorkedOn(Protocol):
    """A record work can be about."""

    public_id: uuid.UUID
    agency_id: int

    @classmethod
    def type_name(cls) -> str:
        """The kind of record."""
        ...


@dataclass(frozen=True, slots=True)
class Wording:
    """How the inbox shows a piece of work."""

    title: str
    reference: str = ""
    source: str = ""
    urgency: str = Urgency.NORMAL
    due_on: date | None = None
    due_rule: str = ""
    secrecy: int = 0


@command
def put_before(
    actor: Actor,
    token: int,
    kind: str,
    thing: WorkedOn,
    wording: Wording,
    *,
    post_id: int | None = None,
) -> None:
    """`thing` waits for `token`; when it already does, nothing changes."""
    insert(_item(actor, token, kind, thing, wording, post_id), ignore_conflicts=True)


def _item(
    actor: Actor, token: int, kind: str, thing: WorkedOn, wording: Wording, post_id: int | None
) -> WorkItem:
    return WorkItem(
        token=token,
        agency_id=thing.agency_id,
        kind=kind,
        object_type=thing.type_name(),
        object_id=thing.public_id,
        title=wording.title[:1000],
        reference=wording.reference,
        source=wording.source,
        post_id=post_id,
        urgency=wording.urgency,
        secrecy=wording.secrecy,
        due_on=wording.due_on or NO_TERM,
        due_rule=wording.due_rule,
        opened_at=clock.now(),
        opened_by=actor.name,
    )


@command
def put_many_before_posts(
    actor: Actor, kind: str, things: Iterable[tuple[int, WorkedOn, Wording]]
) -> int:
    """The number of things, each of which now waits for the post named with it; one statement."""
    rows = [
        _item(actor, post_token(post), kind, thing, wording, post)
        for post, thing, wording in things
    ]
    WorkItem.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@command
def mark_secrecy(actor: Actor, thing: WorkedOn, secrecy: int) -> int:
    """The number of pieces of work about `thing` that now carry its changed level of secrecy."""
    return (
        WorkItem.objects.filter(object_id=thing.public_id)
        .exclude(secrecy=secrecy)
        .update(secrecy=secrecy)
    )


@command
def reroute(
    actor: Actor,
    from_token: int,
    to_token: int,
    *,
    to_post_id: int,
    only: Iterable[uuid.UUID] | None = None,
    apart_from: Iterable[str] = (),
) -> Sequence[uuid.UUID]:
    """The records whose open work, until now before `from_token`, is before `to_token` from now on.

    `only` these records, else all; kinds `apart_from` stay. Who has the same work already gets it
    once. The caller gives sight.
    """
    waiting = WorkItem.objects.select_for_update(of=("self",)).filter(
        token=from_token, is_open=True
    )
    waiting = waiting.exclude(kind__in=list(apart_from))
    if only is not None:
        waiting = waiting.filter(object_id__in=list(only))
    moved = []
    for item in waiting.order_by("pk"):
        twin = WorkItem.objects.filter(
            token=to_token, kind=item.kind, object_id=item.object_id, is_open=True
        )
        if twin.exists():
            item.is_open, item.closed_at = False, clock.now()
            item.closed_by, item.outcome = actor.name, "rerouted"
        else:
            item.token = to_token
        item.post_id = to_post_id if item.post_id is not None else None
        item.save(
            update_fields=["token", "post_id", "is_open", "closed_at", "closed_by", "outcome"]
        )
        moved.append(item.object_id)
    return moved


@command
def close(
    actor: Actor,
    thing: WorkedOn,
    kinds: Iterable[str] | None = None,
    *,
    outcome: str = "done",
    tokens: Iterable[int] | None = None,
) -> int:
    """The number of open pieces of work about `thing` (of these kinds, tokens) now closed."""
    sql = _CLOSE
    values: list[Any] = [clock.now(), actor.name, outcome, thing.public_id]
    for column, wanted in (("kind", kinds), ("token", tokens)):
        if wanted is not None:
            sql += f" AND {column} = ANY(%s)"
            values.append(list(wanted))
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        closed: int = cursor.rowcount
    return closed


@command
def pass_on(
    actor: Actor,
    tokens: Mapping[int, int],
    *,
    posts: Mapping[int, int] | None = None,
    objects: Sequence[uuid.UUID] | None = None,
    agency_id: int | None = None,
) -> int:
    """The number of open pieces of work that now wait for another token.

    `tokens` and `posts`: old → new. With `objects` only work about these, which then belongs to
    `agency_id`. What would wait twice for the same token is closed as `merged`.
    """
    after = posts or {}
    told = (list(tokens), list(tokens.values()))
    about = None if objects is None else list(objects)
    with connection.cursor() as cursor:
        cursor.execute(_MERGE, [*told, about, about, clock.now(), actor.name])
        cursor.execute(_MOVE, [agency_id, list(after), list(after.values()), *told, about, about])
        passed: int = cursor.rowcount
    return passed


@command
def close_many(
    actor: Actor, objects: Sequence[uuid.UUID], kinds: Iterable[str], outcome: str
) -> int:
    """The number of open pieces of work of these kinds about these things, now closed."""
    return WorkItem.objects.filter(
        object_id__in=list(objects), kind__in=list(kinds), is_open=True
    ).update(is_open=False, closed_at=clock.now(), closed_by=actor.name, outcome=outcome)
