"""Signing in, the second step, and signing out."""

from __future__ import annotations

from typing import Final

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from nhactruong.foundation.accounts import commands, factors, selectors
from nhactruong.foundation.accounts.forms import CodeForm, SignInForm
from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.accounts.rules import FROM_OUTSIDE
from nhactruong.foundation.accounts.views import doors, outside, questions
from nhactruong.foundation.web.addresses import (
    REASON,
    SESSION_ENDED,
    SIGNED_OUT,
    next_page,
    sign_in_address,
)
from nhactruong.foundation.web.errors import SESSION_OVER
from nhactruong.foundation.web.requests import see_other
from nhactruong.foundation.web.views import operation_exempt, post_only, public
from nhactruong.kernel.errors import DomainError, RuleBroken

_STEP_OVER: Final = "qua-han"
#: The password was just set; first_entry leads here with it.
PASSWORD_SET: Final = "da-dat"  # noqa: S105  # a word of an address
#: Why somebody stands before the sign-in page → the sentence that says so.
_REASONS: Final = {
    SESSION_ENDED: SESSION_OVER,
    SIGNED_OUT: "Đồng chí đã đăng xuất.",
    PASSWORD_SET: "Đã đặt mật khẩu. Đồng chí đăng nhập bằng mật khẩu mới.",
    _STEP_OVER: "Bước xác nhận thứ hai đã quá năm phút. Đồng chí đăng nhập lại.",
}
_PAGE_WANTS_IT: Final = "Đồng chí đăng nhập để mở trang vừa chọn."


@public
@operation_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; a right name and password open a fresh session, or the second step."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(next_page(request))
    form = SignInForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                username = form.cleaned_data["username"]
                user = commands.sign_in(
                    username,
                    form.cleaned_data["password"],
                    client_address=doors.address_of(request),
                    device=doors.device_of(request, username),
                )
            except DomainError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                return _go_on(request, user, next_page(request))
    return _page(request, form, status)


def _page(request: HttpRequest, form: SignInForm, status: int) -> HttpResponse:
    next_url, reason = next_page(request), request.GET.get(REASON, "")
    context = {
        "form": form,
        "next": next_url,
        "reason": _REASONS.get(reason) or (_PAGE_WANTS_IT if next_url != "/" else ""),
        "has_ended": reason == SESSION_ENDED,
        "has_signed_out": reason == SIGNED_OUT,
        "provider": outside.provider_name(),
    }
    return render(request, "accounts/sign_in.html", context, status=status)


def _go_on(
    request: HttpRequest, user: User, page: str, *, from_outside: bool = False
) -> HttpResponse:
    """To the page wanted, or first to the second step."""
    if selectors.has_second_factor(user.pk):
        doors.wait_for_second_step(request, user, page, from_outside=from_outside)
        return see_other(reverse("accounts:second_step"))
    return doors.open_session(request, user, page, from_outside=from_outside)


@public
@operation_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """A code or a security key after the password; only then a session is opened."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(next_page(request))
    waiting = doors.who_waits(request)
    if waiting is None:
        return HttpResponseRedirect(sign_in_address("", _STEP_OVER))
    if request.method != "POST":
        return _step_page(request, waiting, CodeForm())
    where = doors.address_of(request)
    form = CodeForm(request.POST)
    try:
        if request.POST.get(questions.FIELD):
            asked = questions.take(request, "sign-in")
            used = commands.pass_by_key(
                waiting.user, asked, questions.answer(request), client_address=where
            )
        elif form.is_valid():
            used = commands.pass_by_code(
                waiting.user, form.cleaned_data["code"], client_address=where
            )
        else:
            return _step_page(request, waiting, form, 422)
    except RuleBroken as refusal:
        form.add_error("code", refusal.sentence)
        return _step_page(request, waiting, form, 422)
    return doors.open_session(
        request,
        waiting.user,
        waiting.next_page,
        second_factor=used,
        from_outside=waiting.from_outside,
    )


def _step_page(
    request: HttpRequest, waiting: doors.Waiting, form: CodeForm, status: int = 200
) -> HttpResponse:
    held = selectors.factors_of(waiting.user.pk)
    has_key = any(line.is_key for line in held.lines)
    options = (
        questions.put(request, factors.ask_for_key(waiting.user), "sign-in") if has_key else ""
    )
    context = {"form": form, "has_totp": held.has_totp, "key_options": options}
    return render(request, "accounts/second_step.html", context, status=status)


@public
@operation_exempt
@post_only
def sign_out(request: HttpRequest) -> HttpResponse:
    """The end of the session, also of one that had ended already, and of the provider's own."""
    was_outside = bool(request.session.get(FROM_OUTSIDE))
    logout(request)
    here = sign_in_address("", SIGNED_OUT)
    if was_outside:
        address = outside.sign_out_address(request, here)
        if address:
            return outside.leaving_page(request, address, signs_out=True)
    return see_other(here)


@public
@never_cache
@require_http_methods(["GET"])
def outside_answer(request: HttpRequest) -> HttpResponse:
    """Where the provider sends people back to; an attached identity opens its account."""
    answer = outside.read_answer(request)
    if isinstance(answer, HttpResponse):
        return answer
    try:
        user = commands.sign_in_from_outside(
            answer.subject, client_address=doors.address_of(request)
        )
    except RuleBroken as refusal:
        return outside.refused(request, refusal.sentence)
    return _go_on(request, user, answer.next_page, from_outside=True)
