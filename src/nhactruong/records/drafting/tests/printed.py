"""What stands where on a printed page, read from the PDF itself, never from the anchors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2

MM = 72 / 25.4


@dataclass(frozen=True)
class Line:
    """A printed line of text; mm from the left and from the top of the page, boxes of the glyphs."""

    page: int
    text: str
    left: float
    right: float
    top: float
    base: float
    size: float


def lines(pdf: bytes) -> list[Line]:
    """The lines of all pages, from the top, parts of one line in two columns apart."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        found = []
        for number, page in enumerate(document):
            found += sorted(_page_lines(number, page), key=lambda line: (line.base, line.left))
        return found
    finally:
        document.close()


def _page_lines(number: int, page: pypdfium2.PdfPage) -> Iterator[Line]:
    height = page.get_height()
    text = page.get_textpage()
    rows: list[list[tuple[str, float, float, float, float, float]]] = []
    for index in range(text.count_chars()):
        letter = text.get_text_range(index, 1)
        if not letter.strip():
            continue
        left, _, right, top = text.get_charbox(index)
        _, low, _, high = text.get_charbox(index, loose=True)
        size = (high - low) / 1.107  # ascent and descent of the face: 0.891 + 0.216
        base = low + 0.216 * size
        mark = (letter, left, right, top, base, size)
        last = rows[-1][-1] if rows else None
        if last and abs(last[4] - base) < 1 and -2 < left - last[2] < 3 * size:
            rows[-1].append(mark)
        else:
            rows.append([mark])
    for row in rows:
        words = row[0][0]
        for before, mark in zip(row, row[1:], strict=False):
            words += (" " if mark[1] - before[2] > 0.15 * mark[5] else "") + mark[0]
        yield Line(
            page=number,
            text=words,
            left=row[0][1] / MM,
            right=row[-1][2] / MM,
            top=min(height - mark[3] for mark in row) / MM,
            base=(height - row[0][4]) / MM,
            size=row[0][5],
        )


def line_with(found: list[Line], words: str) -> Line:
    """The first line that holds `words`."""
    for line in found:
        if words in line.text:
            return line
    raise AssertionError(f"no line with {words!r} among {[line.text for line in found]}")
