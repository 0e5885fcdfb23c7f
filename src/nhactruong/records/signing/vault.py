"""What lies encrypted in the database: pictures of signatures, files prepared to be signed.

AES-256-GCM under a key of the installation that is kept beside the database, never in it, and
goes into backups. What was put away for one purpose opens for that purpose alone.
Source: signatures.md 3.5.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from nhactruong.kernel.errors import OutsideFailure

_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32


def put_away(content: bytes, *, purpose: str) -> bytes:
    """The content encrypted for that purpose."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(_key()).encrypt(nonce, content, purpose.encode())


def take_out(kept: bytes, *, purpose: str) -> bytes:
    """The content that was put away for that purpose.

    Raises: OutsideFailure `signing.vault` when the key does not fit.
    """
    nonce, rest = kept[:_NONCE_BYTES], kept[_NONCE_BYTES:]
    try:
        return AESGCM(_key()).decrypt(nonce, rest, purpose.encode())
    except (InvalidTag, ValueError):
        raise OutsideFailure(
            "signing.vault",
            "Không mở được dữ liệu ký đã cất: khóa của kho không khớp. Đề nghị báo quản trị hệ thống.",
        ) from None


def _key() -> bytes:
    """The key of this installation; the first who asks makes it, others find it whole."""
    path = Path(settings.VAULT_KEY)
    with suppress(FileNotFoundError):
        return path.read_bytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, secrets.token_bytes(_KEY_BYTES))
        os.fsync(handle)
    finally:
        os.close(handle)
    # A link fails when another process was first; its key is then the one.
    with suppress(FileExistsError):
        os.link(made, path)
    made.unlink()
    return path.read_bytes()
