"""How a number and symbol are compared: by what every way of writing them has in common."""

from __future__ import annotations

import re
from typing import Final

from nhactruong.kernel.text import fold

_PART: Final = re.compile(r"[a-z]+|[0-9]+")
_NUMBER_WORD: Final = "so"


def parts_of(text: str) -> list[str]:
    """The runs of letters and of figures in `text`, folded; figures without leading zeros.

    The word “số” before a figure says nothing that the figure does not say.
    """
    found = [part.lstrip("0") or "0" for part in _PART.findall(fold(text))]
    if len(found) > 1 and found[0] == _NUMBER_WORD and found[1].isdigit():
        return found[1:]
    return found


def code_key(reference: str) -> str:
    """`77 bc du` for “77-BC/ĐU”, “77/BC-ĐU” and “077 BC ĐU”."""
    return " ".join(parts_of(reference))


def asked_code(query: str) -> str:
    """The key of a question that begins like a number and symbol; nothing for other questions."""
    key = code_key(query)
    return key if key[:1].isdigit() else ""
