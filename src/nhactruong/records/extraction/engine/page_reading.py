"""The words of PDF pages and pictures: the drawn text, or recognition where there is none.

Runs inside `run_isolated`, except for files we made ourselves.
"""

from __future__ import annotations

from pathlib import Path
from string import ascii_letters, digits, punctuation
from typing import Any, Final

from PIL import Image, ImageOps

from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.text import fold
from nhactruong.records.extraction.engine.isolated import BROKEN
from nhactruong.records.extraction.engine.ocr import (
    OCR_DPI,
    OcrEngine,
    TesseractOcr,
)
from nhactruong.records.extraction.engine.pdf_text import text_lines
from nhactruong.records.extraction.engine.pdfium import PdfiumError, pypdfium2
from nhactruong.records.extraction.engine.pdfium import raw as pdfium
from nhactruong.records.extraction.rules.page import Line, Page, ReadDocument, Source

#: Fewer letters than this on a drawn page: look whether its text is a picture.
_FEW_LETTERS: Final = 80
_SOME_LETTERS: Final = 200
#: Shares of all signs: broken code tables and old fonts (TCVN3, VNI) show more odd signs than this.
_ODD_SIGNS: Final = 0.06
#: Vietnamese prose marks about one letter in four; a foreign scanner's own text layer none.
_MARKED_LETTERS: Final = 0.05
_SCAN_COVERS: Final = 0.5
_ORDINARY: Final = frozenset(ascii_letters + digits + punctuation + "–—−“”‘’…°•·§№²³½×")
_MAX_OCR_PIXELS: Final = 40_000_000


def read_pdf(path: str, max_ocr_pages: int, tessdata: str) -> dict[str, Any]:
    """A PDF as plain values, for the child process."""
    ocr = _LazyOcr(Path(tessdata))
    return read_pdf_here(Path(path), ocr, max_ocr_pages=max_ocr_pages).as_json()


def read_picture(path: str, max_ocr_pages: int, tessdata: str) -> dict[str, Any]:
    """A picture file as plain values, for the child process."""
    ocr = _LazyOcr(Path(tessdata))
    pages = tuple(_picture_pages(Path(path), ocr, max_ocr_pages))
    return ReadDocument(pages, "ocr").as_json()


class _LazyOcr:
    """The shipped engine, loaded (0.1 s) only when a page needs it."""

    def __init__(self, tessdata: Path) -> None:
        self._tessdata = tessdata
        self._engine: TesseractOcr | None = None

    def lines(self, picture: Image.Image, dpi: int) -> tuple[Line, ...]:
        """Lines of the picture."""
        if self._engine is None:
            self._engine = TesseractOcr(self._tessdata)
        return self._engine.lines(picture, dpi)


def read_pdf_here(path: Path, ocr: OcrEngine, *, max_ocr_pages: int) -> ReadDocument:
    """The words of a PDF, read in this process with the given engine: for files we made ourselves.

    Raises: InvalidInput `file.broken`.
    """
    pages = tuple(_pdf_pages(path, ocr, max_ocr_pages))
    source: Source = "ocr" if any(page.source == "ocr" for page in pages) else "text_layer"
    return ReadDocument(pages, source)


def _pdf_pages(path: Path, ocr: OcrEngine, max_ocr_pages: int) -> list[Page]:
    try:
        document = pypdfium2.PdfDocument(path)
        document.init_forms()
        scans_left = max_ocr_pages
        pages: list[Page] = []
        for index in range(len(document)):
            page = _pdf_page(document, index, ocr if scans_left > 0 else None)
            scans_left -= page.source == "ocr"
            pages.append(page)
    except PdfiumError as fault:
        raise InvalidInput("file.broken", BROKEN, reason=str(fault)) from fault
    return pages


