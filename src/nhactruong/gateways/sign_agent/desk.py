"""What waits to be signed at this PC: one request at a time, in memory only."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

#: As long as the office keeps its own request open. Source: signatures.md 5.
LIFE_SECONDS: Final = 300
MOST_PAPERS: Final = 200


class Stage(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    SIGNED = "signed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper to be signed: what the person reads, and the bytes the key signs."""

    title: str
    to_be_signed: bytes


@dataclass(slots=True)
class Request:
    """Papers that one PIN signs together."""

    office: str
    token: str
    key_id: str
    signer: str
    papers: Sequence[Paper]
    public_id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    #: Known to the page of this program alone: whoever sends the PIN form must have read it there.
    form_key: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    stage: Stage = Stage.WAITING
    signatures: list[bytes] = field(default_factory=list)
    made_at: float = field(default_factory=time.monotonic)

    @property
    def is_over(self) -> bool:
        """Whether its time has passed."""
        return time.monotonic() - self.made_at > LIFE_SECONDS


class Desk:
    """The one request there is; a new one takes the place of one that is done or over."""

    def __init__(self, sign: Callable[[Request, str], list[bytes]]) -> None:
        self._sign = sign
        self._lock = threading.Lock()
        self._request: Request | None = None

    def put(self, request: Request) -> bool:
        """Whether the request was taken; not while another waits for its PIN."""
        with self._lock:
            other = self._request
            if other is not None and other.stage is Stage.WAITING and not other.is_over:
                return False
            self._request = request
            return True

    def find(self, public_id: str) -> Request | None:
        """The request of that id while its time lasts."""
        request = self._request
        if request is None or request.is_over or request.public_id != public_id:
            return None
        return request

    def sign(self, request: Request, pin: str) -> None:
        """All papers of the request signed, or none. Raises what the token refuses with."""
        with self._lock:
            if request.stage is not Stage.WAITING:
                return
            request.signatures = self._sign(request, pin)
            request.stage = Stage.SIGNED

    def cancel(self, request: Request) -> None:
        """The request, which nobody signs any more."""
        with self._lock:
            if request.stage is Stage.WAITING:
                request.stage = Stage.CANCELLED
