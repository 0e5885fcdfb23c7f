"""Office words whose marks recognition loses most, put right where no other reading exists."""

from __future__ import annotations

import re
from typing import Final

from nhactruong.kernel.text import nfc
from nhactruong.records.extraction.rules.flat import flat

#: Only whole phrases: alone, "VU" may be a place (Vũ Lễ) and "UY" too (Uy Nỗ).
_PHRASES: Final = (
    "TỈNH ỦY", "THÀNH ỦY", "ĐẢNG ỦY", "ĐẢNG BỘ", "CHI BỘ", "ỦY BAN NHÂN DÂN", "ỦY BAN KIỂM TRA",
    "BAN THƯỜNG VỤ", "BAN CHẤP HÀNH", "NHÂN DÂN TỈNH", "BỘ TỈNH", "BÍ THƯ", "VĂN PHÒNG", "CHỦ TỊCH",
)  # fmt: skip
_PATTERNS: Final = tuple(
    (re.compile(rf"(?<![a-z0-9]){flat(phrase)}(?![a-z0-9])"), phrase) for phrase in _PHRASES
)
_TINH_FIRST: Final = re.compile(r"^tinh(?= )")


def with_office_words(text: str) -> str:
    """A name or title in capitals with its fixed phrases spelt right (`TÍNH ỦY` → `TỈNH ỦY`)."""
    printed = nfc(text)
    for pattern, phrase in (*_PATTERNS, (_TINH_FIRST, "TỈNH")):
        for found in pattern.finditer(flat(printed)):
            if printed[found.start() : found.end()].isupper():
                printed = printed[: found.start()] + phrase + printed[found.end() :]
    return printed
