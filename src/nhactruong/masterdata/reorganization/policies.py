"""Who may propose, approve and carry out. Source: security.md 8 (rows 20, 25), 9 (rule 4)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from nhactruong.foundation.access.rules import Line
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.decisions import ALLOWED, Decision, never, refused
from nhactruong.kernel.states import Role
from nhactruong.masterdata.reorganization.models import Reorganization
from nhactruong.masterdata.reorganization.rules import RUNNING, STATE_LABELS, State

APPROVING: Final = frozenset({Role.CHIEF_OF_OFFICE, Role.DEPUTY_CHIEF})
PROPOSING: Final = APPROVING | {Role.HEAD_OF_DIVISION, Role.SPECIALIST, Role.CLERK}
#: Row 25: units and roles are carried out by the system's administrator.
EXECUTING: Final = APPROVING | {Role.SYSADMIN}


def _wrong_state(made: Reorganization) -> Decision:
    words = STATE_LABELS[made.as_state].lower()
    return refused(
        "reorganization.wrong_state", f"Lần sắp xếp này {words} nên chưa làm được việc này."
    )


def can_propose(actor: Actor, agency_id: int | None = None) -> Decision:
    """May the actor propose at this agency, or at any of his?"""
    reached = actor.agencies_with(*PROPOSING)
    if agency_id in reached or (agency_id is None and reached):
        return ALLOWED
    return never(
        "reorganization.not_proposing",
        "Chức danh này không đề nghị sắp xếp cơ quan.",
        line=Line.MASTER_DATA,
    )


def can_edit(actor: Actor, made: Reorganization) -> Decision:
    """May the actor change or send the proposal? Only who drew it up, while it is prepared.

    Whoever had a hand in it would otherwise not be known as its proposer, and could approve it.
    """
    proposing = can_propose(actor, made.agency_id)
    if not proposing:
        return proposing
    if made.as_state != State.DRAFT:
        return _wrong_state(made)
    if actor.person_id != made.proposer_id:
        return refused(
            "reorganization.not_yours",
            "Chỉ người lập đề nghị sửa và gửi được. Cần người khác làm thì rút rồi lập lại.",
            line=Line.MASTER_DATA,
        )
    return ALLOWED


def can_approve(actor: Actor, made: Reorganization) -> Decision:
    """May the actor approve it? Chánh or Phó Chánh Văn phòng, never whoever proposed it."""
    if not actor.has_any_role(APPROVING, made.agency_id):
        return never(
            "reorganization.not_approving",
            "Lãnh đạo Văn phòng là người duyệt việc sắp xếp cơ quan.",
            line=Line.MASTER_DATA,
        )
    if actor.person_id == made.proposer_id:
        return refused(
            "reorganization.own_proposal",
            "Người đề nghị không tự duyệt. Việc này cần người thứ hai.",
            line=Line.MASTER_DATA,
        )
    return ALLOWED if made.as_state == State.PROPOSED else _wrong_state(made)


def can_send_back(actor: Actor, made: Reorganization) -> Decision:
    """May the actor give it back to be prepared anew? Whoever approves; its proposer takes it back."""
    if made.as_state != State.PROPOSED:
        return (
            _wrong_state(made) if can_propose(actor, made.agency_id) else can_approve(actor, made)
        )
    return ALLOWED if actor.person_id == made.proposer_id else can_approve(actor, made)


def can_carry_out(actor: Actor, made: Reorganization, kept_with: Collection[int]) -> Decision:
    """May the actor carry it out? A third person: leading the office, or administering the system.

    `kept_with`: the agencies whose books are kept together with the deciding agency's; its
    system is administered in one of them.
    """
    leads = actor.has_any_role(APPROVING, made.agency_id)
    if not leads and set(kept_with).isdisjoint(actor.agencies_with(Role.SYSADMIN)):
        return never(
            "reorganization.not_carrying_out",
            "Quản trị hệ thống hoặc lãnh đạo Văn phòng là người thực hiện.",
            line=Line.ACCOUNTS,
        )
    if made.as_state != State.APPROVED:
        return _wrong_state(made)
    if actor.person_id in (made.proposer_id, made.approver_id):
        return refused(
            "reorganization.third_person",
            "Người đề nghị, người duyệt không tự thực hiện. Việc này cần người thứ ba.",
            line=Line.ACCOUNTS,
        )
    return ALLOWED


def can_withdraw(actor: Actor, made: Reorganization) -> Decision:
    """May the actor withdraw it? Its proposer, or the leaders of the office."""
    is_own = actor.person_id is not None and actor.person_id == made.proposer_id
    if not is_own and not actor.has_any_role(APPROVING, made.agency_id):
        return never(
            "reorganization.not_withdrawing",
            "Người đề nghị hoặc lãnh đạo Văn phòng rút được.",
            line=Line.MASTER_DATA,
        )
    return ALLOWED if made.as_state in RUNNING else _wrong_state(made)
