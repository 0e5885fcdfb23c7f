"""Giving and taking sight, in the transaction of the act that creates or ends the relation."""

from __future__ import annotations

from collections.abc import Iterable

from nhactruong.foundation.access.base import SightedRecord
from nhactruong.foundation.access.models import Grant
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


def _write_readers(actor: Actor, thing: SightedRecord, readers: set[int]) -> None:
    thing.readers = sorted(readers)
    type(thing).objects.filter(pk=thing.pk).update(readers=thing.readers)
    search.set_readers(actor, thing.type_name(), thing.public_id, thing.readers, thing.secrecy)
