"""What is stale in the register. Signature: `kernel.findings.Check`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from nhactruong.kernel.findings import Finding
from nhactruong.masterdata.devices.models import Device
from nhactruong.masterdata.devices.rules import State


def devices_expired(on: date, agency_ids: Collection[int] | None) -> Iterable[Finding]:
    """Devices still held whose last day is over."""
    rows = Device.objects.filter(state=State.IN_USE, valid_until__lt=on)
    if agency_ids is not None:
        rows = rows.filter(agency_id__in=list(agency_ids))
    return [Finding(row.agency_id, row.name, f"hết hạn {row.valid_until:%d/%m/%Y}") for row in rows]
