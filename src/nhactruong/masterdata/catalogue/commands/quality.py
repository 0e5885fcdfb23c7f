"""Counting once a day what the checks find."""

from __future__ import annotations

from collections import Counter

from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.catalogue import datasets
from nhactruong.masterdata.catalogue.models import QualityReading


@command
def read_quality(actor: Actor) -> int:
    """The number of places found today at all agencies; a second reading of a day replaces the first.

    An agency where a check found nothing has a row only when an earlier day had one, so that the
    trend comes down to nothing.
    """
    today = clock.today()
    found: Counter[tuple[str, int]] = Counter()
    for check in datasets.checks():
        found.update((check.code, one.agency_id) for one in check.find()(today, None))
    before = QualityReading.objects.filter(found__gt=0).values_list("rule", "agency_id").distinct()
    rows = [
        QualityReading(rule=rule, agency_id=agency, day=today, found=found[rule, agency])
        for rule, agency in sorted({*found, *before})
    ]
    QualityReading.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["agency", "rule", "day"],
        update_fields=["found"],
    )
    return sum(found.values())
