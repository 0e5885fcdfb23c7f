"""Xuất dữ liệu: asking for a large table, and the second person's answer."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from nhactruong.foundation.persistence.paging import keyset_page
from nhactruong.foundation.ui.sources import PlainForm, typed
from nhactruong.foundation.web.requests import ActorRequest, done
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel.errors import AccessDenied, ConflictingChange, InvalidInput, RuleBroken
from nhactruong.kernel.text import whole_number
from nhactruong.records.releases import commands, policies, selectors
from nhactruong.records.releases.forms import AskForm
from nhactruong.records.releases.models import Release
from nhactruong.records.releases.rules import FREE_ROWS, STATE_LABELS, State

_LOOKS: Final = {
    State.ASKED: ("soon", "clock"),
    State.ALLOWED: ("ok", "ok"),
    State.REFUSED: ("late", "close"),
}

PlainForm(
    __name__,
    "Ý kiến về đề nghị xuất dữ liệu",
    {
        "reason": ("Lý do", typed("Lý do của người làm")),
    },
)


def _badge(release: Release) -> tuple[str, str, str]:
    return (STATE_LABELS[release.as_state], *_LOOKS[release.as_state])


@require_safe
def listed(request: ActorRequest) -> HttpResponse:
    """My requests and those that wait for me, newest first."""
    page = keyset_page(
        selectors.visible(request.actor).select_related("agency"),
        order=("-id",),
        cursor=request.GET.get("trang", ""),
    )
    return render(
        request,
        "releases/list.html",
        {
            "lines": [(row, _badge(row)) for row in page.rows],
            "free_rows": FREE_ROWS,
            "newer_url": f"?trang={page.newer}" if page.newer else "",
            "older_url": f"?trang={page.older}" if page.older else "",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: ActorRequest) -> HttpResponse:
    """The form that asks for the table the register has named."""
    agency_id, title, address, rows = selectors.asked_for(request.GET.get("bang", ""))
    form = AskForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "title": title, "rows": rows, "free_rows": FREE_ROWS}
    context["back_url"] = address.replace("xuat=csv", "").rstrip("?&")
    if request.method != "POST":
        return render(request, "releases/ask.html", context)
    if not form.is_valid():
        return render(request, "releases/ask.html", context, status=422)
    made = commands.ask(
        request.actor,
        agency_id=agency_id,
        title=title,
        address=address,
        rows=rows,
        reason=form.cleaned_data["reason"],
    )
    return done(request, reverse("releases:detail", args=[made.public_id]), "Đã gửi đề nghị.")


def _detail_page(
    request: ActorRequest, release: Release, status: int = 200, **faults: Any
) -> HttpResponse:
    may_decide = policies.can_decide(request.actor, release)
    return render(
        request,
        "releases/detail.html",
        {
            "release": release,
            "badge": _badge(release),
            "may_decide": may_decide,
            "is_mine": release.asked_person_id == request.actor.person_id,
            "is_open": selectors.is_open(release),
            "crumbs": [("Xuất dữ liệu", reverse("releases:list")), (release.title, "")],
            **faults,
        },
        status=status,
    )


@require_safe
def detail(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """What is asked for, why, and the answer."""
    return _detail_page(request, selectors.get_visible(request.actor, public_id))


@post_only
def allow(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The second person allows it."""
    return _decided(request, public_id, State.ALLOWED)


@post_only
def refuse(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The second person refuses it, with a reason."""
    return _decided(request, public_id, State.REFUSED)


def _decided(request: ActorRequest, public_id: uuid.UUID, to: State) -> HttpResponse:
    release = selectors.get_visible(request.actor, public_id)
    version = whole_number(request.POST.get("version", ""))
    reason = request.POST.get("reason", "").strip()
    try:
        if to is State.ALLOWED:
            commands.allow(request.actor, public_id, version=version)
        else:
            commands.refuse(request.actor, public_id, reason=reason, version=version)
    except InvalidInput as fault:
        return _detail_page(request, release, 422, reason_error=fault.sentence, reason_value=reason)
    except (RuleBroken, AccessDenied, ConflictingChange) as refusal:
        return _detail_page(request, release, refusal.http_status, error=refusal.sentence)
    return done(request, reverse("releases:detail", args=[public_id]), "Đã ghi ý kiến.")
