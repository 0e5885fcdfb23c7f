"""Who may propose and approve. Source: security.md 8, row "Shared data store"; 9."""

from __future__ import annotations

from typing import Final

from nhactruong.foundation.access.rules import Line
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.decisions import ALLOWED, Decision, never, refused
from nhactruong.kernel.states import Role
from nhactruong.masterdata.codelists.models import CodeChange
from nhactruong.masterdata.codelists.rules import STATE_LABELS, State

APPROVING: Final = (Role.CHIEF_OF_OFFICE, Role.DEPUTY_CHIEF)
PROPOSING: Final = (*APPROVING, Role.HEAD_OF_DIVISION, Role.SPECIALIST, Role.CLERK)


def can_propose(actor: Actor) -> Decision:
    """May the actor propose a change of a list? Whoever works with it, at any agency."""
    if actor.person_id is not None and actor.agencies_with(*PROPOSING):
        return ALLOWED
    return never(
        "code_list.not_proposing",
        "Chức danh này không đề nghị sửa danh mục mã.",
        line=Line.MASTER_DATA,
    )


def can_approve(actor: Actor, change: CodeChange) -> Decision:
    """May the actor approve or refuse it? Chánh or Phó Chánh Văn phòng of the agency that keeps
    the lists, never whoever proposed it.
    """
    if not actor.has_any_role(frozenset(APPROVING), change.agency_id):
        return never(
            "code_list.not_approving",
            "Lãnh đạo Văn phòng của cơ quan giữ danh mục là người duyệt.",
            line=Line.MASTER_DATA,
        )
    if change.as_state is not State.PROPOSED:
        words = STATE_LABELS[change.as_state].lower()
        return refused("code_list.decided", f"Đề nghị này {words}.")
    if actor.person_id == change.proposer_id:
        return refused(
            "code_list.own_proposal",
            "Người đề nghị không tự duyệt. Việc này cần người thứ hai.",
            line=Line.MASTER_DATA,
        )
    return ALLOWED


def can_withdraw(actor: Actor, change: CodeChange) -> Decision:
    """May the actor take the proposal back? Whoever made it, until it is decided."""
    if actor.person_id != change.proposer_id or change.as_state is not State.PROPOSED:
        return never("code_list.not_yours", "Chỉ người đề nghị rút được.", line=Line.MASTER_DATA)
    return ALLOWED
