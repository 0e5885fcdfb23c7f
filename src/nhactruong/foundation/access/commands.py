"""Giving and taking sight, in the transaction of the act that creates or ends the relation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from nhactruong.foundation.access.base import SightedRecord
from nhactruong.foundation.access.models import Grant, Lease
from nhactruong.foundation.access.rules import lease_token
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.search import commands as search
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor


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
