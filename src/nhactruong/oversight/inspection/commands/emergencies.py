"""Truy cập khẩn cấp: from the request to its review. Source: security.md 10."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from nhactruong.foundation.access import commands as access
from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.access import selectors as sight
from nhactruong.foundation.access.base import SightedRecord
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.notices import commands as notices
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.workitems import commands as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.deadlines import due_on
from nhactruong.kernel.errors import AccessDenied, InvalidInput, RuleBroken
from nhactruong.kernel.limits import line_within, text_within
from nhactruong.kernel.states import Role, Urgency
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.workdays import selectors as workdays
from nhactruong.oversight.inspection import policies
from nhactruong.oversight.inspection.models import EmergencyRequest
from nhactruong.oversight.inspection.rules import (
    MINUTES,
    REVIEW_WORKING_DAYS,
    State,
    may_ever_open,
)
from nhactruong.oversight.inspection.selectors import emergencies, reviewing

DECIDE: Final = "emergency.decide"
REVIEW: Final = "emergency.review"
_BECAUSE: Final = "emergency"


def _tokens(agency_id: int, roles: Iterable[Role]) -> list[int]:
    return [tokens.role_token(role, agency_id) for role in roles]


@command
def request(actor: Actor, *, asked: str, reason: str, minutes: int) -> EmergencyRequest:
    """The request, before Chánh Văn phòng and the leaders; whether the record exists is not told.

    Raises: AccessDenied for who never may, RuleBroken while an earlier one is not reviewed,
    InvalidInput naming the field.
    """
    policies.can_request(actor).require()
    post = actor.post
    if actor.person_id is None or post is None:
        raise AccessDenied("emergency.person_only", "Chỉ người có chức danh mới đề nghị được.")
    if minutes not in MINUTES:
        raise InvalidInput.at("minutes", "emergency.minutes", "Thời gian xem nhiều nhất là 4 giờ.")
    before = emergencies.unfinished_of(actor.person_id)
    if before is not None:
        raise RuleBroken(
            "emergency.unreviewed",
            "Đồng chí còn một lần truy cập khẩn cấp chưa được hậu kiểm nên chưa đề nghị lần mới được. "
            "Đề nghị Chánh Văn phòng hậu kiểm lần trước.",
        )
    own = actor.agencies_with(*policies.REQUESTING)
    wanted = line_within(200, asked, field="asked", label="Số, ký hiệu")
    found = sight.find_things(wanted, own)
    thing = found[0] if len(found) == 1 else None
    there = getattr(found[0], "agency_id", None) if found else None
    made = EmergencyRequest.objects.create(
        agency_id=there or (post.agency_id if post.agency_id in own else own[0]),
        asked=wanted,
        reason=text_within(1000, reason, field="reason", label="Lý do"),
        minutes=minutes,
        object_type=thing.type_name() if thing else "",
        object_id=thing.public_id if thing else None,
        reference=sight.reference_of(thing) if thing else "",
        asked_by=f"{actor.name}, {post.title}"[:200],
        asked_person_id=actor.person_id,
        asked_post_id=post.post_id,
        asked_at=clock.now(),
    )
    deciding = organization.tokens_apart_from(
        [made.asked_person_id], policies.DECIDING, made.agency_id
    )
    for token in deciding:
        workitems.put_before(
            actor,
            token,
            DECIDE,
            made,
            workitems.Wording(
                f"Truy cập khẩn cấp: {wanted}", source=actor.name, urgency=Urgency.EXPRESS
            ),
        )
    audit.record(actor, "break_glass.requested", made, reason=made.reason, minutes=minutes)
    return made


@command
def allow(
    actor: Actor, public_id: uuid.UUID, *, object_id: uuid.UUID | None, version: int | None
) -> EmergencyRequest:
    """The request, allowed for the record `object_id`; who asked opens it within the hour.

    Raises: NotFound, AccessDenied, ConflictingChange, RuleBroken when nothing is meant by what was
    typed, several are, or the record is Tối mật or Tuyệt mật.
    """
    made = emergencies.lock_visible(actor, public_id, version)
    policies.can_decide(actor, made).require()
    meant = emergencies.meant_by(made)
    chosen = [thing for thing in meant if object_id is None or thing.public_id == object_id]
    if len(chosen) != 1:
        raise RuleBroken(
            "emergency.which",
            "Không có đúng một văn bản mang số, ký hiệu này. Đồng chí chọn văn bản, hoặc không duyệt "
            "và nói rõ cần ghi lại số, ký hiệu.",
        )
    _refuse_secret(chosen[0])
    made.object_type, made.object_id = chosen[0].type_name(), chosen[0].public_id
    made.reference = sight.reference_of(chosen[0])
    return _decided(actor, made, State.ALLOWED, "")


@command
def refuse(
    actor: Actor, public_id: uuid.UUID, *, reason: str, version: int | None
) -> EmergencyRequest:
    """The request, refused with a reason. Raises as `allow`; InvalidInput without a reason."""
    made = emergencies.lock_visible(actor, public_id, version)
    policies.can_decide(actor, made).require()
    said = text_within(1000, reason, field="reason", label="Lý do")
    if not said:
        raise InvalidInput.at("reason", "emergency.no_reason", "Không duyệt thì phải nêu lý do.")
    return _decided(actor, made, State.REFUSED, said)


def _decided(actor: Actor, made: EmergencyRequest, to: State, reason: str) -> EmergencyRequest:
    made.state, made.decision_reason = to, reason
    made.decided_by, made.decided_person_id, made.decided_at = (
        actor.name,
        actor.person_id,
        clock.now(),
    )
    made.save_changes(
        *("state", "decision_reason", "decided_by", "decided_person_id", "decided_at"),
        *("object_type", "object_id", "reference"),
    )
    workitems.close(actor, made, [DECIDE])
    said = "được duyệt; mở trong vòng một giờ" if to is State.ALLOWED else "không được duyệt"
    asker = [tokens.post_token(made.asked_post_id)]
    notices.tell(actor, asker, _BECAUSE, made, f"Truy cập khẩn cấp {made.asked}: {said}")
    audit.record(actor, f"break_glass.{to.value}", made, reason=reason)
    return made


@command
def withdraw(actor: Actor, public_id: uuid.UUID) -> EmergencyRequest:
    """The request, given up by who asked before anything was opened. Raises: RuleBroken."""
    made = emergencies.lock_visible(actor, public_id, None)
    policies.can_open(actor, made).require()
    if made.as_state not in (State.ASKED, State.ALLOWED):
        raise RuleBroken("emergency.not_withdrawn", "Chỉ rút được khi chưa mở.")
    made.state = State.WITHDRAWN
    made.save_changes("state")
    workitems.close(actor, made, [DECIDE], outcome="withdrawn")
    audit.record(actor, "break_glass.withdrawn", made)
    return made


def _refuse_secret(thing: SightedRecord) -> None:
    if not may_ever_open(thing.secrecy):
        raise RuleBroken(
            "emergency.secret", "Văn bản Tối mật, Tuyệt mật không mở bằng truy cập khẩn cấp."
        )


@command
def open_sight(actor: Actor, public_id: uuid.UUID) -> EmergencyRequest:
    """The request, its sight now open until its time is over; owner, head and auditor are told.

    The page has asked for the code. Raises: NotFound, AccessDenied, RuleBroken.
    """
    made = emergencies.lock_visible(actor, public_id, None)
    policies.can_open(actor, made).require()
    thing = sight.find_thing(made.object_id) if made.object_id else None
    if thing is None or not emergencies.is_open_to(made, thing):
        raise RuleBroken(
            "emergency.not_open", "Chưa mở được: đề nghị chưa được duyệt, hoặc đã quá giờ mở."
        )
    _refuse_secret(thing)
    if thing.secrecy > actor.clearance:
        raise RuleBroken(
            "emergency.above_clearance", "Văn bản này vượt độ mật đồng chí được tiếp cận."
        )
    made.is_automatic = made.as_state == State.ASKED
    made.opened_at = clock.now()
    made.ends_at = made.opened_at + timedelta(minutes=made.minutes)
    lease = access.lease(actor, thing, made.asked_person_id, _BECAUSE, until=made.ends_at)
    made.lease_id, made.state = lease.pk, State.OPENED
    made.review_due_on = due_on(
        clock.today(), REVIEW_WORKING_DAYS, workdays.calendar(made.agency_id)
    )
    made.save_changes(
        *("is_automatic", "opened_at", "ends_at", "lease_id", "state", "review_due_on")
    )
    workitems.close(actor, made, [DECIDE])
    for token in reviewing.reviewing_tokens(made):
        workitems.put_before(
            actor,
            token,
            REVIEW,
            made,
            workitems.Wording(
                f"Hậu kiểm truy cập khẩn cấp: {made.asked}",
                source=actor.name,
                due_on=made.review_due_on,
                due_rule="3 ngày làm việc sau khi mở",
            ),
        )
    _tell_opened(actor, made, thing)
    audit.record(
        actor,
        "break_glass.opened",
        thing,
        reason=made.reason,
        request=str(made.public_id),
        until=made.ends_at.isoformat(),
        automatic=made.is_automatic,
    )
    return made


def _tell_opened(actor: Actor, made: EmergencyRequest, thing: SightedRecord) -> None:
    told = {
        *sight.owner_tokens(thing.public_id),
        *_tokens(made.agency_id, policies.ALARMED),
    }
    until = clock.local(made.ends_at or clock.now())
    how = "tự mở vì quá 10 phút không ai trả lời" if made.is_automatic else made.decided_by
    text = (
        f"KHẨN CẤP: {made.asked_by} đang xem {made.reference or 'một văn bản'} đến "
        f"{until:%H:%M} ({how}). Lý do: {made.reason}"
    )
    notices.tell(actor, told, _BECAUSE, made, text)


@command
def close_sight(actor: Actor, public_id: uuid.UUID) -> EmergencyRequest:
    """The request, its sight ended before its time by who asked or who may decide.

    Raises: NotFound, AccessDenied.
    """
    made = emergencies.lock_visible(actor, public_id, None)
    if actor.person_id != made.asked_person_id:
        policies.can_end(actor, made).require()
    if _end(actor, made):
        made.ends_at = clock.now()
        made.save_changes("ends_at")
        audit.record(actor, "break_glass.closed", made)
    return made


def _end(actor: Actor, made: EmergencyRequest) -> bool:
    """Whether the sight still ran until now."""
    thing = sight.find_thing(made.object_id) if made.object_id else None
    if thing is None or made.lease_id is None:
        return False
    access.end_lease(actor, thing, made.lease_id)
    return made.ends_at is not None and made.ends_at > clock.now()


@command
def review(
    actor: Actor, public_id: uuid.UUID, *, words: str, version: int | None
) -> EmergencyRequest:
    """The request with the written review; the sight is over, and a new one may be asked for.

    Raises: NotFound, AccessDenied, ConflictingChange, InvalidInput without words.
    """
    made = emergencies.lock_visible(actor, public_id, version)
    policies.can_review(actor, made, falls_to_actor=emergencies.falls_to(actor, made)).require()
    said = text_within(2000, words, field="words", label="Kết luận hậu kiểm")
    if not said:
        raise InvalidInput.at("words", "emergency.no_review", "Thiếu kết luận hậu kiểm.")
    if _end(actor, made):
        made.ends_at = clock.now()
    made.state, made.review = State.REVIEWED, said
    made.reviewed_by, made.reviewed_person_id = actor.name, actor.person_id
    made.reviewed_at = clock.now()
    made.save_changes(
        *("state", "review", "reviewed_by", "reviewed_person_id", "reviewed_at", "ends_at")
    )
    workitems.close(actor, made, [REVIEW])
    audit.record(actor, "break_glass.reviewed", made, reason=said)
    return made
