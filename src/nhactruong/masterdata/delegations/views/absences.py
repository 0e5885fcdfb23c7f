"""Vắng mặt: declared with a substitute, given up on return, told in one page."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from nhactruong.foundation.accounts import asking
from nhactruong.foundation.persistence.paging import keyset_page
from nhactruong.foundation.web.requests import ActorRequest, done
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel.errors import AccessDenied, ConflictingChange, InvalidInput, RuleBroken
from nhactruong.masterdata.delegations import commands, selectors, words
from nhactruong.masterdata.delegations.forms import AbsenceForm
from nhactruong.masterdata.delegations.telling import told
from nhactruong.masterdata.delegations.views.lending import chosen_person, people_choices
from nhactruong.masterdata.organization.models import Absence
from nhactruong.masterdata.organization.selectors import PostCard

_REFUSALS: Final = (AccessDenied, ConflictingChange, InvalidInput, RuleBroken)
_HERE: Final = "Vắng mặt"


def _form(cards: Sequence[PostCard], data: Any = None) -> AbsenceForm:
    return AbsenceForm(data, people=[(card.person_id, card.holder_name) for card in cards])


def _page(
    request: ActorRequest,
    form: AbsenceForm,
    cards: Sequence[PostCard],
    *,
    code_error: str = "",
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    page = keyset_page(
        selectors.absences_of(actor), order=("-id",), cursor=request.GET.get("trang", "")
    )
    return render(
        request,
        "delegations/absences.html",
        {
            "form": form,
            "people": people_choices(list(cards), str(form["person"].value() or "")),
            "may_lend": bool(selectors.lendable(actor)),
            "code_error": code_error,
            "lines": words.away_lines(page.rows),
            "newer_url": f"?trang={page.newer}" if page.newer else "",
            "older_url": f"?trang={page.older}" if page.older else "",
            "crumbs": [("Cá nhân", reverse("me")), (_HERE, "")],
        },
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: ActorRequest) -> HttpResponse:
    """My absences and the form; POST declares one, with the code where somebody stands in."""
    cards = selectors.candidates(request.actor)
    if request.method != "POST":
        return _page(request, _form(cards), cards)
    form = _form(cards, request.POST)
    if not form.is_valid():
        return _page(request, form, cards, status=422)
    try:
        away = _declare(request, form, cards)
    except _REFUSALS as refusal:
        is_code = refusal.code.startswith("confirmation.")
        if isinstance(refusal, InvalidInput) and not is_code:
            form.tell(refusal)
        elif not is_code:
            form.add_error(None, refusal.sentence)
        return _page(
            request,
            form,
            cards,
            code_error=refusal.sentence if is_code else "",
            status=refusal.http_status,
        )
    if away.substitute is None:
        notice = "Đã khai vắng mặt. Chưa có người xử lý thay."
    else:
        notice = f"Đã khai vắng mặt. {away.substitute.full_name} xử lý thay."
    return done(request, reverse("delegations:absences"), notice)


def _declare(request: ActorRequest, form: AbsenceForm, cards: Sequence[PostCard]) -> Absence:
    said = form.cleaned_data
    substitute = chosen_person(list(cards), said["person"]) if said["person"] else None
    if substitute is not None:
        asking.require_code(request, commands.declare_absence)
    return commands.declare_absence(
        request.actor,
        first=said["first"],
        last=said["last"],
        reason=said["reason"],
        substitute=substitute,
    )


@require_safe
def meanwhile(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """One page on return: what was done for me, what came, what still waits."""
    away = selectors.get_absence(request.actor, public_id)
    summary = selectors.meanwhile(request.actor, away)
    return render(
        request,
        "delegations/meanwhile.html",
        {
            "line": words.away_lines([away])[0],
            "summary": summary,
            "told": told(request.actor, summary.rows),
            "crumbs": [
                ("Cá nhân", reverse("me")),
                (_HERE, reverse("delegations:absences")),
                ("Trong thời gian vắng", ""),
            ],
        },
    )


@post_only
def come_back(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """I am back, or stay after all; the substitute stands in no longer."""
    commands.end_absence(request.actor, public_id)
    return done(
        request,
        reverse("delegations:meanwhile", args=[public_id]),
        "Đã ghi đồng chí có mặt. Việc xử lý thay kết thúc từ giây này.",
    )
