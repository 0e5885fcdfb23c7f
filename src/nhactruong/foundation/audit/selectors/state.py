"""How the record stands: what waits too long, which day was sealed last."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from nhactruong.foundation.audit.models import AuditPending
from nhactruong.foundation.audit.shelf import shelf
from nhactruong.kernel import clock

_ALARM_AFTER: Final = timedelta(seconds=60)


def unchained_too_long() -> int:
    """Rows older than a minute that have no place in the chain yet: more than none is an alarm."""
    return AuditPending.objects.filter(at__lt=clock.now() - _ALARM_AFTER).count()


@dataclass(frozen=True, slots=True)
class RootState:
    """The newest root as its file says; not verified here."""

    number: int
    day: date
    last_position: int
    made_at: datetime
    is_stamped: bool


def last_root() -> RootState | None:
    """The newest root on the shelf, None before the first day was sealed."""
    file = shelf().last_root()
    if file is None:
        return None
    body = json.loads(file.content)["body"]
    return RootState(
        body["number"],
        date.fromisoformat(body["day"]),
        body["last_position"],
        datetime.fromisoformat(body["made_at"]),
        file.stamp is not None,
    )
