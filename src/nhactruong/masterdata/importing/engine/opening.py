"""The caller's side: a file's heading and its rows, read by a child process that is bound.

The child streams; neither side ever holds more than some thousand rows. Its answers are JSON, and
their shape is checked: a taken-over child can tell wrong rows, and nothing else.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nhactruong.foundation.files.children import child_environment
from nhactruong.kernel.errors import InvalidInput

MIB: Final = 1024 * 1024
#: Far more than a hundred thousand rows of people weigh.
MOST_BYTES: Final = 40 * MIB
_CHILD_MEMORY: Final = 700 * MIB
_CHILD_SECONDS: Final = 120
#: The child waits while rows are compared with the store.
_PATIENCE_SECONDS: Final = 1800
_LONGEST_LINE: Final = 64 * MIB
#: How files of spreadsheet programs begin: today's, and those of old or under a password.
ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BROKEN: Final = (
    "Tệp bị hỏng hoặc không đúng chuẩn nên không đọc được. "
    "Đồng chí mở tệp bằng bảng tính, lưu lại rồi gửi."
)

#: (number of the row as spreadsheets count, its cells).
Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class OpenedList:
    """A file that is being read: its first row, how many rows it says it has, and the rows."""

    heading: Sequence[str]
    expected: int | None
    batches: Iterator[list[Row]]


@contextmanager
def opened(path: Path, *, heading_only: bool = False) -> Iterator[OpenedList]:
    """The file, its rows to be read inside the block in sets of a thousand.

    Raises: InvalidInput `file.empty`, `file.too_large`, `file.password`, `file.macro`,
    `file.links`, `file.zip_bomb`, `file.broken`, `file.unsupported`, `importing.encoding`,
    `importing.too_many_rows`, also while rows are read.
    """
    size = path.stat().st_size
    if size == 0:
        raise InvalidInput("file.empty", "Tệp không có nội dung (0 byte). Đồng chí chọn lại tệp.")
    if size > MOST_BYTES:
        raise InvalidInput(
            "file.too_large",
            "Tệp nặng %(size_mb)d MB, quá mức %(limit_mb)d MB của một danh sách. "
            "Đồng chí tách thành nhiều tệp.",
            size_mb=-(-size // MIB),
            limit_mb=MOST_BYTES // MIB,
        )
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", f"{__package__}.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=dict(child_environment()),
        start_new_session=True,
    )
    alarm = threading.Timer(_PATIENCE_SECONDS, _kill, (child,))
    alarm.daemon = True
    alarm.start()
    try:
        _tell(
            child,
            {
                "path": str(path),
                "heading_only": heading_only,
                "memory_bytes": _CHILD_MEMORY,
                "seconds": _CHILD_SECONDS,
            },
        )
        first = _answer(child)
        yield OpenedList(_texts(first.get("heading")), _number(first.get("rows")), _rows(child))
    finally:
        alarm.cancel()
        _kill(child)
        child.communicate()


def _tell(child: subprocess.Popen[bytes], request: dict[str, Any]) -> None:
    if child.stdin is None:
        raise InvalidInput("file.broken", BROKEN)
    try:
        child.stdin.write(json.dumps(request).encode())
        child.stdin.close()
    except BrokenPipeError:
        raise InvalidInput("file.broken", BROKEN) from None
    child.stdin = None


def _kill(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)


def _answer(child: subprocess.Popen[bytes]) -> dict[str, Any]:
    """The next line of the child. Raises: InvalidInput as it said, or `file.broken`."""
    line = child.stdout.readline(_LONGEST_LINE) if child.stdout else b""
    try:
        said = json.loads(line)
    except ValueError:
        raise InvalidInput("file.broken", BROKEN) from None
    if not isinstance(said, dict):
        raise InvalidInput("file.broken", BROKEN)
    refusal = said.get("refused")
    if isinstance(refusal, dict):
        raise InvalidInput(
            str(refusal.get("code")), str(refusal.get("message")), **refusal.get("facts", {})
        )
    return said


def _rows(child: subprocess.Popen[bytes]) -> Iterator[list[Row]]:
    while True:
        said = _answer(child)
        if said.get("end") is True:
            return
        batch = said.get("batch")
        if not isinstance(batch, list):
            raise InvalidInput("file.broken", BROKEN)
        yield [(_number(row[0]) or 0, _texts(row[1])) for row in batch]


def _texts(said: Any) -> list[str]:
    if not isinstance(said, list) or not all(isinstance(text, str) for text in said):
        raise InvalidInput("file.broken", BROKEN)
    return said


def _number(said: Any) -> int | None:
    return said if isinstance(said, int) and 0 <= said < 2**31 else None
