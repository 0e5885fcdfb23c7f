"""Sudden death: one of the office's processes ends at a random moment, as in a power cut."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from nhactruong.assembly.supervision.lock import marked_processes
from tests.journeys.office import Installation

#: What is hit how often, of ten: the web server or one of its two workers, the job worker, the
#: database as a whole or one of its sessions (PostgreSQL then throws all sessions out).
_TARGETS: Final = ("web", "web", "web", "worker", "worker", "worker", "server", "server", "session")
#: Seconds between two kills, and how often the office is let come back before the pause begins.
_SHORTEST, _LONGEST = 0.2, 9.0
_AWAITED: Final = 0.75
_BACK_SECONDS: Final = 120.0


@dataclass(slots=True)
class Killer:
    """Kills `wanted` times, waiting until the office is well before some of the kills only."""

    office: Installation
    wanted: int
    dice: random.Random
    until: float
    killed: Counter[str] = field(default_factory=Counter)
    has_ended: threading.Event = field(default_factory=threading.Event)
    trouble: str = ""

    def start(self) -> None:
        """Begin, in a thread of its own."""
        threading.Thread(target=self._run, name="killer", daemon=True).start()

    def _run(self) -> None:
        """Until enough were killed or the time is over."""
        try:
            while self.killed.total() < self.wanted and time.monotonic() < self.until:
                if self.dice.random() < _AWAITED:
                    self._await_health()
                self.has_ended.wait(self.dice.uniform(_SHORTEST, _LONGEST))
                target = self.dice.choice(_TARGETS)
                victim = self._victim(target)
                if victim is not None and _kill(victim):
                    self.killed[target] += 1
        except AssertionError as trouble:
            self.trouble = str(trouble)
        finally:
            self.has_ended.set()

    def _await_health(self) -> None:
        deadline = time.monotonic() + _BACK_SECONDS
        while self.office.health() != 200:
            assert time.monotonic() < deadline, f"not well {_BACK_SECONDS:.0f} s after a kill"
            self.has_ended.wait(0.2)

    def _victim(self, target: str) -> int | None:
        """A process of that kind that lives just now."""
        if target in ("server", "session"):
            server = _postmaster(self.office.state)
            found = [server] if server else []
            if target == "session":
                found = [pid for pid in _children(server) if b"nhactruong" in _line(pid)]
        else:
            word = b"granian" if target == "web" else b"assembly.cli worker"
            found = [pid for pid in marked_processes(self.office.state) if word in _line(pid)]
        return self.dice.choice(sorted(found)) if found else None


def _kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def _line(pid: int) -> bytes:
    """The command line of a process, its words divided by blanks; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
    except OSError:
        return b""


def _postmaster(state: Path) -> int | None:
    try:
        first = (state / "pg" / "postmaster.pid").read_text(encoding="utf-8").split("\n")[0]
    except OSError:
        return None
    return int(first) if first.isdecimal() and _line(int(first)) else None


def _children(parent: int | None) -> list[int]:
    if parent is None:
        return []
    try:
        listed = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(pid) for pid in listed.split()]
