"""The words of a PDF page as drawn, with the values of form fields at their places.

Filled fields are not part of a page's text; our own issued documents carry number and date in
the fields `so` and `ngay`. Source: signatures.md 2 (step 3), architecture.md 2 (PDF read).
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from nhactruong.kernel.text import nfc
from nhactruong.records.extraction.engine.pdfium import raw as pdfium
from nhactruong.records.extraction.rules.page import Box, Line, Word

#: Gaps in units of the letter size: a blank between words, a gutter between columns.
_WORD_GAP: Final = 0.18
_COLUMN_GAP: Final = 1.6
_SAME_ROW: Final = 0.35
_BOLD_FROM: Final = 600
_GRID: Final = 100_000


@dataclass(slots=True)
class _Glyph:
    """One letter: its text, edges and baseline in points from the top left."""

    text: str
    x0: float
    x1: float
    baseline: float
    size: float
    bold: bool
    italic: bool
    after_blank: bool


@dataclass(frozen=True, slots=True)
class _Style:
    size: float
    bold: bool
    italic: bool


class _PagePlane:
    """Maps points of the page's own space to points from the top left of the page as shown."""

    def __init__(self, page: Any) -> None:
        self.width, self.height = page.get_size()
        left, bottom, right, top = page.get_bbox()
        origin = self._device(page, left, bottom)
        along_x = self._device(page, right, bottom)
        along_y = self._device(page, left, top)
        wide, tall = (right - left) or 1.0, (top - bottom) or 1.0
        self._left, self._bottom = left, bottom
        self._origin = origin
        self._x = tuple((a - o) / wide for a, o in zip(along_x, origin, strict=True))
        self._y = tuple((a - o) / tall for a, o in zip(along_y, origin, strict=True))

    def _device(self, page: Any, x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(
            page, 0, 0, _GRID, _GRID, 0, x, y, ctypes.byref(across), ctypes.byref(down)
        )
        return across.value / _GRID * self.width, down.value / _GRID * self.height

    def shown(self, x: float, y: float) -> tuple[float, float]:
        """The point in points from the top left of the page as shown."""
        dx, dy = x - self._left, y - self._bottom
        return (
            self._origin[0] + dx * self._x[0] + dy * self._y[0],
            self._origin[1] + dx * self._x[1] + dy * self._y[1],
        )


def text_lines(document: Any, page: Any) -> tuple[Line, ...]:
    """Lines from top to bottom, columns apart; `document` must have run `init_forms()`."""
    plane = _PagePlane(page)
    textpage = page.get_textpage()
    try:
        glyphs = list(_glyphs(textpage, plane))
    finally:
        textpage.close()
    glyphs.extend(_field_values(document, page, plane))
    lines = [_line(part, plane) for row in _rows(glyphs) for part in _columns(row)]
    return tuple(line for line in lines if line is not None)


def _glyphs(textpage: Any, plane: _PagePlane) -> Iterator[_Glyph]:
    styles: dict[int, _Style] = {}
    rect = pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    high = ""
    after_blank = False
    for index in range(textpage.count_chars()):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if 0xD800 <= code < 0xDC00:
            high = chr(code)
            continue
        sign = chr(code)
        if high:
            sign = (high + sign).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            high = ""
        if pdfium.FPDFText_IsGenerated(textpage, index) == 1 or sign.isspace() or code == 0:
            after_blank = True
            continue
        if not pdfium.FPDFText_GetLooseCharBox(textpage, index, ctypes.byref(rect)):
            continue
        pdfium.FPDFText_GetCharOrigin(textpage, index, ctypes.byref(x), ctypes.byref(y))
        ax, _ = plane.shown(rect.left, rect.bottom)
        bx, _ = plane.shown(rect.right, rect.top)
        _, baseline = plane.shown(x.value, y.value)
        text_object = pdfium.FPDFText_GetTextObject(textpage, index)
        address = ctypes.addressof(text_object.contents) if text_object else 0
        style = styles.get(address)
        if style is None:
            style = styles[address] = _style(textpage, index)
        yield _Glyph(
            sign, min(ax, bx), max(ax, bx), baseline, style.size, style.bold, style.italic,
            after_blank,
        )  # fmt: skip
        after_blank = False


def _style(textpage: Any, index: int) -> _Style:
    """Size, weight and slant of a letter; embedded subsets often say so only in the font's name."""
    flags = ctypes.c_int()
    buffer = ctypes.create_string_buffer(256)
    pdfium.FPDFText_GetFontInfo(textpage, index, buffer, 256, ctypes.byref(flags))
    name = buffer.value.decode("utf-8", "replace").lower()
    bold = "bold" in name or "black" in name
    bold = bold or pdfium.FPDFText_GetFontWeight(textpage, index) >= _BOLD_FROM
    italic = "italic" in name or "oblique" in name or bool(flags.value & 0x40)
    matrix = pdfium.FS_MATRIX()
    scale = 1.0
    if pdfium.FPDFText_GetMatrix(textpage, index, ctypes.byref(matrix)):
        scale = math.hypot(matrix.c, matrix.d) or 1.0
    size = pdfium.FPDFText_GetFontSize(textpage, index) * scale
    return _Style(size if size > 0.5 else 12.0, bold, italic)


def _field_values(document: Any, page: Any, plane: _PagePlane) -> Iterator[_Glyph]:
    """The value of each text or choice field as one glyph in the field's rectangle."""
    form = document.formenv
    if form is None:
        return
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            if pdfium.FPDFAnnot_GetSubtype(annotation) != pdfium.FPDF_ANNOT_WIDGET:
                continue
            if pdfium.FPDFAnnot_GetFlags(annotation) & pdfium.FPDF_ANNOT_FLAG_HIDDEN:
                continue
            if pdfium.FPDFAnnot_GetFormFieldType(form, annotation) not in (
                pdfium.FPDF_FORMFIELD_TEXTFIELD,
                pdfium.FPDF_FORMFIELD_COMBOBOX,
            ):
                continue
            value = _field_value(form, annotation)
            rect = pdfium.FS_RECTF()
            if value and pdfium.FPDFAnnot_GetRect(annotation, ctypes.byref(rect)):
                yield from _field_glyphs(value, form, annotation, rect, plane)
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _field_value(form: Any, annotation: Any) -> str:
    size = pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, None, 0)
    buffer = ctypes.create_string_buffer(size + 2)
    pointer = ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR))
    pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, pointer, size)
    return buffer.raw[:size].decode("utf-16-le", "replace").replace("\x00", "").strip()


