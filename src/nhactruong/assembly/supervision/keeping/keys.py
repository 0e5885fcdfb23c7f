"""Keys of backups: age X25519, the public half on the server, the secret half away from it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pyrage

from nhactruong.assembly.supervision.refusals import ExitCode, Refusal


def make_key(target: Path) -> str:
    """The public half of a new key whose secret half was written to `target` (mode 0600).

    Raises: Refusal (`FAILED`) when `target` exists or cannot be written.
    """
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Refusal(
            ExitCode.FAILED,
            "backup.key_not_written",
            "Không ghi được khóa vào %(target)s (%(reason)s); hãy chọn tên tệp chưa có.",
            target=target,
            reason=error.strerror,
        ) from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"# public key: {public}\n{identity}\n")
    return public


def recipients(texts: Sequence[str]) -> list[pyrage.x25519.Recipient]:
    """The public keys written as `age1…`.

    Raises: Refusal (`WRONG_USAGE`).
    """
    found = []
    for text in texts:
        try:
            found.append(pyrage.x25519.Recipient.from_str(text.strip()))
        except pyrage.RecipientError as error:
            raise Refusal(
                ExitCode.WRONG_USAGE,
                "backup.bad_recipient",
                "“%(text)s” không phải khóa công khai của bản sao lưu (bắt đầu bằng age1…).",
                text=text[:80],
            ) from error
    return found


def identities(file: Path) -> list[pyrage.x25519.Identity]:
    """The secret keys a key file holds.

    Raises: Refusal (`WRONG_USAGE`) when it cannot be read or holds none.
    """
    try:
        lines = [line.strip() for line in file.read_text(encoding="ascii").splitlines()]
        found = [
            pyrage.x25519.Identity.from_str(line)
            for line in lines
            if line and not line.startswith("#")
        ]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError) as error:
        raise _no_key(file) from error
    if not found:
        raise _no_key(file)
    return found


def _no_key(file: Path) -> Refusal:
    return Refusal(
        ExitCode.WRONG_USAGE,
        "backup.no_key",
        "Không đọc được khóa bí mật trong %(file)s; hãy đưa tệp khóa lập bằng "
        "`nhactruong backup --new-key`.",
        file=file,
    )
