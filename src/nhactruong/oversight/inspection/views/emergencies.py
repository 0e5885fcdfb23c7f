"""Truy cập khẩn cấp: the request, the answer, the opening with a code, the review."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from nhactruong.foundation.access import selectors as sight
from nhactruong.foundation.accounts import asking
from nhactruong.foundation.persistence.paging import keyset_page
from nhactruong.foundation.thread.cards import cards
from nhactruong.foundation.ui.sources import PlainForm, chosen, secret, typed
from nhactruong.foundation.web.requests import ActorRequest, done
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel import clock
from nhactruong.kernel.errors import AccessDenied, ConflictingChange, InvalidInput, RuleBroken
from nhactruong.kernel.states import SECRECY_LABELS, Secrecy
from nhactruong.kernel.text import whole_number
from nhactruong.oversight.inspection import policies
from nhactruong.oversight.inspection.commands import emergencies as commands
from nhactruong.oversight.inspection.forms import EmergencyForm
from nhactruong.oversight.inspection.models import EmergencyRequest
from nhactruong.oversight.inspection.rules import STATE_LABELS, State
from nhactruong.oversight.inspection.selectors import emergencies as selectors
from nhactruong.oversight.inspection.words import THING_WORDS

_LOOKS: Final = {
    State.ASKED: ("soon", "clock"),
    State.ALLOWED: ("info", "ok"),
    State.REFUSED: ("neutral", "close"),
    State.OPENED: ("late", "warn"),
    State.REVIEWED: ("ok", "check"),
    State.WITHDRAWN: ("neutral", "undo"),
}
_REFUSALS: Final = (RuleBroken, AccessDenied, ConflictingChange, InvalidInput)
_LIST: Final = "Truy cập khẩn cấp"

PlainForm(
    __name__,
    "Ý kiến về truy cập khẩn cấp",
    {
        "reason": ("Lý do", typed("Lý do của người làm")),
        "step_up_code": ("Mã xác nhận", secret("Mật khẩu, mã hoặc khóa bảo mật")),
        "object": ("Văn bản, hồ sơ mang số này", chosen("Văn bản, hồ sơ của cơ quan mang số ấy")),
        "words": ("Kết luận hậu kiểm", typed("Kết luận của người hậu kiểm")),
    },
)


def _badge(made: EmergencyRequest) -> tuple[str, str, str]:
    return (STATE_LABELS[made.as_state], *_LOOKS[made.as_state])


@require_safe
def emergencies(request: ActorRequest) -> HttpResponse:
    """My requests and those of my agencies, newest first."""
    page = keyset_page(
        selectors.visible(request.actor), order=("-id",), cursor=request.GET.get("trang", "")
    )
    return render(
        request,
        "inspection/emergencies.html",
        {
            "lines": [(row, _badge(row)) for row in page.rows],
            "may_ask": policies.can_request(request.actor),
            "newer_url": f"?trang={page.newer}" if page.newer else "",
            "older_url": f"?trang={page.older}" if page.older else "",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ask_emergency(request: ActorRequest) -> HttpResponse:
    """The form of a request; whether the record exists is not told here."""
    policies.can_request(request.actor).require()
    form = EmergencyForm(request.POST if request.method == "POST" else None)
    context = {
        "form": form,
        "crumbs": [(_LIST, reverse("inspection:emergencies")), ("Đề nghị", "")],
    }
    if request.method != "POST":
        return render(request, "inspection/ask_emergency.html", context)
    if not form.is_valid():
        return render(request, "inspection/ask_emergency.html", context, status=422)
    try:
        made = commands.request(request.actor, **form.cleaned_data)
    except InvalidInput as fault:
        form.tell(fault)
        return render(request, "inspection/ask_emergency.html", context, status=422)
    except RuleBroken as refusal:
        form.add_error(None, refusal.sentence)
        return render(request, "inspection/ask_emergency.html", context, status=409)
    return done(request, reverse("inspection:emergency", args=[made.public_id]), "Đã gửi đề nghị.")


def _thing_options(request: ActorRequest, made: EmergencyRequest) -> list[tuple[str, str]]:
    """What the request may mean, for who decides: kind, number, level; the title only if seen."""
    meant = selectors.meant_by(made)
    seen = cards(request.actor, [(thing.type_name(), thing.public_id) for thing in meant])
    options = []
    for thing in meant:
        card = seen.get(thing.public_id)
        kind = THING_WORDS.get(thing.type_name(), thing.type_name())
        words = [
            f"{kind} {sight.reference_of(thing)}",
            SECRECY_LABELS[Secrecy(thing.secrecy)],
            *([card.heading] if card else []),
        ]
        options.append((str(thing.public_id), " · ".join(words)))
    return options


def _detail_page(
    request: ActorRequest, made: EmergencyRequest, status: int = 200, **said: Any
) -> HttpResponse:
    actor = request.actor
    is_mine = made.asked_person_id == actor.person_id
    may_decide = policies.can_decide(actor, made)
    may_review = policies.can_review(actor, made, falls_to_actor=selectors.falls_to(actor, made))
    is_running = made.ends_at is not None and made.ends_at > clock.now()
    thing = sight.find_thing(made.object_id) if made.object_id else None
    things = _thing_options(request, made) if may_decide else []
    own = cards(actor, [(made.object_type, made.object_id)]) if made.object_id else {}
    return render(
        request,
        "inspection/emergency.html",
        {
            "made": made,
            "badge": _badge(made),
            "is_mine": is_mine,
            "is_running": is_running,
            "may_open": is_mine and selectors.is_open_to(made, thing),
            "may_withdraw": is_mine and made.as_state in (State.ASKED, State.ALLOWED),
            "may_end": is_running and (is_mine or bool(policies.can_end(actor, made))),
            "may_decide": may_decide,
            "may_review": may_review,
            "things": things,
            "only_thing": things[0][0] if len(things) == 1 else "",
            "card": next(iter(own.values()), None) if is_running or not is_mine else None,
            "shows_reference": not is_mine or made.as_state in (State.OPENED, State.REVIEWED),
            "crumbs": [(_LIST, reverse("inspection:emergencies")), (made.asked, "")],
            **said,
        },
        status=status,
    )


@require_safe
def emergency(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """One request: what is asked, the answer, the opening, the review."""
    return _detail_page(request, selectors.get_visible(request.actor, public_id))


def _acted(
    request: ActorRequest,
    public_id: uuid.UUID,
    act: Callable[[], EmergencyRequest],
    notice: str,
    error_name: str = "error",
    **typed: str,
) -> HttpResponse:
    """The act done, or its page again with the reason and what was typed."""
    made = selectors.get_visible(request.actor, public_id)
    try:
        act()
    except _REFUSALS as refusal:
        return _detail_page(
            request, made, refusal.http_status, **{error_name: refusal.sentence, **typed}
        )
    return done(request, reverse("inspection:emergency", args=[public_id]), notice)


def _version(request: ActorRequest) -> int | None:
    return whole_number(request.POST.get("version", ""))


@post_only
def allow_emergency(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The second person allows it for the chosen record."""
    chosen = request.POST.get("object", "")
    try:
        object_id = uuid.UUID(chosen) if chosen else None
    except ValueError:
        object_id = uuid.UUID(int=0)
    return _acted(
        request,
        public_id,
        lambda: commands.allow(
            request.actor, public_id, object_id=object_id, version=_version(request)
        ),
        "Đã duyệt. Người đề nghị được báo ngay.",
    )


