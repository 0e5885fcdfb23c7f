"""Which part of the page a line belongs to: left or right column, centre, full width.

Source: documents.md 4.1, 4.2 (geometry of the header and the signature block).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from nhactruong.records.extraction.rules.flat import flat, letters_only
from nhactruong.records.extraction.rules.page import ReadDocument
from nhactruong.records.extraction.rules.proposal import Placed

Zone = Literal["left", "right", "centre", "full"]

#: Column borders as fractions of the width; margins of 30/15 mm put the text's middle at 0.536.
_LEFT_ENDS: Final = 0.455
_RIGHT_BEGINS: Final = 0.605
_FULL_WIDTH: Final = 0.62
#: The header block, with every mark and a long name, ends above this part of page 1.
HEADER_ENDS: Final = 0.5

_BODY_OPENS: Final = re.compile(
    r"^\W*(?:kinh gui|kinh trinh|can cu|thuc hien|xet |theo |de |ngay \d|ban thuong vu|"
    r"ban chap hanh)"
)
NATION: Final = ("congsanvietnam", "conghoaxahoi", "xahoichunghia", "doclaptudo", "tudohanhphuc")


def placed_lines(document: ReadDocument) -> list[Placed]:
    """All lines in reading order."""
    return [
        Placed(line, page, index)
        for index, (page, line) in enumerate(
            (page, line) for page, whole in enumerate(document.pages) for line in whole.lines
        )
    ]


def zone(placed: Placed) -> Zone:
    """The part of the page a line stands in; a DOCX paragraph outside a table is `full`."""
    line = placed.line
    if line.box is None:
        return line.side or "full"
    if line.box.x1 - line.box.x0 > _FULL_WIDTH:
        return "full"
    if line.box.centre_x < _LEFT_ENDS:
        return "left"
    return "right" if line.box.centre_x > _RIGHT_BEGINS else "centre"


def is_rule(text: str) -> bool:
    """A drawn rule, an asterisk, dashes: a line without a letter or digit."""
    return not letters_only(text)


def is_national_heading(text: str) -> bool:
    """Quốc hiệu, tiêu ngữ or the Party's heading."""
    packed = letters_only(text)
    return any(piece in packed for piece in NATION)


def opens_body(text: str) -> bool:
    """A line with which the body of a document usually begins."""
    return _BODY_OPENS.match(flat(text)) is not None


def header_lines(lines: list[Placed]) -> Iterator[Placed]:
    """Lines of page 1 that may belong to the header: its upper half, or a DOCX's first lines."""
    for placed in lines:
        if placed.page > 0:
            return
        box = placed.line.box
        if (box.y0 > HEADER_ENDS) if box is not None else (placed.index > 30):
            continue
        yield placed


def follows_closely(upper: Placed, lower: Placed, *, limit: float = 2.3) -> bool:
    """Whether `lower` is the next row of the same block (gap below `limit` heights of a line)."""
    if upper.page != lower.page:
        return False
    a, b = upper.line.box, lower.line.box
    if a is None or b is None:
        return True
    return 0 <= b.centre_y - a.centre_y <= limit * max(a.height, b.height, 0.012)


def is_above(placed: Placed, below: Placed) -> bool:
    """Whether `placed` stands higher than `below`, or comes earlier where there are no places."""
    a, b = placed.line.box, below.line.box
    if a is None or b is None:
        return placed.index < below.index
    return a.centre_y < b.centre_y - b.height / 3


def is_upper(text: str) -> bool:
    """Whether the letters of `text` are capitals, but for a few."""
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) > 1 and sum(sign.isupper() for sign in letters) >= 0.8 * len(letters)
