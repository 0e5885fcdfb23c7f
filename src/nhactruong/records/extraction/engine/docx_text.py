"""The words of a DOCX in reading order: paragraphs, tables, text boxes, content controls.

Walks the XML itself, because python-docx passes over content controls, tracked insertions and
text boxes; what a reviewer deleted is left out. Boxes are absent: only Word decides on pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import docx
from docx.oxml.ns import qn
from docx.shared import Length

from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.text import one_line
from nhactruong.records.extraction.engine.isolated import BROKEN
from nhactruong.records.extraction.rules.page import Line, Page, ReadDocument, Side, Word

_OFF: Final = ("0", "false", "off")
_A4: Final = (595.3, 841.9)
_SKIPPED: Final = frozenset(
    qn(name) for name in ("w:del", "w:moveFrom", "w:txbxContent", "w:instrText", "w:delText")
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_P, _TBL, _TR, _TC, _SDT, _SDT_CONTENT, _R, _T, _TAB, _BR, _CR, _TXBX, _NO_BREAK = (
    qn(name)
    for name in (
        "w:p", "w:tbl", "w:tr", "w:tc", "w:sdt", "w:sdtContent", "w:r", "w:t", "w:tab", "w:br",
        "w:cr", "w:txbxContent", "w:noBreakHyphen",
    )
)  # fmt: skip
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
#: Blanks typed to push a date to the right edge stand for a change of column.
_PUSHED: Final = "     "


def read_docx(path: str) -> dict[str, Any]:
    """A DOCX as plain values, for the child process. Raises: InvalidInput `file.broken`."""
    try:
        page = docx_page(Path(path))
    except (KeyError, ValueError, OSError) as fault:
        raise InvalidInput("file.broken", BROKEN, reason=type(fault).__name__) from fault
    return ReadDocument((page,), "docx").as_json()


def docx_page(path: Path) -> Page:
    """All lines of the document body as one page of its first section's size."""
    document = docx.Document(str(path))
    section = document.sections[0] if len(document.sections) else None
    width = _points(section.page_width, _A4[0]) if section else _A4[0]
    height = _points(section.page_height, _A4[1]) if section else _A4[1]
    styles = _StyleWeights(document)
    lines = tuple(_block(document.element.body, styles, None))
    return Page(width, height, lines, "docx")


def _points(length: Length | None, default: float) -> float:
    return default if length is None else round(length.pt, 1)


class _StyleWeights:
    """Bold, italic and size of paragraph styles, following what they are based on."""

    def __init__(self, document: Any) -> None:
        self._styles = {style.style_id: style for style in document.styles}
        self._default = document.styles.default(1) if len(self._styles) else None

    def of(self, paragraph: Any) -> tuple[bool | None, bool | None, float | None]:
        """What the paragraph's style says; `None` where it says nothing."""
        found: list[Any] = [None, None, None]
        style = self._styles.get(paragraph.style) or self._default
        seen: set[str] = set()
        while style is not None and style.style_id not in seen:
            seen.add(style.style_id)
            font = getattr(style, "font", None)
            if font is not None:
                said = (font.bold, font.italic, font.size.pt if font.size else None)
                found = [
                    old if old is not None else new for old, new in zip(found, said, strict=True)
                ]
            style = style.base_style
        return found[0], found[1], found[2]


def _block(parent: Any, styles: _StyleWeights, side: Side | None) -> Iterator[Line]:
    for child in parent.iterchildren():
        if child.tag == _P:
            yield from _paragraph(child, styles, side)
        elif child.tag == _TBL:
            yield from _table(child, styles, side)
        elif child.tag == _SDT:
            content = child.find(_SDT_CONTENT)
            if content is not None:
                yield from _block(content, styles, side)


def _table(table: Any, styles: _StyleWeights, side: Side | None) -> Iterator[Line]:
    """Cells row by row; in a table of two columns a cell tells the side of its lines."""
    for row in table.iter(_TR):
        cells = [cell for cell in row.iter(_TC) if _owner(cell, _TR) is row]
        for place, cell in enumerate(cells):
            cell_side: Side | None = side
            if len(cells) == 2 or (len(cells) == 3 and place != 1):
                cell_side = "left" if place == 0 else "right"
            if _owner(row, _TBL) is table:
                yield from _block(cell, styles, cell_side)


def _owner(element: Any, tag: str) -> Any:
    parent = element.getparent()
    while parent is not None and parent.tag != tag:
        parent = parent.getparent()
    return parent


def _paragraph(paragraph: Any, styles: _StyleWeights, side: Side | None) -> Iterator[Line]:
    style = styles.of(paragraph)
    rows: list[list[tuple[str, Any]]] = [[]]
    for text, run in _pieces(paragraph):
        if text == "\n":
            rows.append([])
        else:
            rows[-1].append((text, run))
    for row in rows:
        yield from _columns(row, style, side)
    for box in paragraph.iter(_TXBX):
        if not _is_inside_fallback(box, paragraph):
            yield from _block(box, styles, side)


def _is_inside_fallback(element: Any, stop: Any) -> bool:
    """Whether Word 97 gets this copy of a text box; the first copy has been read already."""
    while element is not None and element is not stop:
        if element.tag == _FALLBACK:
            return True
        element = element.getparent()
    return False


def _pieces(element: Any) -> Iterator[tuple[str, Any]]:
    """Text with its run, `\\n` for a break, `\\t` for a tab."""
    for child in element.iterchildren():
        if child.tag in _SKIPPED or child.tag == qn("w:pPr"):
            continue
        if child.tag == _T:
            yield child.text or "", element
        elif child.tag == _TAB:
            yield "\t", element
        elif child.tag == _NO_BREAK:
            yield "-", element
        elif child.tag in (_BR, _CR):
            yield "\n", element
        else:
            yield from _pieces(child)


def _columns(
    row: list[tuple[str, Any]],
    style: tuple[bool | None, bool | None, float | None],
    side: Side | None,
) -> Iterator[Line]:
    """One line, or a left and a right one when tabs or many blanks part two columns."""
    whole = "".join(text for text, _ in row)
    marked = whole.strip().replace(_PUSHED, "\t")
    parts = [one_line(part) for part in marked.split("\t")]
    parts = [part for part in parts if part]
    runs = [(text, run) for text, run in row if text.strip()]
    bold = _weight(runs, "w:b", style[0])
    italic = _weight(runs, "w:i", style[1])
    size = next((value for _, run in runs if (value := _size(run)) is not None), style[2])
    for place, part in enumerate(parts):
        part_side = side
        if side is None and len(parts) == 2:
            part_side = "left" if place == 0 else "right"
        words = tuple(Word(word, None) for word in part.split())
        yield Line(part, None, words, size, bold, italic, part_side)


def _weight(runs: list[tuple[str, Any]], name: str, by_style: bool | None) -> bool:
    """Whether more than half of the letters carry the property."""
    letters = sum(len(text) for text, _ in runs)
    carried = 0
    for text, run in runs:
        properties = run.find(qn("w:rPr"))
        mark = properties.find(qn(name)) if properties is not None else None
        said = bool(by_style) if mark is None else mark.get(qn("w:val"), "1") not in _OFF
        carried += len(text) if said else 0
    return letters > 0 and carried * 2 > letters


def _size(run: Any) -> float | None:
    properties = run.find(qn("w:rPr"))
    mark = properties.find(qn("w:sz")) if properties is not None else None
    value = mark.get(qn("w:val"), "") if mark is not None else ""
    return int(value) / 2 if value.isdigit() else None
