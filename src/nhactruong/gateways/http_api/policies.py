"""Who may ask for keys, allow them and take them back.

Source: security.md 8, row "Configuration, keys, backup".
"""

from __future__ import annotations

from typing import Final

from nhactruong.foundation.access.rules import Line
from nhactruong.gateways.http_api.models import ServiceKey
from nhactruong.gateways.http_api.rules import Stage
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.decisions import ALLOWED, Decision, never, refused
from nhactruong.kernel.states import Role

#: Who allows a key; where an office has no chief, who leads its committee.
DECIDING: Final = frozenset({Role.CHIEF_OF_OFFICE, Role.SECRETARY, Role.DEPUTY_SECRETARY})


def can_keep_keys(actor: Actor, agency_id: int | None = None) -> Decision:
    """May the actor ask for keys, collect and revoke them (of that agency, or of any)?"""
    reached = actor.agencies_with(Role.SYSADMIN)
    if reached if agency_id is None else agency_id in reached:
        return ALLOWED
    return never(
        "key.not_the_administrator",
        "Khóa truy cập do quản trị hệ thống đề nghị, lấy và thu hồi.",
        line=Line.CONFIGURATION,
    )


def can_decide(actor: Actor, key: ServiceKey) -> Decision:
    """May the actor allow or refuse it? Chánh Văn phòng or a leader, never who asked."""
    if not actor.has_any_role(DECIDING, key.agency_id):
        return never(
            "key.not_deciding",
            "Chánh Văn phòng hoặc Thường trực là người duyệt khóa truy cập.",
            line=Line.CONFIGURATION,
        )
    if actor.person_id == key.asked_person_id:
        return refused(
            "key.own_request", "Người đề nghị không tự duyệt. Việc này cần người thứ hai."
        )
    if key.stage is not Stage.ASKED:
        return refused("key.decided", "Đề nghị này đã có ý kiến.")
    return ALLOWED


def can_collect(actor: Actor, key: ServiceKey) -> Decision:
    """May the actor take the secret? Who asked, once, in the days after it was allowed."""
    allowed = can_keep_keys(actor, key.agency_id)
    if not allowed:
        return allowed
    if actor.person_id != key.asked_person_id:
        return refused("key.not_the_asker", "Người đề nghị là người lấy khóa.")
    if key.stage is not Stage.TO_COLLECT:
        return refused(
            "key.not_to_collect",
            "Khóa chưa được duyệt, đã lấy, hoặc đã quá hạn lấy; cần khóa khác thì đề nghị lại.",
        )
    return ALLOWED


def can_revoke(actor: Actor, key: ServiceKey) -> Decision:
    """May the actor close it for good? The administrator, and who allowed it to exist."""
    if not actor.has_any_role(DECIDING | {Role.SYSADMIN}, key.agency_id):
        return can_keep_keys(actor, key.agency_id)
    if key.stage not in (Stage.TO_COLLECT, Stage.OPEN):
        return refused("key.revoked", "Khóa này không còn dùng được, không phải thu hồi.")
    return ALLOWED
