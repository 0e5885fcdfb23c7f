"""The file store behind one port: written whole, named by its hash, read from wherever it lies."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from nhactruong.foundation.files.engines import engine_for
from nhactruong.foundation.files.engines.port import Engine
from nhactruong.kernel import clock
from nhactruong.kernel.errors import NotFound, OutsideFailure

_CHUNK = 1_048_576


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """What was stored: hash in hex and size in bytes."""

    sha256: str
    size: int


def engine() -> Engine:
    """The engine of this installation (`NHACTRUONG_FILES`)."""
    return _engine(settings.FILE_LOCATION, str(settings.FILE_STORE))


@lru_cache(maxsize=8)
def _engine(location: str, folder: str) -> Engine:
    return engine_for(location, Path(folder))


def chunks_of(stream: BinaryIO) -> Iterable[bytes]:
    """The stream in pieces of one MiB."""
    while chunk := stream.read(_CHUNK):
        yield chunk


def write(chunks: Iterable[bytes]) -> StoredBytes:
    """Store the bytes and say their hash; storing the same bytes again changes nothing.

    The file is complete and on disk before it gets its name: a crash leaves no half file.
    Raises: OutsideFailure `files.disk` when the disk or the object store refuses.
    """
    folder = _unfinished()
    name: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as temporary:
            name = Path(temporary.name)
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                temporary.write(chunk)
            temporary.flush()
            os.fsync(temporary.fileno())
        engine().keep(name, digest.hexdigest())
    except OSError as error:
        if name is not None:
            name.unlink(missing_ok=True)
        raise OutsideFailure(
            "files.disk", "Kho tệp không ghi được nên chưa nhận tệp. Đề nghị báo quản trị hệ thống."
        ) from error
    return StoredBytes(digest.hexdigest(), size)


def sweep_unfinished(older_than: timedelta) -> int:
    """The number of half-written files removed: their writers died before naming them."""
    limit = (clock.now() - older_than).timestamp()
    swept = 0
    for file in _unfinished().glob("*"):
        # A writer may name or remove its own file between the two calls.
        with suppress(FileNotFoundError):
            if file.stat().st_mtime < limit:
                file.unlink()
                swept += 1
    return swept


def _unfinished() -> Path:
    return Path(settings.FILE_STORE) / "incoming"


def open_stored(sha256: str) -> BinaryIO:
    """The stored bytes, open for reading.

    Raises: NotFound `files.missing` when the store has lost them.
    """
    with _told():
        return engine().open(sha256)


def size_of(sha256: str) -> int | None:
    """How many bytes lie under that hash; None when the store has lost them."""
    with _told():
        return engine().size_of(sha256)


@contextmanager
def local_copy(sha256: str) -> Iterator[Path]:
    """The stored bytes as a file of this machine, for programs that read by path.

    Raises: NotFound `files.missing`.
    """
    local = engine().local(sha256)
    with _told():
        path = local.__enter__()
    try:
        yield path
    finally:
        local.__exit__(None, None, None)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise NotFound("files.missing", "Kho không còn tệp này.") from None
    except OSError as error:
        raise OutsideFailure(
            "files.silent", "Kho tệp không trả lời. Đồng chí thử lại sau ít phút."
        ) from error
