"""Marks in the header: urgency, secrecy, circulation.

Source: documents.md 4.3 (S20-S22, P23, P24), 5.1, 5.2, 5.3.
"""

from __future__ import annotations

import re
from typing import Final

from nhactruong.kernel.states import Secrecy, Urgency
from nhactruong.records.extraction.rules.flat import letters_only
from nhactruong.records.extraction.rules.layout import header_lines, is_national_heading
from nhactruong.records.extraction.rules.proposal import Placed, Proposal, proposed

_URGENCY: Final = (
    ("hoatochengio", Urgency.EXPRESS_TIMED),
    ("hoatoc", Urgency.EXPRESS),
    ("thuongkhan", Urgency.VERY_URGENT),
    ("khan", Urgency.URGENT),
)
_SECRECY: Final = (
    ("tuyetmat", Secrecy.TOP_SECRET),
    ("toimat", Secrecy.SECRET),
    ("mat", Secrecy.CONFIDENTIAL),
)
_CIRCULATION: Final = (
    ("luuhanhnoibo", "Lưu hành nội bộ"),
    ("xemxongtralai", "Xem xong trả lại"),
    ("tailieuhoinghi", "Tài liệu hội nghị"),
    ("khongphobien", "Không phổ biến"),
    ("thuhoi", "Thu hồi"),
)
#: A secrecy mark beside other words on one line; "BÍ MẬT" and "MẬT MÃ" are not marks.
_MARK_IN_LINE: Final = re.compile(r"(?<!BÍ )(?<!\w)(TUYỆT MẬT|TỐI MẬT|MẬT)(?!\w)(?! MÃ| VỤ)")
_SPOKEN_LEVEL: Final = re.compile(r"(?i)\b(?:mức )?độ mật\s*:\s*(tuyệt mật|tối mật|mật)")


def mark_on(text: str) -> Urgency | Secrecy | str | None:
    """The mark when `text` is nothing but one in capitals, whatever frame is around it."""
    if text != text.upper():
        return None
    packed = letters_only(text)
    for letters, urgency in _URGENCY:
        if packed == letters or (letters == "hoatochengio" and packed.startswith(letters)):
            return urgency
    for letters, secrecy in _SECRECY:
        if packed == letters:
            return secrecy
    return next((name for letters, name in _CIRCULATION if packed.startswith(letters)), None)


def urgency_in(lines: list[Placed]) -> Proposal[Urgency]:
    """The printed urgency; without a mark it is normal."""
    for placed in header_lines(lines):
        mark = mark_on(placed.text)
        if isinstance(mark, Urgency):
            return proposed(mark, 0.97, [placed])
    return Proposal(Urgency.NORMAL, 0.8, None, "Không thấy dấu độ khẩn trên trang 1.")


def secrecy_in(lines: list[Placed]) -> Proposal[Secrecy] | None:
    """The printed secrecy level, highest first, from the mark zone of any page; else `None`.

    A doubtful mark is reported too: a secret file let in costs more than a needless question.
    """
    found: list[Proposal[Secrecy]] = []
    in_header = {placed.index for placed in header_lines(lines)}
    for placed in lines:
        mark = mark_on(placed.text)
        if isinstance(mark, Secrecy):
            sure = 0.97 if placed.index in in_header else 0.8
            found.append(proposed(mark, sure, [placed], needs_look=True))
            continue
        spoken = _SPOKEN_LEVEL.search(placed.text)
        in_line = _MARK_IN_LINE.search(placed.text) if placed.index in in_header else None
        if in_line is not None and is_national_heading(placed.text):
            in_line = None
        hit = spoken or in_line
        if hit is not None:
            level = dict(_SECRECY)[letters_only(hit[1])]
            note = "Có chữ chỉ độ mật lẫn trong dòng; đồng chí xem lại trang này."
            found.append(proposed(level, 0.6, [placed], note, needs_look=True))
    return max(found, key=lambda one: (one.value, one.confidence), default=None)


def circulation_in(lines: list[Placed]) -> Proposal[str] | None:
    """The printed limit of circulation, else `None`."""
    for placed in header_lines(lines):
        mark = mark_on(placed.text)
        if mark is not None and not isinstance(mark, Urgency | Secrecy):
            return proposed(str(mark), 0.95, [placed])
    return None
