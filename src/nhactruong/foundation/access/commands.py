"""Giving and taking sight, in the transaction of the act that creates or ends the relation."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import connection

from nhactruong.foundation.access.base import SightedRecord
from nhactruong.foundation.access.models import Grant, Lease
from nhactruong.foundation.access.rules import lease_token
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.search import commands as search
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor

_ALIKE: Final = """
INSERT INTO access_grant (object_type, object_id, token, because, granted_by, granted_at)
SELECT had.object_type, had.object_id, told.new, had.because, %s, %s
  FROM access_grant had JOIN unnest(%s::int[], %s::int[]) AS told (old, new) ON had.token = told.old
 WHERE had.object_id = ANY(%s) AND had.revoked_at IS NULL
    ON CONFLICT DO NOTHING"""
_READERS: Final = """
UPDATE {table} thing SET readers = granted.readers
  FROM (SELECT object_id, array_agg(DISTINCT token) AS readers FROM access_grant
         WHERE object_id = ANY(%s) AND revoked_at IS NULL GROUP BY object_id) granted
 WHERE thing.public_id = granted.object_id"""


@command
def grant(actor: Actor, thing: SightedRecord, tokens: Iterable[int], because: str) -> None:
    """`thing` is seen by `tokens` as well, for the reason `because`; the instance is refreshed."""
    wanted = sorted(set(tokens))
    if not wanted:
        return
    Grant.objects.bulk_create(
        [
            Grant(
                object_type=thing.type_name(),
                object_id=thing.public_id,
                token=token,
                because=because,
                granted_by=actor.name,
                granted_at=clock.now(),
            )
            for token in wanted
        ],
        ignore_conflicts=True,
    )
    missing = set(wanted) - set(thing.readers)
    if missing:
        _write_readers(actor, thing, set(thing.readers) | missing)


@command
def revoke(actor: Actor, thing: SightedRecord, tokens: Iterable[int], because: str) -> None:
    """The reason `because` no longer shows `thing` to `tokens`; other reasons stand."""
    Grant.objects.filter(
        object_id=thing.public_id, token__in=list(tokens), because=because, revoked_at=None
    ).update(revoked_at=clock.now())
    rebuild(actor, thing)


@command
def rebuild(actor: Actor, thing: SightedRecord) -> bool:
    """Whether the readers of `thing` had drifted from its grants and were set right."""
    granted = set(
        Grant.objects.filter(object_id=thing.public_id, revoked_at=None).values_list(
            "token", flat=True
        )
    )
    if granted == set(thing.readers):
        return False
    _write_readers(actor, thing, granted)
    return True


@command
def grant_alike(
    actor: Actor, model: type[SightedRecord], ids: Sequence[uuid.UUID], tokens: Mapping[int, int]
) -> int:
    """The number of grants added: whatever one token sees of these records the other sees as well.

    `tokens`: the one → the other; each new grant keeps the reason of the one it follows.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, [actor.name, clock.now(), *_columns(tokens), list(ids)])
        added: int = cursor.rowcount
        cursor.execute(_READERS.format(table=model._meta.db_table), [list(ids)])
    search.follow(actor, model, ids)
    return added


def _columns(pairs: Mapping[int, int]) -> tuple[list[int], list[int]]:
    return list(pairs), list(pairs.values())


@command
def lease(
    actor: Actor, thing: SightedRecord, person_id: int, because: str, *, until: datetime
) -> Lease:
    """One person's sight of `thing` from now until that instant, for the reason `because`."""
    made = Lease.objects.create(
        object_type=thing.type_name(),
        object_id=thing.public_id,
        person_id=person_id,
        because=because,
        begins_at=clock.now(),
        ends_at=until,
    )
    grant(actor, thing, [lease_token(made.pk)], because)
    return made


@command
def end_lease(actor: Actor, thing: SightedRecord, lease_id: int) -> Lease:
    """The lease, over now at the latest; `thing` no longer carries its token."""
    made = Lease.objects.select_for_update(of=("self",)).get(pk=lease_id)
    now = clock.now()
    if made.begins_at < now < made.ends_at:
        made.ends_at = now
        made.save(update_fields=["ends_at"])
    revoke(actor, thing, [lease_token(made.pk)], made.because)
    return made


def _write_readers(actor: Actor, thing: SightedRecord, readers: set[int]) -> None:
    thing.readers = sorted(readers)
    type(thing).objects.filter(pk=thing.pk).update(readers=thing.readers)
    search.set_readers(actor, thing.type_name(), thing.public_id, thing.readers, thing.secrecy)
