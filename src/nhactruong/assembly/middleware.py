"""Session → actor: the person in today's posts, built once a request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from nhactruong.foundation.web.errors import not_signed_in
from nhactruong.kernel import clock
from nhactruong.kernel.actor import ANONYMOUS
from nhactruong.kernel.errors import NotFound
from nhactruong.masterdata.organization import selectors as organization

_SEEN = "seen_at"
_READING = ("GET", "HEAD", "OPTIONS")
_SEEN_STEP = 60
#: A page that asks by itself whether anything is new is no sign of a person at the screen.
_BY_ITSELF = "nt-watch"


class ActorMiddleware:
    """Gives every request its actor, ends idle sessions, and lets nobody in unsigned.

    Views marked `public` answer without sign-in; everything else does not exist for strangers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = ANONYMOUS  # type: ignore[attr-defined]  # see ActorRequest
        signed_in = "_auth_user_id" in request.session and not self._is_idle(request)
        if signed_in and request.user.is_authenticated and request.user.pk is not None:
            self._recognise(request, request.user.pk)
        return self.get_response(request)

    def _is_idle(self, request: HttpRequest) -> bool:
        now = clock.now().timestamp()
        seen = float(request.session.get(_SEEN, now))
        by_itself = request.headers.get("X-Requested-With") == _BY_ITSELF
        if now - seen > timedelta(minutes=settings.SESSION_IDLE_MINUTES).total_seconds():
            if by_itself:
                # The cookie stays, so that the next press is told that the session has ended.
                request.user = AnonymousUser()
            else:
                logout(request)
            return True
        if by_itself:
            return False
        if now - seen > _SEEN_STEP or _SEEN not in request.session:
            request.session[_SEEN] = now
        return False

    def _recognise(self, request: HttpRequest, user_id: int) -> None:
        try:
            request.actor = organization.actor_for_account(  # type: ignore[attr-defined]  # see ActorRequest
                user_id,
                session_id=(request.session.session_key or "")[:8],
                client_address=request.META.get("REMOTE_ADDR", ""),
            )
        except NotFound:
            logout(request)
            return
        # What an emergency lends is shown on pages, under its banner; it lets nobody act.
        if request.method not in _READING or request.path.startswith("/api/"):
            request.actor = request.actor.without_leases()  # type: ignore[attr-defined]  # see ActorRequest

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """The sign-in page for strangers, None for everybody else."""
        if getattr(view, "public", False) or request.user.is_authenticated:
            return None
        return not_signed_in(request)
