"""A process we started: its log, its readiness, its end, and when it may be started again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

#: Seconds before the n-th start after a quick crash. The first seven sum to 3.5 s, so whatever
#: recovers at all is back within the promised five seconds.
_RESTART_DELAYS: Final = (0.0, 0.25, 0.25, 0.5, 0.5, 1.0, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
#: A child that lived this long did not crash at start; the next restart is immediate again.
_SETTLED_SECONDS: Final = 5.0
_LOG_BYTES: Final = 20_000_000
_LOGS_KEPT: Final = 5


@dataclass(slots=True)
class Child:
    """One supervised process, leader of its own process group (Ctrl-C reaches only us)."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    #: What the kernel sends the child when we die, however we die; None: its command sees to it.
    orphan_signal: signal.Signals | None = signal.SIGTERM
    is_ready: Callable[[], bool] = lambda: True
    process: subprocess.Popen[bytes] | None = None
    quick_crashes: int = 0
    started_at: float = 0.0
    _due_at: float = field(default=0.0)

    def start(self) -> None:
        """Start the process now; its output is appended to the log."""
        rotate(self.log)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self._prefix(), *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                start_new_session=True,
            )
        self.started_at = time.monotonic()

    def _prefix(self) -> list[str]:
        return dying_with_parent(self.orphan_signal) if self.orphan_signal else []

    @property
    def pid(self) -> int | None:
        """The process number, None before the first start."""
        return self.process.pid if self.process else None

    def is_running(self) -> bool:
        """Whether the process lives."""
        return self.process is not None and self.process.poll() is None

    def note_crash(self) -> float:
        """Seconds until the next start is due, after the process ended by itself.

        What is left of its group is killed: a web server's own workers would keep the port.
        """
        self._kill_group()
        lived = time.monotonic() - self.started_at
        self.quick_crashes = self.quick_crashes + 1 if lived < _SETTLED_SECONDS else 0
        delay = _RESTART_DELAYS[min(self.quick_crashes, len(_RESTART_DELAYS) - 1)]
        self._due_at = time.monotonic() + delay
        self.process = None
        return delay

    def is_due(self) -> bool:
        """Whether the pause after the last crash is over."""
        return time.monotonic() >= self._due_at

    def stop(self, grace_seconds: float) -> bool:
        """Whether the process ended by itself within `grace_seconds`; otherwise it was killed."""
        if self.process is None:
            return True
        went_quietly = True
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(grace_seconds)
            except subprocess.TimeoutExpired:
                went_quietly = False
        self._kill_group()
        self.process.wait()
        self.process = None
        return went_quietly

    def _kill_group(self) -> None:
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            # Nobody is left in the group, or the number already belongs to someone else.
            return


def run_logged(
    name: str,
    command: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    *,
    pause: Callable[[float], None] = time.sleep,
) -> int:
    """The exit code of `command`, its output appended to `log`; ended when `pause` raises."""
    child = Child(name, command, environment, log)
    child.start()
    try:
        while child.is_running():
            pause(0.05)
        return child.process.returncode if child.process else 1
    finally:
        child.stop(3.0)


def last_line(log: Path) -> str:
    """The last line of `log` that is not blank; empty when there is none."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 8192))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def dying_with_parent(orphan_signal: signal.Signals) -> list[str]:
    """The command prefix that lets the kernel end the child when we are killed, if possible."""
    setpriv = system_tool("setpriv")
    name = orphan_signal.name.removeprefix("SIG")
    return [setpriv, "--pdeathsig", name, "--"] if setpriv else []


def system_tool(name: str) -> str | None:
    """The full path of a tool of the operating system, also where PATH is bare (cron, systemd)."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/usr/bin:/bin")


def rotate(log: Path, *, limit_bytes: int = _LOG_BYTES) -> bool:
    """Whether the log was over `limit_bytes` and now begins anew; five older ones are kept.

    The file is copied and emptied, not renamed: the child goes on appending to the same file.
    """
    if not log.exists() or log.stat().st_size < limit_bytes:
        return False
    for number in range(_LOGS_KEPT - 1, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{number + 1}"))
    shutil.copyfile(log, log.with_name(f"{log.name}.1"))
    os.truncate(log, 0)
    return True
