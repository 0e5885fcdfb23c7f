"""Opening series and taking numbers."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, Protocol

from django.db import connection

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.persistence.inserting import insert
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import RuleBroken
from nhactruong.records.numbering.models import AllottedNumber, NumberSeries
from nhactruong.records.numbering.rules import SeriesKey

#: Places are the fields of a key in their order.
_COUNT_UP: Final = """
UPDATE numbering_numberseries SET last_number = last_number + 1
 WHERE registry_id = %s AND issuing_body = %s AND "group" = %s AND period = %s
   AND copy_kind = %s AND secrecy_class = %s AND closed_on IS NULL
RETURNING id, last_number
"""


class Numbered(Protocol):
    """A record that can carry a number."""

    public_id: uuid.UUID

    @classmethod
    def type_name(cls) -> str:
        """The kind of record."""
        ...


@command
def open_series(
    actor: Actor,
    agency_id: int,
    keys: Iterable[SeriesKey],
    *,
    opened_on: date,
    last_numbers: dict[str, int] | None = None,
) -> int:
    """The number of series born now, each at 01 (or after `last_numbers[group]` of the paper book)."""
    known = last_numbers or {}
    before = NumberSeries.objects.filter(agency_id=agency_id).count()
    NumberSeries.objects.bulk_create(
        [
            NumberSeries(
                agency_id=agency_id,
                opened_on=opened_on,
                last_number=known.get(key.group, 0),
                **key.as_fields(),
            )
            for key in keys
        ],
        ignore_conflicts=True,
    )
    born = NumberSeries.objects.filter(agency_id=agency_id).count() - before
    audit.record(actor, "numbering.series_opened", None, agency=agency_id, born=born)
    return born


@command
def close_series(actor: Actor, agency_ids: Iterable[int], *, on: date) -> int:
    """The number of series of these agencies now closed; nothing is numbered or registered there.

    Whoever is taking a number from one is waited for; whoever comes later is refused.
    """
    rows = NumberSeries.objects.filter(agency_id__in=list(agency_ids), closed_on=None)
    return rows.update(closed_on=on)


@command
def hand_over_series(actor: Actor, registries: Mapping[int, int], *, not_of: Iterable[int]) -> int:
    """The number of open series that another registry now keeps, counting on; `registries`: old → new.

    The series of the agencies `not_of` have ended and stay where they are.
    """
    handed = 0
    for old, new in registries.items():
        rows = NumberSeries.objects.filter(registry_id=old, closed_on=None)
        handed += rows.exclude(agency_id__in=list(not_of)).update(registry_id=new)
    return handed


@command
def take_next(actor: Actor, thing: Numbered, *, key: SeriesKey, dated_on: date) -> AllottedNumber:
    """The next number of the series, from 1, with its series; a rollback takes it back: no gaps.

    Raises: RuleBroken `numbering.no_series`, `numbering.series_closed`.
    """
    fields: dict[str, Any] = key.as_fields()
    with connection.cursor() as cursor:
        # One statement counts up and locks: the row is held from here to the end of the act.
        cursor.execute(_COUNT_UP, list(fields.values()))
        counted = cursor.fetchone()
    if counted is None:
        raise _refusal(NumberSeries.objects.filter(**fields).first())
    taken = AllottedNumber(
        series_id=counted[0],
        number=counted[1],
        dated_on=dated_on,
        object_type=thing.type_name(),
        object_id=thing.public_id,
        allotted_at=clock.now(),
        allotted_by=actor.name,
    )
    insert(taken)
    return taken


def _refusal(series: NumberSeries | None) -> RuleBroken:
    """Why the series gives no number."""
    if series is None or series.closed_on is None:
        return RuleBroken(
            "numbering.no_series",
            "Chưa mở sổ cho loại văn bản này trong nhiệm kỳ. Đề nghị văn thư mở sổ trước khi cấp số.",
        )
    return RuleBroken(
        "numbering.series_closed",
        "Sổ này đã đóng ngày %(day)s nên không cấp số được nữa.",
        day=f"{series.closed_on:%d/%m/%Y}",
    )


@command
def void_number(actor: Actor, thing: Numbered, *, reason: str, requested_by: str) -> AllottedNumber:
    """The number of `thing`, now void; the second person (`actor`) is not the one who asked.

    Raises: RuleBroken `numbering.void_same_person`, `numbering.void_without_reason`.
    Source: security.md 9.8.
    """
    if requested_by == actor.name:
        raise RuleBroken(
            "numbering.void_same_person",
            "Bỏ số cần người thứ hai xác nhận; người đề nghị không tự xác nhận.",
        )
    if not reason.strip():
        raise RuleBroken("numbering.void_without_reason", "Bỏ số phải ghi lý do.")
    number = AllottedNumber.objects.select_for_update(of=("self",)).get(
        object_id=thing.public_id, voided_at=None
    )
    number.voided_at = clock.now()
    number.void_reason = reason.strip()
    number.void_requested_by = requested_by
    number.void_confirmed_by = actor.name
    number.save(
        update_fields=["voided_at", "void_reason", "void_requested_by", "void_confirmed_by"]
    )
    audit.record(actor, "numbering.voided", thing, reason=reason, number=number.number)
    return number
