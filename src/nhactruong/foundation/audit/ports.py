"""The door to a time-stamping authority; the assembly says which one this installation has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class TimeStamper(Protocol):
    """An authority after RFC 3161."""

    def stamp(self, digest: bytes) -> bytes:
        """The authority's answer (DER TimeStampResp) over a SHA-256 digest.

        Raises: OutsideFailure when it does not answer.
        """
        ...


Source = Callable[[], TimeStamper | None]


def _nobody() -> TimeStamper | None:
    return None


_source: list[Source] = [_nobody]


def stamp_by(source: Source) -> None:
    """From now on `source` says who stamps; None while no authority is configured."""
    _source[0] = source


def time_stamper() -> TimeStamper | None:
    """Who stamps in this installation, if anybody."""
    return _source[0]()
