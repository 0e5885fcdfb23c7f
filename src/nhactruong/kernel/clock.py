"""The only place that asks what time it is, so that tests and replays can say it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

OFFICE_ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The present instant in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The present date in the office (Asia/Ho_Chi_Minh)."""
    return local(now()).date()


def local(instant: datetime) -> datetime:
    """`instant` on the office's wall clock."""
    return instant.astimezone(OFFICE_ZONE)


@contextmanager
def frozen_at(instant: datetime) -> Iterator[None]:
    """Let `instant` be now inside the block; for tests and for building sample histories."""
    token = _frozen.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
