"""What is stale in the file plans. Signature: `kernel.findings.Check`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Exists, OuterRef

from nhactruong.kernel.findings import Finding
from nhactruong.records.dossiers.models import Dossier, PlanHeading


def unused_headings(on: date, agency_ids: Collection[int] | None) -> Iterable[Finding]:
    """Headings of last year's plan under which no dossier was opened."""
    opened = Dossier.objects.filter(heading=OuterRef("pk"))
    rows = PlanHeading.objects.filter(~Exists(opened), year=on.year - 1)
    if agency_ids is not None:
        rows = rows.filter(agency_id__in=list(agency_ids))
    return [
        Finding(row.agency_id, f"{row.code} {row.title}", f"danh mục năm {row.year}")
        for row in rows.order_by("agency_id", "position")
    ]
