"""How the act at hand came in: told once by the edge, read by every row written meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The request an act belongs to, how its person was recognised, and on what device."""

    request_id: str = ""
    auth_method: str = ""
    device: str = ""


_NONE: Final = Circumstances()
_current: ContextVar[Circumstances] = ContextVar("audit_circumstances", default=_NONE)


def current() -> Circumstances:
    """The circumstances of this request; empty outside one."""
    return _current.get()


@contextmanager
def within(circumstances: Circumstances) -> Iterator[None]:
    """Rows written inside the block tell of `circumstances`."""
    token = _current.set(circumstances)
    try:
        yield
    finally:
        _current.reset(token)
