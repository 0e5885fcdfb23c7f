"""Who proposes a hand-over, who approves it. Source: security.md 8 (lines 20, 25), 9 (4)."""

from __future__ import annotations

from typing import Final

from nhactruong.foundation.access.rules import Line
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.decisions import ALLOWED, Decision, never, refused
from nhactruong.kernel.states import Role
from nhactruong.oversight.handover.models import HandOver
from nhactruong.oversight.handover.rules import State

PROPOSING: Final = (
    Role.CHIEF_OF_OFFICE,
    Role.DEPUTY_CHIEF,
    Role.HEAD_OF_DIVISION,
    Role.SYSADMIN,
)
#: Who answers for the agency's data; in a commune the post may stand at the province.
DECIDING: Final = (Role.CHIEF_OF_OFFICE, Role.DEPUTY_CHIEF)
#: Who may propose for every post of the agency; a head only for the posts of the unit.
_EVERYWHERE: Final = frozenset({Role.CHIEF_OF_OFFICE, Role.DEPUTY_CHIEF, Role.SYSADMIN})


def can_propose(actor: Actor) -> Decision:
    """May the actor propose a hand-over at all?"""
    if actor.agencies_with(*PROPOSING):
        return ALLOWED
    return never(
        "handover.not_proposing",
        "Bàn giao do lãnh đạo Văn phòng, trưởng phòng hoặc quản trị hệ thống đề nghị.",
        line=Line.ACCOUNTS,
    )


def can_propose_for(actor: Actor, agency_id: int, unit_ids: set[int | None]) -> Decision:
    """May the actor propose it for posts of these units of the agency?"""
    if actor.has_any_role(_EVERYWHERE, agency_id):
        return ALLOWED
    own = {
        post.unit_id
        for post in actor.posts
        if post.unit_id is not None and any(r == Role.HEAD_OF_DIVISION for r, _ in post.roles)
    }
    if unit_ids and unit_ids <= own:
        return ALLOWED
    return never(
        "handover.other_unit",
        "Trưởng phòng chỉ đề nghị bàn giao trong đơn vị mình.",
        line=Line.ACCOUNTS,
    )


def can_decide(actor: Actor, made: HandOver) -> Decision:
    """May the actor approve or refuse it? Head of office or deputy: not who asked, nor who receives."""
    if not actor.has_any_role(frozenset(DECIDING), made.agency_id):
        return never(
            "handover.not_deciding",
            "Chánh Văn phòng hoặc Phó Chánh Văn phòng duyệt bàn giao.",
            line=Line.ACCOUNTS,
        )
    if actor.person_id == made.asked_person_id:
        return refused(
            "handover.own_request",
            "Người đề nghị không tự duyệt. Việc này cần người thứ hai.",
            line=Line.ACCOUNTS,
        )
    receiving = {part.successor_id for part in made.parts.all()}
    if actor.person_id in receiving:
        return refused(
            "handover.grantee",
            "Người nhận chức danh không tự duyệt. Việc này cần người khác.",
            line=Line.ACCOUNTS,
        )
    if made.as_state != State.ASKED:
        return refused("handover.decided", "Đề nghị này đã có ý kiến.", line=Line.ACCOUNTS)
    return ALLOWED


def can_withdraw(actor: Actor, made: HandOver) -> Decision:
    """May the actor give it up? Who asked, until it is carried out."""
    if actor.person_id != made.asked_person_id:
        return never("handover.not_yours", "Chỉ người đề nghị rút được.", line=Line.ACCOUNTS)
    if made.as_state not in (State.ASKED, State.APPROVED):
        return refused("handover.decided", "Việc bàn giao đã xong.", line=Line.ACCOUNTS)
    return ALLOWED
