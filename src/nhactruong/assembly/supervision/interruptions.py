"""The wish to stop (Ctrl-C, TERM, HUP) and the end of children, heard while waiting."""

from __future__ import annotations

import select
import signal
import socket
import time
from types import FrameType, TracebackType
from typing import Final, Self

_STOPPING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequestedError(Exception):
    """The operator or the system asked this process to stop."""


class Interruptions:
    """A context in which `pause` waits, wakes when a child ends, and raises at a wish to stop."""

    def __init__(self) -> None:
        self._wanted = False
        self._reader, self._writer = socket.socketpair()
        self._earlier: dict[signal.Signals, signal._HANDLER] = {}

    def __enter__(self) -> Self:
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        for number in _STOPPING:
            self._earlier[number] = signal.signal(number, self._stop)
        # Only a handler, even an empty one, lets the end of a child reach the wake-up socket.
        self._earlier[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, _wake)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._earlier.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(-1)
        self._reader.close()
        self._writer.close()

    def pause(self, seconds: float) -> None:
        """Wait at most `seconds`, less when a child ends.

        Raises: StopRequestedError.
        """
        if not self._wanted:
            ready, _, _ = select.select([self._reader], [], [], seconds)
            if ready:
                self._reader.recv(4096)
                # The wake-up byte may come before Python has run the handler.
                time.sleep(0)
        if self._wanted:
            raise StopRequestedError

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._wanted = True


def _wake(_number: int, _frame: FrameType | None) -> None:
    """Nothing to do: the wake-up socket has its byte."""
