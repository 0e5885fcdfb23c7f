"""The gate for received files: what it is, how many pages, or a refusal a clerk understands.

Content decides, not the name. Anything that needs a parser happens in a child process; the
caller reads at most a megabyte from either end of the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from nhactruong.kernel.errors import InvalidInput
from nhactruong.records.extraction.engine.isolated import run_isolated
from nhactruong.records.extraction.engine.limits import DEFAULT_LIMITS, MIB, Limits
from nhactruong.records.extraction.engine.sniffing import (
    LOCKED,
    content_of,
    is_encrypted_office,
    office_kind,
    require_pdf_end,
)

Kind = Literal["pdf", "docx", "image"]

_MEDIA: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "tiff": "image/tiff",
}
_SUFFIXES: Final = {
    "pdf": (".pdf",),
    "docx": (".docx",),
    "png": (".png",),
    "jpeg": (".jpg", ".jpeg"),
    "tiff": (".tif", ".tiff"),
}
_CONTENT_NAMES: Final = {
    "pdf": "tệp PDF",
    "docx": "tệp Word",
    "png": "ảnh PNG",
    "jpeg": "ảnh JPEG",
    "tiff": "ảnh TIFF",
    "ole": "tệp Word đời cũ",
    "zip": "tệp nén",
    "unknown": "loại khác",
}
_UNSUPPORTED: Final = (
    "Loại tệp này chưa nhận được. Đồng chí gửi tệp PDF, Word (.docx) hoặc ảnh quét PNG, JPEG, TIFF."
)


@dataclass(frozen=True, slots=True)
class InspectedFile:
    """A file that passed the gate. A DOCX has no `pages` (`None`) until laid out."""

    kind: Kind
    media_type: str
    pages: int | None
    size: int


def inspect_upload(
    path: Path, declared_name: str, limits: Limits = DEFAULT_LIMITS
) -> InspectedFile:
    """The kind, media type, pages and size in bytes of a received file.

    Raises: InvalidInput `file.empty`, `file.too_large`, `file.unsupported`, `file.wrong_extension`,
    `file.password`, `file.macro`, `file.doctype`, `file.zip_bomb`, `file.picture_too_large`,
    `file.too_many_pages`, `file.broken`.
    """
    size = path.stat().st_size
    if size == 0:
        raise InvalidInput(
            "file.empty",
            "Tệp không có nội dung (0 byte). Đồng chí chọn lại tệp, hoặc đề nghị gửi lại.",
        )
    if size > limits.max_bytes:
        raise InvalidInput(
            "file.too_large",
            "Tệp nặng %(size_mb)d MB, quá mức %(limit_mb)d MB. "
            "Đồng chí tách phụ lục thành tệp riêng.",
            size_mb=-(-size // MIB),
            limit_mb=limits.max_bytes // MIB,
        )
    content = _content(path, declared_name, limits)
    bounds = {"memory_bytes": limits.child_memory_bytes, "seconds": limits.child_seconds}
    pages: int | None = None
    kind: Kind
    if content == "pdf":
        kind = "pdf"
        require_pdf_end(path)
        pages = run_isolated(
            "inspect_pdf", str(path), limits.max_pages, limits.check_seconds, **bounds
        )
    elif content == "docx":
        kind = "docx"
        run_isolated("inspect_docx", str(path), **bounds)
    else:
        kind = "image"
        pages = run_isolated(
            "inspect_picture", str(path), limits.max_pages, limits.max_picture_pixels,
            limits.check_seconds, **bounds,
        )  # fmt: skip
    return InspectedFile(kind, _MEDIA[content], pages, size)


def _content(path: Path, declared_name: str, limits: Limits) -> str:
    """`pdf`, `docx`, `png`, `jpeg` or `tiff`, agreeing with the declared name."""
    suffix = Path(declared_name).suffix.lower()
    content: str = content_of(path)
    if content == "zip" and office_kind(path, limits) == "docx":
        content = "docx"
    if content == "ole" and is_encrypted_office(path):
        raise InvalidInput("file.password", LOCKED)
    expected = next((kind for kind, suffixes in _SUFFIXES.items() if suffix in suffixes), None)
    if expected == content or (content in _SUFFIXES and not suffix):
        return content
    if content in _SUFFIXES or expected is not None:
        raise InvalidInput(
            "file.wrong_extension",
            "Tên tệp có đuôi “%(suffix)s” nhưng nội dung là %(content)s. "
            "Đồng chí kiểm tra lại tệp, hoặc đề nghị nơi gửi gửi lại đúng loại.",
            suffix=suffix,
            content=_CONTENT_NAMES[content],
        )
    if content == "ole":
        raise InvalidInput(
            "file.unsupported",
            "Tệp Word đời cũ (.doc) chưa nhận được. Đề nghị lưu lại thành .docx hoặc PDF rồi gửi.",
        )
    raise InvalidInput("file.unsupported", _UNSUPPORTED)
