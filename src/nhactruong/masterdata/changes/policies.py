"""Who asks for a change and who decides it. Source: security.md 8, row "Users, roles, units"; 9 (4)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from nhactruong.foundation.access.rules import Line
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.decisions import ALLOWED, Decision, never, refused
from nhactruong.kernel.states import Role
from nhactruong.masterdata.changes.models import ChangeOrder
from nhactruong.masterdata.changes.rules import (
    ABOUT_ACCOUNTS,
    OF_A_UNIT,
    STATE_LABELS,
    CodeStage,
    Kind,
    State,
)

DECIDING: Final = Role.CHIEF_OF_OFFICE
#: Who may ask for anything at the agency; a head only for posts of the unit.
EVERYWHERE: Final = frozenset({Role.CHIEF_OF_OFFICE, Role.SYSADMIN})
REQUESTING: Final = EVERYWHERE | {Role.HEAD_OF_DIVISION}


def can_request(actor: Actor) -> Decision:
    """May the actor ask for changes at all?"""
    if actor.person_id is not None and actor.agencies_with(*REQUESTING):
        return ALLOWED
    return never(
        "change.not_requesting",
        "Trưởng phòng, Chánh Văn phòng hoặc quản trị hệ thống là người lập phiếu thay đổi.",
        line=Line.ACCOUNTS,
    )


def units_led(actor: Actor) -> frozenset[int]:
    """The units the actor leads."""
    return frozenset(
        post.unit_id
        for post in actor.posts
        if post.unit_id is not None and any(role == Role.HEAD_OF_DIVISION for role, _ in post.roles)
    )


def can_request_for(
    actor: Actor, kind: Kind, agency_id: int, unit_id: int | None = None
) -> Decision:
    """May the actor ask for a change of that kind there? `unit_id`: the unit the post belongs to."""
    asking = can_request(actor)
    if not asking or actor.has_any_role(EVERYWHERE, agency_id):
        return asking
    if kind in OF_A_UNIT and unit_id is not None and unit_id in units_led(actor):
        return ALLOWED
    return never(
        "change.other_unit",
        "Trưởng phòng chỉ đề nghị thay đổi chức danh, vai trò trong đơn vị mình.",
        line=Line.ACCOUNTS,
    )


def may_gain(person_id: int | None, gaining: Collection[int]) -> Decision:
    """May the person ask for a change that gives something to these people?"""
    if person_id in gaining:
        return refused(
            "change.own_gain",
            "Không ai đề nghị quyền, chức danh cho chính mình. Đồng chí khác lập phiếu này.",
            line=Line.ACCOUNTS,
        )
    return ALLOWED


def can_approve(
    actor: Actor, order: ChangeOrder, *, reached: Collection[int], gaining: Collection[int]
) -> Decision:
    """May the actor have it take effect? The head of office there or above; three people in all.

    `reached`: the agencies for which the actor decides. `gaining`: to whom the change gives
    something, who holds the post that gains among them. Source: security.md 9 (4).
    """
    deciding = can_refuse(actor, order, reached=reached)
    if not deciding:
        return deciding
    if order.reached_id is not None and order.reached_id not in reached:
        return refused(
            "change.beyond_reach",
            "Vai trò này có hiệu lực ở cơ quan ngoài phạm vi của đồng chí."
            " Chánh Văn phòng cấp trên là người duyệt.",
            line=Line.ACCOUNTS,
        )
    if actor.person_id in gaining:
        return refused(
            "change.gains_himself",
            "Phiếu này giao quyền cho chính đồng chí. Chánh Văn phòng cấp trên là người duyệt.",
            line=Line.ACCOUNTS,
        )
    if order.requester_id in gaining:
        return refused(
            "change.requester_gains",
            "Người đề nghị nay giữ chức danh được giao quyền. Phiếu này chỉ còn không duyệt được.",
            line=Line.ACCOUNTS,
        )
    return ALLOWED


def can_refuse(actor: Actor, order: ChangeOrder, *, reached: Collection[int]) -> Decision:
    """May the actor answer no? The head of office there or above, never who asked."""
    if order.agency_id not in reached:
        return never(
            "change.not_deciding",
            "Chánh Văn phòng của cơ quan, hoặc của cơ quan cấp trên, là người duyệt.",
            line=Line.ACCOUNTS,
        )
    if actor.person_id == order.requester_id:
        return refused(
            "change.own_request",
            "Người đề nghị không tự duyệt. Việc này cần người thứ hai.",
            line=Line.ACCOUNTS,
        )
    if order.as_state is not State.REQUESTED:
        words = STATE_LABELS[order.as_state].lower()
        return refused("change.decided", f"Phiếu này {words}.")
    return ALLOWED


def can_withdraw(actor: Actor, order: ChangeOrder) -> Decision:
    """May the actor take it back? Who asked, until it is decided."""
    if actor.person_id is None or actor.person_id != order.requester_id:
        return never("change.not_yours", "Chỉ người đề nghị rút được phiếu.", line=Line.ACCOUNTS)
    if order.as_state is not State.REQUESTED:
        words = STATE_LABELS[order.as_state].lower()
        return refused("change.decided", f"Phiếu này {words}.")
    return ALLOWED


#: Why no code is made now.
_NO_CODE: Final = {
    CodeStage.OPEN: "Mã đã lấy và còn hiệu lực. Hết hạn mà chưa dùng thì lấy mã mới.",
    CodeStage.USED: "Người ấy đã đặt mật khẩu. Quên mật khẩu thì lập phiếu cấp lại mật khẩu.",
    CodeStage.LAPSED: "Đã quá 30 ngày kể từ khi duyệt. Đồng chí lập phiếu cấp lại mật khẩu.",
}


def can_collect(actor: Actor, order: ChangeOrder, stage: CodeStage | None) -> Decision:
    """May the actor make the code and hand it over? An administrator of the agency, as a third person.

    Whoever asked or decided would otherwise take over the account of another alone.
    `stage`: where the code stands; None for an order that leads to none.
    """
    if order.as_kind not in ABOUT_ACCOUNTS or not actor.has_role(Role.SYSADMIN, order.agency_id):
        return never(
            "change.not_collecting",
            "Quản trị hệ thống của cơ quan là người lấy mã.",
            line=Line.ACCOUNTS,
        )
    if actor.person_id == order.person_id:
        return refused(
            "change.own_code",
            "Không ai lấy mã cho chính mình. Quản trị hệ thống khác lấy mã này.",
            line=Line.ACCOUNTS,
        )
    if actor.person_id in (order.requester_id, order.decider_id):
        return refused(
            "change.code_of_own_order",
            "Người đề nghị, người duyệt không lấy mã của phiếu ấy."
            " Quản trị hệ thống khác lấy mã này.",
            line=Line.ACCOUNTS,
        )
    if stage is None:
        return refused("change.no_code", "Phiếu này chưa duyệt nên chưa có mã.")
    if stage in _NO_CODE:
        return refused("change.code_taken", _NO_CODE[stage])
    return ALLOWED
