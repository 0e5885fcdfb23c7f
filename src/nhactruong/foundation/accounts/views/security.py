"""Bảo mật tài khoản: my second factors, recovery codes and open sessions."""

from __future__ import annotations

import base64
from typing import Any, Final

from allauth.mfa.adapter import get_adapter
from allauth.mfa.utils import decrypt, encrypt
from cryptography.exceptions import InvalidTag
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from nhactruong.foundation.accounts import commands, factors, rules, selectors
from nhactruong.foundation.accounts.asking import CODE
from nhactruong.foundation.accounts.forms import ApplicationForm, KeyForm
from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.accounts.views import questions
from nhactruong.foundation.ui.sources import PlainForm, carried, secret
from nhactruong.foundation.web.addresses import sign_in_address
from nhactruong.foundation.web.requests import ActorRequest, done, see_other
from nhactruong.foundation.web.views import open_without_second_factor, post_only
from nhactruong.kernel import clock
from nhactruong.kernel.errors import InvalidInput, NotFound, RuleBroken
from nhactruong.kernel.text import whole_number

_SECRET: Final = "new_totp_secret"  # noqa: S105  # a name

PlainForm(
    __name__,
    "Phiên làm việc, bước xác nhận",
    {
        "step_up_code": ("Mã xác nhận", secret("Mật khẩu, mã hoặc khóa bảo mật")),
        "session": ("Phiên", carried("Trường ẩn")),
        "credential": ("Khóa bảo mật", carried("Trình duyệt điền")),
        "logout_token": ("Phiên ở nơi đăng nhập chung", carried("Máy gửi")),
    },
)


def _me(request: ActorRequest) -> User:
    user = selectors.account(request.actor.user_id)
    if user is None:
        raise NotFound("account.unknown", "Không có tài khoản này.")
    return user


