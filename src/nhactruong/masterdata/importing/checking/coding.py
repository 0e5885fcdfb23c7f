"""Codes that are made up where the file gives none: the same file always makes the same codes."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from typing import Final

from nhactruong.kernel.text import fold

_LONGEST_UNIT: Final = 60
_SLUG: Final = re.compile(r"[a-z0-9_-]+")
_NO_SLUG: Final = re.compile(r"[^a-z0-9]+")
_PERSON: Final = re.compile(r"[\w.\-/]+")


def slug_of(*words: str) -> str:
    """The words as one code of small letters, digits and hyphens."""
    return _NO_SLUG.sub("-", fold(" ".join(words))).strip("-")[: _LONGEST_UNIT - 4] or "don-vi"


def is_code(text: str) -> bool:
    """Whether the text may be the code of a unit or agency."""
    return bool(_SLUG.fullmatch(text))


def is_person_code(text: str) -> bool:
    """Whether the text may be the code of a person or post: letters, digits, `.`, `-`, `_`, `/`."""
    return bool(_PERSON.fullmatch(text))


def free_code(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """The code, with a number behind it when others bear it."""
    if not is_taken(wanted):
        return wanted
    return next(one for one in (f"{wanted}-{n}" for n in count(2)) if not is_taken(one))
