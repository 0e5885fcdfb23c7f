"""Copies on their way to an agency that ends: whoever comes after receives them.

Nothing is rewritten: a delivery says to whom it was sent; who receives is asked at its arrival.
"""

from __future__ import annotations

from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.reorganization.base import Counted
from nhactruong.masterdata.reorganization.rules import Plan
from nhactruong.records.distribution.models import Delivery
from nhactruong.records.distribution.rules import DeliveryState


class OnTheWay:
    """Copies that have not arrived yet."""

    name = "distribution.on_the_way"

    def count(self, plan: Plan) -> Counted:
        """How many the successors will receive."""
        rows = Delivery.objects.filter(
            recipient_agency_id__in=plan.old_agencies, state=DeliveryState.QUEUED.value
        )
        return Counted("Văn bản đang gửi đến", rows.count())

    def move(self, actor: Actor, plan: Plan) -> int:
        """The number the successors will receive."""
        return self.count(plan).how_many

    def orphans(self, plan: Plan) -> int:
        """None: each arrives at a successor."""
        return 0
