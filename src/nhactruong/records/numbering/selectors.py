"""Reading series."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from nhactruong.records.numbering.models import NumberSeries
from nhactruong.records.numbering.rules import SeriesKey


def still_open(agency_ids: Iterable[int]) -> QuerySet[NumberSeries]:
    """The series of these agencies that still give numbers."""
    return NumberSeries.objects.filter(agency_id__in=list(agency_ids), closed_on=None)


def last_number(key: SeriesKey) -> int | None:
    """The last number taken from the series, or None when the series is not open."""
    return (
        NumberSeries.objects.filter(**key.as_fields(), closed_on=None)
        .values_list("last_number", flat=True)
        .first()
    )
