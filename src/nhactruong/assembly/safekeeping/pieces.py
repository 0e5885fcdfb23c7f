"""Encrypted pieces: written whole and synced before they get their name; read with their hash.

Everything flows in small portions, so memory does not grow with the size of what is kept.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

import pyrage

from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

UNFINISHED: Final = ".unfinished"


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Sum:
    """Hash (hex) and size of what was inside a piece before it was encrypted."""

    sha256: str
    size: int


class _Counted:
    """A stream that remembers the hash and size of what passed through it."""

    def __init__(self, stream: BinaryIO | _Readable) -> None:
        self._stream: Any = stream
        self._digest = hashlib.sha256()
        self._size = 0

    def read(self, size: int = -1) -> bytes:
        return self._noted(self._stream.read(size))

    def write(self, portion: bytes) -> int:
        self._noted(portion)
        self._stream.write(portion)
        return len(portion)

    def flush(self) -> None:
        self._stream.flush()

    def sum(self) -> Sum:
        return Sum(self._digest.hexdigest(), self._size)

    def _noted(self, portion: bytes) -> bytes:
        self._digest.update(portion)
        self._size += len(portion)
        return portion


def lock_up(
    stream: BinaryIO | _Readable,
    piece: Path,
    recipients: Sequence[Any],
    *,
    is_right: Callable[[Sum], bool] = lambda _: True,
) -> Sum:
    """Encrypt the stream into `piece`, which appears only when it is whole and `is_right`.

    Raises: Refusal (`BACKUP_IMPOSSIBLE`) when the disk of the shelf refuses.
    """
    fresh = piece.with_name(piece.name + UNFINISHED)
    counted = _Counted(stream)
    try:
        with fresh.open("wb") as file:
            pyrage.encrypt_io(counted, file, list(recipients))
            file.flush()
            os.fsync(file.fileno())
        if is_right(counted.sum()):
            fresh.replace(piece)
    except (OSError, pyrage.EncryptError) as error:
        raise shelf_unusable(piece.parent, error) from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    return counted.sum()


def unlock(piece: Path, target: BinaryIO, identities: Sequence[Any]) -> Sum:
    """Decrypt `piece` into `target`.

    Raises: Refusal (`BACKUP_DAMAGED`; `BACKUP_IMPOSSIBLE` when the keys do not fit).
    """
    counted = _Counted(target)
    try:
        with piece.open("rb") as file:
            pyrage.decrypt_io(file, counted, list(identities))
    except FileNotFoundError as error:
        raise damaged(piece, "thiếu tệp") from error
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise Refusal(
                ExitCode.BACKUP_IMPOSSIBLE,
                "operator.key_does_not_fit",
                "Khóa được đưa không mở được bản sao lưu này; hãy dùng đúng khóa riêng.",
            ) from error
        raise damaged(piece, "không giải mã được") from error
    except OSError as error:
        # The library reports a portion that does not verify as an error of reading.
        raise damaged(piece, error.strerror or "không giải mã được") from error
    return counted.sum()


def damaged(piece: Path, reason: str) -> Refusal:
    """The refusal to go on with a piece that is not what was put there."""
    return Refusal(
        ExitCode.BACKUP_DAMAGED,
        "operator.backup_damaged",
        "Bản sao lưu đã hỏng ở %(piece)s (%(reason)s); hãy dùng bản sao lưu khác.",
        piece=piece,
        reason=reason,
    )


def shelf_unusable(shelf: Path, error: Exception) -> Refusal:
    """The refusal to write where writing is not possible."""
    return Refusal(
        ExitCode.BACKUP_IMPOSSIBLE,
        "operator.shelf_unusable",
        "Không ghi được vào thư mục sao lưu %(shelf)s (%(reason)s); hãy kiểm tra quyền ghi và "
        "chỗ trống.",
        shelf=shelf,
        reason=getattr(error, "strerror", None) or error,
    )
