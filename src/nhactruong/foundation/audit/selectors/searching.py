"""Rows of the record by thing, person, act, outcome, time and agency, page by page.

Who may look is asked by the caller; looking at the record is itself recorded by the caller.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.audit.rules import Keep, Outcome
from nhactruong.foundation.persistence.paging import PAGE_ROWS, Page, keyset_page

_NEWEST: Final = ("-at", "-id")
_ACTS: Final = (Keep.SHORT.value, Keep.LONG.value)


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """What is looked for; everything left out is not asked.

    `readings`: True for who has seen (opened, downloaded, printed), False for acts only.
    `outcome`: one of `rules.Outcome`, or `refused` for everything but ok.
    """

    object_ids: tuple[uuid.UUID, ...] = ()
    user_id: int | None = None
    action_prefix: str = ""
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None
    agency_ids: tuple[int, ...] = ()
    readings: bool | None = None


def rows_of(wanted: RecordFilter) -> QuerySet[AuditRow]:
    """The rows that `wanted` asks for, unordered; `until` is the first instant left out."""
    found = AuditRow.objects.all()
    if wanted.readings is not None:
        kinds = (Keep.READ.value,) if wanted.readings else _ACTS
        found = found.filter(keep__in=kinds)
    if wanted.object_ids:
        found = found.filter(_one_of("object_id", wanted.object_ids))
    if wanted.user_id is not None:
        found = found.filter(user_id=wanted.user_id)
    if wanted.agency_ids:
        found = found.filter(_one_of("agency_id", wanted.agency_ids))
    if wanted.action_prefix:
        found = found.filter(action__startswith=wanted.action_prefix)
    if wanted.outcome == "refused":
        found = found.exclude(outcome=Outcome.OK)
    elif wanted.outcome:
        found = found.filter(outcome=wanted.outcome)
    if wanted.since is not None:
        found = found.filter(at__gte=wanted.since)
    if wanted.until is not None:
        found = found.filter(at__lt=wanted.until)
    return found


def _one_of(column: str, values: Sequence[object]) -> Q:
    # Equality lets one index give the order; a list of one would not.
    return Q(**{column: values[0]}) if len(values) == 1 else Q(**{f"{column}__in": values})


def record_page(wanted: RecordFilter, cursor: str = "", rows: int = PAGE_ROWS) -> Page[AuditRow]:
    """The page of those rows after `cursor`, newest first. Raises: InvalidInput."""
    return keyset_page(rows_of(wanted), order=_NEWEST, cursor=cursor, rows=rows)


def acts_on(object_ids: Iterable[uuid.UUID], limit: int = 200) -> Sequence[AuditRow]:
    """Successful acts on the things of these ids, newest first; the caller has checked sight."""
    return list(
        AuditRow.objects.filter(
            object_id__in=list(object_ids), outcome=Outcome.OK, keep__in=_ACTS
        ).order_by(*_NEWEST)[:limit]
    )


def is_known(object_id: uuid.UUID) -> bool:
    """Whether anything was ever done with a thing of this identifier."""
    return AuditRow.objects.filter(object_id=object_id, outcome=Outcome.OK, keep__in=_ACTS).exists()
