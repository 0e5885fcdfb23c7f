"""Who sees the delegations and absences of an agency. Source: security.md 7 (5), 8."""

from __future__ import annotations

from typing import Final

from nhactruong.foundation.access.rules import Line
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.decisions import ALLOWED, Decision, never
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization.models import Delegation

#: Who oversees what is delegated in an agency.
OVERSEEING: Final = (Role.CHIEF_OF_OFFICE, Role.DEPUTY_CHIEF, Role.SECURITY_ADMIN)


def can_oversee(actor: Actor) -> Decision:
    """May the actor see every delegation of an agency? Head of office, deputies, security officer."""
    if actor.agencies_with(*OVERSEEING):
        return ALLOWED
    return never(
        "delegation.not_overseeing",
        "Danh sách này do Chánh Văn phòng, Phó Chánh Văn phòng và quản trị an toàn theo dõi.",
        line=Line.ACCOUNTS,
    )


def can_revoke(actor: Actor, lent: Delegation) -> Decision:
    """May the actor take it back? Only who gave it."""
    if actor.person_id == lent.given_by_id:
        return ALLOWED
    return never("delegation.not_the_giver", "Chỉ người ủy quyền thu hồi được.", line=Line.ACCOUNTS)
