"""Pictures of pages for the screen: drawn in a child process, as PNG."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Final

from nhactruong.kernel.errors import InvalidInput
from nhactruong.records.extraction.engine.inspection import Kind
from nhactruong.records.extraction.engine.isolated import run_isolated
from nhactruong.records.extraction.engine.limits import DEFAULT_LIMITS, Limits

_WIDEST: Final = 4000
THUMBNAIL_WIDTH: Final = 240


def render_page(
    path: Path, page_index: int, *, width_px: int, kind: Kind = "pdf",
    limits: Limits = DEFAULT_LIMITS,
) -> bytes:  # fmt: skip
    """A PNG of page `page_index` (from 0), `width_px` wide, at most 4000, with filled form fields.

    Raises: InvalidInput `file.broken`, `file.no_such_page`.
    """
    if kind == "docx":
        raise InvalidInput(
            "file.no_picture", "Tệp Word không xem trước thành ảnh được. Đồng chí tải về để xem."
        )
    text = run_isolated(
        "render_page", str(path), page_index, min(max(width_px, 16), _WIDEST), kind,
        memory_bytes=limits.reading_memory_bytes, seconds=limits.child_seconds,
    )  # fmt: skip
    return base64.b64decode(text)


def thumbnail(path: Path, *, kind: Kind = "pdf", limits: Limits = DEFAULT_LIMITS) -> bytes:
    """A PNG of the first page, 240 pixels wide. Raises: as `render_page`."""
    return render_page(path, 0, width_px=THUMBNAIL_WIDTH, kind=kind, limits=limits)
