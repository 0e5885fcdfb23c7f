"""Khóa truy cập: which programs call, for what; asked for, allowed, collected, taken back."""

from __future__ import annotations

import secrets
import uuid
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from nhactruong.foundation.accounts import asking
from nhactruong.foundation.accounts.rules import token_hash
from nhactruong.foundation.persistence.operations import is_carried_out
from nhactruong.foundation.persistence.paging import keyset_page
from nhactruong.foundation.ui.sources import PlainForm, secret, typed
from nhactruong.foundation.web.requests import ActorRequest, done
from nhactruong.foundation.web.views import post_only
from nhactruong.gateways.http_api import commands, policies, selectors
from nhactruong.gateways.http_api.forms import KeyForm
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import AccessDenied, InvalidInput, NotFound, RuleBroken
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import selectors as organization

_KEYS_ON_A_PAGE: Final = 30


def _require_part(actor: Actor) -> None:
    if not actor.agencies_with(Role.SYSADMIN, *policies.DECIDING):
        raise NotFound("administration.not_found", "Không tìm thấy trang này.")


def _crumbs(actor: Actor, *last: tuple[str, str]) -> list[tuple[str, str]]:
    above = [("Quản trị", reverse("administration"))] if policies.can_keep_keys(actor) else []
    return [*above, *last]


@require_safe
def listed(request: ActorRequest) -> HttpResponse:
    """The keys of the agencies the reader administers or answers for, newest first."""
    _require_part(request.actor)
    page = keyset_page(
        selectors.visible(request.actor),
        order=("-id",),
        cursor=request.GET.get("trang", ""),
        rows=_KEYS_ON_A_PAGE,
    )
    return render(
        request,
        "http_api/keys.html",
        {
            "lines": selectors.key_lines(page.rows, request.actor),
            "may_ask": policies.can_keep_keys(request.actor),
            "newer_url": f"?trang={page.newer}" if page.newer else "",
            "older_url": f"?trang={page.older}" if page.older else "",
            "crumbs": _crumbs(request.actor, ("Khóa truy cập", "")),
        },
    )


PlainForm(
    __name__,
    "Duyệt, lấy, thu hồi khóa",
    {
        "step_up_code": ("Mã xác nhận", secret("Mật khẩu, mã hoặc khóa bảo mật")),
        "reason": ("Lý do", typed("Lý do của người làm")),
    },
)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: ActorRequest) -> HttpResponse:
    """The form of a new key; a POST puts it before the second person."""
    if not policies.can_keep_keys(request.actor):
        raise NotFound("administration.not_found", "Không tìm thấy trang này.")
    served = request.actor.agencies_with(Role.SYSADMIN)
    names = [(row.pk, row.short_name) for row in organization.agencies(served)]
    form = KeyForm(request.POST if request.method == "POST" else None, agencies=names)
    if request.method != "POST":
        return _form_page(request, form)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    try:
        asking.require_code(request, commands.ask_for_key)
        said = form.cleaned_data
        key = commands.ask_for_key(
            request.actor, commands.KeyTerms(agency_id=said.pop("agency"), **said)
        )
    except InvalidInput as fault:
        if set(fault.fields or {}) & set(form.fields):
            form.tell(fault)
            return _form_page(request, form, status=422)
        return _form_page(request, form, code_fault=fault.sentence, status=fault.http_status)
    except RuleBroken as fault:
        return _form_page(request, form, code_fault=fault.sentence, status=fault.http_status)
    return done(
        request,
        reverse("keys:detail", args=[key.public_id]),
        "Đã gửi đề nghị. Khi được duyệt, đồng chí lấy khóa tại trang này.",
    )


def _form_page(
    request: ActorRequest, form: KeyForm, status: int = 200, **more: Any
) -> HttpResponse:
    listing = ("Khóa truy cập", reverse("keys:list"))
    crumbs = _crumbs(request.actor, listing, ("Đề nghị khóa", ""))
    context = {"form": form, "crumbs": crumbs, **more}
    return render(request, "http_api/ask.html", context, status=status)


@require_safe
def detail(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """One key: what for, how far, who asked and allowed, when last used."""
    return _detail_page(request, public_id)


def _detail_page(
    request: ActorRequest, public_id: uuid.UUID, status: int = 200, **more: Any
) -> HttpResponse:
    key = selectors.get_visible(request.actor, public_id)
    listing = ("Khóa truy cập", reverse("keys:list"))
    response = render(
        request,
        "http_api/detail.html",
        {
            "line": selectors.key_lines([key], request.actor)[0],
            "crumbs": _crumbs(request.actor, listing, (key.name, "")),
            **more,
        },
        status=status,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@post_only
def allow(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The second person allows it, with the code."""
    key = selectors.get_visible(request.actor, public_id)
    try:
        asking.require_code(
            request, commands.allow_key, lambda: policies.can_decide(request.actor, key)
        )
        commands.allow_key(request.actor, public_id)
    except (InvalidInput, RuleBroken, AccessDenied) as refusal:
        faults = {"error" if isinstance(refusal, AccessDenied) else "allow_error": refusal.sentence}
        return _detail_page(request, public_id, refusal.http_status, **faults)
    return done(request, reverse("keys:detail", args=[public_id]), "Đã duyệt khóa.")


@post_only
def refuse(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The second person refuses it, with a reason."""
    reason = request.POST.get("reason", "")
    try:
        commands.refuse_key(request.actor, public_id, reason=reason)
    except InvalidInput as fault:
        return _detail_page(
            request, public_id, 422, refuse_error=fault.sentence, refuse_value=reason
        )
    except AccessDenied as refusal:
        return _detail_page(request, public_id, refusal.http_status, error=refusal.sentence)
    return done(request, reverse("keys:detail", args=[public_id]), "Đã ghi ý kiến.")


@post_only
def collect(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The secret, made and shown this once."""
    key = selectors.get_visible(request.actor, public_id)
    if is_carried_out(commands.collect_key):
        # The secret was shown with the first answer and is kept nowhere.
        return done(
            request,
            reverse("keys:detail", args=[public_id]),
            "Khóa đã lấy ở lần gửi trước. Nếu chưa chép khóa, đồng chí thu hồi rồi đề nghị khóa khác.",
        )
    new = f"nt_{secrets.token_urlsafe(32)}"
    try:
        asking.require_code(
            request, commands.collect_key, lambda: policies.can_collect(request.actor, key)
        )
        commands.collect_key(request.actor, public_id, token_hash=token_hash(new))
    except (InvalidInput, RuleBroken, AccessDenied) as refusal:
        faults = {
            "error" if isinstance(refusal, AccessDenied) else "collect_error": refusal.sentence
        }
        return _detail_page(request, public_id, refusal.http_status, **faults)
    # An answer that holds a secret is not kept for a repetition.
    request.operation_key = None  # type: ignore[attr-defined]  # read by OperationMiddleware
    return _detail_page(request, public_id, secret=new)


@post_only
def revoke(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The key, closed at once."""
    reason = request.POST.get("reason", "")
    try:
        key = commands.revoke_key(request.actor, public_id, reason=reason)
    except InvalidInput as fault:
        return _detail_page(
            request, public_id, 422, revoke_error=fault.sentence, revoke_value=reason
        )
    except AccessDenied as refusal:
        return _detail_page(request, public_id, refusal.http_status, error=refusal.sentence)
    address = reverse("keys:detail", args=[public_id])
    return done(request, address, f"Đã thu hồi khóa của {key.name}.")
