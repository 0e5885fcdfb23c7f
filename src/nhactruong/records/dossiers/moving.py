"""What of dossiers passes on when agencies merge, split or dissolve: who keeps the open ones.

A dossier keeps agency and code under which it was opened; two offices may have used the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet

from nhactruong.foundation.persistence.base import command
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.reorganization.base import Blocker
from nhactruong.masterdata.reorganization.rules import Plan
from nhactruong.records.dossiers.models import Dossier
from nhactruong.records.dossiers.rules import State

_KEEPERS: Final = """
UPDATE dossiers_dossier dossier SET version = version + 1,
       keeper_post_id = coalesce((SELECT new FROM unnest(%s::bigint[], %s::bigint[])
                                         AS told (old, new) WHERE old = dossier.keeper_post_id),
                                 keeper_post_id),
       unit_id = coalesce((SELECT new FROM unnest(%s::bigint[], %s::bigint[])
                                  AS told (old, new) WHERE old = dossier.unit_id), unit_id)
 WHERE id = ANY(%s)"""


class OpenDossiers:
    """Dossiers in which work still goes on."""

    name = "dossiers.open"
    words = "Hồ sơ đang mở"

    def rows(self, plan: Plan) -> QuerySet[Dossier]:
        """The dossiers that have another keeper afterwards."""
        kept = Q(keeper_post_id__in=list(plan.posts)) | Q(unit_id__in=list(plan.units))
        return Dossier.objects.filter(kept, state=State.OPEN.value)

    def blockers(self, plan: Plan) -> Sequence[Blocker]:
        """None: a dossier is passed on in any state."""
        return ()

    def move(self, actor: Actor, plan: Plan) -> int:
        """The number of dossiers kept by the successors from now on."""
        return _keep_after(actor, plan, list(self.rows(plan).values_list("pk", flat=True)))

    def orphans(self, plan: Plan) -> int:
        """Open dossiers whose keeper has ended."""
        return self.rows(plan).count()


@command
def _keep_after(actor: Actor, plan: Plan, ids: list[int]) -> int:
    """The number of dossiers with their new keepers."""
    posts, units = plan.posts, plan.units
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEPERS,
            [list(posts), list(posts.values()), list(units), list(units.values()), ids],
        )
        kept: int = cursor.rowcount
    return kept
