"""Cá nhân: my posts, my password, my shortcuts, what I was told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from nhactruong.assembly import me as page
from nhactruong.assembly.navigation import person_mark
from nhactruong.foundation.accounts import commands as accounts
from nhactruong.foundation.accounts.forms import PasswordForm
from nhactruong.foundation.accounts.rules import FROM_OUTSIDE, SEEN_AT
from nhactruong.foundation.notices.commands import mark_all_read
from nhactruong.foundation.ui.sources import PlainForm, carried
from nhactruong.foundation.web.requests import ActorRequest, done
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel.errors import InvalidInput, RuleBroken

PlainForm(
    __name__,
    "Phím tắt",
    {
        "off": ("Bật hay tắt", carried("Nút bấm")),
    },
)


def _me_page(
    request: ActorRequest, form: PasswordForm | None = None, status: int = 200
) -> HttpResponse:
    seen = request.session.get(SEEN_AT)
    return render(
        request,
        "assembly/me.html",
        {
            "posts": page.posts_of(request.actor),
            "account": request.user,
            "form": form or PasswordForm(),
            "last_seen": datetime.fromtimestamp(float(seen), UTC) if seen else None,
            "session_hours": int(
                timedelta(seconds=settings.SESSION_COOKIE_AGE).total_seconds() // 3600
            ),
            "idle_minutes": settings.SESSION_IDLE_MINUTES,
        },
        status=status,
    )


@require_safe
def me(request: ActorRequest) -> HttpResponse:
    """My posts, roles, session, shortcuts and password."""
    return _me_page(request)


@require_safe
def session(request: ActorRequest) -> HttpResponse:
    """Who is signed in and the secret of forms, for a page that outlived its own session."""
    mark = person_mark(request.actor.user_id or 0)
    return JsonResponse({"person": mark, "csrf_token": get_token(request)})


@post_only
def shortcuts(request: ActorRequest) -> HttpResponse:
    """Single-letter shortcuts on or off. Source: WCAG 2.1.4."""
    off = request.POST.get("off") == "1"
    accounts.remember(request.actor, "shortcuts_off", off)
    said = "Đã tắt phím tắt một chữ." if off else "Đã bật phím tắt một chữ."
    return done(request, reverse("me"), said)


@post_only
def password(request: ActorRequest) -> HttpResponse:
    """A new password; every other session of the account ends."""
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _me_page(request, form, status=422)
    try:
        user = accounts.change_password(
            request.actor,
            current=form.cleaned_data["current"],
            new=form.cleaned_data["new"],
        )
    except InvalidInput as fault:
        form.tell(fault)
        return _me_page(request, form, status=422)
    except RuleBroken as refusal:
        form.add_error("current", refusal.sentence)
        return _me_page(request, form, status=409)
    update_session_auth_hash(request, user)
    # The session has a new name; it stays among those the person sees.
    request.session.save()
    accounts.note_session(
        user,
        request.session.session_key or "",
        address=request.META.get("REMOTE_ADDR", ""),
        browser=request.headers.get("User-Agent", ""),
        from_outside=bool(request.session.get(FROM_OUTSIDE)),
    )
    return done(
        request, reverse("me"), "Đã đổi mật khẩu. Các phiên làm việc khác của đồng chí đã kết thúc."
    )


@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: ActorRequest) -> HttpResponse:
    """What I was told, newest first; POST marks all of it read."""
    if request.method == "POST":
        count = mark_all_read(request.actor)
        said = f"Đã đánh dấu {count} tin là đã đọc." if count else "Không còn tin chưa đọc."
        return done(request, reverse("notices"), said)
    lines, cursors = page.notices_of(request.actor, request.GET.get("trang", ""))
    return render(
        request,
        "assembly/notices.html",
        {
            "lines": lines,
            "newer_url": f"?trang={cursors.newer}" if cursors.newer else "",
            "older_url": f"?trang={cursors.older}" if cursors.older else "",
        },
    )
