"""At most so many requests a minute for each key or account, counted across all processes."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from nhactruong.gateways.http_api.authentication import calling_service
from nhactruong.gateways.http_api.models import CallerWindow
from nhactruong.kernel import clock

_COUNT = f"""
INSERT INTO {CallerWindow._meta.db_table} AS kept (caller, minute, used) VALUES (%s, %s, 1)
ON CONFLICT (caller) DO UPDATE SET
    used = CASE WHEN kept.minute = EXCLUDED.minute THEN kept.used + 1 ELSE 1 END,
    minute = EXCLUDED.minute
RETURNING used
"""  # noqa: S608  # the only name in it is our own table


def _minute() -> tuple[int, int]:
    """The running minute and the seconds left of it."""
    minute, second = divmod(int(clock.now().timestamp()), 60)
    return minute, 60 - second


class CallerThrottle(BaseThrottle):
    """Counts one request of the caller; refuses beyond its limit.

    A program has the limit of its key, a person `API_REQUESTS_PER_MINUTE`.
    """

    def allow_request(self, request: HttpRequest) -> bool:
        """Whether the caller may ask once more in this minute."""
        caller = getattr(request, "caller", "") or f"account:{request.user.pk}"
        minute, _ = _minute()
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [caller, minute])
            (used,) = cursor.fetchone()
        service = calling_service(request)
        limit = service.requests_per_minute if service else settings.API_REQUESTS_PER_MINUTE
        return bool(used <= limit)

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return float(_minute()[1])
