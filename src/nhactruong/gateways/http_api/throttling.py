"""At most so many requests a minute for each key or account."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.gateways.http_api.authentication import calling_service
from nhactruong.gateways.http_api.counting import seconds_left, used_by
from nhactruong.kernel.actor import Actor


class CallerThrottle(BaseThrottle):
    """Counts one request of the caller; refuses beyond its limit.

    A program has the limit of its key, a person `API_REQUESTS_PER_MINUTE`. The record has one row
    for each minute in which a program called, and one for each in which a caller was refused.
    """

    def allow_request(self, request: HttpRequest) -> bool:
        """Whether the caller may ask once more in this minute."""
        used = used_by(getattr(request, "caller", "") or f"account:{request.user.pk}")
        service = calling_service(request)
        limit = service.requests_per_minute if service else settings.API_REQUESTS_PER_MINUTE
        actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
        if service is not None and used == 1:
            _note(actor, "key.called", request)
        if used == limit + 1:
            _note(actor, "key.too_often", request, outcome="denied")
        return bool(used <= limit)

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return float(seconds_left())


def _note(actor: Actor, action: str, request: HttpRequest, *, outcome: str = "ok") -> None:
    with writes_allowed():
        audit.record(actor, action, None, outcome=outcome, path=request.path)
