"""Reading series."""

from __future__ import annotations

from nhactruong.records.numbering.models import NumberSeries
from nhactruong.records.numbering.rules import SeriesKey


def last_number(key: SeriesKey) -> int | None:
    """The last number taken from the series, or None when the series is not open."""
    return (
        NumberSeries.objects.filter(**key.as_fields(), closed_on=None)
        .values_list("last_number", flat=True)
        .first()
    )
