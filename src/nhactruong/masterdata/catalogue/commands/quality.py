"""Counting once a day what the checks find."""

from __future__ import annotations

from collections import Counter

from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.catalogue import datasets
from nhactruong.masterdata.catalogue.models import QualityReading
from nhactruong.masterdata.organization.models import Agency


@command
def read_quality(actor: Actor) -> int:
    """The number of places found today at all agencies; a second reading of a day replaces the first.

    An agency where a check found nothing has a row only when an earlier day had one, so that the
    trend comes down to nothing. A check that never found anything has one at the first agency: it
    says that the check was counted.
    """
    today = clock.today()
    found: Counter[tuple[str, int]] = Counter()
    for check in datasets.checks():
        found.update((check.code, one.agency_id) for one in check.find()(today, None))
    before = QualityReading.objects.filter(found__gt=0).values_list("rule", "agency_id").distinct()
    told = {*found, *before}
    first = Agency.objects.order_by("pk").values_list("pk", flat=True).first()
    if first is not None:
        silent = {check.code for check in datasets.checks()} - {rule for rule, _ in told}
        told |= {(rule, first) for rule in silent}
    rows = [
        QualityReading(rule=rule, agency_id=agency, day=today, found=found[rule, agency])
        for rule, agency in sorted(told)
    ]
    QualityReading.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["agency", "rule", "day"],
        update_fields=["found"],
    )
    return sum(found.values())
