"""The one-time code with which the first administrators of an empty office prove who they are."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

import psycopg

from nhactruong.assembly.supervision.installation import Installation

#: In the state folder: SHA-256 of the code; gone once somebody can sign in.
FILE: Final = "first-run"
#: No letters and digits that are taken for each other.
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_GROUPS, _GROUP = 4, 5


def prepare(installation: Installation, url: str) -> str:
    """A fresh code to be told at the terminal; "" unless this is an empty office in production."""
    kept = installation.var / FILE
    if installation.env != "production" or not _is_without_accounts(url):
        kept.unlink(missing_ok=True)
        return ""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    code = "-".join(groups)
    fresh = kept.with_suffix(".fresh")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(_digest(code))
    fresh.replace(kept)
    return code


def is_right(state_folder: Path, typed: str) -> bool:
    """Whether this is the code told at the last start; small letters and blanks do not matter."""
    try:
        kept = (state_folder / FILE).read_text(encoding="ascii")
    except OSError:
        return False
    return hmac.compare_digest(kept, _digest(typed))


def _digest(code: str) -> str:
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()


def _is_without_accounts(url: str) -> bool:
    with psycopg.connect(url, connect_timeout=5) as connection:
        found = connection.execute("SELECT NOT EXISTS (SELECT 1 FROM accounts_user)").fetchone()
    return bool(found and found[0])
