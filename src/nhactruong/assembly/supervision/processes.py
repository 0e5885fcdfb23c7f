"""`up`: start PostgreSQL, tables, sample, web and worker; watch them; stop them in order."""

from __future__ import annotations

import http.client
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Final

from nhactruong.assembly.supervision import (
    assets,
    checks,
    database,
    first_run,
    production,
    schema,
)
from nhactruong.assembly.supervision.children import Child, last_line, rotate, run_logged
from nhactruong.assembly.supervision.installation import Installation
from nhactruong.assembly.supervision.interruptions import Interruptions, StopRequestedError
from nhactruong.assembly.supervision.lock import MARK, end_left_overs, state_lock
from nhactruong.assembly.supervision.postgres import Cluster
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

_CLI: Final = (sys.executable, "-m", "nhactruong.assembly.cli")
#: A crash is told at once; only a machine busy with other work needs this long.
_WEB_READY_SECONDS: Final = 240.0
#: Web, worker and PostgreSQL together stay below the ten seconds promised.
_GRACE_SECONDS: Final = 3.0
_QUICK_CRASHES_AT_START: Final = 3
_ROTATION_SECONDS: Final = 60.0

Say = Callable[[str], None]


def web_command(installation: Installation) -> list[str]:
    """The web server: two workers, eight requests at once in each, the rest wait in line."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--host", installation.host, "--port", str(installation.port)),
        *("--workers", "2", "--blocking-threads", "8", "--backpressure", "32"),
        *("--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "2"),
        *("--log-level", "warning", "nhactruong.assembly.wsgi:application"),
    ]


def _no_lines() -> list[str]:
    return []


def _unheard(_line: str) -> None:
    """Nobody: it was told before."""


@dataclass(frozen=True)
class Parts:
    """What is run and told; tests put stand-ins here."""

    web: Sequence[str]
    worker: Sequence[str] = (*_CLI, "worker")
    migrate: Sequence[str] = schema.MIGRATE
    #: Empty in tests that serve no page.
    assets: Sequence[str] = assets.COLLECT
    load_sample: Sequence[str] = (*_CLI, "demo", "load")
    #: The lines told last, in a sample office: who may sign in.
    sample_accounts: Callable[[], Sequence[str]] = field(default=_no_lines)


class Supervisor:
    """One installation from start to stop; `say` gets each Vietnamese line for the operator."""

    def __init__(self, installation: Installation, parts: Parts, say: Say) -> None:
        self.installation = installation
        self.parts = parts
        self._say = say
        self._begun = time.monotonic()
        self._environment: dict[str, str] = {}
        self._cluster: Cluster | None = None
        self._children: list[Child] = []
        self._first_run_code = ""

    def run(self) -> ExitCode:
        """Serve until asked to stop; then everything has ended.

        Raises: Refusal.
        """
        with self._open("up") as interruptions:
            try:
                with self._step("Kiểm tra cổng"):
                    checks.port_free(self.installation)
                self._prepare(interruptions)
                self._serve(interruptions)
            except StopRequestedError:
                self._say("Đang dừng…")
        self._say("Đã dừng.")
        return ExitCode.DONE

    def set_up(self) -> ExitCode:
        """Prepare all that `run` needs, without serving.

        Raises: Refusal.
        """
        with self._open("setup") as interruptions:
            try:
                self._prepare(interruptions)
            except StopRequestedError:
                return ExitCode.FAILED
        self._say(f"Đã chuẩn bị xong thư mục {self.installation.var}.")
        return ExitCode.DONE

    @contextmanager
    def _open(self, purpose: str) -> Iterator[Interruptions]:
        self.installation.prepare_folders()
        with (
            state_lock(self.installation, purpose),
            Interruptions() as interruptions,
            ExitStack() as at_the_end,
        ):
            at_the_end.callback(self._stop_all)
            ended = end_left_overs(self.installation.var)
            if ended:
                self._say(f"Đã dọn {ended} tiến trình còn sót của lần chạy trước.")
            self.installation.clear_unfinished()
            yield interruptions

    def _prepare(self, interruptions: Interruptions) -> None:
        production.require_safe(self.installation, None, self._say)
        with self._step("Kiểm tra thư viện và ổ đĩa"):
            checks.libraries_present()
            checks.restore_finished(self.installation)
            checks.space_left(self.installation)
        self._open_database(interruptions)
        url = self._environment["DATABASE_URL"]
        if not schema.is_current(self.installation, url):
            with self._step("Cập nhật cấu trúc cơ sở dữ liệu"):
                schema.migrate(
                    self.installation,
                    self._environment,
                    command=self.parts.migrate,
                    pause=interruptions.pause,
                )
        production.require_safe(self.installation, url, _unheard)
        self._first_run_code = first_run.prepare(self.installation, url)
        if self.parts.assets and not assets.are_current(self.installation):
            with self._step("Chuẩn bị tài nguyên của trang"):
                assets.gather(
                    self.installation,
                    self._environment,
                    command=self.parts.assets,
                    pause=interruptions.pause,
                )
        is_sample = self.installation.env == "sample"
        if is_sample and not schema.sample_was_loaded(self.installation, url):
            with self._step("Nạp dữ liệu mẫu"):
                self._load_sample(interruptions)

    def _open_database(self, interruptions: Interruptions) -> None:
        if self.installation.database_url is not None:
            with self._step("Kết nối cơ sở dữ liệu"):
                checks.database_answers(self.installation.database_url)
                if self.installation.owner_url is not None:
                    checks.database_answers(self.installation.owner_url, name="DATABASE_OWNER_URL")
        else:
            self._cluster = database.cluster_of(self.installation, pause=interruptions.pause)
            if not self._cluster.exists():
                with self._step("Tạo cơ sở dữ liệu"):
                    self._cluster.create()
            with self._step("Khởi động cơ sở dữ liệu"):
                self._cluster.start()
                self._cluster.prepare()
        self._environment = database.environment(self.installation)
        self._environment[MARK] = str(self.installation.var)

    def _load_sample(self, interruptions: Interruptions) -> None:
        log = self.installation.log_folder / "sample.log"
        command = self.parts.load_sample
        if run_logged("sample", command, self._environment, log, pause=interruptions.pause):
            raise Refusal(
                ExitCode.SAMPLE_FAILED,
                "operator.sample_failed",
                "Không nạp được dữ liệu mẫu (%(reason)s); hãy xem %(log)s, hoặc đặt "
                "NHACTRUONG_ENV=production để chạy không có dữ liệu mẫu.",
                reason=last_line(log),
                log=log,
            )
        schema.note_sample(self.installation, self._environment["DATABASE_URL"])

    def _serve(self, interruptions: Interruptions) -> None:
        web = self._child("web", self.parts.web)
        worker = self._child("worker", self.parts.worker)
        self._children = [worker, web]
        with self._step("Khởi động trang và tiến trình nền"):
            deadline = time.monotonic() + _WEB_READY_SECONDS
            while not (web.is_running() and self._web_answers()):
                self._watch_once(quietly=True)
                for child in self._children:
                    late = child is web and time.monotonic() > deadline
                    if late or child.quick_crashes >= _QUICK_CRASHES_AT_START:
                        raise _child_failed(child)
                interruptions.pause(0.1)
        self._say_where()
        rotated_at = time.monotonic()
        while True:
            self._watch_once()
            if time.monotonic() - rotated_at > _ROTATION_SECONDS:
                rotated_at = time.monotonic()
                for log in self.installation.log_folder.glob("*.log"):
                    rotate(log)
            interruptions.pause(0.25)

    def _child(self, name: str, command: Sequence[str]) -> Child:
        log = self.installation.log_folder / f"{name}.log"
        return Child(name, command, self._environment, log)

    def _watch_once(self, *, quietly: bool = False) -> None:
        """Start what is due; PostgreSQL first, since the others cannot live without it."""
        if self._cluster is not None:
            self._revive(self._cluster.server, quietly=quietly)
            if not self._cluster.is_ready():
                return
        for child in self._children:
            self._revive(child, quietly=quietly)

    def _revive(self, child: Child, *, quietly: bool) -> None:
        if child.is_running():
            return
        if child.process is not None:
            code = child.process.returncode
            delay = child.note_crash()
            if not quietly:
                again = f"sau {_decimal(delay)} giây" if delay else "ngay"
                self._say(f"{child.name} dừng đột ngột (mã {code}), khởi động lại {again}.")
        if child.is_due():
            child.start()

    def _web_answers(self) -> bool:
        """Whether the web server answers its health page; an error page is no answer."""
        anywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (read, not bound)
        host = anywhere.get(self.installation.host, self.installation.host)
        connection = http.client.HTTPConnection(host, self.installation.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _say_where(self) -> None:
        took = _decimal(time.monotonic() - self._begun)
        self._say("")
        self._say(f"Nhạc Trưởng đã sẵn sàng sau {took} giây: {self.installation.address}")
        if self.installation.env == "sample":
            for line in self.parts.sample_accounts():
                self._say(line)
        if self._first_run_code:
            self._say(f"Lần chạy đầu: mở trang trên, nhập mã một lần {self._first_run_code}")
        self._say(f"Nhật ký: {self.installation.log_folder} · Dừng: Ctrl-C")

    def _stop_all(self) -> None:
        """Web first (no new requests), then the worker, PostgreSQL last."""
        for child in reversed(self._children):
            child.stop(_GRACE_SECONDS)
        if self._cluster is not None:
            self._cluster.stop(grace_seconds=_GRACE_SECONDS)

    @contextmanager
    def _step(self, what: str) -> Iterator[None]:
        begun = time.monotonic()
        yield
        self._say(f"{what:.<44} {_decimal(time.monotonic() - begun):>6} giây")


def _child_failed(child: Child) -> Refusal:
    return Refusal(
        ExitCode.CHILD_FAILED,
        "operator.child_failed",
        "Tiến trình %(name)s không khởi động được (%(reason)s); hãy xem %(log)s rồi chạy "
        "`nhactruong doctor`.",
        name=child.name,
        reason=last_line(child.log) or "không có lời báo",
        log=child.log,
    )


def _decimal(seconds: float) -> str:
    return f"{seconds:.1f}".replace(".", ",")
