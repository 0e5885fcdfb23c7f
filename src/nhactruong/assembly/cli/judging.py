"""One PDF file judged in a child process of its own: what it does to the child, it does to no other.

Doors: `judged_file`.
"""

from __future__ import annotations

import json
import logging
import os
import select
import signal
import stat
import time
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from nhactruong.foundation.files.children import bind
from nhactruong.records.signing.engine import validation
from nhactruong.records.signing.engine.telling import told
from nhactruong.records.signing.engine.trust_folder import TrustBasis
from nhactruong.records.signing.engine.verdicts import (
    REASON_PHRASES,
    FileOutcome,
    FileVerdict,
    ReasonCode,
)

#: A file is held in memory about twice; what is larger is not judged.
LARGEST_BYTES: Final = 512 * 1024 * 1024
_MEMORY_BYTES: Final = 3 * 1024 * 1024 * 1024
_SECONDS: Final = 120


@dataclass(frozen=True)
class Judged:
    """What is told of one file: the verdict for machines, the sentences for people."""

    verdict: str
    reasons: list[str]
    sentence: str
    signatures: list[dict[str, Any]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)


def judged_file(path: Path, basis: TrustBasis, now: datetime) -> Judged:
    """What the signatures in the file at `path` are worth; never raises on what stands there."""
    refusal = _no_file(path)
    if refusal is not None:
        return refusal
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _answer(writing, path, basis, now)
    os.close(writing)
    try:
        heard = _heard(reading)
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    try:
        return Judged(**json.loads(heard))
    except (ValueError, TypeError):
        return _not_judged()


def _no_file(path: Path) -> Judged | None:
    """Why there is nothing to judge at `path`; None when there is."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return _unreadable("Không có tệp này. Kiểm tra lại đường dẫn.")
    except (OSError, ValueError):
        return _unreadable("Không mở được tệp. Kiểm tra đường dẫn và quyền đọc.")
    if stat.S_ISDIR(status.st_mode):
        return _unreadable("Đây là thư mục, không phải tệp PDF. Ghi rõ từng tệp cần kiểm tra.")
    if not stat.S_ISREG(status.st_mode):
        return _unreadable("Đây không phải tệp thường. Ghi rõ tệp PDF cần kiểm tra.")
    try:
        with path.open("rb") as file:
            is_pdf = b"%PDF-" in file.read(1024)
    except OSError:
        return _unreadable("Không đọc được tệp. Kiểm tra quyền đọc.")
    if not is_pdf:
        return _unreadable("Tệp không phải PDF nên không có chữ ký số nào kiểm tra được.")
    return _not_judged() if status.st_size > LARGEST_BYTES else None


def _unreadable(sentence: str) -> Judged:
    return Judged(FileOutcome.INVALID.value, [ReasonCode.UNREADABLE.value], sentence)


def _not_judged() -> Judged:
    code = ReasonCode.NOT_JUDGED
    sentence = f"Chưa xác định được chữ ký số: {REASON_PHRASES[code]}. Chưa dùng làm căn cứ."
    return Judged(FileOutcome.INDETERMINATE.value, [code.value], sentence)


def _answer(writing: int, path: Path, basis: TrustBasis, now: datetime) -> None:
    """Write the judgement and end this child, whatever happens: it must not run on as a twin."""
    try:
        # The libraries tell each doubt in English; the verdict tells it in its own words.
        logging.disable()
        bind(_MEMORY_BYTES, _SECONDS, 0)
        found = validation.verify(path.read_bytes(), trust=basis.trust, now=now, crls=basis.crls)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(json.dumps(asdict(_told(found))).encode())
    finally:
        os._exit(0)


def _heard(reading: int) -> bytes:
    """All that the child says before its time is over."""
    until = time.monotonic() + _SECONDS
    heard = bytearray()
    while (left := until - time.monotonic()) > 0:
        ready, _, _ = select.select([reading], [], [], left)
        if not ready:
            break
        piece = os.read(reading, 65536)
        if not piece:
            break
        heard += piece
    return bytes(heard)


def _told(found: FileVerdict) -> Judged:
    answer = told("", found.as_dict())
    return Judged(
        verdict=answer["verdict"],
        reasons=answer["reasons"],
        sentence=f"{found.label}. {found.sentence}",
        signatures=answer["signatures"],
        sentences=[report.sentence for report in found.signatures],
    )
