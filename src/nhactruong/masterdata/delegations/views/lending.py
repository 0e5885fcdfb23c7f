"""Ủy quyền: given and received, a new one, one with what was done by it; the agency's."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from nhactruong.foundation.accounts import asking
from nhactruong.foundation.persistence.paging import keyset_page
from nhactruong.foundation.ui.shapes import Person as Choice
from nhactruong.foundation.ui.shapes import Tab
from nhactruong.foundation.web.requests import ActorRequest, done
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import (
    AccessDenied,
    ConflictingChange,
    DomainError,
    InvalidInput,
    NotFound,
    RuleBroken,
)
from nhactruong.kernel.states import Secrecy
from nhactruong.masterdata.delegations import commands, policies, selectors, words
from nhactruong.masterdata.delegations.forms import DelegationForm
from nhactruong.masterdata.delegations.rules import MOST_TOLD
from nhactruong.masterdata.delegations.telling import told
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Delegation, Person
from nhactruong.masterdata.organization.selectors import PostCard

_REFUSALS: Final = (AccessDenied, ConflictingChange, InvalidInput, RuleBroken)
_HERE: Final = "Ủy quyền"
_RECEIVED_SHOWN: Final = 20


def people_choices(cards: list[PostCard], chosen: str = "") -> list[Choice]:
    """Colleagues as the picker shows them, the absent ones marked."""
    return [
        Choice(
            str(card.person_id),
            card.holder_name,
            f"{card.title}, {card.unit_name}" if card.unit_name else card.title,
            absent=card.absent,
            selected=str(card.person_id) == chosen,
        )
        for card in cards
    ]


def chosen_person(cards: list[PostCard], person_id: int | None) -> Person:
    """The colleague who was chosen. Raises: NotFound."""
    if person_id is None or not any(card.person_id == person_id for card in cards):
        raise NotFound("delegation.no_person", "Không có người này trong cơ quan.")
    return Person.objects.get(pk=person_id)


@require_safe
def mine(request: ActorRequest) -> HttpResponse:
    """What I gave, newest first, and the latest I received."""
    actor = request.actor
    page = keyset_page(
        selectors.given_by(actor), order=("-id",), cursor=request.GET.get("trang", "")
    )
    received = selectors.received_by(actor).order_by("-id")[:_RECEIVED_SHOWN]
    return render(
        request,
        "delegations/mine.html",
        {
            "given": words.lines_of(page.rows),
            "received": words.lines_of(received),
            "may_lend": bool(selectors.lendable(actor)),
            "newer_url": f"?trang={page.newer}" if page.newer else "",
            "older_url": f"?trang={page.older}" if page.older else "",
            "crumbs": [("Cá nhân", reverse("me")), (_HERE, "")],
        },
    )


def _clearance(actor: Actor) -> Secrecy:
    return max(Secrecy.INTERNAL, actor.clearance)


def _form(request: ActorRequest, cards: list[PostCard], data: Any = None) -> DelegationForm:
    posts = selectors.lendable(request.actor)
    now = clock.local(clock.now())
    return DelegationForm(
        data,
        posts=[(post.post_id, post.title) for post in posts],
        people=[(card.person_id, card.holder_name) for card in cards],
        types=words.type_choices(),
        units=[(unit.pk, unit.name) for unit in organization.units_of(request.actor.agency_ids)],
        highest=_clearance(request.actor),
        initial={
            "post": posts[0].post_id if len(posts) == 1 else None,
            "kind": Delegation.Kind.BY_ORDER,
            "from_day": now.date(),
            "from_hour": now.time(),
            "to_hour": "17:00",
            "highest_secrecy": _clearance(request.actor).value,
        },
    )


def _form_page(
    request: ActorRequest,
    form: DelegationForm,
    cards: list[PostCard],
    *,
    code_error: str = "",
    status: int = 200,
) -> HttpResponse:
    chosen = str(form["person"].value() or "")
    return render(
        request,
        "delegations/new.html",
        {
            "form": form,
            "people": people_choices(cards, chosen),
            "code_error": code_error,
            "may_lend": bool(selectors.lendable(request.actor)),
            "crumbs": [
                ("Cá nhân", reverse("me")),
                (_HERE, reverse("delegations:mine")),
                ("Lập ủy quyền", ""),
            ],
        },
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """The form of a delegation; POST makes it, after the code of confirmation."""
    cards = list(selectors.candidates(request.actor))
    if request.method != "POST":
        return _form_page(request, _form(request, cards), cards)
    form = _form(request, cards, request.POST)
    if not form.is_valid():
        return _form_page(request, form, cards, status=422)
    try:
        lent = _make(request, form, cards)
    except _REFUSALS as refusal:
        is_code = refusal.code.startswith("confirmation.")
        if not is_code:
            form.add_error(None, refusal.sentence)
        return _form_page(
            request,
            form,
            cards,
            code_error=refusal.sentence if is_code else "",
            status=refusal.http_status,
        )
    return done(
        request,
        reverse("delegations:detail", args=[lent.public_id]),
        f"Đã ủy quyền cho {lent.delegate.full_name}.",
    )


def _make(request: ActorRequest, form: DelegationForm, cards: list[PostCard]) -> Delegation:
    said = form.cleaned_data
    asking.require_code(request, commands.delegate)
    starts_at, ends_at = form.instants()
    return commands.delegate(
        request.actor,
        said["post"],
        chosen_person(cards, said["person"]),
        kind=Delegation.Kind(said["kind"]),
        basis=said["basis"],
        starts_at=starts_at,
        ends_at=ends_at,
        scope=form.scope(),
    )


def _detail_page(
    request: ActorRequest, lent: Delegation, refusal: DomainError | None = None
) -> HttpResponse:
    line = words.line_of(lent, clock.now())
    is_mine = lent.given_by_id == request.actor.person_id
    rows = selectors.acts_of(lent)
    return render(
        request,
        "delegations/detail.html",
        {
            "line": line,
            "lent": lent,
            "scope": words.scope_in_words(lent),
            "told": told(request.actor, rows),
            "is_full": len(rows) >= MOST_TOLD,
            "is_mine": is_mine,
            "may_revoke": is_mine and line.is_running,
            "refusal": refusal,
            "crumbs": [
                ("Cá nhân", reverse("me")),
                (_HERE, reverse("delegations:mine")),
                (lent.delegate.full_name, ""),
            ],
        },
        status=refusal.http_status if refusal else 200,
    )


@require_safe
def detail(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """One delegation: how far it goes, and what was done by it."""
    return _detail_page(request, selectors.get_visible(request.actor, public_id))


@post_only
def revoke(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The giver takes it back; over at this second."""
    lent = selectors.get_visible(request.actor, public_id)
    try:
        commands.revoke_delegation(request.actor, public_id)
    except NotFound:
        policies.can_revoke(request.actor, lent).require()
        raise
    return done(
        request,
        reverse("delegations:detail", args=[public_id]),
        f"Đã thu hồi. Từ giây này {lent.delegate.full_name} không xem, không làm thay được nữa.",
    )


@require_safe
def overseen(request: ActorRequest) -> HttpResponse:
    """Everything delegated in my agencies, running ones or all, and who is away."""
    actor = request.actor
    policies.can_oversee(actor).require()
    is_all = request.GET.get("loc") == "tat-ca"
    rows = selectors.of_agencies(actor)
    running = selectors.still_running(rows)
    page = keyset_page(
        rows if is_all else running, order=("-id",), cursor=request.GET.get("trang", "")
    )
    kept = "loc=tat-ca&" if is_all else ""
    away = list(selectors.absences_in(actor).order_by("valid", "pk")[:_RECEIVED_SHOWN])
    return render(
        request,
        "delegations/overseen.html",
        {
            "lines": words.lines_of(page.rows),
            "tabs": [
                Tab("Đang và sắp có hiệu lực", "?", running.count(), current=not is_all),
                Tab("Tất cả", "?loc=tat-ca", None, current=is_all),
            ],
            "away": words.away_lines(away),
            "is_all": is_all,
            "newer_url": f"?{kept}trang={page.newer}" if page.newer else "",
            "older_url": f"?{kept}trang={page.older}" if page.older else "",
        },
    )
