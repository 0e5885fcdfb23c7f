"""What stands where on a printed page, read from the PDF itself, never from the anchors."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

MM = 72 / 25.4


@dataclass(frozen=True)
class Line:
    """A printed line of text; mm from the left and the top of the page, by its glyphs."""

    page: int
    text: str
    left: float
    right: float
    top: float
    base: float
    size: float
    face: str


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
    rows: list[list[_Mark]] = []
    blank = False
    for index in range(text.count_chars()):
        letter = text.get_text_range(index, 1)
        if not letter.strip():
            blank = True
            continue
        mark = _mark(text, index, " " + letter if blank else letter)
        blank = False
        last = rows[-1][-1] if rows else None
        if last and abs(last.base - mark.base) < 1 and -2 < mark.left - last.right < 40:
            rows[-1].append(mark)
        else:
            rows.append([mark])
    for row in rows:
        yield Line(
            page=number,
            text="".join(mark.text for mark in row).strip(),
            left=row[0].left / MM,
            right=row[-1].right / MM,
            top=min(height - mark.top for mark in row) / MM,
            base=(height - row[0].base) / MM,
            size=row[0].size,
            face=row[0].face,
        )


@dataclass(frozen=True)
class _Mark:
    text: str
    left: float
    right: float
    top: float
    base: float
    size: float
    face: str


def _mark(text: pypdfium2.PdfTextPage, index: int, letter: str) -> _Mark:
    left, _, right, top = text.get_charbox(index)
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, index, x, y)
    name = ctypes.create_string_buffer(80)
    raw.FPDFText_GetFontInfo(text, index, name, 80, ctypes.c_int())
    return _Mark(
        letter,
        left,
        right,
        top,
        y.value,
        raw.FPDFText_GetFontSize(text, index),
        name.value.decode().split("+")[-1],
    )


def line_with(found: list[Line], words: str) -> Line:
    """The first line that holds `words`."""
    for line in found:
        if words in line.text:
            return line
    raise AssertionError(f"no line with {words!r} among {[line.text for line in found]}")
