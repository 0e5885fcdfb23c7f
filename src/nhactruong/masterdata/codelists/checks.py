"""Codes that are used though their list no longer has them. Signature: `kernel.findings.Check`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q

from nhactruong.kernel.findings import Finding
from nhactruong.masterdata.codelists import selectors
from nhactruong.masterdata.organization.models import Agency, Organ


def ended_codes_in_use(on: date, agency_ids: Collection[int] | None) -> Iterable[Finding]:
    """Agencies and organs in force whose kind is no code of its list on that day."""
    still = Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on))
    kinds = [entry.code for entry in selectors.entries("agency-kinds", on)]
    for agency in Agency.objects.filter(still).exclude(kind__in=kinds):
        if agency_ids is None or agency.pk in agency_ids:
            yield Finding(agency.pk, agency.name, f"loại cơ quan: {agency.kind}")
    kinds = [entry.code for entry in selectors.entries("organ-kinds", on)]
    for organ in Organ.objects.filter(still).exclude(kind__in=kinds):
        if agency_ids is None or organ.agency_id in agency_ids:
            yield Finding(organ.agency_id, organ.name, f"loại tập thể: {organ.kind}")
