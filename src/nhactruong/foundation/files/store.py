"""The content-addressed folder: written whole and synced, then named by its hash."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from nhactruong.kernel import clock
from nhactruong.kernel.errors import NotFound, OutsideFailure

_CHUNK = 1_048_576


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """What was stored: hash in hex and size in bytes."""

    sha256: str
    size: int


def path_of(sha256: str) -> Path:
    """Where bytes of that hash lie, whether or not they do."""
    return Path(settings.FILE_STORE) / sha256[:2] / sha256[2:4] / sha256


def chunks_of(stream: BinaryIO) -> Iterable[bytes]:
    """The stream in pieces of one MiB."""
    while chunk := stream.read(_CHUNK):
        yield chunk


def write(chunks: Iterable[bytes]) -> StoredBytes:
    """Store the bytes and say their hash; storing the same bytes again changes nothing.

    The file is complete and on disk before it gets its name: a crash leaves no half file.
    Raises: OutsideFailure `files.disk` when the disk refuses.
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
        final = path_of(digest.hexdigest())
        if final.exists():
            name.unlink()
        else:
            _make_folder(final.parent)
            name.chmod(0o440)
            name.rename(final)
            _sync_folder(final.parent)
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


def _make_folder(folder: Path) -> None:
    """Create `folder` so that its name survives a power cut, like the file that goes into it."""
    if folder.exists():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_stored(sha256: str) -> BinaryIO:
    """The stored bytes, open for reading.

    Raises: NotFound `files.missing` when the store has lost them.
    """
    try:
        return path_of(sha256).open("rb")
    except FileNotFoundError:
        raise NotFound("files.missing", "Kho không còn tệp này.") from None
