"""Settling a day otherwise than the library."""

from __future__ import annotations

from datetime import date

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.workdays.models import DayOverride
from nhactruong.masterdata.workdays.selectors import forget_calendars


@command
def override_day(
    actor: Actor, day: date, kind: str, name: str, *, basis: str = "", agency_id: int | None = None
) -> DayOverride:
    """The day as the notice settles it; a later notice replaces an earlier one."""
    row, _ = DayOverride.objects.update_or_create(
        day=day,
        agency_id=agency_id,
        defaults={"kind": kind, "name": name, "basis": basis},
    )
    audit.record(actor, "workdays.day_settled", None, day=day.isoformat(), kind=kind)
    forget_calendars()
    return row
