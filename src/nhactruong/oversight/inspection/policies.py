"""Who reads how much of the record, who asks for, allows and reviews an emergency.

Source: security.md 4, 8, 9.6, 10.
"""

from __future__ import annotations

from typing import Final

from nhactruong.foundation.access.rules import Line
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.decisions import ALLOWED, Decision, never, refused
from nhactruong.kernel.states import Role
from nhactruong.oversight.inspection.models import EmergencyRequest
from nhactruong.oversight.inspection.rules import WITHOUT_CONTENT, Scope, State

#: Who read everything of their agencies.
READING_ALL: Final = (Role.AUDITOR, Role.INSPECTOR, Role.CHIEF_OF_OFFICE)
#: Of these, who watch the record and so read of things that they may not see themselves.
WATCHING: Final = (Role.AUDITOR, Role.INSPECTOR)
_TECHNICAL: Final = (Role.SYSADMIN, Role.SECURITY_ADMIN)
_LEADERS: Final = (Role.SECRETARY, Role.DEPUTY_SECRETARY)
#: Who may ask to see in an emergency.
REQUESTING: Final = (Role.HEAD_OF_DIVISION, Role.SPECIALIST, Role.CLERK, Role.ARCHIVIST)
#: Chánh Văn phòng, or a leader on duty; no duty roster names the leader yet.
DECIDING: Final = (Role.CHIEF_OF_OFFICE, *_LEADERS)
#: Who reviews for an agency below where nobody else is left. Source: security.md 9.
DECIDING_ABOVE: Final = frozenset({Role.CHIEF_OF_OFFICE})
#: To whom alarms are told, who takes note of them.
ALARMED: Final = (Role.AUDITOR, Role.CHIEF_OF_OFFICE)


def reading_scope(actor: Actor) -> Scope:
    """How far the actor reads the record; everybody reads his own acts."""
    for roles, scope in (
        (READING_ALL, Scope.ALL),
        (_TECHNICAL, Scope.TECHNICAL),
        (_LEADERS, Scope.SUMMARY),
        ((Role.HEAD_OF_DIVISION,), Scope.UNIT_SUMMARY),
    ):
        if actor.agencies_with(*roles):
            return scope
    return Scope.OWN


def can_read_all(actor: Actor) -> Decision:
    """May the actor read the acts of others: the history of a thing, its readers, alarms?"""
    if actor.agencies_with(*READING_ALL):
        return ALLOWED
    return never(
        "record.not_reading",
        "Nhật ký của cơ quan do người kiểm soát nhật ký và Chánh Văn phòng đọc.",
        line=Line.READ_RECORD,
    )


def can_note_alarms(actor: Actor, agency_id: int) -> Decision:
    """May the actor take note of an alarm of this agency?"""
    if actor.has_any_role(frozenset(ALARMED), agency_id):
        return ALLOWED
    return never(
        "alert.not_noting",
        "Cảnh báo do người kiểm soát nhật ký hoặc Chánh Văn phòng ghi nhận.",
        line=Line.READ_RECORD,
    )


def can_explain(actor: Actor) -> Decision:
    """May the actor ask why somebody sees something?"""
    if actor.agencies_with(Role.SECURITY_ADMIN):
        return ALLOWED
    return never(
        "access.not_explaining",
        "Trang này dành cho quản trị an toàn.",
        line=Line.READ_RECORD,
    )


def can_request(actor: Actor) -> Decision:
    """May the actor ask to see a record in an emergency? Never who administers."""
    if any(role in WITHOUT_CONTENT for role, _ in actor.role_reach):
        return never(
            "emergency.administrator",
            "Quản trị và người kiểm soát nhật ký không xem nội dung văn bản. Đề nghị Chánh Văn phòng "
            "cử người khác xem.",
            line=Line.EMERGENCY,
        )
    if actor.agencies_with(*REQUESTING):
        return ALLOWED
    return never(
        "emergency.not_requesting",
        "Chức danh này không đề nghị truy cập khẩn cấp.",
        line=Line.EMERGENCY,
    )


def can_open(actor: Actor, request: EmergencyRequest) -> Decision:
    """May the actor open, or give up, what was asked for? Only who asked."""
    may = can_request(actor)
    if not may:
        return may
    if actor.person_id != request.asked_person_id:
        return never("emergency.not_yours", "Chỉ người đề nghị mở được.", line=Line.EMERGENCY)
    return ALLOWED


def can_decide(actor: Actor, request: EmergencyRequest) -> Decision:
    """May the actor allow or refuse it? Chánh Văn phòng or the leader on duty, never who asked."""
    another = _another(actor, request)
    if not another:
        return another
    if request.as_state != State.ASKED:
        return refused("emergency.decided", "Đề nghị này đã có ý kiến.", line=Line.EMERGENCY)
    return ALLOWED


def can_review(
    actor: Actor, request: EmergencyRequest, *, falls_to_actor: bool = False
) -> Decision:
    """May the actor write the review? Who may decide, never who looked nor who allowed it.

    `falls_to_actor`: nobody at the agency may, and the actor heads the office above.
    """
    another = _another(actor, request, falls_to_actor=falls_to_actor)
    may = _to_review(request) if another else another
    if may and actor.person_id == request.decided_person_id:
        return refused(
            "emergency.own_decision",
            "Đồng chí đã duyệt lần truy cập này nên không tự hậu kiểm. Việc này cần người khác: "
            "Chánh Văn phòng hoặc lãnh đạo chưa duyệt; cơ quan không còn ai thì Chánh Văn phòng cấp "
            "trên.",
            line=Line.EMERGENCY,
        )
    return may


def can_end(actor: Actor, request: EmergencyRequest) -> Decision:
    """May the actor end the sight of another before its time? Who may decide, allowed or not."""
    another = _another(actor, request)
    return _to_review(request) if another else another


def _to_review(request: EmergencyRequest) -> Decision:
    if request.as_state != State.OPENED:
        return refused(
            "emergency.nothing_to_review", "Chưa có gì để hậu kiểm.", line=Line.EMERGENCY
        )
    return ALLOWED


def _another(actor: Actor, request: EmergencyRequest, *, falls_to_actor: bool = False) -> Decision:
    decides = actor.has_any_role(frozenset(DECIDING), request.agency_id)
    if not decides and not falls_to_actor:
        return never(
            "emergency.not_deciding",
            "Chánh Văn phòng hoặc lãnh đạo trực là người duyệt và hậu kiểm.",
            line=Line.EMERGENCY,
        )
    if actor.person_id == request.asked_person_id:
        return refused(
            "emergency.own_request",
            "Người đề nghị không tự duyệt, không tự hậu kiểm. Việc này cần người thứ hai.",
            line=Line.EMERGENCY,
        )
    return ALLOWED
