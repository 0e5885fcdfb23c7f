"""The preview of what moves, and the acts of the three people."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from nhactruong.foundation.accounts import asking
from nhactruong.foundation.web.requests import ActorRequest, done, see_other
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel import clock
from nhactruong.kernel.errors import DomainError
from nhactruong.kernel.text import whole_number
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.reorganization import commands, policies, selectors
from nhactruong.masterdata.reorganization.commands.carrying_out import WAITING
from nhactruong.masterdata.reorganization.models import Reorganization
from nhactruong.masterdata.reorganization.rules import RUNNING
from nhactruong.masterdata.reorganization.selectors import planning
from nhactruong.masterdata.reorganization.views.preparing import (
    REFUSALS,
    badge_of,
    crumbs_of,
    detail_page,
    life_of,
)

#: Things moved in a second on a busy machine; tests/long/test_merge_of_three_offices.py measures.
_A_SECOND: Final = 2_000


@require_safe
def preview(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """What moves, by kind with counts, what stands in the way, and whose act is next."""
    made = selectors.get_visible(request.actor, public_id)
    if made.as_state not in RUNNING:
        return see_other(reverse("reorganization:detail", args=[public_id]))
    return _page(request, made)


def _page(
    request: ActorRequest, made: Reorganization, refusal: DomainError | None = None, **said: Any
) -> HttpResponse:
    actor, read = request.actor, selectors.planned(made)
    counted = selectors.counted(read.plan)
    waiting = planning.waiting_for(read)
    faults = planning.faults(read, [made.proposer_id, made.approver_id], waiting)
    blockers = [blocker for one in counted for blocker in one.blockers]
    kept_with = organization.agencies_kept_with(made.agency_id)
    carrying = policies.can_carry_out(actor, made, kept_with)
    is_early = made.effective_on > clock.today()
    return render(
        request,
        "reorganization/preview.html",
        {
            "made": made,
            "badge": badge_of(made),
            "life": life_of(made),
            "lines": [
                *((one.words, one.how_many) for one in counted),
                (WAITING, planning.count_waiting(read, waiting)),
            ],
            "gains": planning.gain_lines(read),
            "faults": faults,
            "blockers": [
                (one.sentence, reverse(one.url_name, args=[one.object_id]) if one.url_name else "")
                for one in blockers
            ],
            "is_sound": not faults and not blockers,
            "is_early": is_early,
            "seconds": max(1, sum(one.how_many for one in counted) // _A_SECOND),
            "editing": policies.can_edit(actor, made),
            "approving": policies.can_approve(actor, made),
            "returning": policies.can_send_back(actor, made),
            "carrying": carrying,
            "withdrawing": policies.can_withdraw(actor, made),
            "refusal": refusal,
            "crumbs": crumbs_of(made, "Xem trước"),
            **said,
        },
        status=refusal.http_status if refusal else 200,
    )


def _acted(
    request: ActorRequest,
    public_id: uuid.UUID,
    act: Callable[[int | None], object],
    notice: str,
    *,
    back_to: str = "preview",
    error_name: str = "",
    **typed: str,
) -> HttpResponse:
    """The act done, or its page again with the reason and what was typed."""
    selectors.get_visible(request.actor, public_id)
    try:
        act(whole_number(request.POST.get("version", "")))
    except REFUSALS as refusal:
        made = selectors.get_visible(request.actor, public_id)
        if made.as_state not in RUNNING:
            return detail_page(request, made, refusal)
        said = {error_name: refusal.sentence} if error_name else {}
        return _page(request, made, refusal, **said, **typed)
    return done(request, reverse(f"reorganization:{back_to}", args=[public_id]), notice)


@post_only
def send(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The proposal before the leaders of the office."""
    return _acted(
        request,
        public_id,
        lambda seen: commands.send(request.actor, public_id, version=seen),
        "Đã gửi lãnh đạo Văn phòng duyệt.",
    )


@post_only
def approve(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The second person approves, with the code of confirmation."""

    def act(seen: int | None) -> None:
        made = selectors.get_visible(request.actor, public_id)
        asking.require_code(
            request, commands.approve, lambda: policies.can_approve(request.actor, made)
        )
        commands.approve(request.actor, public_id, version=seen)

    return _acted(
        request,
        public_id,
        act,
        "Đã duyệt. Người thứ ba thực hiện vào ngày có hiệu lực.",
        error_name="approve_error",
    )


@post_only
def send_back(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The proposal back to be prepared, with a reason."""
    reason = request.POST.get("reason", "")
    return _acted(
        request,
        public_id,
        lambda seen: commands.send_back(request.actor, public_id, reason=reason, version=seen),
        "Đã trả lại để chuẩn bị tiếp.",
        back_to="detail",
        error_name="return_error",
        reason_value=reason,
    )


@post_only
def carry_out(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The third person carries it out, with the code of confirmation."""

    def act(seen: int | None) -> None:
        made = selectors.get_visible(request.actor, public_id)
        asking.require_code(
            request,
            commands.carry_out,
            lambda: policies.can_carry_out(
                request.actor, made, organization.agencies_kept_with(made.agency_id)
            ),
        )
        commands.carry_out(request.actor, public_id, version=seen)

    return _acted(
        request,
        public_id,
        act,
        "Đã thực hiện. Mọi việc đang làm đã chuyển sang cơ quan kế tục.",
        back_to="detail",
        error_name="carry_error",
    )


@post_only
def withdraw(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The reorganization given up before anything has moved."""
    reason = request.POST.get("reason", "")
    return _acted(
        request,
        public_id,
        lambda seen: commands.withdraw(request.actor, public_id, reason=reason, version=seen),
        "Đã rút. Chưa có gì thay đổi.",
        back_to="detail",
        error_name="withdraw_error",
        withdraw_value=reason,
    )
