"""The head of office's answer, and the requester's second thoughts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from nhactruong.foundation.access.rules import post_token
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.notices import commands as notices
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.ui.rules import date_words
from nhactruong.foundation.workitems import commands as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.kernel.limits import text_within
from nhactruong.kernel.states import Role, next_state
from nhactruong.masterdata.changes import policies, selectors
from nhactruong.masterdata.changes.commands.carrying_out import carry_out
from nhactruong.masterdata.changes.commands.collecting import COLLECT
from nhactruong.masterdata.changes.commands.requesting import DECIDE
from nhactruong.masterdata.changes.commands.soundness import require_sound
from nhactruong.masterdata.changes.models import ChangeOrder
from nhactruong.masterdata.changes.rules import (
    ABOUT_ACCOUNTS,
    FROM_ITS_DAY_ON,
    STATE_LABELS,
    TRANSITIONS,
    State,
    day_of,
)
from nhactruong.masterdata.changes.selectors import facts
from nhactruong.masterdata.changes.selectors.comparing import compared
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Agency, Person, Post


@command
def approve(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> ChangeOrder:
    """The change, in effect from its day on; what must not lie back holds from today.

    Raises: NotFound, ConflictingChange, AccessDenied (three people, reach, state), InvalidInput and
    RuleBroken when the organization has moved meanwhile. Source: security.md 8 (row 25), 9 (4).
    """
    order = selectors.lock_visible(actor, public_id, version)
    _hold_still(order)
    reached = selectors.reach_of(actor)
    policies.can_approve(actor, order, reached=reached, gaining=facts.gaining(order)).require()
    today = clock.today()
    if order.as_kind in FROM_ITS_DAY_ON and order.from_on > today:
        raise RuleBroken(
            "change.too_early",
            f"Thay đổi này có hiệu lực từ {date_words(order.from_on)}. Đồng chí duyệt từ ngày ấy.",
        )
    order.from_on = day_of(order.as_kind, order.from_on, today)
    require_sound(order)
    before = [list(line) for line in compared(order)]
    carry_out(actor, order)
    order.compared = before
    answered = _answered(actor, order, "approve", "")
    if answered.as_kind in ABOUT_ACCOUNTS:
        wording = workitems.Wording(f"Lấy mã: {selectors.title_of(answered)}", source=actor.name)
        for token in _collecting_tokens(answered):
            workitems.put_before(actor, token, COLLECT, answered, wording)
    return answered


def _collecting_tokens(order: ChangeOrder) -> Sequence[int]:
    """Before the administrators who may make the code: not who asked, decided, or comes in with it."""
    people = (order.requester_id, order.decider_id, order.person_id)
    apart = [person for person in people if person is not None]
    return organization.tokens_apart_from(apart, [Role.SYSADMIN], order.agency_id)


def _hold_still(order: ChangeOrder) -> None:
    """Nobody else changes the post, its holders or the person until this is written."""
    people = set(facts.gaining(order))
    if order.person_id is not None:
        people.add(order.person_id)
    list(Agency.objects.select_for_update(of=("self",)).filter(pk=order.agency_id))
    list(Post.objects.select_for_update(of=("self",)).filter(pk=order.post_id or 0))
    list(Person.objects.select_for_update(of=("self",)).filter(pk__in=people).order_by("pk"))


@command
def refuse(actor: Actor, public_id: uuid.UUID, *, reason: str, version: int | None) -> ChangeOrder:
    """The order, refused with the reason; nothing changes. Raises: as `approve`, InvalidInput."""
    order = selectors.lock_visible(actor, public_id, version)
    policies.can_refuse(actor, order, reached=selectors.reach_of(actor)).require()
    said = text_within(500, reason, field="reason", label="Lý do")
    if not said:
        raise InvalidInput.at("reason", "change.no_reason", "Không duyệt phải ghi lý do.")
    order.compared = [list(line) for line in compared(order)]
    return _answered(actor, order, "refuse", said)


@command
def withdraw(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> ChangeOrder:
    """The order, taken back by whoever asked for it. Raises: NotFound, AccessDenied."""
    order = selectors.lock_visible(actor, public_id, version)
    policies.can_withdraw(actor, order).require()
    order.compared = [list(line) for line in compared(order)]
    return _answered(actor, order, "withdraw", "")


def _answered(actor: Actor, order: ChangeOrder, verb: str, reason: str) -> ChangeOrder:
    order.state = next_state(TRANSITIONS, verb, order.as_state, STATE_LABELS)
    signed = actor.post
    order.decided_by = f"{actor.name}, {signed.title}"[:300] if signed else actor.name
    order.decider_id, order.decided_at = actor.person_id, clock.now()
    order.decision_reason = reason
    order.save_changes(
        "state",
        "unit",
        "post",
        "from_on",
        "compared",
        "decider",
        "decided_by",
        "decided_at",
        "decision_reason",
    )
    workitems.close(actor, order, [DECIDE])
    if order.as_state is not State.WITHDRAWN:
        words = f"{selectors.title_of(order)}: {STATE_LABELS[order.as_state].lower()}"
        notices.tell(actor, [post_token(order.requester_post_id)], DECIDE, order, words)
    audit.record(
        actor,
        f"changes.{order.state}",
        order,
        reason=reason,
        kind=order.kind,
        from_on=order.from_on.isoformat(),
        requested_by=order.requested_by,
    )
    return order
