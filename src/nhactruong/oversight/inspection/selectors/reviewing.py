"""At which agency an emergency is reviewed: its own, else the next above where somebody may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Agency, Holding
from nhactruong.oversight.inspection.models import EmergencyRequest
from nhactruong.oversight.inspection.policies import DECIDING, DECIDING_ABOVE
from nhactruong.oversight.inspection.rules import State

#: Agencies stand in four levels at the most; a ring of superiors ends here.
_MOST_LEVELS: Final = 8


def barred(request: EmergencyRequest) -> frozenset[int]:
    """Who never reviews it: who looked, and who allowed it."""
    people = (request.asked_person_id, request.decided_person_id)
    return frozenset(person for person in people if person is not None)


def reviewing_agencies(requests: Sequence[EmergencyRequest]) -> Mapping[int, int]:
    """By request the agency whose people review it today; those that nobody may review are left out.

    Two queries for each level that is asked. Source: security.md 9 (the second person may sit above).
    """
    found: dict[int, int] = {}
    barred_from = {made.pk: barred(made) for made in requests}
    asked = {made.pk: made.agency_id for made in requests}
    roles = frozenset(DECIDING)
    for _ in range(_MOST_LEVELS):
        if not asked:
            break
        there = _bearers(frozenset(asked.values()), roles)
        found |= {
            pk: agency
            for pk, agency in asked.items()
            if there.get(agency, frozenset()) - barred_from[pk]
        }
        parents = dict(
            Agency.objects.filter(
                pk__in=[agency for pk, agency in asked.items() if pk not in found]
            ).values_list("pk", "parent_id")
        )
        asked = {
            pk: parent
            for pk, agency in asked.items()
            if pk not in found and (parent := parents.get(agency)) is not None
        }
        roles = DECIDING_ABOVE
    return found


def _bearers(agency_ids: frozenset[int], roles: frozenset[int]) -> Mapping[int, frozenset[int]]:
    today = clock.today()
    rows = Holding.objects.filter(
        valid__contains=today,
        post__roles__role__in=roles,
        post__roles__agency_id__in=agency_ids,
        post__roles__valid__contains=today,
    ).values_list("post__roles__agency_id", "person_id")
    found: dict[int, set[int]] = {}
    for agency_id, person_id in rows:
        found.setdefault(agency_id, set()).add(person_id)
    return {agency_id: frozenset(people) for agency_id, people in found.items()}


def reviewing_tokens(request: EmergencyRequest) -> Sequence[int]:
    """Before whom the review waits; nobody whom the act would refuse."""
    agency_id = reviewing_agencies([request]).get(request.pk)
    if agency_id is None:
        return []
    roles = frozenset(DECIDING) if agency_id == request.agency_id else DECIDING_ABOVE
    return organization.tokens_apart_from(barred(request), roles, agency_id)


def falling_to(actor: Actor) -> Sequence[int]:
    """Opened requests of agencies below that fall to the actor as head of office above, by key."""
    headed = actor.agencies_with(*DECIDING_ABOVE)
    if not headed:
        return []
    below = organization.with_those_below(headed)
    opened = list(EmergencyRequest.objects.filter(state=State.OPENED, agency_id__in=below))
    at = reviewing_agencies(opened)
    return [
        made.pk for made in opened if at.get(made.pk) in headed and at[made.pk] != made.agency_id
    ]
