"""Delegations as the tests make them: the chief lends his post to a specialist."""

from __future__ import annotations

from datetime import datetime, timedelta

from nhactruong.kernel import clock
from nhactruong.kernel.states import Act
from nhactruong.masterdata.delegations import commands
from nhactruong.masterdata.delegations.commands import Scope
from nhactruong.masterdata.organization.models import Delegation
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice

PAPER = "Giấy ủy quyền số 12-GUQ/VPTU"
EVERYTHING = Scope(acts=frozenset(Act))


def lend(
    office: SmallOffice,
    giver: str = "khue",
    to: str = "mien",
    *,
    scope: Scope = EVERYTHING,
    kind: Delegation.Kind = Delegation.Kind.BY_ORDER,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Delegation:
    """The giver's post lent for an hour from now, with every act unless told otherwise."""
    now = clock.now().replace(microsecond=0)
    return commands.delegate(
        office.actor(giver),
        office.posts[giver].pk,
        office.people[to],
        kind=kind,
        basis=PAPER,
        starts_at=starts_at or now,
        ends_at=ends_at or now + timedelta(hours=1),
        scope=scope,
    )
