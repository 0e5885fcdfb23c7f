"""A list of fifty thousand people, faulty, then mended, then once more; the worker killed twice.

A running office is asked over its pages, and its database looked at from outside. The seconds,
CPU seconds and memory of the worker are printed.

`NHACTRUONG_IMPORT_ROWS` (50000) may be set.
"""

from __future__ import annotations

import csv
import io
import os
import re
import signal
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from nhactruong.assembly.supervision.lock import marked_processes
from tests.journeys.office import Installation, installation
from tests.long.comparing import Store

pytestmark = pytest.mark.long

ROWS = int(os.environ.get("NHACTRUONG_IMPORT_ROWS", "50000"))
PROPOSER, APPROVER = "lam.vu", "khue.do"
HEADINGS = (
    *("Mã cán bộ", "Họ và tên", "Cơ quan", "Đơn vị", "Chức danh", "Mã chức danh", "Thứ bậc"),
    *("Vai trò", "Cách giữ", "Giữ từ ngày", "Thôi giữ từ ngày"),
)
#: Seconds of one core that the check of all rows, and their writing, may take.
CPU_CHECK, CPU_WRITE = 60.0, 120.0
#: What a worker may hold more after the check than before.
MORE_MEMORY_MB = 150
_PAGE = "/du-lieu/nhap/"
_PATIENCE = 600.0


def good_row(number: int) -> list[str]:
    """A person with a post of his own at Văn phòng Tỉnh ủy."""
    return [
        f"NV-{number:05d}",
        f"Nguyễn Văn Thứ {number}",
        "A99.01.01",
        "",
        "Cộng tác viên",
        "",
        "90",
        "Chuyên viên",
        "Chính thức",
        "01/07/2025",
        "",
    ]


#: Column spoilt → (what stands there, the column of the fault, a word of its sentence).
SPOILT: Sequence[tuple[int, str, str, str]] = (
    (1, "", "full_name", "Thiếu"),
    (1, "=1+1", "full_name", "công thức"),
    (1, "Tên\0", "full_name", "không nhìn thấy"),
    (1, "rất dài " * 40, "full_name", "dài quá"),
    (2, "A99.77", "agency", "Không có cơ quan nào"),
    (3, "Phòng Không Có", "unit", "không có đơn vị"),
    (6, "mười", "rank", "số nguyên"),
    (7, "Trưởng bản", "roles", "Không có vai trò"),
    (7, "sysadmin", "roles", "giao bằng phiếu thay đổi"),
    (8, "Tạm", "kind", "Không có lựa chọn"),
    (9, "31/02/2026", "since", "Không đọc được ngày"),
    (10, "01/01/2020", "until", "phải sau"),
    (0, "NV-00000", "person", "Trùng dòng 2"),
)


