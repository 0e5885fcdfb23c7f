"""What of incoming papers passes on when agencies merge, split or dissolve.

A registered paper keeps agency, registry and number; only who handles it changes. A paper still in
the intake of an agency that ends is registered by the agency that comes after.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import connection
from django.db.models import F, Q, QuerySet

from nhactruong.foundation.access import commands as access
from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.workitems import commands as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.reorganization.base import Blocker
from nhactruong.masterdata.reorganization.rules import Plan
from nhactruong.records.documents import commands as documents
from nhactruong.records.incoming.models import Handling, IncomingDocument
from nhactruong.records.incoming.rules import OPEN_STATES, State

_HANDLED: Final = sorted(state.value for state in OPEN_STATES - {State.RECEIVED})

_NEW_PARTS: Final = """
WITH ended AS (
    UPDATE incoming_handling part SET ended_at = %(now)s FROM incoming_incomingdocument paper
     WHERE paper.id = part.incoming_id AND paper.state = ANY(%(states)s) AND part.ended_at IS NULL
       AND (part.unit_id = ANY(%(units)s) OR part.post_id = ANY(%(posts)s))
    RETURNING part.*),
after AS (
    SELECT DISTINCT ON (ended.incoming_id, ended.part, unit.new, post.new)
           ended.incoming_id, ended.direction_id, ended.part, unit.new AS unit_id,
           post.new AS post_id, coalesce(unit.name, post.name) AS name
      FROM ended
      LEFT JOIN unnest(%(units)s::bigint[], %(units_after)s::bigint[], %(unit_names)s::text[])
           AS unit (old, new, name) ON unit.old = ended.unit_id
      LEFT JOIN unnest(%(posts)s::bigint[], %(posts_after)s::bigint[], %(post_names)s::text[])
           AS post (old, new, name) ON post.old = ended.post_id
     ORDER BY ended.incoming_id, ended.part, unit.new, post.new, ended.id)
INSERT INTO incoming_handling
       (incoming_id, direction_id, part, unit_id, post_id, name_printed, given_at, given_by)
SELECT incoming_id, direction_id, part, unit_id, post_id, left(name, 300), %(now)s, %(by)s FROM after"""
_PRINT_LEAD: Final = """
UPDATE incoming_incomingdocument paper SET lead_printed = part.name_printed, version = version + 1
  FROM incoming_handling part
 WHERE part.incoming_id = paper.id AND part.part = 'lead' AND part.ended_at IS NULL
   AND part.given_at = %(now)s AND part.given_by = %(by)s"""


class Handled:
    """Registered papers that somebody still has to settle."""

    name = "incoming.handled"
    words = "Văn bản đến đang giải quyết"

    def rows(self, plan: Plan) -> QuerySet[IncomingDocument]:
        """The papers of the old agencies, and those given to one of their desks."""
        return _handled(plan)

    def blockers(self, plan: Plan) -> Sequence[Blocker]:
        """Units without successor that still have papers."""
        left = (
            Handling.objects.filter(
                ended_at=None, incoming__state__in=_HANDLED, unit__agency_id__in=plan.old_agencies
            )
            .exclude(unit_id__in=list(plan.units))
            .values_list("unit__name", flat=True)
            .distinct()
        )
        return [
            Blocker(f"{unit} còn văn bản đang giải quyết mà chưa có phòng nào kế tục.")
            for unit in left
        ]

    def move(self, actor: Actor, plan: Plan) -> int:
        """The number of papers in charge of the successors from now on."""
        moved = _handled(plan).count()
        _pass_parts(actor, plan)
        return moved

    def orphans(self, plan: Plan) -> int:
        """Parts still given to what has ended."""
        ended = Q(post_id__in=list(plan.posts)) | Q(unit__agency_id__in=plan.old_agencies)
        return Handling.objects.filter(ended, ended_at=None, incoming__state__in=_HANDLED).count()


def _handled(plan: Plan) -> QuerySet[IncomingDocument]:
    given = Handling.objects.filter(
        Q(post_id__in=list(plan.posts)) | Q(unit_id__in=list(plan.units)), ended_at=None
    )
    return IncomingDocument.objects.filter(
        Q(agency_id__in=plan.old_agencies) | Q(pk__in=given.values("incoming_id")),
        state__in=_HANDLED,
    )


@command
def _pass_parts(actor: Actor, plan: Plan) -> None:
    """Each open part of an ending desk ends, and the desk that comes after has it."""
    units = organization.unit_names(plan.units.values())
    cards = {
        card.post_id: f"{card.holder_name}, {card.title}" if card.holder_name else card.title
        for card in organization.post_cards(ids=set(plan.posts.values()), on=plan.day)
    }
    values = {
        "now": clock.now(),
        "by": f"Sắp xếp cơ quan: {plan.basis}"[:300],
        "states": _HANDLED,
        **_desks("units", "unit_names", plan.units, units),
        **_desks("posts", "post_names", plan.posts, cards),
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEW_PARTS, values)
        cursor.execute(_PRINT_LEAD, values)


def _desks(
    key: str, names_key: str, pairs: Mapping[int, int], names: Mapping[int, str]
) -> dict[str, Any]:
    return {
        key: list(pairs),
        f"{key}_after": list(pairs.values()),
        names_key: [names.get(after, "") for after in pairs.values()],
    }


class InIntake:
    """Papers that came and are not registered yet."""

    name = "incoming.intake"
    words = "Văn bản đến chờ vào sổ"

    def rows(self, plan: Plan) -> QuerySet[IncomingDocument]:
        """The papers that wait in the intakes."""
        return IncomingDocument.objects.filter(
            agency_id__in=plan.old_agencies, state=State.RECEIVED.value
        )

    def blockers(self, plan: Plan) -> Sequence[Blocker]:
        """None: what is not registered yet is registered by whoever comes after."""
        return ()

    def move(self, actor: Actor, plan: Plan) -> int:
        """The number of papers that wait in a successor's intake from now on."""
        return sum(
            _receive_after(actor, old, after, plan.registries[after])
            for old, after in plan.successors.items()
        )

    def orphans(self, plan: Plan) -> int:
        """Papers left in the intake of a body that has ended."""
        return self.rows(plan).count()


@command
def _receive_after(actor: Actor, old: int, after: int, registry_id: int) -> int:
    """The number of unregistered papers of `old`, now in the intake of `after`."""
    rows = IncomingDocument.objects.filter(agency_id=old, state=State.RECEIVED.value)
    ids: list[uuid.UUID] = list(rows.values_list("public_id", flat=True))
    if not ids:
        return 0
    rows.update(agency_id=after, registry_id=registry_id, version=F("version") + 1)
    documents.pass_to(actor, ids, after)
    roles = {tokens.role_token(role, old): tokens.role_token(role, after) for role in Role}
    access.grant_alike(actor, IncomingDocument, ids, roles)
    workitems.pass_on(actor, roles, objects=ids, agency_id=after)
    return len(ids)
