"""Keys of programs when agencies merge, split or dissolve: they open nothing any more.

A key is bound to one agency and one purpose; the successor asks for its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.workitems import commands as workitems
from nhactruong.gateways.http_api.commands import DECIDE
from nhactruong.gateways.http_api.models import ServiceKey
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.reorganization.base import Blocker
from nhactruong.masterdata.reorganization.rules import Plan

_REASON = "Cơ quan được cấp khóa đã kết thúc hoạt động."


class Keys:
    """Keys that open, may be collected or still wait for the second person."""

    name = "keys"
    words = "Khóa của phần mềm thu hồi"

    def rows(self, plan: Plan) -> QuerySet[ServiceKey]:
        """The keys that close."""
        alive = Q(expires_at=None) | Q(expires_at__gt=clock.now())
        return ServiceKey.objects.filter(
            alive, agency_id__in=list(plan.old_agencies), revoked_at=None
        ).exclude(is_allowed=False)

    def blockers(self, plan: Plan) -> Sequence[Blocker]:
        """None: a key closes whatever it is used for."""
        return ()

    def move(self, actor: Actor, plan: Plan) -> int:
        """The number of keys revoked; each in the record."""
        return _revoke(actor, self.rows(plan))

    def orphans(self, plan: Plan) -> int:
        """Keys of an agency that has ended which could still open something."""
        return self.rows(plan).count()


@command
def _revoke(actor: Actor, rows: QuerySet[ServiceKey]) -> int:
    """The number of keys that open nothing from now on."""
    keys = list(rows.select_for_update().order_by("pk"))
    for key in keys:
        key.revoked_at, key.revoked_by = clock.now(), actor.name
        key.save(update_fields=["revoked_at", "revoked_by"])
        workitems.close(actor, key, [DECIDE], outcome="revoked")
        audit.record(actor, "key.revoked", key, reason=_REASON, name=key.name)
    return len(keys)