@post_only
def refuse_emergency(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The second person refuses it, with a reason."""
    reason = request.POST.get("reason", "").strip()
    return _acted(
        request,
        public_id,
        lambda: commands.refuse(request.actor, public_id, reason=reason, version=_version(request)),
        "Đã ghi ý kiến không duyệt.",
        "reason_error",
        reason_value=reason,
    )


@post_only
def open_emergency(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Who asked opens the sight with the code of confirmation."""

    def act() -> EmergencyRequest:
        made = selectors.get_visible(request.actor, public_id)
        policies.can_open(request.actor, made).require()
        asking.require_code(request, commands.open_sight)
        return commands.open_sight(request.actor, public_id)

    return _acted(
        request, public_id, act, "Đã mở. Mọi thao tác của đồng chí được ghi dấu.", "open_error"
    )


@post_only
def close_emergency(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The sight ends before its time."""
    return _acted(
        request,
        public_id,
        lambda: commands.close_sight(request.actor, public_id),
        "Đã kết thúc truy cập khẩn cấp.",
    )


@post_only
def withdraw_emergency(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Who asked gives it up."""
    return _acted(
        request,
        public_id,
        lambda: commands.withdraw(request.actor, public_id),
        "Đã rút đề nghị.",
    )


@post_only
def review_emergency(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The written review."""
    words = request.POST.get("words", "").strip()
    return _acted(
        request,
        public_id,
        lambda: commands.review(request.actor, public_id, words=words, version=_version(request)),
        "Đã ghi kết luận hậu kiểm.",
        "review_error",
        review_value=words,
    )
