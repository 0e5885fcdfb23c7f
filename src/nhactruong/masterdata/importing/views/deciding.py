"""The second person's decision, and taking a list back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Final

from django.http import HttpResponse
from django.urls import reverse

from nhactruong.foundation.accounts import asking
from nhactruong.foundation.web.requests import ActorRequest, done
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel.errors import AccessDenied, ConflictingChange, InvalidInput, RuleBroken
from nhactruong.kernel.text import whole_number
from nhactruong.masterdata.importing import commands, policies, selectors
from nhactruong.masterdata.importing.views.showing import import_page

_REFUSALS: Final = (AccessDenied, ConflictingChange, InvalidInput, RuleBroken)


@post_only
def approve(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The list approved by a second person who confirms that it is he; a job writes it."""
    found = selectors.get_import(request.actor, public_id)
    fault = ""
    try:
        try:
            asking.require_code(
                request,
                commands.approve,
                lambda: policies.can_approve(
                    request.actor,
                    found,
                    selectors.reach_of(request.actor, policies.approving(found)),
                    is_about_actor=selectors.is_about(request.actor, found),
                ),
            )
        except (InvalidInput, RuleBroken) as refusal:
            fault = refusal.sentence
            raise
        commands.approve(request.actor, public_id, version=_version(request))
    except _REFUSALS as refusal:
        fresh = selectors.get_import(request.actor, public_id)
        return import_page(request, fresh, refusal=refusal, faults={"approve": fault})
    return _done(request, public_id, "Đã duyệt, đang ghi danh sách.")


@post_only
def refuse(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The list not approved, with the reason."""
    reason = request.POST.get("reason", "")
    return _decide(
        request,
        public_id,
        lambda seen: commands.refuse(request.actor, public_id, reason=reason, version=seen),
        "Đã trả lời không duyệt.",
        reason=reason,
    )


@post_only
def withdraw(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The proposer's list, taken back."""
    return _decide(
        request,
        public_id,
        lambda seen: commands.withdraw(request.actor, public_id, version=seen),
        "Đã rút danh sách.",
    )


def _decide(
    request: ActorRequest,
    public_id: uuid.UUID,
    act: Callable[[int | None], object],
    said: str,
    *,
    reason: str = "",
) -> HttpResponse:
    selectors.get_import(request.actor, public_id)
    try:
        act(_version(request))
    except _REFUSALS as refusal:
        fresh = selectors.get_import(request.actor, public_id)
        at_field = refusal.fields.get("reason", "") if isinstance(refusal, InvalidInput) else ""
        faults = {"reason": at_field, "reason_value": reason}
        return import_page(request, fresh, refusal=refusal, faults=faults)
    return _done(request, public_id, said)


def _version(request: ActorRequest) -> int | None:
    return whole_number(request.POST.get("version", ""))


def _done(request: ActorRequest, public_id: uuid.UUID, said: str) -> HttpResponse:
    return done(request, reverse("importing:detail", args=[public_id]), said)
