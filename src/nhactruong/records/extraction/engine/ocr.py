"""Recognising printed Vietnamese on a picture of a page.

`OcrEngine` is the port; `TesseractOcr` the engine we ship. Another engine needs one method.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Protocol

import tesserocr as _tesserocr
from PIL import Image

from nhactruong.kernel.text import nfc
from nhactruong.records.extraction.engine.cleaning import without_rules
from nhactruong.records.extraction.engine.reading import LANGUAGE
from nhactruong.records.extraction.rules.page import Box, Line, Word

#: Its stubs type the enumerations as `...`.
tesserocr: Final[Any] = _tesserocr

#: Scans are recognised at this resolution; vector pages are drawn at it.
OCR_DPI: Final = 300
#: Turning costs a second look at the page; below this angle (degrees) lines still hold together.
_TURN_FROM: Final = 0.6
_TURN_UP_TO: Final = 8.0
#: Words further apart than this many line heights belong to different columns.
_COLUMN_GAP: Final = 1.6
#: Specks of dust; a weak word beside good ones is kept.
_WEAKEST_WORD: Final = 0.3


#: Strokes and dashes as recognition likes to write them.
_PLAIN: Final = str.maketrans({"⁄": "/", "∕": "/", "‐": "-", "¬": "-"})
#: Words without a letter that mean something; any other is dust or a piece of a rule.
_SIGNS: Final = frozenset(("-", "–", "—", "*", "/", "&", "+", "-----", "%"))


class OcrEngine(Protocol):
    """Anything that can read a page's picture."""

    def lines(self, picture: Image.Image, dpi: int) -> tuple[Line, ...]:
        """Lines from top to bottom with boxes in page fractions and confidences 0..1."""
        ...


class TesseractOcr:
    """Tesseract with the Vietnamese model of `tessdata`; one instance per process and thread."""

    def __init__(self, tessdata: Path) -> None:
        self._engine = tesserocr.PyTessBaseAPI(
            path=str(tessdata), lang=LANGUAGE, oem=tesserocr.OEM.LSTM_ONLY, psm=tesserocr.PSM.AUTO
        )

    def lines(self, picture: Image.Image, dpi: int) -> tuple[Line, ...]:
        """Lines as printed, columns apart, weak specks left out."""
        page = picture.convert("L")
        page = without_rules(self._straightened(page, dpi), dpi)
        self._engine.SetImage(page)
        self._engine.SetSourceResolution(dpi)
        self._engine.Recognize()
        return self._collected(page.width, page.height, dpi)

    def _straightened(self, page: Image.Image, dpi: int) -> Image.Image:
        # The slope of lines shows as well on a quarter of the picture.
        small = page.reduce(2)
        self._engine.SetImage(small)
        self._engine.SetSourceResolution(dpi // 2)
        layout = self._engine.AnalyseLayout()
        if layout is None:
            return page
        angle = -layout.Orientation()[3] * 57.29578
        if not _TURN_FROM <= abs(angle) <= _TURN_UP_TO:
            return page
        return page.rotate(-angle, resample=Image.Resampling.BICUBIC, fillcolor=255)

    def _collected(self, width: int, height: int, dpi: int) -> tuple[Line, ...]:
        rows: list[list[Word]] = []
        iterator = self._engine.GetIterator()
        if iterator is None:
            return ()
        for found in tesserocr.iterate_level(iterator, tesserocr.RIL.WORD):
            text = nfc(found.GetUTF8Text(tesserocr.RIL.WORD) or "").strip().translate(_PLAIN)
            edges = found.BoundingBox(tesserocr.RIL.WORD)
            sure = found.Confidence(tesserocr.RIL.WORD) / 100
            starts_line = found.IsAtBeginningOf(tesserocr.RIL.TEXTLINE)
            is_dirt = not any(sign.isalnum() for sign in text) and text not in _SIGNS
            if not text or edges is None or is_dirt:
                if starts_line:
                    rows.append([])
                continue
            left, top, right, bottom = edges
            box = Box(left / width, top / height, right / width, bottom / height)
            if starts_line or not rows:
                rows.append([])
            rows[-1].append(Word(text, box, round(sure, 3)))
        ratio = height / width
        lines = [
            _line(part, height, dpi)
            for row in rows
            for part in split_columns(row, ratio)
            if any(word.confidence >= _WEAKEST_WORD for word in part)
        ]
        return tuple(sorted(lines, key=_reading_order))


def split_columns(row: list[Word], height_to_width: float) -> list[list[Word]]:
    """The words of a row, parted where the gap is wider than a column's gutter."""
    parts: list[list[Word]] = [[]]
    for word in row:
        previous = parts[-1][-1] if parts[-1] else None
        if previous is not None and previous.box is not None and word.box is not None:
            tall = max(previous.box.height, word.box.height) * height_to_width
            if word.box.x0 - previous.box.x1 > _COLUMN_GAP * tall:
                parts.append([])
        parts[-1].append(word)
    return parts


def _line(words: list[Word], height: int, dpi: int) -> Line:
    boxes = [word.box for word in words if word.box is not None]
    box = boxes[0]
    for other in boxes[1:]:
        box = box.joined(other)
    return Line(
        text=" ".join(word.text for word in words),
        box=box,
        words=tuple(words),
        size_pt=round(box.height * height * 72 / dpi * 0.85, 1),
        confidence=round(sum(word.confidence for word in words) / len(words), 3),
    )


def _reading_order(line: Line) -> tuple[float, float]:
    box = line.box
    return (0.0, 0.0) if box is None else (round(box.centre_y, 2), box.x0)
