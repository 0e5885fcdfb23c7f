"""One supervisor for one state folder, and no left-over processes of an earlier one."""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from nhactruong.assembly.supervision.installation import Installation
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

#: Set in the environment of every child; its value is the state folder the child belongs to.
MARK: Final = "NHACTRUONG_SUPERVISED"


@contextmanager
def state_lock(installation: Installation, purpose: str) -> Iterator[None]:
    """Hold the state folder for `purpose`; the kernel lets go even after kill -9.

    Raises: Refusal (`ALREADY_RUNNING`) naming the process that holds it.
    """
    with (installation.run_folder / "supervisor.lock").open("a+") as file:
        if not _try_lock(file):
            file.seek(0)
            holder, _, what = file.read().strip().partition(" ")
            raise Refusal(
                ExitCode.ALREADY_RUNNING,
                "operator.already_running",
                "Nhạc Trưởng đang chạy trên thư mục %(var)s (tiến trình %(pid)s, lệnh "
                "%(what)s); hãy dùng bản đang chạy, hoặc dừng nó rồi khởi động lại.",
                var=installation.var,
                pid=holder or "?",
                what=what or "up",
            )
        file.truncate(0)
        file.write(f"{os.getpid()} {purpose}\n")
        file.flush()
        yield


def is_held(installation: Installation) -> bool:
    """Whether some command holds the state folder right now."""
    try:
        with (installation.run_folder / "supervisor.lock").open() as file:
            return not _try_lock(file)
    except FileNotFoundError:
        return False


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def marked_processes(var: Path) -> list[int]:
    """Processes started by a supervisor of `var`, this process and its own parents left out.

    The mark in the process's own environment cannot be taken over by a stranger who got a
    recycled process number, so no pid file has to be believed.
    """
    mark = f"{MARK}={var}".encode()
    own_line = _lineage(os.getpid())
    return [
        pid
        for pid in _all_processes()
        if pid not in own_line and mark in _environment(pid).split(b"\0")
    ]


def end_left_overs(var: Path, *, grace_seconds: float = 3.0) -> int:
    """How many processes of an earlier, killed supervisor of `var` were ended."""
    found = marked_processes(var)
    for pid in found:
        _send(pid, signal.SIGTERM)
    deadline = time.monotonic() + grace_seconds
    while (left := marked_processes(var)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in left:
        _send(pid, signal.SIGKILL)
    return len(found)


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _all_processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def _environment(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


def _lineage(pid: int) -> set[int]:
    line: set[int] = set()
    while pid > 0 and pid not in line:
        line.add(pid)
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            break
        pid = int(stat.rpartition(")")[2].split()[1])
    return line
