"""Drawing one page as a PNG; runs only inside `run_isolated`."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Final, Literal

from PIL import Image, ImageOps

from nhactruong.kernel.errors import InvalidInput
from nhactruong.records.extraction.engine.isolated import BROKEN
from nhactruong.records.extraction.engine.page_reading import draw
from nhactruong.records.extraction.engine.pdfium import PdfiumError, pypdfium2

#: A strip of 1 x 10000 must not become a picture of gigabytes.
_TALLEST: Final = 16_000


def render_page(path: str, page_index: int, width_px: int, kind: Literal["pdf", "image"]) -> str:
    """The PNG in base64, for the child process."""
    try:
        picture = (
            _from_pdf(path, page_index, width_px)
            if kind == "pdf"
            else _from_picture(path, page_index, width_px)
        )
    except (PdfiumError, OSError, SyntaxError, ValueError) as fault:
        raise InvalidInput("file.broken", BROKEN, reason=type(fault).__name__) from fault
    out = io.BytesIO()
    picture.save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode("ascii")


def _no_such_page(page_index: int) -> InvalidInput:
    return InvalidInput(
        "file.no_such_page", "Tệp không có trang %(page)d. Đồng chí tải lại trang.",
        page=page_index + 1,
    )  # fmt: skip


def _from_pdf(path: str, page_index: int, width_px: int) -> Image.Image:
    document = pypdfium2.PdfDocument(Path(path))
    document.init_forms()
    if not 0 <= page_index < len(document):
        raise _no_such_page(page_index)
    page = document[page_index]
    width, height = page.get_size()
    scale = min(width_px / max(width, 1.0), _TALLEST / max(height, 1.0))
    return draw(document, page, scale, grayscale=False)


def _from_picture(path: str, page_index: int, width_px: int) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(path, formats=("PNG", "JPEG", "TIFF")) as opened:
        if not 0 <= page_index < getattr(opened, "n_frames", 1):
            raise _no_such_page(page_index)
        opened.seek(page_index)
        if opened.format == "JPEG":
            opened.draft("RGB", (width_px, width_px * 2))
        upright = ImageOps.exif_transpose(opened).convert("RGB")
    upright.thumbnail((width_px, _TALLEST), Image.Resampling.LANCZOS)
    return upright