def _pdf_page(document: Any, index: int, ocr: OcrEngine | None) -> Page:
    page = document[index]
    try:
        width, height = page.get_size()
        lines = text_lines(document, page)
        if not _needs_ocr(page, lines):
            return Page(width, height, lines, "text_layer" if lines else "blank")
        if ocr is None:
            return Page(width, height, lines, "skipped")
        scale = min(OCR_DPI / 72, (_MAX_OCR_PIXELS / max(width * height, 1.0)) ** 0.5)
        picture = draw(document, page, scale, grayscale=True)
        return Page(width, height, ocr.lines(picture, round(scale * 72)), "ocr")
    finally:
        page.close()


def draw(document: Any, page: Any, scale: float, *, grayscale: bool) -> Image.Image:
    """The page with its form fields, without the viewer's blue highlight on them."""
    if document.formenv is not None:
        pdfium.FPDF_SetFormFieldHighlightAlpha(document.formenv, 0)
    picture: Image.Image = page.render(
        scale=scale, grayscale=grayscale, limit_image_cache=True, rev_byteorder=not grayscale
    ).to_pil()
    return picture


def _needs_ocr(page: Any, lines: tuple[Line, ...]) -> bool:
    text = " ".join(line.text for line in lines)
    letters = sum(sign.isalpha() for sign in text)
    if letters >= _FEW_LETTERS and is_garbage(text):
        return True
    if letters >= _SOME_LETTERS:
        return is_without_marks(text) and _scan_cover(page) > _SCAN_COVERS
    cover = _scan_cover(page)
    if letters < _FEW_LETTERS and cover > _SCAN_COVERS:
        return True
    return letters == 0 and cover > 0


def is_garbage(text: str) -> bool:
    """Whether a text layer holds signs that no office text holds: wrong code tables, old fonts."""
    signs = [sign for sign in text if not sign.isspace()]
    odd = sum(1 for sign in signs if sign not in _ORDINARY and not _is_vietnamese_letter(sign))
    return odd > _ODD_SIGNS * len(signs)


def _is_vietnamese_letter(sign: str) -> bool:
    return sign.isalpha() and fold(sign).isascii()


def is_without_marks(text: str) -> bool:
    """Whether long text has hardly any Vietnamese letter, as foreign scanners write it."""
    letters = [sign for sign in text if sign.isalpha()]
    marked = sum(1 for sign in letters if not sign.isascii())
    return marked < _MARKED_LETTERS * len(letters)


def _scan_cover(page: Any) -> float:
    """The share of the page under its largest picture; tiny when only other things are drawn."""
    width, height = page.get_size()
    best = 0.0
    for drawn in page.get_objects(max_depth=3):
        if drawn.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = drawn.get_bounds()
            best = max(best, (right - left) * (top - bottom) / (width * height))
        elif drawn.type in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_SHADING):
            best = max(best, 0.01)
    return best


def _picture_pages(path: Path, ocr: OcrEngine, max_ocr_pages: int) -> list[Page]:
    pages: list[Page] = []
    try:
        with Image.open(path, formats=("PNG", "JPEG", "TIFF")) as opened:
            for frame in range(getattr(opened, "n_frames", 1)):
                opened.seek(frame)
                dpi = _dpi(opened)
                size = (opened.width * 72 / dpi, opened.height * 72 / dpi)
                if frame >= max_ocr_pages:
                    pages.append(Page(*size, (), "skipped"))
                    continue
                upright = ImageOps.exif_transpose(opened).convert("L")
                pages.append(Page(*size, ocr.lines(upright, round(dpi)), "ocr"))
    except (OSError, SyntaxError, ValueError, EOFError) as fault:
        raise InvalidInput("file.broken", BROKEN, reason=type(fault).__name__) from fault
    return pages


def _dpi(picture: Image.Image) -> float:
    """The resolution a picture states, else the one that makes it about as wide as A4."""
    stated = picture.info.get("dpi", (0, 0))[0]
    if 70 <= stated <= 1300:
        return float(stated)
    return max(70.0, min(picture.width, picture.height) / 8.27)
