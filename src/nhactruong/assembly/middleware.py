"""Session → actor: the person in today's posts, built once a request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from nhactruong.foundation.accounts import commands as accounts
from nhactruong.foundation.accounts import rules
from nhactruong.foundation.accounts import selectors as held
from nhactruong.foundation.web.errors import not_signed_in, problem, wants_json
from nhactruong.foundation.web.requests import see_other
from nhactruong.kernel import clock
from nhactruong.kernel.actor import ANONYMOUS, Actor
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import selectors as organization

_READING = ("GET", "HEAD", "OPTIONS")
_SEEN_STEP = 60
#: A page that asks by itself whether anything is new is no sign of a person at the screen.
_BY_ITSELF = "nt-watch"
_ADMINISTRATORS = frozenset({Role.SYSADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
_MUST_SET_UP = (
    "Đồng chí phải thêm bước xác nhận thứ hai trước khi làm việc khác. Mở trang Bảo mật tài khoản."
)


class ActorMiddleware:
    """Gives every request its actor, ends sessions that are over, and lets nobody in unsigned.

    A session is over when nobody does anything (administrators: sooner), and at last so long after
    sign-in, whatever is done. Who must have a second factor and has none is led to set one up.
    Views marked `public` answer without sign-in; everything else does not exist for strangers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _set_actor(request, ANONYMOUS)
        if "_auth_user_id" in request.session:
            self._enter(request)
        return self.get_response(request)

    def _enter(self, request: HttpRequest) -> None:
        if self._is_over(request, settings.SESSION_IDLE_MINUTES):
            self._end(request)
            return
        if not request.user.is_authenticated or request.user.pk is None:
            return
        actor = self._recognise(request, request.user.pk)
        if actor is None:
            return
        reaches = {role for role, _ in actor.role_reach}
        if reaches & _ADMINISTRATORS and self._is_over(request, settings.ADMIN_IDLE_MINUTES):
            self._end(request)
            return
        if not self._has_passed(request, actor):
            return
        # What an emergency lends is shown on pages, under its banner; it lets nobody act.
        shows_only = request.method in _READING and not request.path.startswith("/api/")
        _set_actor(request, actor if shows_only else actor.without_leases())
        self._note_seen(request)

    @staticmethod
    def _is_over(request: HttpRequest, idle_minutes: int) -> bool:
        return rules.is_over(
            request.session,
            now=clock.now(),
            idle=timedelta(minutes=idle_minutes),
            absolute=timedelta(seconds=settings.SESSION_COOKIE_AGE),
        )

    @staticmethod
    def _end(request: HttpRequest) -> None:
        if _is_by_itself(request):
            # The cookie stays, so that the next press is told that the session has ended.
            request.user = AnonymousUser()
        else:
            logout(request)

    @staticmethod
    def _note_seen(request: HttpRequest) -> None:
        if _is_by_itself(request):
            return
        now = clock.now().timestamp()
        request.session.setdefault(rules.OPENED_AT, now)
        seen = request.session.get(rules.SEEN_AT)
        if seen is None:
            request.session[rules.SEEN_AT] = now
        elif now - float(seen) > _SEEN_STEP:
            request.session[rules.SEEN_AT] = now
            accounts.note_seen(request.session.session_key or "")

    @staticmethod
    def _recognise(request: HttpRequest, user_id: int) -> Actor | None:
        try:
            return organization.actor_for_account(
                user_id,
                session_id=(request.session.session_key or "")[:8],
                client_address=request.META.get("REMOTE_ADDR", ""),
            )
        except NotFound:
            logout(request)
            return None

    @staticmethod
    def _has_passed(request: HttpRequest, actor: Actor) -> bool:
        """Whether the session goes on; one that skipped a second factor that is there ends."""
        if settings.SECOND_FACTOR == "off" or rules.SECOND_FACTOR_AT in request.session:
            return True
        if not organization.must_have_second_factor(actor):
            return True
        if held.has_second_factor(actor.user_id or 0):
            logout(request)
            return False
        request.lacks_second_factor = True  # type: ignore[attr-defined]  # read by process_view
        return True

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """The sign-in page for strangers, the set-up for who lacks a factor, None for the rest."""
        if getattr(view, "public", False):
            return None
        if not request.user.is_authenticated:
            return not_signed_in(request)
        is_open = getattr(view, "open_without_second_factor", False)
        if not getattr(request, "lacks_second_factor", False) or is_open:
            return None
        if wants_json(request):
            return problem(403, "second_factor.must_set_up", _MUST_SET_UP)
        return see_other(reverse("accounts:security"))


def _set_actor(request: HttpRequest, actor: Actor) -> None:
    request.actor = actor  # type: ignore[attr-defined]  # see ActorRequest


def _is_by_itself(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == _BY_ITSELF
