"""Vietnamese text: normal form, folding for search, order of names."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_SPACES: Final = re.compile(r"\s+")

#: Letters of the Vietnamese alphabet in their order; a letter outside it sorts after all of them.
_ALPHABET: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK: Final = {letter: rank for rank, letter in enumerate(_ALPHABET, start=1)}
#: Tones in dictionary order: ngang, huyền, hỏi, ngã, sắc, nặng.
_TONE_RANK: Final = {"": 0, "\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SHAPE_MARKS: Final = frozenset("\u0302\u0306\u031b")


def nfc(text: str) -> str:
    """`text` in Unicode normal form C, the only form that is stored."""
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """`text` in NFC with every run of white space made one blank, ends trimmed."""
    return _SPACES.sub(" ", nfc(text)).strip()


def whole_number(text: str, *, digits: int = 9) -> int | None:
    """The number written in plain digits 0-9, at most so many; None for anything else."""
    plain = text.isascii() and text.isdigit() and len(text) <= digits
    return int(text) if plain else None


def fold(text: str) -> str:
    """`text` as search compares it: lower case, no marks, đ as d, one blank between words."""
    lowered = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    bare = "".join(mark for mark in lowered if not unicodedata.combining(mark))
    return _SPACES.sub(" ", bare).strip()


def _syllable_key(syllable: str) -> str:
    letters: list[str] = []
    tone = 0
    for mark in unicodedata.normalize("NFD", syllable.lower()):
        if mark in _TONE_RANK:
            tone = _TONE_RANK[mark]
        elif mark in _SHAPE_MARKS and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + mark)
        else:
            letters.append(mark)
    ranks = "".join(
        f"{_LETTER_RANK[letter]:02d}" if letter in _LETTER_RANK else f"9{ord(letter):05d}"
        for letter in letters
    )
    return f"{ranks}.{tone}"


def collation_key(text: str) -> str:
    """A key whose byte order (`COLLATE "C"`) is the Vietnamese order of letters, then tones."""
    return " ".join(_syllable_key(word) for word in nfc(text).split())


def person_sort_key(full_name: str) -> str:
    """The order of people: given name first, then middle, then family name."""
    family, *rest = one_line(full_name).split(" ") if full_name.strip() else [""]
    given = rest[-1] if rest else family
    middle = " ".join(rest[:-1])
    return "|".join(collation_key(part) for part in (given, middle, family if rest else ""))


def initials(full_name: str) -> str:
    """Two letters for a person's mark: of family and given name (`Đỗ Minh Khuê` → `ĐK`)."""
    words = one_line(full_name).split(" ")
    ends = words if len(words) < 2 else (words[0], words[-1])
    return "".join(word[0].upper() for word in ends if word)