def faulty() -> tuple[list[list[str]], dict[int, tuple[str, str]]]:
    """The rows with faults planted all over, and what must be said of which row of the file."""
    rows = [good_row(number) for number in range(ROWS)]
    planted: dict[int, tuple[str, str]] = {}
    step = max(len(SPOILT), ROWS // 500)
    for turn, number in enumerate(range(step, ROWS, step)):
        column, text, where, words = SPOILT[turn % len(SPOILT)]
        rows[number][column] = text
        if column == 0:
            # The very row that stands first in the file.
            rows[number] = good_row(0)
        planted[number + 2] = (where, words)
    return rows, planted


def table(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(HEADINGS)
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


@dataclass(slots=True)
class Person:
    """Somebody at a browser without scripts."""

    office: Installation
    name: str
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.get(f"{self.office.url}/dang-nhap/", timeout=60)
        account = self.office.accounts[self.name]
        said = {"username": account.username, "password": account.password}
        assert self.post("/dang-nhap/", said).status_code == 303

    def post(
        self, path: str, said: dict[str, str], **files: tuple[str, bytes]
    ) -> requests.Response:
        return self.session.post(
            self.office.url + path,
            data={"operation_id": str(uuid.uuid4()), **said},
            files=files or None,
            headers={"X-CSRFToken": self.session.cookies.get("csrftoken", "")},
            allow_redirects=False,
            timeout=120,
        )

    def send(self, content: bytes) -> str:
        """The address of the new import of that file."""
        page = self.session.get(f"{self.office.url}{_PAGE}moi/", timeout=60).text
        agency = re.search(r'<option value="(\d+)"[^>]*>Văn phòng Tỉnh ủy', page)
        assert agency is not None, page
        said = {"list_code": "nguoi-chuc-danh", "agency": agency[1]}
        answer = self.post(f"{_PAGE}moi/", said, file=("nhan-su.csv", content))
        assert answer.status_code == 303, answer.text
        return str(answer.headers["Location"])

    def approve(self, address: str) -> None:
        """The list approved with a code."""
        page = self.session.get(self.office.url + address, timeout=60).text
        version = re.search(r'name="version" value="(\d+)"', page)
        assert version is not None, page
        code = self.office.accounts[self.name].password
        answer = self.post(f"{address}duyet/", {"version": version[1], "step_up_code": code})
        assert answer.status_code == 303, answer.text


@dataclass(slots=True)
class Watch:
    """The office from outside."""

    office: Installation
    store: Store

    def row(self, address: str) -> dict[str, object]:
        key = address.rstrip("/").rpartition("/")[2]
        return self.store.rows("SELECT * FROM importing_listimport WHERE public_id = %s", key)[0]

    def until(self, address: str, what: str, holds: Callable[[dict[str, object]], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not holds(self.row(address)):
            assert time.monotonic() < deadline, f"{what}: {self.row(address)}"
            threading.Event().wait(0.1)

    def done(self, address: str) -> dict[str, object]:
        """The import once no job is at work on it."""
        busy = ("checking", "approved")
        self.until(address, "settled", lambda row: row["state"] not in busy)
        return self.row(address)

    def quiet(self) -> None:
        """Until the sample office's own jobs are done: their work would be measured with ours."""
        busy = "SELECT 1 FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
        deadline = time.monotonic() + _PATIENCE
        while self.store.rows(busy):
            assert time.monotonic() < deadline, "the office does not come to rest"
            threading.Event().wait(0.5)

    def organization(self) -> dict[str, int]:
        """How many rows each table of the organization holds."""
        names = self.store.rows(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'organization%%'"
        )
        return {
            row["relname"]: self.store.rows(f"SELECT count(*) AS n FROM {row['relname']}")[0]["n"]  # noqa: S608  # our own names
            for row in names
        }

    def worker(self) -> int:
        """The process that runs the jobs."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for pid in marked_processes(self.office.state):
                if b"assembly.cli\0worker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    return pid
            threading.Event().wait(0.2)
        raise AssertionError("no worker")

    def kill_worker(self) -> None:
        os.kill(self.worker(), signal.SIGKILL)

    def cpu_seconds(self) -> float:
        """Of the worker and of its children that have ended."""
        fields = Path(f"/proc/{self.worker()}/stat").read_text().rpartition(")")[2].split()
        return sum(int(fields[place]) for place in range(11, 15)) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> int:
        """The most the worker has held so far."""
        status = Path(f"/proc/{self.worker()}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        return int(found[1]) // 1024 if found else 0


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watch]:
    with installation(tmp_path_factory.mktemp("import") / "var") as office:
        yield Watch(office, Store(office))


def test_all_faults_in_one_pass_then_written_once_then_no_change(watch: Watch) -> None:
    proposer, approver = Person(watch.office, PROPOSER), Person(watch.office, APPROVER)
    watch.quiet()
    before = watch.organization()

    rows, planted = faulty()
    started, cpu, memory = time.monotonic(), watch.cpu_seconds(), watch.memory_mb()
    address = proposer.send(table(rows))
    found = watch.done(address)
    cpu, more = watch.cpu_seconds() - cpu, watch.memory_mb() - memory
    print(  # noqa: T201
        f"{ROWS} rows checked in {time.monotonic() - started:.0f} s, {cpu:.0f} s of CPU,"
        f" {more} MB more than before ({memory} MB)"
    )
    assert (found["state"], found["rows_checked"]) == ("faulty", ROWS)
    assert (found["faulty_count"], found["fault_count"]) == (len(planted), len(planted))
    said = watch.store.rows(
        "SELECT number, faults FROM importing_importrow WHERE list_import_id = %s"
        " AND outcome = 'faulty'",
        found["id"],
    )
    assert {row["number"] for row in said} == set(planted)
    for row in said:
        ((column, sentence),) = row["faults"]
        where, words = planted[row["number"]]
        assert (column, words in sentence) == (where, True), (row, planted[row["number"]])
    faults = proposer.session.get(f"{watch.office.url}{address}loi.csv", timeout=120)
    assert len(list(csv.reader(io.StringIO(faults.content.decode("utf-8-sig"))))) == (
        len(planted) + 1
    )
    assert watch.organization() == before, "nothing is written"
    assert cpu < CPU_CHECK
    assert more < MORE_MEMORY_MB

    good = table([good_row(number) for number in range(ROWS)])
    address = proposer.send(good)
    watch.until(address, "half checked", lambda row: int(str(row["rows_checked"])) > ROWS // 3)
    watch.kill_worker()
    found = watch.done(address)
    assert (found["state"], found["new_count"], found["rows_checked"]) == ("proposed", ROWS, ROWS)
    (kept,) = watch.store.rows(
        "SELECT count(*) AS n FROM importing_importrow WHERE list_import_id = %s", found["id"]
    )
    assert kept["n"] == ROWS, "no row twice, none missing"
    assert watch.organization() == before

    approver.approve(address)
    _wait_until_writing(watch)
    watch.kill_worker()
    threading.Event().wait(2)
    assert watch.row(address)["state"] == "approved"
    assert watch.organization() == before, "whole or nothing"
    started, cpu = time.monotonic(), watch.cpu_seconds()
    found = watch.done(address)
    cpu = watch.cpu_seconds() - cpu
    print(  # noqa: T201
        f"{ROWS} rows written after the kill in {time.monotonic() - started:.0f} s"
        f" (the wait for the rescue among them), {cpu:.0f} s of CPU"
    )
    assert found["state"] == "applied", found["reason"]
    assert cpu < CPU_WRITE
    after = watch.organization()
    grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert grown == {
        "organization_person": ROWS,
        "organization_post": ROWS,
        "organization_postrole": ROWS,
        "organization_holding": ROWS,
    }
    (made,) = watch.store.rows(
        "SELECT count(DISTINCT person_id) AS people, count(DISTINCT holding_id) AS times"
        " FROM importing_importrow WHERE list_import_id = %s",
        found["id"],
    )
    assert made == {"people": ROWS, "times": ROWS}, "whence each came is known"
    (acts,) = watch.store.rows(
        "SELECT count(*) AS n FROM audit_auditrow WHERE action IN"
        " ('importing.applied', 'importing.agency_written')"
    )
    assert acts["n"] == 2, "one row for the list, one for its agency"

    address = proposer.send(good)
    found = watch.done(address)
    assert (found["state"], found["same_count"]) == ("unchanged", ROWS)
    assert watch.organization() == after


def _wait_until_writing(watch: Watch) -> None:
    """Until the one transaction is well under way."""
    deadline = time.monotonic() + 60
    at_it = (
        "SELECT 1 FROM pg_stat_activity WHERE state <> 'idle'"
        " AND now() - xact_start > interval '3 seconds' AND query NOT LIKE '%%pg_stat%%'"
    )
    while not watch.store.rows(at_it):
        assert time.monotonic() < deadline, "nobody writes"
        threading.Event().wait(0.1)
