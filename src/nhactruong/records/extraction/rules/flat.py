"""Text without marks, letter for letter, so that a find points back into the printed text."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from nhactruong.kernel.text import nfc

#: Signs that stand for another one in files made by old fonts or by recognition.
_LOOKALIKE = {"\u00d0": "d", "\u00f0": "d", "đ": "d", "–": "-", "—": "-", "\u2011": "-", "−": "-"}


@lru_cache(maxsize=4096)
def _flat_letter(letter: str) -> str:
    lowered = letter.lower()
    if lowered in _LOOKALIKE or letter in _LOOKALIKE:
        return _LOOKALIKE.get(lowered) or _LOOKALIKE[letter]
    if letter.isspace():
        return " "
    base = unicodedata.normalize("NFD", lowered)[:1]
    return base or letter


def flat(text: str) -> str:
    """`text` (made NFC) in lower case without marks, exactly as long as its NFC form."""
    return "".join(map(_flat_letter, nfc(text)))


def letters_only(text: str) -> str:
    """Only the unmarked letters and digits of `text`, for comparing across blanks and rules."""
    return "".join(sign for sign in flat(text) if sign.isalnum())
