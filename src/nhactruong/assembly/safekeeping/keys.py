"""For whom a backup is encrypted, and with what it is opened (age: X25519 or a passphrase)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pyrage

from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

#: Beside the snapshots of a shelf with a passphrase: the key of the shelf, locked with it.
LOCKED_KEY: Final = "key.age"
_SHORTEST_PASSPHRASE: Final = 14


def recipients_in(file: Path) -> Sequence[Any]:
    """The public keys (`age1…`, one a line, `#` begins a remark) of the file.

    Raises: Refusal (`BACKUP_IMPOSSIBLE`).
    """
    try:
        return [pyrage.x25519.Recipient.from_str(line) for line in _lines(file, "age1")]
    except pyrage.RecipientError as error:
        raise _no_key(file) from error


def identities_in(file: Path) -> Sequence[Any]:
    """The secret keys (`AGE-SECRET-KEY-1…`, one a line) of the file.

    Raises: Refusal (`BACKUP_IMPOSSIBLE`).
    """
    try:
        return [pyrage.x25519.Identity.from_str(line) for line in _lines(file, "AGE-SECRET-KEY-1")]
    except pyrage.IdentityError as error:
        raise _no_key(file) from error


def _lines(file: Path, start: str) -> Sequence[str]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _no_key(file) from error
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if not lines or not all(line.startswith(start) for line in lines):
        raise _no_key(file)
    return lines


def recipients_of_passphrase(shelf: Path, passphrase: str) -> Sequence[Any]:
    """The public key of the shelf; its secret half is made at the first backup and locked.

    Raises: Refusal (`BACKUP_IMPOSSIBLE`) for a short passphrase or another than the shelf's.
    """
    locked = shelf / LOCKED_KEY
    if locked.exists():
        return [one.to_public() for one in identities_of_passphrase(shelf, passphrase)]
    if len(passphrase) < _SHORTEST_PASSPHRASE:
        raise Refusal(
            ExitCode.BACKUP_IMPOSSIBLE,
            "operator.passphrase_short",
            "Mật khẩu sao lưu ngắn hơn %(least)s ký tự; hãy chọn mật khẩu dài hơn.",
            least=_SHORTEST_PASSPHRASE,
        )
    identity = pyrage.x25519.Identity.generate()
    fresh = locked.with_suffix(".unfinished")
    with fresh.open("wb") as file:
        file.write(pyrage.passphrase.encrypt(str(identity).encode(), passphrase))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(locked)
    return [identity.to_public()]


def identities_of_passphrase(shelf: Path, passphrase: str) -> Sequence[Any]:
    """The secret key of the shelf.

    Raises: Refusal (`BACKUP_IMPOSSIBLE`).
    """
    locked = shelf / LOCKED_KEY
    try:
        secret = pyrage.passphrase.decrypt(locked.read_bytes(), passphrase)
    except FileNotFoundError as error:
        raise Refusal(
            ExitCode.BACKUP_IMPOSSIBLE,
            "operator.shelf_without_passphrase",
            "Thư mục %(shelf)s không dùng mật khẩu sao lưu; hãy đưa tệp khóa riêng bằng "
            "--identity.",
            shelf=shelf,
        ) from error
    except pyrage.DecryptError as error:
        raise Refusal(
            ExitCode.BACKUP_IMPOSSIBLE,
            "operator.passphrase_wrong",
            "Mật khẩu không mở được khóa của thư mục sao lưu %(shelf)s; hãy nhập lại mật khẩu.",
            shelf=shelf,
        ) from error
    return [pyrage.x25519.Identity.from_str(secret.decode())]


def _no_key(file: Path) -> Refusal:
    return Refusal(
        ExitCode.BACKUP_IMPOSSIBLE,
        "operator.key_file_unusable",
        "Không đọc được khóa age trong tệp %(file)s; hãy kiểm tra lại tệp khóa, mỗi dòng một khóa.",
        file=file,
    )
