"""Driving a stand-in office from a test: started, looked at, hit, stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from nhactruong.assembly.supervision.installation import Installation
from nhactruong.assembly.supervision.lock import marked_processes


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    """Whether `holds` came true before `seconds` were over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.02)
    return holds()


class Office:
    """One stand-in office in `var`; `start` returns once it says that it is ready."""

    def __init__(self, var: Path, **environment: str) -> None:
        self.port = free_port()
        self.installation = Installation(var, "127.0.0.1", self.port, "sample", None, None)
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DATABASE_", "NHACTRUONG_", "PG"))
        } | {
            "NHACTRUONG_VAR": str(var),
            "NHACTRUONG_BIND": f"127.0.0.1:{self.port}",
            "NHACTRUONG_ENV": "sample",
            **environment,
        }
        self.process: subprocess.Popen[str] | None = None
        self.told: list[str] = []

    def start(self) -> None:
        """Start and wait for the ready line; what was said is kept in `told`."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "nhactruong.assembly.tests.stand_in_office"],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        self.told = []
        for line in self.process.stdout:
            self.told.append(line)
            if line.startswith("Nhật ký"):
                return
        raise AssertionError("the office did not start:\n" + "".join(self.told))

    def refused(self) -> tuple[int, str]:
        """(exit code, everything on stderr) of a start that is expected to be refused."""
        outcome = subprocess.run(
            [sys.executable, "-m", "nhactruong.assembly.tests.stand_in_office"],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return outcome.returncode, outcome.stderr

    def answers(self) -> bool:
        """Whether the page can be reached."""
        with socket.socket() as caller:
            return caller.connect_ex(("127.0.0.1", self.port)) == 0

    def postgres_pid(self) -> int:
        """The process number of the office's PostgreSQL, 0 when it has none."""
        try:
            lines = (self.installation.cluster_folder / "postmaster.pid").read_text().splitlines()
        except OSError:
            return 0
        return int(lines[0]) if len(lines) > 7 and lines[7].strip() == "ready" else 0

    def child_pid(self, word: str) -> int:
        """The process number of the child whose command line holds `word`, 0 when none lives."""
        for pid in marked_processes(self.installation.var):
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
            except OSError:
                continue
            if word.encode() in command and b"setpriv" not in command:
                return pid
        return 0

    def processes(self) -> list[int]:
        """All that lives of this office, the supervisor left out."""
        server = self.postgres_pid()
        alive = [server] if server and Path(f"/proc/{server}").exists() else []
        return alive + marked_processes(self.installation.var)

    def stop(self) -> int:
        """The exit code after a polite wish to stop."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        self.told += self.process.communicate(timeout=15)[0].splitlines(keepends=True)
        return self.process.returncode

    def kill(self) -> None:
        """End the supervisor as a power cut would; its children are on their own."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            if self.process.stdout is not None:
                self.process.stdout.close()
