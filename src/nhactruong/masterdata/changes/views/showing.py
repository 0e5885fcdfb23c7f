"""The orders the actor may know of, and one of them: what was, what will be, who said what."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from nhactruong.foundation.persistence.paging import keyset_page
from nhactruong.foundation.ui.shapes import Badge, FilterTag
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.kernel.errors import DomainError
from nhactruong.masterdata.changes import policies, selectors
from nhactruong.masterdata.changes.models import ChangeOrder
from nhactruong.masterdata.changes.rules import (
    KIND_LABELS,
    STATE_LABELS,
    CodeStage,
    Kind,
    State,
    chief_words,
)
from nhactruong.masterdata.changes.selectors import facts

HERE: Final = "Phiếu thay đổi"
_LOOKS: Final = {
    State.REQUESTED: ("soon", "clock"),
    State.APPROVED: ("ok", "ok"),
    State.REFUSED: ("late", "close"),
    State.WITHDRAWN: ("neutral", "undo"),
}
_CODE_WORDS: Final = {
    CodeStage.TO_COLLECT: "Chờ quản trị hệ thống của cơ quan lấy mã, in ra, đưa tận tay.",
    CodeStage.OPEN: "Mã đã lấy, chưa dùng.",
    CodeStage.USED: "Người ấy đã tự đặt mật khẩu.",
    CodeStage.EXPIRED: "Mã đã hết hạn mà chưa dùng. Quản trị hệ thống lấy mã mới.",
    CodeStage.LAPSED: "Quá 30 ngày chưa dùng. Muốn vào thì lập phiếu cấp lại mật khẩu.",
}
_STATES: Final = {state.value: label for state, label in STATE_LABELS.items()}
_KINDS: Final = {kind.value: label for kind, label in KIND_LABELS.items()}


def badge_of(order: ChangeOrder) -> Badge:
    """The state of an order as a badge."""
    return Badge(STATE_LABELS[order.as_state], *_LOOKS[order.as_state])


def _address(**values: str) -> str:
    return "?" + urlencode({key: value for key, value in values.items() if value})


@require_safe
def listed(request: ActorRequest) -> HttpResponse:
    """Orders by state and kind, newest first."""
    policies.can_request(request.actor).require()
    get = request.GET
    state = get.get("trang-thai", "") if get.get("trang-thai", "") in _STATES else ""
    kind = get.get("loai", "") if get.get("loai", "") in _KINDS else ""
    asked = {"trang-thai": state, "loai": kind}
    rows = selectors.visible(request.actor)
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    page = keyset_page(rows, order=("-id",), cursor=get.get("trang", ""))
    labels = {"trang-thai": _STATES.get(state, ""), "loai": _KINDS.get(kind, "")}
    return render(
        request,
        "changes/list.html",
        {
            "lines": [_line(order) for order in page.rows],
            "asked": {"state": state, "kind": kind},
            "states": [("", "Mọi trạng thái"), *_STATES.items()],
            "kinds": [("", "Mọi loại"), *_KINDS.items()],
            "tags": _tags(labels, asked),
            "newer_url": _address(**asked, trang=page.newer) if page.newer else "",
            "older_url": _address(**asked, trang=page.older) if page.older else "",
        },
    )


def _tags(labels: Mapping[str, str], asked: Mapping[str, str]) -> list[FilterTag]:
    return [
        FilterTag(label, _address(**{**asked, key: ""})) for key, label in labels.items() if label
    ]


def _line(order: ChangeOrder) -> dict[str, Any]:
    return {
        "order": order,
        "title": selectors.title_of(order),
        "url": reverse("changes:detail", args=[order.public_id]),
        "badge": badge_of(order),
    }


@require_safe
def detail(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """One order, with the answer where it has one."""
    return order_page(request, public_id)


def order_page(
    request: ActorRequest,
    public_id: uuid.UUID,
    *,
    refusal: DomainError | None = None,
    faults: Mapping[str, str] | None = None,
    shown_code: str = "",
) -> HttpResponse:
    """The page of the order, with the reason when an act was refused, or a code shown this once."""
    actor = request.actor
    reached = selectors.reach_of(actor)
    order = selectors.get_visible(actor, public_id, reached)
    is_open = order.as_state is State.REQUESTED
    title, kind = selectors.title_of(order), order.as_kind
    code = selectors.code_of(order)
    response = render(
        request,
        "changes/detail.html",
        {
            "order": order,
            "decider": chief_words(order.deciding.short_name),
            "title": title,
            "badge": badge_of(order),
            "compared": [(line, line.before != line.after) for line in selectors.lines_of(order)],
            "approving": policies.can_approve(
                actor, order, reached=reached, gaining=facts.gaining(order) if is_open else ()
            ),
            "refusing": policies.can_refuse(actor, order, reached=reached),
            "withdrawing": policies.can_withdraw(actor, order),
            "collecting": policies.can_collect(actor, order, code.stage if code else None),
            "code": code,
            "code_words": _CODE_WORDS.get(code.stage, "") if code else "",
            "shown_code": shown_code,
            "is_open": is_open,
            "is_leaving": kind is Kind.END_HOLDING,
            "urls": {
                name: reverse(f"changes:{name}", args=[order.public_id])
                for name in ("approve", "refuse", "withdraw", "collect")
            },
            "refusal": refusal,
            "faults": faults or {},
            "crumbs": [(HERE, reverse("changes:list")), (KIND_LABELS[kind], "")],
        },
        status=refusal.http_status if refusal else 200,
    )
    if shown_code:
        response.headers["Cache-Control"] = "no-store"
    return response
