"""A running installation for journeys: the very commands an office would type."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

PROJECT: Final = Path(__file__).resolve().parents[2]
_START_SECONDS: Final = 300


@dataclass(frozen=True)
class Account:
    """A sample account as `nhactruong demo accounts --json` lists it."""

    username: str
    password: str
    name: str
    post: str
    role: str
    agency: str


@dataclass
class Installation:
    """A started installation and its accounts."""

    url: str
    state: Path
    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    accounts: dict[str, Account] = field(default_factory=dict)
    #: What an office restored from an earlier stage had and has no more; None where none was.
    lost_in_upgrade: dict[str, int] | None = None

    def command(self, *words: str) -> str:
        """What an operator's command prints."""
        done = subprocess.run(
            [sys.executable, "-m", "nhactruong.assembly.cli", *words],
            env=self.environment,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def health(self) -> int:
        """The status `/healthz` answers, 0 when nobody does."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=3) as answer:  # noqa: S310  # our own address
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def installation(state: Path, **settings: str) -> Iterator[Installation]:
    """`nhactruong up` with the sample office under `state`, stopped with Ctrl-C at the end."""
    port = free_port()
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "DATABASE_OWNER_URL", "DJANGO_SETTINGS_MODULE")
    }
    environment |= {
        "NHACTRUONG_VAR": str(state),
        "NHACTRUONG_BIND": f"127.0.0.1:{port}",
        "NHACTRUONG_ENV": "sample",
        **settings,
    }
    output = (state.parent / f"{state.name}.up.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "-m", "nhactruong.assembly.cli", "up"],
        env=environment,
        cwd=PROJECT,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    running = Installation(f"http://127.0.0.1:{port}", state, process, environment)
    try:
        _wait_until_well(running, Path(output.name))
        listed: list[dict[str, Any]] = json.loads(running.command("demo", "accounts", "--json"))
        fields = Account.__dataclass_fields__
        for row in listed:
            account = Account(**{name: row[name] for name in fields})
            running.accounts[account.username] = account
        yield running
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
        output.close()


def already_running(url: str) -> Installation:
    """A sample installation somebody has started; nothing of it is stopped."""
    from nhactruong.assembly import sample

    nobody = subprocess.Popen(["true"])
    nobody.wait()
    state = Path(os.environ.get("NHACTRUONG_JOURNEYS_VAR") or PROJECT / "var")
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "DATABASE_OWNER_URL", "DJANGO_SETTINGS_MODULE")
    }
    environment |= {"NHACTRUONG_VAR": str(state), "NHACTRUONG_ENV": "sample"}
    running = Installation(url, state, nobody, environment)
    running.accounts = {row["username"]: Account(**row) for row in sample.accounts()}
    return running


def _wait_until_well(running: Installation, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if running.process.poll() is not None:
            raise AssertionError(f"nhactruong up ended: {log.read_text(errors='replace')[-2000:]}")
        if running.health() == 200:
            return
        time.sleep(0.5)
    raise AssertionError(
        f"not well after {_START_SECONDS} s: {log.read_text(errors='replace')[-2000:]}"
    )
