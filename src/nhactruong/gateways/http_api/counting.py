"""How often a caller asks in the running minute, counted across all processes."""

from __future__ import annotations

from django.db import connection

from nhactruong.gateways.http_api.models import CallerWindow
from nhactruong.kernel import clock

_COUNT = f"""
INSERT INTO {CallerWindow._meta.db_table} AS kept (caller, minute, used) VALUES (%s, %s, 1)
ON CONFLICT (caller) DO UPDATE SET
    used = CASE WHEN kept.minute = EXCLUDED.minute THEN kept.used + 1 ELSE 1 END,
    minute = EXCLUDED.minute
RETURNING used
"""  # noqa: S608  # the only name in it is our own table


def used_by(caller: str) -> int:
    """How many times the caller has asked in this minute, this time among them."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [caller, _minute()[0]])
        (used,) = cursor.fetchone()
    return int(used)


def seconds_left() -> int:
    """Seconds until the next minute begins."""
    return _minute()[1]


def _minute() -> tuple[int, int]:
    minute, second = divmod(int(clock.now().timestamp()), 60)
    return minute, 60 - second
