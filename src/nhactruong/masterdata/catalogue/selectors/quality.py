"""What the checks found: counts of the latest day, their trend, the places, and who mends them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Sum

from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.findings import Finding
from nhactruong.kernel.states import Role
from nhactruong.masterdata.catalogue import datasets
from nhactruong.masterdata.catalogue.datasets import Check
from nhactruong.masterdata.catalogue.models import QualityReading
from nhactruong.masterdata.organization.models import Holding, PostRole

TREND_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Standing:
    """A check at the reader's agencies: how it went in thirty days; no day while nobody counted."""

    check: Check
    #: (day, found) of the days on which it was counted, oldest first.
    days: Sequence[tuple[date, int]]

    @property
    def found(self) -> int | None:
        """What was found lastly; None while it was not counted, which is not nothing."""
        return self.days[-1][1] if self.days else None


def agencies_asked(actor: Actor, chosen: int | None) -> Sequence[int]:
    """The reader's agencies, or the one chosen among them."""
    own = actor.agency_ids
    return [chosen] if chosen in own else list(own)


def has_read_today() -> bool:
    """Whether every check there is was counted today; one that came with an upgrade was not."""
    read = QualityReading.objects.filter(day=clock.today()).values_list("rule", flat=True)
    return {check.code for check in datasets.checks()} <= set(read.distinct())


def standings(agency_ids: Collection[int]) -> Sequence[Standing]:
    """Every check with its numbers at these agencies; two queries."""
    since = clock.today() - timedelta(days=TREND_DAYS)
    days: dict[str, list[date]] = defaultdict(list)
    read = QualityReading.objects.filter(day__gte=since).order_by("day")
    for rule, day in read.values_list("rule", "day").distinct():
        days[rule].append(day)
    sums: dict[str, dict[date, int]] = defaultdict(dict)
    rows = QualityReading.objects.filter(day__gte=since, agency_id__in=list(agency_ids))
    for rule, day, found in (
        rows.values("rule", "day").annotate(sum=Sum("found")).values_list("rule", "day", "sum")
    ):
        sums[rule][day] = found
    return [
        Standing(check, [(day, sums[check.code].get(day, 0)) for day in days[check.code]])
        for check in datasets.checks()
    ]


def places(check: Check, agency_ids: Collection[int]) -> Sequence[Finding]:
    """What the check finds now at these agencies, by agency and name."""
    found = check.find()(clock.today(), agency_ids)
    return sorted(found, key=lambda one: (one.agency_id, one.what))


def menders(roles: Collection[Role], agency_ids: Collection[int]) -> Mapping[Role, str]:
    """Role → the names of those who hold it today at these agencies, three at most; two queries."""
    today = clock.today()
    carrying = PostRole.objects.filter(
        role__in=list(roles), agency_id__in=list(agency_ids), valid__contains=today
    )
    role_of: dict[int, set[int]] = defaultdict(set)
    for post, role in carrying.values_list("post_id", "role"):
        role_of[post].add(role)
    held = Holding.objects.filter(post_id__in=list(role_of), valid__contains=today)
    names: dict[Role, list[str]] = defaultdict(list)
    for post, name in held.order_by("post__rank", "pk").values_list("post_id", "person__full_name"):
        for role in role_of[post]:
            if name not in names[Role(role)]:
                names[Role(role)].append(name)
    return {role: _joined(found) for role, found in names.items()}


def _joined(names: Sequence[str], most: int = 3) -> str:
    more = f" và {len(names) - most} người khác" if len(names) > most else ""
    return ", ".join(names[:most]) + more
