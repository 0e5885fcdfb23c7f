"""The shelf outside the database: signed roots, notes of what expired, their stamps, the key.

Files are written once, closed to change, and never replaced. In an office the shelf is a store in
another zone that takes new files only; the folder is the setting `AUDIT_SHELF`.
Source: security.md 4 ("exported to a write-once store in another zone").
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings

from nhactruong.kernel.errors import OutsideFailure

ROOTS: Final = "roots"
NOTES: Final = "expired"
PUBLIC_KEY: Final = "public-key.pem"
STAMP: Final = ".tsr"


@dataclass(frozen=True, slots=True)
class ShelfFile:
    """A root or a note as it lies there, with its stamp if it has one."""

    path: Path
    content: bytes
    stamp: bytes | None

    @property
    def name(self) -> str:
        """Its name without ending: `000012` or `read-2024-11`."""
        return self.path.stem


class Shelf:
    """One shelf in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def files(self, kind: str) -> Iterator[ShelfFile]:
        """The roots or notes (`ROOTS`, `NOTES`) by name."""
        for path in sorted((self.folder / kind).glob("*.json")):
            stamp = path.with_suffix(STAMP)
            yield ShelfFile(path, path.read_bytes(), stamp.read_bytes() if stamp.exists() else None)

    def last_root(self) -> ShelfFile | None:
        """The newest root, if there is any."""
        return max(self.files(ROOTS), key=lambda file: file.name, default=None)

    def lay(self, kind: str, name: str, content: bytes) -> ShelfFile:
        """The new file, whole on the disk.

        Raises: OutsideFailure `audit.shelf` when it cannot be written or is there already.
        """
        path = self.folder / kind / f"{name}.json"
        _write_once(path, content)
        return ShelfFile(path, content, None)

    def lay_stamp(self, file: ShelfFile, stamp: bytes) -> None:
        """The stamp beside `file`. Raises: OutsideFailure `audit.shelf`."""
        _write_once(file.path.with_suffix(STAMP), stamp)

    def lay_key(self, key: Ed25519PublicKey) -> None:
        """The public key, for whoever verifies elsewhere; nothing when one lies there."""
        path = self.folder / PUBLIC_KEY
        if not path.exists():
            _write_once(path, public_pem(key))


def shelf() -> Shelf:
    """The shelf of this installation."""
    return Shelf(Path(settings.AUDIT_SHELF))


def _write_once(path: Path, content: bytes) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(0o444)
        try:
            os.link(fresh, path)
        finally:
            fresh.unlink()
    except OSError as fault:
        raise OutsideFailure(
            "audit.shelf",
            "Không ghi được vào kệ niêm của nhật ký (%(path)s): %(fault)s. "
            "Đề nghị kiểm tra ổ đĩa và NHACTRUONG_AUDIT_SHELF.",
            path=path,
            fault=fault.strerror or fault,
        ) from fault


def signing_key() -> Ed25519PrivateKey:
    """The key that signs roots; made when it is first needed, readable by its owner only.

    Raises: OutsideFailure `audit.key`.
    """
    path = Path(settings.AUDIT_KEY)
    try:
        if not path.exists():
            _make_key(path)
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as fault:
        raise _bad_key(path) from fault
    if not isinstance(key, Ed25519PrivateKey):
        raise _bad_key(path)
    return key


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())


def public_key(path: Path | None = None) -> Ed25519PublicKey | None:
    """The key roots are checked with: of `path`, else of our own, else the one on the shelf.

    Raises: OutsideFailure `audit.key` when the file holds none.
    """
    if path is None and Path(settings.AUDIT_KEY).exists():
        return signing_key().public_key()
    source = path or shelf().folder / PUBLIC_KEY
    if path is None and not source.exists():
        return None
    try:
        key = load_pem_public_key(source.read_bytes())
    except (OSError, ValueError) as fault:
        raise _bad_key(source) from fault
    if not isinstance(key, Ed25519PublicKey):
        raise _bad_key(source)
    return key


def public_pem(key: Ed25519PublicKey) -> bytes:
    """The key as it lies on the shelf."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _bad_key(path: Path) -> OutsideFailure:
    return OutsideFailure(
        "audit.key",
        "Không đọc được khóa niêm nhật ký ở %(path)s. Đề nghị kiểm tra tệp và quyền đọc.",
        path=path,
    )
