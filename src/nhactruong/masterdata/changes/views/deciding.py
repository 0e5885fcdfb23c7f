"""The head of office's answer, and taking an order back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Final

from django.http import HttpResponse
from django.urls import reverse

from nhactruong.foundation.accounts import asking
from nhactruong.foundation.web.requests import ActorRequest, done
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel.errors import (
    AccessDenied,
    ConflictingChange,
    InvalidInput,
    NotFound,
    RuleBroken,
)
from nhactruong.kernel.text import whole_number
from nhactruong.masterdata.changes import commands, policies, selectors
from nhactruong.masterdata.changes.selectors import facts
from nhactruong.masterdata.changes.views.showing import order_page

_REFUSALS: Final = (AccessDenied, ConflictingChange, InvalidInput, NotFound, RuleBroken)


@post_only
def approve(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The change takes effect, approved by a second person who confirms that it is he."""
    actor = request.actor
    order = selectors.get_visible(actor, public_id)
    fault = ""
    try:
        try:
            asking.require_code(
                request,
                commands.approve,
                lambda: policies.can_approve(
                    actor,
                    order,
                    reached=selectors.reach_of(actor),
                    gaining=facts.gaining(order),
                ),
            )
        except (InvalidInput, RuleBroken) as refusal:
            fault = refusal.sentence
            raise
        commands.approve(actor, public_id, version=_version(request))
    except _REFUSALS as refusal:
        return order_page(request, public_id, refusal=refusal, faults={"approve": fault})
    return _done(request, public_id, "Đã duyệt, thay đổi đã ghi.")


@post_only
def refuse(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The order not approved, with the reason."""
    reason = request.POST.get("reason", "")
    return _answer(
        request,
        public_id,
        lambda seen: commands.refuse(request.actor, public_id, reason=reason, version=seen),
        "Đã trả lời không duyệt.",
        reason=reason,
    )


@post_only
def withdraw(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The requester's order, taken back."""
    return _answer(
        request,
        public_id,
        lambda seen: commands.withdraw(request.actor, public_id, version=seen),
        "Đã rút phiếu.",
    )


def _answer(
    request: ActorRequest,
    public_id: uuid.UUID,
    act: Callable[[int | None], object],
    said: str,
    *,
    reason: str = "",
) -> HttpResponse:
    selectors.get_visible(request.actor, public_id)
    try:
        act(_version(request))
    except _REFUSALS as refusal:
        at_field = refusal.fields.get("reason", "") if isinstance(refusal, InvalidInput) else ""
        faults = {"reason": at_field, "reason_value": reason}
        return order_page(request, public_id, refusal=refusal, faults=faults)
    return _done(request, public_id, said)


def _version(request: ActorRequest) -> int | None:
    return whole_number(request.POST.get("version", ""))


def _done(request: ActorRequest, public_id: uuid.UUID, said: str) -> HttpResponse:
    return done(request, reverse("changes:detail", args=[public_id]), said)
