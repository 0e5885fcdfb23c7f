"""A clerk with a bare connection to a running office, and a look behind its door."""

from __future__ import annotations

import http.client
import json
import re
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import psycopg

from nhactruong.assembly.supervision.database import cluster_of
from nhactruong.assembly.supervision.installation import from_environ
from nhactruong.assembly.supervision.lock import marked_processes
from tests.journeys.office import Installation

INTAKE: Final = "/van-ban-den/tiep-nhan/"
_TOKEN: Final = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_BOUNDARY: Final = "phan-cach-cua-van-thu"
_SENT_AT_ONCE: Final = 1_048_576
#: What receiving a file writes; a refused one leaves every one of them as it was.
_TABLES: Final = (
    *("incoming_incomingdocument", "documents_document", "documents_rendition"),
    *("files_blob", "files_holding", "workitems_workitem", "thread_threadlink"),
    *("search_searchcard", "extraction_reading"),
)


@dataclass
class Clerk:
    """Somebody signed in, without a browser."""

    office: Installation
    username: str
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        form = self._form_of("/dang-nhap/")
        password = self.office.accounts[self.username].password
        words = urlencode({**form, "username": self.username, "password": password})
        answer = self.send("POST", "/dang-nhap/", words.encode(), _URLENCODED)
        assert answer.status == 303, answer.status

    def _form_of(self, path: str) -> dict[str, str]:
        page = self.send("GET", path).text
        found = _TOKEN.search(page)
        assert found is not None, page[:500]
        return {"csrfmiddlewaretoken": found[1]}

    def headers(self, content_type: str = "", length: int = 0) -> dict[str, str]:
        """What a browser says with each request."""
        return {
            "Host": urlsplit(self.office.url).netloc,
            "Referer": self.office.url + INTAKE,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **({"Content-Type": content_type, "Content-Length": str(length)} if length else {}),
        }

    def send(self, method: str, path: str, body: bytes = b"", content_type: str = "") -> Answer:
        """The whole answer to one request on a connection of its own."""
        return self._sent(method, path, self.headers(content_type, len(body)), [body])

    def _sent(
        self, method: str, path: str, headers: dict[str, str], pieces: Any, seconds: float = 120
    ) -> Answer:
        host = urlsplit(self.office.url).netloc
        connection = http.client.HTTPConnection(host, timeout=seconds)
        try:
            connection.putrequest(method, path, skip_host=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            for piece in pieces:
                connection.send(piece)
            response = connection.getresponse()
            for line in response.headers.get_all("Set-Cookie") or ():
                name, _, rest = line.partition("=")
                self.cookies[name] = rest.partition(";")[0]
            return Answer(
                response.status,
                {k.lower(): v for k, v in response.headers.items()},
                response.read().decode(),
            )
        finally:
            connection.close()

    def envelope(self, name: str, form: dict[str, str] | None = None) -> tuple[bytes, bytes]:
        """What stands before and after a file in the intake's form."""
        fields = form or {**self._form_of(INTAKE), "operation_id": str(uuid.uuid4())}
        before = "".join(
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        )
        before += (
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        return before.encode(), f"\r\n--{_BOUNDARY}--\r\n".encode()

    def bring(self, path: Path, name: str = "", *, accept: str = "text/html") -> Answer:
        """The answer of the intake to a file, sent as a browser would."""
        before, after = self.envelope(name or path.name)
        length = len(before) + path.stat().st_size + len(after)
        headers = {**self.headers(MULTIPART, length), "Accept": accept}

        def pieces() -> Iterator[bytes]:
            yield before
            with path.open("rb") as file:
                while piece := file.read(_SENT_AT_ONCE):
                    yield piece
            yield after

        return self._sent("POST", INTAKE, headers, pieces(), 300)

    def announce(self, path: str, headers: dict[str, str], first: bytes) -> tuple[int, str, bool]:
        """(status, text, whether the line was cut) when only the first bytes of a body are sent."""
        address = urlsplit(self.office.url)
        assert address.hostname and address.port
        with socket.create_connection((address.hostname, address.port), timeout=20) as line:
            said = {**self.headers(), **headers}
            head = f"POST {path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in said.items())
            line.sendall(head.encode() + b"\r\n" + first)
            response = http.client.HTTPResponse(line, method="POST")
            response.begin()
            text = response.read().decode()
            cut = response.getheader("Connection") == "close" and line.recv(1) == b""
            return response.status, text, cut

    def hang_up(self, headers: dict[str, str], first: bytes) -> None:
        """Go away in the middle of an upload."""
        address = urlsplit(self.office.url)
        assert address.hostname and address.port
        said = {**self.headers(), **headers}
        head = f"POST {INTAKE} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in said.items())
        with socket.create_connection((address.hostname, address.port), timeout=20) as line:
            line.sendall(head.encode() + b"\r\n" + first)


_URLENCODED: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = f"multipart/form-data; boundary={_BOUNDARY}"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str

    def json(self) -> Any:
        """The answer as a machine reads it."""
        return json.loads(self.text)


@dataclass(frozen=True)
class Behind:
    """What the office keeps: rows by table, receipts in the audit, the last job, bytes."""

    rows: tuple[tuple[str, int], ...]
    receipts: int
    jobs: int
    stored: frozenset[str]
    unfinished: frozenset[str]


def look_behind(office: Installation) -> Behind:
    """Everything a received file would have changed, once the worker has nothing left to do."""
    installation = from_environ({"NHACTRUONG_VAR": str(office.state)})
    with psycopg.connect(cluster_of(installation).owner_url, autocommit=True) as database:

        def count(query: str) -> int:
            row = database.execute(query).fetchone()  # type: ignore[call-overload]
            assert row is not None
            return int(row[0])

        busy = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
        assert within(300, lambda: count(busy) == 0), "the worker never came to rest"
        rows = tuple((name, count(f"SELECT count(*) FROM {name}")) for name in _TABLES)  # noqa: S608
        receipts = count("SELECT count(*) FROM audit_auditrow WHERE action = 'incoming.received'")
        jobs = count("SELECT last_value FROM procrastinate_jobs_id_seq")
    files = office.state / "files"
    return Behind(
        rows,
        receipts,
        jobs,
        frozenset(str(one) for one in files.rglob("*") if one.is_file()),
        frozenset(
            str(one)
            for folder in (files / "incoming", installation.temporary_folder)
            for one in folder.rglob("*")
        ),
    )


def end_session(office: Installation, key: str) -> None:
    """One session is gone from the store, as if it had run out."""
    installation = from_environ({"NHACTRUONG_VAR": str(office.state)})
    with psycopg.connect(cluster_of(installation).owner_url, autocommit=True) as database:
        gone = database.execute("DELETE FROM django_session WHERE session_key = %s", [key])
        assert gone.rowcount == 1


@dataclass
class Peaks:
    """The highest resident memory, in bytes, of any web process, of the worker, of any child.

    Measured from the kernel's own high-water mark (VmHWM of /proc/PID/status): that of the lasting
    processes is reset before, that of each short-lived child is read every few milliseconds.
    """

    web: int = 0
    worker: int = 0
    child: int = 0


@contextmanager
def peaks(office: Installation) -> Iterator[Peaks]:
    """The peaks while the block runs."""
    commands = {pid: _command(pid) for pid in marked_processes(office.state)}
    web = [pid for pid, command in commands.items() if "granian" in command]
    worker = [pid for pid, command in commands.items() if "cli worker" in command]
    assert len(web) > 1 and worker, commands
    for pid in (*web, *worker):
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    found, over = Peaks(), threading.Event()

    def watch() -> None:
        while not over.wait(0.003):
            for pid in (*web, *worker):
                for child in _children(pid):
                    # Between fork and exec a child still wears its parent's memory.
                    if "engine.isolated" in _command(child):
                        found.child = max(found.child, _high_water(child))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield found
    finally:
        over.set()
        watcher.join()
        found.web = max(map(_high_water, web))
        found.worker = max(map(_high_water, worker))


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(one) for one in task.read_text().split()]
        except OSError:
            continue
    return found


def _high_water(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


def within(seconds: float, holds: Any) -> bool:
    """Whether `holds()` came true in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
