"""Opening a session, and the moment between password and second step."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth import login
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from nhactruong.foundation.accounts import actors, commands, selectors
from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.accounts.rules import (
    FROM_OUTSIDE,
    OPENED_AT,
    SECOND_FACTOR_AT,
    SEEN_AT,
    STEP_LIFE,
)
from nhactruong.foundation.web.requests import see_other
from nhactruong.kernel import clock

#: The browser in which an account was opened is known by a signed cookie for half a year.
_KNOWN_FOR: Final = timedelta(days=180)
_SALT: Final = "known-browser"
_WAITING: Final = "waiting_for_second_step"


def address_of(request: HttpRequest) -> str:
    """Where the request came from, as the server saw it."""
    return str(request.META.get("REMOTE_ADDR", ""))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody whose first step was right, a moment ago, in this browser."""

    user: User
    next_page: str
    from_outside: bool


def wait_for_second_step(
    request: HttpRequest, user: User, next_page: str, *, from_outside: bool = False
) -> None:
    """A fresh session that is nobody's yet and remembers whose second step is awaited."""
    request.session.flush()
    request.session[_WAITING] = {
        "user": user.pk,
        "password": user.get_session_auth_hash(),
        "at": clock.now().timestamp(),
        "next": next_page,
        "outside": from_outside,
    }
    # The cookie of a half-open door goes with the browser window.
    request.session.set_expiry(int(STEP_LIFE.total_seconds()))


def who_waits(request: HttpRequest) -> Waiting | None:
    """Whose second step is awaited; None when nobody's, too late, or the password has changed."""
    kept = request.session.get(_WAITING)
    if kept is None:
        return None
    user = selectors.account(kept["user"])
    is_late = clock.now().timestamp() - kept["at"] > STEP_LIFE.total_seconds()
    if user is None or is_late or kept["password"] != user.get_session_auth_hash():
        request.session.flush()
        return None
    return Waiting(user, kept["next"], kept["outside"])


def open_session(
    request: HttpRequest,
    user: User,
    page: str,
    *,
    second_factor: str = "",
    from_outside: bool = False,
) -> HttpResponse:
    """To `page`, in a session of that account under a name nobody knew before.

    `second_factor` says with what the second step was passed. The browser is known from now on.
    """
    request.session.flush()
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    now = clock.now().timestamp()
    request.session[OPENED_AT] = request.session[SEEN_AT] = now
    if second_factor:
        request.session[SECOND_FACTOR_AT] = now
    if from_outside:
        request.session[FROM_OUTSIDE] = True
    request.session.save()
    key = request.session.session_key or ""
    commands.note_session(
        user,
        key,
        address=address_of(request),
        browser=request.headers.get("User-Agent", ""),
        from_outside=from_outside,
    )
    how = {"second_factor": second_factor, "by": "provider" if from_outside else ""}
    actor = actors.actor_of(user, key, address_of(request))
    commands.note_signed_in(actor, **{name: said for name, said in how.items() if said})
    return _known_from_now(request, see_other(page), user)


def device_of(request: HttpRequest, typed: str) -> str:
    """The name of this browser when the account of that name was opened in it before."""
    kept = _device_cookie(request, typed)
    return kept["device"] if kept.get("name") == typed.strip().lower() else commands.STRANGERS


def _known_from_now(request: HttpRequest, response: HttpResponse, user: User) -> HttpResponse:
    device = device_of(request, user.username) or secrets.token_hex(16)
    response.set_cookie(
        _cookie_name(user.username),
        signing.dumps({"name": user.username, "device": device}, salt=_SALT),
        max_age=_KNOWN_FOR,
        path=reverse("accounts:sign_in"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _device_cookie(request: HttpRequest, typed: str) -> dict[str, str]:
    try:
        kept: dict[str, str] = signing.loads(
            request.COOKIES.get(_cookie_name(typed), ""), salt=_SALT, max_age=_KNOWN_FOR
        )
    except signing.BadSignature:
        return {}
    return kept


def _cookie_name(username: str) -> str:
    return f"nt_may_{commands.name_hash(username)[:12]}"
