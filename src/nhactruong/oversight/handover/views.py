"""Bàn giao: the list, the proposal with a receiver for everything, the answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from nhactruong.foundation.accounts import asking
from nhactruong.foundation.persistence.paging import keyset_page
from nhactruong.foundation.ui.shapes import Person as Choice
from nhactruong.foundation.web.requests import ActorRequest, done
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel import clock
from nhactruong.kernel.errors import (
    AccessDenied,
    ConflictingChange,
    DomainError,
    InvalidInput,
    NotFound,
    RuleBroken,
)
from nhactruong.kernel.text import whole_number
from nhactruong.masterdata.organization.models import Person
from nhactruong.masterdata.organization.selectors import PostCard
from nhactruong.oversight.handover import commands, forms, policies, selectors
from nhactruong.oversight.handover.models import HandOver
from nhactruong.oversight.handover.rules import STATE_LABELS, Burden, State

_REFUSALS: Final = (AccessDenied, ConflictingChange, InvalidInput, NotFound, RuleBroken)
_HERE: Final = "Bàn giao"
_LOOKS: Final = {
    State.ASKED: ("soon", "clock"),
    State.APPROVED: ("info", "ok"),
    State.CARRIED_OUT: ("ok", "check"),
    State.REFUSED: ("late", "close"),
    State.WITHDRAWN: ("neutral", "undo"),
}


def _badge(made: HandOver) -> tuple[str, str, str]:
    return (STATE_LABELS[made.as_state], *_LOOKS[made.as_state])


@require_safe
def hand_overs(request: ActorRequest) -> HttpResponse:
    """The hand-overs I asked for or decide, newest first."""
    policies.can_propose(request.actor).require()
    page = keyset_page(
        selectors.visible(request.actor).prefetch_related("parts__post"),
        order=("-id",),
        cursor=request.GET.get("trang", ""),
    )
    return render(
        request,
        "handover/list.html",
        {
            "lines": [(made, selectors.title_of(made), _badge(made)) for made in page.rows],
            "newer_url": f"?trang={page.newer}" if page.newer else "",
            "older_url": f"?trang={page.older}" if page.older else "",
        },
    )


@dataclass(frozen=True, slots=True)
class Block:
    """One post of the form: what lies there, and who may receive it."""

    card: PostCard
    burden: Burden
    receivers: Sequence[Choice]
    items: Sequence[tuple[selectors.Item, str]]
    posts: Sequence[tuple[str, str]]
    #: Work by itself is chosen for only where the post is not taken as a whole.
    is_relieved: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """Of whom or of which post the page speaks; neither: it is still to be chosen."""

    staff: Sequence[PostCard]
    person_id: int | None = None
    name: str = ""
    cards: Sequence[PostCard] = ()


def _asked(request: ActorRequest) -> Asked:
    """What the address names. Raises: NotFound for anybody outside the actor's agencies."""
    staff = selectors.staff(request.actor)
    person_id = whole_number(request.GET.get("nguoi", ""))
    post_id = whole_number(request.GET.get("chuc-danh", ""))
    if person_id is not None:
        cards = selectors.posts_of(person_id, staff)
        if not cards:
            raise NotFound("handover.no_person", "Không có người này trong cơ quan.")
        return Asked(staff, person_id, cards[0].holder_name, cards)
    if post_id is not None:
        cards = [card for card in staff if card.post_id == post_id]
        if not cards:
            raise NotFound("handover.no_post", "Không có chức danh này trong cơ quan.")
        return Asked(staff, cards=cards)
    return Asked(staff)


def _blocks(request: ActorRequest, asked: Asked) -> list[Block]:
    burdens = selectors.burdens_of(asked.cards)
    items = selectors.items_at(request.actor, asked.cards)
    return [
        _block(request, asked, card, burdens[card.post_id], items.get(card.post_id, ()))
        for card in asked.cards
    ]


def _block(
    request: ActorRequest,
    asked: Asked,
    card: PostCard,
    burden: Burden,
    items: Sequence[selectors.Item],
) -> Block:
    sent, leaver = request.POST, asked.person_id
    chosen = sent.get(f"nhan-{card.post_id}", "")
    posts = [
        (str(one.post_id), f"{one.holder_name}, {one.title}")
        for one in asked.staff
        if one.agency_id == card.agency_id
        and one.person_id not in (None, leaver)
        and one.post_id != card.post_id
        and selectors.serves_content(one)
    ]
    return Block(
        card,
        burden,
        forms.receivers(card, asked.staff, leaver, chosen),
        [(item, sent.get(f"viec-{item.work.public_id}", "")) for item in items],
        posts,
        not chosen.startswith(forms.PERSON),
    )


