"""Sixteen ordinary people of all roles and several agencies, as the load is defined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Agency, Holding

#: (role, how many); taken from the agencies in their order, each agency once before any twice.
_WANTED: Final = (
    (Role.CLERK, 3),
    (Role.SPECIALIST, 4),
    (Role.HEAD_OF_DIVISION, 2),
    (Role.CHIEF_OF_OFFICE, 2),
    (Role.DEPUTY_CHIEF, 1),
    (Role.SECRETARY, 2),
    (Role.DEPUTY_SECRETARY, 1),
    (Role.ARCHIVIST, 1),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in."""

    username: str
    role: Role
    actor: Actor


def ordinary_people() -> Sequence[Person]:
    """The sixteen, the same ones every time."""
    taken: set[int] = set()
    chosen: list[Person] = []
    for role, count in _WANTED:
        chosen += _with_role(role, count, taken)
    return chosen


def _with_role(role: Role, count: int, taken: set[int]) -> list[Person]:
    """`count` people with the role, from as many agencies as have one."""
    found: list[Person] = []
    today = clock.today()
    agencies = list(Agency.objects.order_by("pk"))
    for may_repeat in (False, True):
        for agency in agencies:
            for card in organization.posts_with_role(role, agency.pk):
                if len(found) == count:
                    return found
                if card.person_id is None or card.person_id in taken:
                    continue
                if card.agency_id != agency.pk and not may_repeat and found:
                    continue
                holding = Holding.objects.filter(
                    person_id=card.person_id, valid__contains=today
                ).select_related("person__account")[0]
                account = holding.person.account
                if account is None:
                    continue
                taken.add(card.person_id)
                actor = organization.actor_for_person(card.person_id)
                found.append(Person(account.username, role, actor))
                if not may_repeat:
                    break
    return found
