"""Opening a session, and the moment between password and second step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.contrib.auth import login
from django.http import HttpRequest

from nhactruong.foundation.accounts import commands, selectors
from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.accounts.rules import (
    FROM_OUTSIDE,
    OPENED_AT,
    SECOND_FACTOR_AT,
    SEEN_AT,
    STEP_LIFE,
)
from nhactruong.kernel import clock

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
    request: HttpRequest, user: User, *, second_factor: bool, from_outside: bool = False
) -> None:
    """A session of that account under a name nobody knew before."""
    request.session.flush()
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    now = clock.now().timestamp()
    request.session[OPENED_AT] = request.session[SEEN_AT] = now
    if second_factor:
        request.session[SECOND_FACTOR_AT] = now
    if from_outside:
        request.session[FROM_OUTSIDE] = True
    request.session.save()
    commands.note_session(
        user,
        request.session.session_key or "",
        address=address_of(request),
        browser=request.headers.get("User-Agent", ""),
        from_outside=from_outside,
    )