def _form_page(
    request: ActorRequest, asked: Asked, form: forms.HandOverForm, status: int = 200
) -> HttpResponse:
    held = {card.person_id: card for card in asked.staff if card.person_id is not None}
    return render(
        request,
        "handover/new.html",
        {
            "form": form,
            "asked": asked,
            "blocks": _blocks(request, asked) if asked.cards else [],
            "standing": selectors.standing_of(asked.person_id) if asked.person_id else None,
            "people": [
                Choice(str(key), card.holder_name, card.title) for key, card in held.items()
            ],
            "posts": [
                Choice(str(card.post_id), card.title, card.holder_name or "chưa có người")
                for card in asked.staff
            ],
            "crumbs": [(_HERE, reverse("handover:list")), ("Lập bàn giao", "")],
        },
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """First who leaves or which post is relieved, then a receiver for everything there."""
    policies.can_propose(request.actor).require()
    asked = _asked(request)
    if request.method != "POST" or not asked.cards:
        initial = {"on": clock.today()}
        return _form_page(request, asked, forms.HandOverForm(initial=initial))
    form = forms.HandOverForm(request.POST)
    if not form.is_valid():
        return _form_page(request, asked, form, 422)
    items = selectors.items_at(request.actor, asked.cards)
    try:
        made = commands.propose(
            request.actor,
            agency_id=asked.cards[0].agency_id,
            person=Person.objects.get(pk=asked.person_id) if asked.person_id else None,
            on=form.cleaned_data["on"],
            basis=form.cleaned_data["basis"],
            receiving=[
                forms.read(request.POST.dict(), card.post_id, items.get(card.post_id, ()))
                for card in asked.cards
            ],
        )
    except _REFUSALS as refusal:
        if isinstance(refusal, InvalidInput):
            form.tell(refusal)
        else:
            form.add_error(None, refusal.sentence)
        return _form_page(request, asked, form, refusal.http_status)
    return done(
        request,
        reverse("handover:detail", args=[made.public_id]),
        "Đã gửi đề nghị bàn giao. Lãnh đạo Văn phòng duyệt.",
    )


def _detail_page(
    request: ActorRequest, made: HandOver, refusal: DomainError | None = None, **said: Any
) -> HttpResponse:
    deciding = policies.can_decide(request.actor, made)
    parts = list(made.parts.all())
    is_open = made.as_state in (State.ASKED, State.APPROVED)
    loads = selectors.loads_of([part.post_id for part in parts]) if is_open else {}
    return render(
        request,
        "handover/detail.html",
        {
            "made": made,
            "title": selectors.title_of(made),
            "badge": _badge(made),
            "parts": [(part, loads.get(part.post_id)) for part in parts],
            "is_open": is_open,
            "deciding": deciding,
            "may_withdraw": policies.can_withdraw(request.actor, made),
            "refusal": refusal,
            "crumbs": [(_HERE, reverse("handover:list")), (selectors.title_of(made), "")],
            **said,
        },
        status=refusal.http_status if refusal else 200,
    )


@require_safe
def detail(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """One hand-over: who receives what, what ends, the answer."""
    return _detail_page(request, selectors.get_visible(request.actor, public_id))


def _acted(
    request: ActorRequest,
    public_id: uuid.UUID,
    act: Callable[[], HandOver],
    notice: str,
    error_name: str,
    **typed: str,
) -> HttpResponse:
    try:
        act()
    except _REFUSALS as refusal:
        made = selectors.get_visible(request.actor, public_id)
        return _detail_page(request, made, refusal, **{error_name: refusal.sentence}, **typed)
    return done(request, reverse("handover:detail", args=[public_id]), notice)


def _version(request: ActorRequest) -> int | None:
    return whole_number(request.POST.get("version", ""))


@post_only
def approve(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The second person approves, with the code of confirmation."""

    def act() -> HandOver:
        made = selectors.get_visible(request.actor, public_id)
        asking.require_code(
            request, commands.approve, lambda: policies.can_decide(request.actor, made)
        )
        return commands.approve(request.actor, public_id, version=_version(request))

    return _acted(request, public_id, act, "Đã duyệt bàn giao.", "approve_error")


@post_only
def refuse(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The second person refuses, with the reason."""
    reason = request.POST.get("reason", "")
    return _acted(
        request,
        public_id,
        lambda: commands.refuse(request.actor, public_id, reason=reason, version=_version(request)),
        "Đã ghi ý kiến không duyệt.",
        "reason_error",
        reason_value=reason,
    )


@post_only
def withdraw(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Who asked gives it up."""
    return _acted(
        request,
        public_id,
        lambda: commands.withdraw(request.actor, public_id),
        "Đã rút đề nghị.",
        "withdraw_error",
    )