def _field_glyphs(
    value: str, form: Any, annotation: Any, rect: Any, plane: _PagePlane
) -> Iterator[_Glyph]:
    ax, ay = plane.shown(rect.left, rect.bottom)
    bx, by = plane.shown(rect.right, rect.top)
    left, right, low, top = min(ax, bx), max(ax, bx), max(ay, by), min(ay, by)
    size_of_font = ctypes.c_float()
    known = pdfium.FPDFAnnot_GetFontSize(form, annotation, ctypes.byref(size_of_font))
    size = size_of_font.value if known and size_of_font.value > 1 else min(low - top, 14.0)
    # One field, one row: the baseline of letters of that size set in the middle of the field.
    baseline = (top + low) / 2 + size * 0.33
    words = value.split()
    wide = min(right - left, size * 0.5 * len(value)) or 1.0
    step = wide / max(len(value), 1)
    start = left + (right - left - wide) * _share_before(annotation)
    at = start
    for word in words:
        end = min(right, at + step * len(word))
        yield _Glyph(
            word, at, end, baseline, size, bold=False, italic=False, after_blank=at > start
        )
        at = end + step


def _share_before(annotation: Any) -> float:
    """How much of the empty part of a field stands before its value. Source: ISO 32000-1 12.7.3.3."""
    quadding = ctypes.c_float()
    known = pdfium.FPDFAnnot_GetNumberValue(annotation, b"Q", ctypes.byref(quadding))
    return {1: 0.5, 2: 1.0}.get(int(quadding.value), 0.0) if known else 0.0


def _rows(glyphs: list[_Glyph]) -> list[list[_Glyph]]:
    """Glyphs by baseline, rows from top to bottom, each from left to right."""
    rows: list[list[_Glyph]] = []
    for glyph in sorted(glyphs, key=lambda one: one.baseline):
        row = rows[-1] if rows else None
        if row is not None and glyph.baseline - row[0].baseline <= _SAME_ROW * min(
            glyph.size, row[0].size
        ):
            row.append(glyph)
        else:
            rows.append([glyph])
    for row in rows:
        row.sort(key=lambda one: one.x0)
    return rows


def _columns(row: list[_Glyph]) -> Iterator[list[_Glyph]]:
    part: list[_Glyph] = []
    for glyph in row:
        if part and glyph.x0 - part[-1].x1 > _COLUMN_GAP * max(glyph.size, part[-1].size):
            yield part
            part = []
        part.append(glyph)
    if part:
        yield part


def _line(glyphs: list[_Glyph], plane: _PagePlane) -> Line | None:
    groups: list[list[_Glyph]] = [[]]
    for glyph in glyphs:
        gap = glyph.x0 - groups[-1][-1].x1 if groups[-1] else 0.0
        # A blank drawn as such counts even where justification made it narrow.
        least = 0.05 if glyph.after_blank else _WORD_GAP
        if groups[-1] and gap > least * glyph.size:
            groups.append([])
        groups[-1].append(glyph)
    words = tuple(
        Word(nfc("".join(glyph.text for glyph in group)), _box(group, plane)) for group in groups
    )
    text = nfc(" ".join(word.text for word in words)).strip()
    if not text:
        return None
    letters = sum(len(glyph.text) for glyph in glyphs)
    sizes = sorted(glyph.size for glyph in glyphs)
    return Line(
        text=text,
        box=_box(glyphs, plane),
        words=words,
        size_pt=round(sizes[len(sizes) // 2], 1),
        bold=sum(len(glyph.text) for glyph in glyphs if glyph.bold) * 2 > letters,
        italic=sum(len(glyph.text) for glyph in glyphs if glyph.italic) * 2 > letters,
    )


def _box(glyphs: list[_Glyph], plane: _PagePlane) -> Box:
    top = min(glyph.baseline - 0.75 * glyph.size for glyph in glyphs)
    low = max(glyph.baseline + 0.22 * glyph.size for glyph in glyphs)
    return Box(
        round(min(glyph.x0 for glyph in glyphs) / plane.width, 5),
        round(top / plane.height, 5),
        round(max(glyph.x1 for glyph in glyphs) / plane.width, 5),
        round(low / plane.height, 5),
    )
