"""Reading the record: whether the chain holds, what waits too long, what was done to a thing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from nhactruong.foundation.audit import rules
from nhactruong.foundation.audit.models import AuditLink, AuditPending, AuditRow
from nhactruong.kernel import clock

_ALARM_AFTER = timedelta(seconds=60)


def _links() -> Iterator[tuple[int, str, str, str, str]]:
    for link in AuditLink.objects.select_related("row").order_by("position").iterator(2000):
        true = rules.row_hash(link.row.hashed_fields())
        yield link.position, link.previous, link.row_hash, true, link.hash


def chain_fault() -> rules.ChainFault | None:
    """The first place where the chain does not hold, or None."""
    return rules.first_fault(_links())


def unchained_too_long() -> int:
    """Rows older than a minute that have no place in the chain yet: more than none is an alarm."""
    return AuditPending.objects.filter(row__at__lt=clock.now() - _ALARM_AFTER).count()


def acts_on(object_ids: Iterable[uuid.UUID], limit: int = 200) -> Sequence[AuditRow]:
    """Successful acts on the things of these ids, newest first; the caller has checked sight."""
    return list(
        AuditRow.objects.filter(object_id__in=list(object_ids), outcome="ok").order_by(
            "-at", "-id"
        )[:limit]
    )
