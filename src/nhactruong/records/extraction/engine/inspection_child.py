"""The part of the inspection that parses hostile bytes; runs only inside `run_isolated`."""

from __future__ import annotations

import time
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from PIL import Image, UnidentifiedImageError

from nhactruong.kernel.errors import InvalidInput
from nhactruong.records.extraction.engine.isolated import BROKEN
from nhactruong.records.extraction.engine.pdfium import PdfiumError, pypdfium2
from nhactruong.records.extraction.engine.pdfium import raw as pdfium
from nhactruong.records.extraction.engine.sniffing import BOMB, LOCKED

_CHUNK: Final = 1024 * 1024
_MAX_XML_BYTES: Final = 64 * 1024 * 1024
_TOO_MANY_PAGES: Final = (
    "Tệp có %(pages)d trang, quá mức %(limit)d trang. Đồng chí tách thành nhiều tệp rồi gửi lại."
)
_DOCTYPE: Final = (
    "Tệp Word có phần khai báo lạ (DTD) mà văn bản Word không bao giờ có nên không được nhận. "
    "Đồng chí đề nghị nơi gửi mở tệp bằng Word, lưu lại rồi gửi, hoặc gửi bản PDF."
)
_TOO_MANY_PIXELS: Final = (
    "Ảnh ở trang %(page)d rộng %(width)d × %(height)d điểm ảnh, quá mức %(limit)d triệu điểm. "
    "Đồng chí quét lại ở 300 dpi rồi gửi."
)


def _broken_at(page: int) -> InvalidInput:
    return InvalidInput(
        "file.broken",
        "Tệp bị hỏng từ trang %(page)d nên không nhận được. Đồng chí đề nghị nơi gửi gửi lại bản khác.",
        page=page,
    )


def inspect_pdf(path: str, max_pages: int, check_seconds: float) -> int:
    """The number of pages, each of which could be opened within `check_seconds`."""
    try:
        document = pypdfium2.PdfDocument(Path(path))
    except PdfiumError as fault:
        if fault.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise InvalidInput("file.password", LOCKED) from fault
        raise InvalidInput("file.broken", BROKEN, reason=str(fault)) from fault
    pages = len(document)
    if pages > max_pages:
        raise InvalidInput("file.too_many_pages", _TOO_MANY_PAGES, pages=pages, limit=max_pages)
    stop_at = time.monotonic() + check_seconds
    for index in range(pages):
        try:
            document[index].close()
        except PdfiumError as fault:
            raise _broken_at(index + 1) from fault
        if time.monotonic() > stop_at:
            break
    return pages


def _refuse_doctype(*_declaration: Any) -> None:
    raise InvalidInput("file.doctype", _DOCTYPE)


def inspect_docx(path: str) -> None:
    """Nothing, when every part unpacks to its checksum and the text is well-formed XML."""
    parser = expat.ParserCreate()
    # A Word document has no DTD; one that has wants to define entities that multiply.
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                with archive.open(entry) as part:
                    while part.read(_CHUNK):
                        continue
            if archive.getinfo("word/document.xml").file_size > _MAX_XML_BYTES:
                raise InvalidInput("file.zip_bomb", BOMB)
            with archive.open("word/document.xml") as part:
                parser.ParseFile(part)
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, EOFError,
            expat.ExpatError) as fault:  # fmt: skip
        raise InvalidInput("file.broken", BROKEN, reason=type(fault).__name__) from fault


def inspect_picture(path: str, max_pages: int, max_pixels: int, check_seconds: float) -> int:
    """The number of pictures in the file, each decoded whole within `check_seconds`."""
    Image.MAX_IMAGE_PIXELS = None
    # Pillow warns about harmless metadata; a picture that cannot be used raises.
    warnings.simplefilter("ignore")
    stop_at = time.monotonic() + check_seconds
    frame = 0
    try:
        with Image.open(path, formats=("PNG", "JPEG", "TIFF")) as picture:
            pages: int = getattr(picture, "n_frames", 1)
            if pages > max_pages:
                raise InvalidInput(
                    "file.too_many_pages", _TOO_MANY_PAGES, pages=pages, limit=max_pages
                )
            for frame in range(pages):
                picture.seek(frame)
                if picture.width * picture.height > max_pixels:
                    raise InvalidInput(
                        "file.picture_too_large",
                        _TOO_MANY_PIXELS,
                        page=frame + 1,
                        width=picture.width,
                        height=picture.height,
                        limit=max_pixels // 1_000_000,
                    )
                picture.load()
                if time.monotonic() > stop_at:
                    break
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as fault:
        raise _broken_at(frame + 1) from fault
    return pages
