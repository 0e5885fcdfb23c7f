"""Page pictures of drafts: our own letters, set and drawn in process, kept by their content.

A draft changes with every save, so its pictures are kept apart and the oldest are let go.
Pictures of frozen renditions are those of `extraction.pictures`.
"""

from __future__ import annotations

import hashlib
import io
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

from django.conf import settings

from nhactruong.kernel.errors import NotFound
from nhactruong.records.drafting.typesetting import Letter, preview
from nhactruong.records.extraction.engine.pdfium import pypdfium2

#: Pixels across a page: sharp in the preview pane on a dense screen.
WIDTH: Final = 1000
SIZE: Final = (WIDTH, 1414)
#: So many preview files are kept; above it the older half goes.
_KEPT_FILES: Final = 600
_A4_POINTS: Final = 595.28

#: pdfium is one library for all threads of the process.
_pdfium: Final = threading.Lock()


def stamp_of(letter: Letter) -> str:
    """What names everything the letter prints: the same words give the same stamp."""
    return hashlib.sha256(repr(letter).encode()).hexdigest()[:40]


def _folder() -> Path:
    return Path(settings.STATE_FOLDER) / "pictures" / "drafts"


def page_count(letter: Letter) -> int:
    """The number of pages of the letter; its pictures are drawn on the way."""
    stamp = stamp_of(letter)
    noted = _folder() / f"{stamp}.pages"
    with suppress(OSError, ValueError):
        return int(noted.read_text(encoding="ascii"))
    return len(_draw(letter, stamp))


def page(letter: Letter, number: int) -> bytes:
    """The PNG of page `number` (from 1). Raises: NotFound `picture.no_such_page`."""
    stamp = stamp_of(letter)
    with suppress(OSError):
        return (_folder() / f"{stamp}-{number}.png").read_bytes()
    drawn = _draw(letter, stamp)
    if not 1 <= number <= len(drawn):
        raise NotFound("picture.no_such_page", "Bản xem trước không có trang này.")
    return drawn[number - 1]


def _draw(letter: Letter, stamp: str) -> list[bytes]:
    pdf = preview(letter)
    drawn = []
    with _pdfium:
        document = pypdfium2.PdfDocument(pdf)
        for sheet in document:
            out = io.BytesIO()
            bitmap = sheet.render(scale=WIDTH / _A4_POINTS)
            bitmap.to_pil().save(out, "PNG", compress_level=3)
            drawn.append(out.getvalue())
        document.close()
    # A full disk costs speed only: the pictures are drawn again when asked for.
    with suppress(OSError):
        _keep(stamp, drawn)
    return drawn


def _keep(stamp: str, drawn: list[bytes]) -> None:
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    files = sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime)
    if len(files) > _KEPT_FILES:
        for old in files[: len(files) // 2]:
            old.unlink(missing_ok=True)
    for number, png in enumerate(drawn, start=1):
        _write(folder / f"{stamp}-{number}.png", png)
    _write(folder / f"{stamp}.pages", str(len(drawn)).encode())


def _write(path: Path, content: bytes) -> None:
    unfinished = path.with_suffix(f".{threading.get_ident()}.part")
    unfinished.write_bytes(content)
    unfinished.replace(path)
