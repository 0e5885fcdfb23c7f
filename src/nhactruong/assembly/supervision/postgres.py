"""The embedded PostgreSQL: created, started and stopped, on a Unix socket only.

Its programs and settings: `postgres_programs`. What it holds for us: `postgres_contents`.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg

from nhactruong.assembly.supervision import postgres_contents as contents
from nhactruong.assembly.supervision import postgres_programs as programs
from nhactruong.assembly.supervision import privileges
from nhactruong.assembly.supervision.children import Child
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

#: Longest path the kernel takes for a Unix socket (`sun_path`, less its closing zero).
SOCKET_PATH_BYTES: Final = 107
_SOCKET_NAME: Final = f".s.PGSQL.{programs.PORT}"
#: After kill -9 the old server's children hold its shared memory for a moment.
_START_SECONDS: Final = 10.0
_OLD_SERVER_LINGERS: Final = re.compile(r"postmaster\.pid|shared memory block")


def socket_folder(cluster: Path) -> Path:
    """The folder of the server's socket: beside the data, or a short one when that is too long.

    Lower case only, since a connection address folds the letters of a host name.
    """
    beside = cluster.parent / "run" / "pg"
    longest = len(os.fsencode(beside / _SOCKET_NAME))
    if longest <= SOCKET_PATH_BYTES and str(beside) == str(beside).lower() and _holds(beside):
        return beside
    name = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:12]
    return Path(f"/tmp/nhactruong-{os.getuid()}-{name}")  # noqa: S108 (owner and mode are checked)


def _holds(folder: Path) -> bool:
    """Whether the file system takes sockets; shared folders of virtual machines often do not."""
    probe = folder / f".p{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(probe))
        probe.unlink()
    except OSError:
        return False
    return True


class Cluster:
    """One data folder and its server; `durable=False` trades safety for speed (tests only)."""

    def __init__(
        self,
        folder: Path,
        *,
        log: Path | None = None,
        durable: bool = True,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.folder = folder.absolute()
        self.socket_folder = socket_folder(self.folder)
        self.durable = durable
        self._pause = pause
        self.server = Child(
            name="postgres",
            command=(),
            environment=programs.environment(),
            log=log or self.folder.parent / "postgres.log",
            stop_signal=signal.SIGINT,
            orphan_signal=None,
            is_ready=self.is_ready,
        )

    @property
    def application_url(self) -> str:
        """The address the application signs in with; it owns nothing."""
        return self.url(contents.APPLICATION)

    @property
    def owner_url(self) -> str:
        """The address migrations sign in with."""
        return self.url(contents.OWNER)

    def url(self, role: str, database: str = contents.DATABASE) -> str:
        """A libpq and Django address for `role` over the socket."""
        return f"postgresql://{role}@{quote(str(self.socket_folder), safe='')}/{database}"

    def exists(self) -> bool:
        """Whether the data folder holds a complete cluster."""
        return (self.folder / "PG_VERSION").is_file() and not self._unfinished.exists()

    @property
    def _unfinished(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.unfinished")

    def create(self) -> None:
        """Create the cluster: UTF-8, byte order, checksums; a half-made one is begun anew.

        Raises: Refusal (`POSTGRES_FAILED`, `LIBRARY_MISSING`, `STATE_FOLDER_UNUSABLE`).
        """
        identity = privileges.server_identity()
        self.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._unfinished.exists() and self.folder.exists():
            shutil.rmtree(self.folder)
        self._unfinished.touch()
        self.folder.mkdir(mode=0o700, exist_ok=True)
        identity.take_over(self.folder)
        folder = programs.binaries()
        command = [
            str(folder / "initdb"),
            "--pgdata",
            str(self.folder),
            "--username",
            contents.SUPERUSER,
        ]
        command += ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--data-checksums"]
        if programs.version(folder) >= 17:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if not self.durable:
            command.append("--no-sync")
        outcome = subprocess.run(
            [*identity.prefix, *command],
            env=programs.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if outcome.returncode != 0:
            reason = (outcome.stderr or outcome.stdout).strip().splitlines()[-1:]
            raise self._failed(" ".join(reason))
        self._unfinished.unlink()

    def configure(self) -> None:
        """Write our settings and who may sign in; done before every start."""
        self._open_socket_folder()
        ours = self.folder / "nhactruong.conf"
        ours.write_text(
            programs.settings(self.socket_folder, durable=self.durable), encoding="utf-8"
        )
        # Only this machine user can reach the socket (folder and socket are 0700), so whoever
        # connects may say which of the roles he is; there is no other door.
        access = self.folder / "pg_hba.conf"
        access.write_text("local all all trust\n", encoding="utf-8")
        main = self.folder / "postgresql.conf"
        line = "include 'nhactruong.conf'\n"
        if line not in main.read_text(encoding="utf-8"):
            with main.open("a", encoding="utf-8") as file:
                file.write(line)
        identity = privileges.server_identity()
        for file_or_folder in (ours, access, main, self.socket_folder):
            if file_or_folder.stat().st_uid != identity.uid:
                os.chown(file_or_folder, identity.uid, identity.gid)
        self.server.command = [
            *identity.prefix,
            str(programs.binaries() / "postgres"),
            *("-D", str(self.folder)),
        ]

    def start(self) -> None:
        """Create if need be, start, and wait until the server answers.

        Raises: Refusal (`POSTGRES_FAILED` after ten seconds, with the server's last words).
        """
        if not self.exists():
            self.create()
        privileges.server_identity().take_over(self.folder)
        self.end_left_over()
        self.configure()
        deadline = time.monotonic() + _START_SECONDS
        self.server.start()
        while not self.is_ready():
            if not self.server.is_running():
                last_words = self._last_words()
                if not _OLD_SERVER_LINGERS.search(last_words):
                    raise self._failed(last_words)
                self.server.start()
            # A server that replays its log after a crash is given all the time it needs.
            if time.monotonic() > deadline and not self._is_recovering():
                self.stop(grace_seconds=1.0)
                raise self._failed(self._last_words())
            self._pause(0.05)

    def is_ready(self) -> bool:
        """Whether the server now running has said in its pid file that it takes connections."""
        pid, status = self._pid_file()
        return pid is not None and pid == self.server.pid and status == "ready"

    def answers(self) -> bool:
        """Whether some server, ours or another process's, takes connections on the socket."""
        try:
            psycopg.connect(self.url(contents.SUPERUSER, "postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def prepare(self, *, for_tests: bool = False) -> None:
        """Make roles, database, extensions and default rights, each only if missing."""
        contents.prepare(self.url, for_tests=for_tests)

    def stop(self, *, grace_seconds: float = 5.0) -> None:
        """Stop fast: running statements are cancelled, nothing committed is lost."""
        self.server.stop(grace_seconds)
        self._forget_socket()

    def end_left_over(self, *, grace_seconds: float = 5.0) -> bool:
        """Whether a server of this folder, left by a killed supervisor, had to be ended."""
        pid, _ = self._pid_file()
        if pid is None or pid == self.server.pid:
            return False
        left = self._processes_here()
        if not left:
            # Nobody works here, yet the number lives: after a restart of the machine it belongs
            # to a stranger, whom PostgreSQL would take for its own server. A dead number is left
            # for PostgreSQL to judge, which also looks for shared memory still in use.
            if Path(f"/proc/{pid}").exists():
                (self.folder / "postmaster.pid").unlink(missing_ok=True)
            return False
        for number in (signal.SIGINT, signal.SIGQUIT):
            _send_all(number, [one for one in left if one == pid])
            deadline = time.monotonic() + grace_seconds
            while (left := self._processes_here()) and time.monotonic() < deadline:
                self._pause(0.05)
            if not left:
                return True
        _send_all(signal.SIGKILL, left)
        return True

    def _processes_here(self) -> list[int]:
        """The server and its children: each has the data folder as its working folder."""
        here = self.folder.resolve()
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal():
                with suppress(OSError):
                    if Path(entry, "cwd").readlink() == here:
                        found.append(int(entry.name))
        return [pid for pid in found if pid != os.getpid()]

    def _pid_file(self) -> tuple[int | None, str]:
        """The server's process number and its status word (`starting`, `ready`, `stopping`)."""
        try:
            lines = (self.folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return None, ""
        if not lines or not lines[0].isdecimal():
            return None, ""
        return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""

    def _is_recovering(self) -> bool:
        return self.server.is_running() and self._pid_file()[1] == "starting"

    def _open_socket_folder(self) -> None:
        folder = self.socket_folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        allowed = {os.getuid(), privileges.server_identity().uid}
        if folder.is_symlink() or not folder.is_dir() or found.st_uid not in allowed:
            raise Refusal(
                ExitCode.STATE_FOLDER_UNUSABLE,
                "operator.socket_folder_taken",
                "Thư mục %(folder)s đã bị tài khoản khác chiếm nên không mở được kết nối cơ sở "
                "dữ liệu; hãy xóa thư mục ấy hoặc đặt NHACTRUONG_VAR sang đường dẫn khác.",
                folder=folder,
            )
        folder.chmod(0o700)

    def _forget_socket(self) -> None:
        if self.socket_folder.parent != self.folder.parent / "run":
            with suppress(OSError):
                self.socket_folder.rmdir()

    def _last_words(self) -> str:
        try:
            lines = self.server.log.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return ""
        fatal = [line for line in lines[-20:] if "FATAL" in line or "PANIC" in line]
        return (fatal or lines or [""])[-1].strip()

    def _failed(self, reason: str) -> Refusal:
        return Refusal(
            ExitCode.POSTGRES_FAILED,
            "operator.postgres_failed",
            "PostgreSQL kèm theo không khởi động được (%(reason)s); hãy xem %(log)s rồi chạy "
            "`nhactruong doctor`.",
            reason=reason or "không rõ nguyên nhân",
            log=self.server.log,
        )


@contextmanager
def temporary_cluster(folder: Path) -> Iterator[Cluster]:
    """A running, prepared cluster in `folder` for tests: fast, unsafe, stopped at the end."""
    cluster = Cluster(folder, durable=False)
    try:
        cluster.start()
        cluster.prepare(for_tests=True)
        yield cluster
    finally:
        cluster.server.stop_signal = signal.SIGQUIT
        cluster.stop()


def _send_all(number: signal.Signals, pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