def _page(request: ActorRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    user = _me(request)
    return render(
        request,
        "accounts/security.html",
        {
            "held": selectors.factors_of(user.pk),
            "sessions": selectors.sessions_of(user.pk, request.session.session_key or ""),
            "must_set_up": bool(getattr(request, "lacks_second_factor", False)),
            "error": error,
        },
        status=status,
    )


@open_without_second_factor
@never_cache
@require_safe
def security(request: ActorRequest) -> HttpResponse:
    """What opens my account, and where it is open now."""
    return _page(request)


def _confirmed(request: ActorRequest) -> None:
    """Asks to confirm, but not for the first second factor right after sign-in."""
    if _asks(request):
        commands.confirm(request.actor, request.POST.get(CODE, ""))


def _asks(request: ActorRequest) -> bool:
    first = not selectors.has_second_factor(request.actor.user_id or 0)
    return not (first and rules.is_fresh(request.session, now=clock.now()))


def _set_up(request: ActorRequest, said: str) -> HttpResponse:
    """A factor was added: this session counts as passed, others end, the codes are shown."""
    request.session[rules.SECOND_FACTOR_AT] = clock.now().timestamp()
    commands.end_other_sessions(request.actor, request.session.session_key or "")
    return done(request, reverse("accounts:recovery_codes"), said)


@open_without_second_factor
@never_cache
@require_http_methods(["GET", "POST"])
def application(request: ActorRequest) -> HttpResponse:
    """An application on the telephone is shown a secret and proves by a code that it has it."""
    form = ApplicationForm(request.POST if request.method == "POST" else None)
    secret = _secret(request)
    error, status = "", 200
    if request.method == "POST" and form.is_valid():
        try:
            _confirmed(request)
            commands.add_application(request.actor, secret, form.cleaned_data["code"])
        except InvalidInput as fault:
            status = fault.http_status
            if fault.fields:
                form.tell(fault)
            else:
                error = fault.sentence
        except RuleBroken as refusal:
            error, status = refusal.sentence, refusal.http_status
        else:
            request.session.pop(_SECRET, None)
            return _set_up(request, "Đã thêm ứng dụng xác thực.")
    elif request.method == "POST":
        status = 422
    url = get_adapter().build_totp_url(_me(request), secret)
    picture = base64.b64encode(get_adapter().build_totp_svg(url).encode()).decode("ascii")
    context = {
        "form": form,
        "picture": f"data:image/svg+xml;base64,{picture}",
        "secret": " ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        "asks": _asks(request),
        "error": error,
        "crumbs": _crumbs("Ứng dụng xác thực"),
    }
    return render(request, "accounts/application.html", context, status=status)


def _secret(request: ActorRequest) -> str:
    """The secret offered in this session, sealed where sessions are kept."""
    kept = request.session.get(_SECRET)
    if kept:
        try:
            return str(decrypt(kept))
        except InvalidTag:
            del request.session[_SECRET]
    secret = factors.new_secret()
    request.session[_SECRET] = encrypt(secret)
    return secret


@open_without_second_factor
@never_cache
@require_http_methods(["GET", "POST"])
def security_key(request: ActorRequest) -> HttpResponse:
    """A security key is made known under a name."""
    form = KeyForm(request.POST if request.method == "POST" else None)
    error, status = "", 200
    if request.method == "POST" and form.is_valid():
        asked = questions.take(request, "register")
        try:
            _confirmed(request)
            commands.add_security_key(
                request.actor, form.cleaned_data["name"], asked, questions.answer(request)
            )
        except (InvalidInput, RuleBroken) as refusal:
            error, status = refusal.sentence, refusal.http_status
        else:
            return _set_up(request, "Đã đăng ký khóa bảo mật.")
    elif request.method == "POST":
        status = 422
    context: dict[str, Any] = {
        "form": form,
        "key_options": questions.put(request, factors.ask_for_new_key(_me(request)), "register"),
        "asks": _asks(request),
        "error": error,
        "crumbs": _crumbs("Khóa bảo mật"),
    }
    return render(request, "accounts/security_key.html", context, status=status)


def _crumbs(here: str) -> list[tuple[str, str]]:
    return [
        ("Cá nhân", reverse("me")),
        ("Bảo mật tài khoản", reverse("accounts:security")),
        (here, ""),
    ]


@open_without_second_factor
@never_cache
@require_http_methods(["GET", "POST"])
def recovery_codes(request: ActorRequest) -> HttpResponse:
    """GET shows the codes once; POST makes fresh ones, and never carries them in its answer."""
    if request.method != "POST":
        codes = commands.show_recovery_codes(request.actor)
        context = {"codes": codes, "crumbs": _crumbs("Mã dự phòng")}
        return render(request, "accounts/recovery_codes.html", context)
    try:
        _confirmed(request)
        commands.renew_recovery_codes(request.actor)
    except (InvalidInput, RuleBroken) as refusal:
        return _page(request, error=refusal.sentence, status=refusal.http_status)
    return see_other(reverse("accounts:recovery_codes"))


@post_only
def remove_factor(request: ActorRequest, factor_id: int) -> HttpResponse:
    """The second factor is given up, after confirmation by one."""
    try:
        _confirmed(request)
        commands.remove_factor(request.actor, factor_id)
    except (InvalidInput, RuleBroken) as refusal:
        return _page(request, error=refusal.sentence, status=refusal.http_status)
    if not selectors.has_second_factor(request.actor.user_id or 0):
        request.session.pop(rules.SECOND_FACTOR_AT, None)
    return done(request, reverse("accounts:security"), "Đã gỡ bước xác nhận.")


@open_without_second_factor
@post_only
def end_session(request: ActorRequest) -> HttpResponse:
    """One of my sessions, or all others, are over at once."""
    here = reverse("accounts:security")
    key = request.session.session_key or ""
    chosen = whole_number(request.POST.get("session", ""))
    if chosen is None:
        count = commands.end_other_sessions(request.actor, key)
        return done(
            request, here, f"Đã kết thúc {count} phiên khác." if count else "Không có phiên khác."
        )
    mine = {line.line_id: line for line in selectors.sessions_of(request.user.pk or 0, key)}
    line = mine.get(chosen)
    if line is None:
        return done(request, here, "Phiên làm việc ấy đã kết thúc trước đó.")
    commands.end_session(request.actor, line.line_id)
    if line.is_this:
        logout(request)
        return see_other(sign_in_address(""))
    return done(request, here, "Đã kết thúc phiên làm việc.")
