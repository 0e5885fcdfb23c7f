"""Who may ask that many documents leave, and who allows it. Source: security.md 9.9."""

from __future__ import annotations

from typing import Final

from nhactruong.foundation.access.rules import Line
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.decisions import ALLOWED, Decision, never, refused
from nhactruong.kernel.states import Role
from nhactruong.records.releases.models import Release
from nhactruong.records.releases.rules import State

#: Whoever answers for the agency's papers; in a commune the post may stand at the province.
DECIDING: Final = frozenset({Role.CHIEF_OF_OFFICE, Role.SECRETARY, Role.DEPUTY_SECRETARY})


def can_decide(actor: Actor, release: Release) -> Decision:
    """May the actor allow or refuse it? Chánh Văn phòng or a leader, never who asked."""
    if not actor.has_any_role(DECIDING, release.agency_id):
        return never(
            "release.not_deciding",
            "Chánh Văn phòng hoặc Thường trực là người duyệt việc xuất dữ liệu.",
            line=Line.SEE_INCOMING_REGISTER,
        )
    if actor.person_id == release.asked_person_id:
        return refused(
            "release.own_request",
            "Người đề nghị không tự duyệt. Việc này cần người thứ hai.",
        )
    if release.as_state != State.ASKED:
        return refused("release.decided", "Đề nghị này đã có ý kiến.")
    return ALLOWED
