"""Page pictures for the screen: drawn once by the engine, then kept beside the installation's state.

The caller has checked sight of the document; nothing here knows of HTTP.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from nhactruong.kernel.errors import InvalidInput, NotFound, OutsideFailure
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.extraction.engine.inspection import Kind
from nhactruong.records.extraction.engine.pictures import render_page

#: Pixels across a page as the viewer shows it (52 rem at most, sharp on a dense screen).
SCREEN_WIDTH: Final = 1240
#: Width and height of an A4 picture of that width, for pages nobody has drawn yet.
SCREEN_SIZE: Final = (SCREEN_WIDTH, 1754)

_KINDS: Final[dict[str, Kind]] = {
    "application/pdf": "pdf",
    "image/png": "image",
    "image/jpeg": "image",
    "image/tiff": "image",
}


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A drawn page: where its PNG lies and a tag that changes with what it shows."""

    path: Path
    tag: str


def page_count(rendition: Rendition) -> int:
    """How many pages of a rendition can be drawn; a Word file has none."""
    if rendition.media_type not in _KINDS:
        return 0
    return rendition.page_count or 1


def page_tag(rendition: Rendition, page: int, *, width_px: int = SCREEN_WIDTH) -> str:
    """What names the picture of page `page` (from 1) at that width, drawn or not."""
    return f"{rendition.holding.blob.sha256}-{page}-{width_px}"


def page_picture(rendition: Rendition, page: int, *, width_px: int = SCREEN_WIDTH) -> KeptPicture:
    """The PNG of page `page` (from 1), drawn now unless it is kept already.

    Raises: NotFound `picture.no_such_page`, `files.missing`; InvalidInput `file.broken`;
    OutsideFailure `picture.disk`.
    """
    if not 1 <= page <= page_count(rendition):
        raise NotFound("picture.no_such_page", "Tệp không có trang này. Đồng chí tải lại trang.")
    tag = page_tag(rendition, page, width_px=width_px)
    kept = Path(settings.STATE_FOLDER) / "pictures" / tag[:2] / f"{tag}.png"
    if not kept.exists():
        kind = _KINDS[rendition.media_type]
        with contents.local_copy(rendition) as source:
            png = render_page(source, page - 1, width_px=width_px, kind=kind)
        _keep(kept, png)
    return KeptPicture(kept, tag)


def draw_first_pages(rendition: Rendition, pages: int = 2) -> None:
    """The first pages are drawn before anybody asks; a page that cannot be drawn is left out."""
    for page in range(1, min(pages, page_count(rendition)) + 1):
        try:
            page_picture(rendition, page)
        except InvalidInput:
            return


def _keep(path: Path, png: bytes) -> None:
    """Write the whole picture, then give it its name: nobody ever reads half of one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(png)
        Path(unfinished).replace(path)
    except OSError as error:
        raise OutsideFailure(
            "picture.disk",
            "Chưa ghi được hình trang vì kho tệp đầy hoặc hỏng. Báo quản trị hệ thống.",
        ) from error
