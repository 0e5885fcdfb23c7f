"""Copies on their way to an agency that ends: whoever comes after receives them.

Nothing is rewritten: a delivery says to whom it was sent; who receives is asked at its arrival.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.reorganization.base import Blocker
from nhactruong.masterdata.reorganization.rules import Plan
from nhactruong.records.distribution.models import Delivery
from nhactruong.records.distribution.rules import DeliveryState


class OnTheWay:
    """Copies that have not arrived yet."""

    name = "distribution.on_the_way"
    words = "Văn bản đang gửi đến"

    def rows(self, plan: Plan) -> QuerySet[Delivery]:
        """The copies the successors will receive."""
        return Delivery.objects.filter(
            recipient_agency_id__in=plan.old_agencies, state=DeliveryState.QUEUED.value
        )

    def blockers(self, plan: Plan) -> Sequence[Blocker]:
        """None: what is on its way arrives."""
        return ()

    def move(self, actor: Actor, plan: Plan) -> int:
        """The number the successors will receive."""
        return self.rows(plan).count()

    def orphans(self, plan: Plan) -> int:
        """None: each arrives at a successor."""
        return 0
