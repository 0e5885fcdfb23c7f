"""Signing in and out."""

from __future__ import annotations

from typing import Final

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from nhactruong.foundation.accounts import commands
from nhactruong.foundation.accounts.forms import SignInForm
from nhactruong.foundation.web.addresses import (
    REASON,
    SESSION_ENDED,
    SIGNED_OUT,
    is_ours,
    sign_in_address,
)
from nhactruong.foundation.web.errors import SESSION_OVER
from nhactruong.foundation.web.requests import see_other
from nhactruong.foundation.web.views import operation_exempt, post_only, public
from nhactruong.kernel.errors import DomainError

#: Why somebody stands before the sign-in page → the sentence that says so.
_REASONS: Final = {
    SESSION_ENDED: SESSION_OVER,
    SIGNED_OUT: "Đồng chí đã đăng xuất.",
}
_PAGE_WANTS_IT: Final = "Đồng chí đăng nhập để mở trang vừa chọn."


def _next_url(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    return wanted if wanted.startswith("/") and is_ours(request, wanted) else "/"


@public
@operation_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; a right name and password open a fresh session."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(_next_url(request))
    form = SignInForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                user = commands.sign_in(
                    form.cleaned_data["username"],
                    form.cleaned_data["password"],
                    client_address=request.META.get("REMOTE_ADDR", ""),
                )
            except DomainError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                login(request, user, backend="django.contrib.auth.backends.ModelBackend")
                return see_other(_next_url(request))
    next_url, reason = _next_url(request), request.GET.get(REASON, "")
    context = {
        "form": form,
        "next": next_url,
        "reason": _REASONS.get(reason) or (_PAGE_WANTS_IT if next_url != "/" else ""),
        "has_ended": reason == SESSION_ENDED,
        "has_signed_out": reason == SIGNED_OUT,
    }
    return render(request, "accounts/sign_in.html", context, status=status)


@public
@operation_exempt
@post_only
def sign_out(request: HttpRequest) -> HttpResponse:
    """The end of the session, also of one that had ended already."""
    logout(request)
    return see_other(sign_in_address("", SIGNED_OUT))
