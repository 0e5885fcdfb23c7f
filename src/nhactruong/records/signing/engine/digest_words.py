"""The short form of what is signed, the same on the office's page and at the signer's PC."""

from __future__ import annotations

import hashlib
from typing import Final

_DIGITS: Final = 16
_GROUP: Final = 4


def digest_words(to_be_signed: bytes) -> str:
    """The first half of SHA-256's digits in groups of four: `9F3A-01C2-77B0-4D1E`."""
    digits = hashlib.sha256(to_be_signed).hexdigest()[:_DIGITS].upper()
    return "-".join(digits[place : place + _GROUP] for place in range(0, _DIGITS, _GROUP))
