"""`nhactruong doctor`: what was checked, what is wrong, what to do; changes nothing."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Final

from nhactruong.assembly.supervision import (
    checks,
    database,
    postgres_programs,
    privileges,
    production,
    schema,
)
from nhactruong.assembly.supervision.installation import Installation, from_environ
from nhactruong.assembly.supervision.lock import is_held
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

_NOT_RUNNING: Final = "chưa chạy"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `exit_code` is 0 when it is in order."""

    check: str
    name: str
    exit_code: int
    detail: str
    is_warning: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--json` for machines."""
    parser.add_argument("--json", action="store_true", help="in dạng JSON")


def run(arguments: argparse.Namespace) -> int:
    """The exit code of the first thing that is wrong, 0 when nothing is."""
    findings = list(examine(from_environ(os.environ)))
    if arguments.json:
        rows = [asdict(finding) for finding in findings]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            mark = "LỖI" if finding.exit_code else "LƯU Ý" if finding.is_warning else "tốt"
            print(f"{finding.name:<24} {mark}  {finding.detail}")
    return next((finding.exit_code for finding in findings if finding.exit_code), 0)


def examine(installation: Installation) -> Iterator[Finding]:
    """Every finding, in the order a start would meet them."""
    yield _finding("state_folder", "Thư mục dữ liệu", lambda: _state_folder(installation))
    yield _finding("libraries", "Thư viện", lambda: _in_order(checks.libraries_present))
    if installation.var.is_dir():
        yield _finding(
            "disk", "Chỗ trống trên đĩa", lambda: _in_order(lambda: checks.space_left(installation))
        )
    yield _finding("address", "Địa chỉ trang", lambda: _address(installation))
    if installation.is_embedded:
        yield _finding("postgres", "PostgreSQL kèm theo", _postgres)
    answers = _finding("database", "Cơ sở dữ liệu", lambda: _database(installation))
    yield answers
    if installation.env == "production":
        is_there = answers.exit_code == 0 and answers.detail != _NOT_RUNNING
        yield from _dangers(installation, ask_database=is_there)


def _dangers(installation: Installation, *, ask_database: bool) -> Iterator[Finding]:
    """Every unsafe default that still stands; one line when there is none."""
    url = database.environment(installation)["DATABASE_URL"] if ask_database else None
    scene = production.look(installation, os.environ, url)
    found = list(production.standing(scene))
    for danger in found:
        code = 0 if danger.is_warning else int(ExitCode.UNSAFE)
        yield Finding(danger.code, "An toàn", code, danger.sentence, danger.is_warning)
    if not found:
        yield Finding("safety", "An toàn", 0, "không còn giá trị mặc định nào không an toàn")


def _finding(check: str, name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(check, name, 0, look())
    except Refusal as refusal:
        return Finding(check, name, int(refusal.exit_code), refusal.sentence)


def _in_order(check: Callable[[], None]) -> str:
    check()
    return "đủ"


def _state_folder(installation: Installation) -> str:
    if not installation.var.exists():
        return f"{installation.var} (sẽ được tạo khi khởi động)"
    installation.prepare_folders()
    return str(installation.var)


def _address(installation: Installation) -> str:
    if is_held(installation):
        return f"{installation.address} (đang chạy)"
    checks.port_free(installation)
    return f"{installation.address} (chưa chạy)"


def _postgres() -> str:
    return f"{postgres_programs.binaries()} ({privileges.server_identity().how})"


def _database(installation: Installation) -> str:
    if installation.is_embedded and not is_held(installation):
        return _NOT_RUNNING
    url = database.environment(installation)["DATABASE_URL"]
    checks.database_answers(url)
    return "trả lời" if schema.is_current(installation, url) else "trả lời, cần `migrate`"
