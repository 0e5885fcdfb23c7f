"""Khóa truy cập: which programs call, for what; giving out and taking back."""

from __future__ import annotations

import secrets
import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from nhactruong.foundation.accounts import commands as accounts
from nhactruong.foundation.accounts.rules import token_hash
from nhactruong.foundation.persistence.operations import is_carried_out
from nhactruong.foundation.ui.sources import PlainForm, secret, typed
from nhactruong.foundation.web.requests import ActorRequest, done, see_other
from nhactruong.foundation.web.views import post_only
from nhactruong.gateways.http_api import commands, policies, selectors
from nhactruong.gateways.http_api.forms import KeyForm
from nhactruong.gateways.http_api.models import ServiceKey
from nhactruong.kernel.errors import DomainError, InvalidInput, NotFound, RuleBroken
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import selectors as organization

_CODE = "step_up_code"

PlainForm(
    __name__,
    "Cấp, thu hồi khóa",
    {
        "step_up_code": ("Mã xác nhận", secret("Mật khẩu, mã hoặc khóa bảo mật")),
        "reason": ("Lý do", typed("Lý do của người làm")),
    },
)


@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: ActorRequest) -> HttpResponse:
    """The keys of the administrator's agencies and the form of a new one; a POST issues it."""
    if not policies.can_keep_keys(request.actor):
        raise NotFound("administration.not_found", "Không tìm thấy trang này.")
    served = request.actor.agencies_with(Role.SYSADMIN)
    names = [(row.pk, row.short_name) for row in organization.agencies(served)]
    form = KeyForm(request.POST if request.method == "POST" else None, agencies=names)
    if request.method != "POST":
        return _page(request, form)
    if is_carried_out(commands.issue_key):
        # The secret was shown with the first answer and is kept nowhere.
        return done(
            request,
            reverse("keys:list"),
            "Khóa đã cấp ở lần gửi trước. Nếu chưa chép khóa, đồng chí thu hồi rồi cấp khóa khác.",
        )
    if not form.is_valid():
        return _page(request, form, status=422)
    said = form.cleaned_data
    secret = f"nt_{secrets.token_urlsafe(32)}"
    try:
        accounts.confirm(request.actor, request.POST.get(_CODE, ""))
        key = commands.issue_key(
            request.actor,
            commands.KeyTerms(
                agency_id=said["agency"],
                name=said["name"],
                purpose=said["purpose"],
                scopes=said["scopes"],
                days=said["days"],
                requests_per_minute=said["requests_per_minute"],
                networks=said["networks"],
            ),
            token_hash=token_hash(secret),
        )
    except (InvalidInput, RuleBroken) as fault:
        named = {
            name: sentence
            for name, sentence in getattr(fault, "fields", {}).items()
            if name in form.fields
        }
        for name, sentence in named.items():
            form.add_error(name, sentence)
        code_fault = "" if named else fault.sentence
        return _page(request, form, code_fault=code_fault, status=fault.http_status)
    # An answer that holds a secret is not kept for a repetition.
    request.operation_key = None  # type: ignore[attr-defined]  # read by OperationMiddleware
    return _page(request, KeyForm(agencies=names), issued=key, secret=secret)


def _page(
    request: ActorRequest,
    form: KeyForm,
    *,
    code_fault: str = "",
    issued: ServiceKey | None = None,
    secret: str = "",
    revoking: str = "",
    reason: str = "",
    reason_fault: str = "",
    status: int = 200,
) -> HttpResponse:
    response = render(
        request,
        "http_api/keys.html",
        {
            "form": form,
            "lines": selectors.keys_kept_by(request.actor),
            "code_fault": code_fault,
            "issued": issued,
            "secret": secret,
            "revoking": revoking,
            "reason": reason,
            "reason_fault": reason_fault,
            "crumbs": [("Quản trị", reverse("administration")), ("Khóa truy cập", "")],
        },
        status=status,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@post_only
def revoke(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The key, closed at once."""
    key = selectors.kept_key(request.actor, public_id)
    reason = request.POST.get("reason", "")
    try:
        commands.revoke_key(request.actor, public_id, reason=reason)
    except RuleBroken:
        return see_other(reverse("keys:list"))
    except DomainError as fault:
        served = request.actor.agencies_with(Role.SYSADMIN)
        names = [(row.pk, row.short_name) for row in organization.agencies(served)]
        return _page(
            request,
            KeyForm(agencies=names),
            revoking=str(public_id),
            reason=reason,
            reason_fault=fault.sentence,
            status=fault.http_status,
        )
    return done(request, reverse("keys:list"), f"Đã thu hồi khóa của {key.name}.")
