"""The received file as the viewer shows it, and what its signatures are worth, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from nhactruong.foundation.ui.shapes import PagePicture, SourceMark
from nhactruong.records.extraction import pictures
from nhactruong.records.extraction.models import Reading
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.selectors import Original
from nhactruong.records.signing.showing import VERDICT_KINDS

#: A viewer of hundreds of pages would be slow to open; the rest is read in the original.
_MOST_PAGES: Final = 60

_BADGES: Final[Mapping[str, tuple[str, str, str]]] = {
    "valid": ("Chữ ký hợp lệ", "ok", "ok"),
    "valid_with_warnings": ("Chữ ký hợp lệ, cần lưu ý", "soon", "warn"),
    "indeterminate": ("Chữ ký chưa xác định", "neutral", "help"),
    "invalid": ("Chữ ký không hợp lệ", "late", "stop"),
    "unsigned": ("Không có chữ ký số", "neutral", "info"),
}


@dataclass(frozen=True, slots=True)
class FileView:
    """What the viewer and the verdict strip need."""

    pages: Sequence[PagePicture]
    file_name: str
    download_url: str
    signatures_url: str
    verdict_kind: str
    verdict_sentence: str
    verdict_badge: tuple[str, str, str] | None
    words: str
    left_out: int
    is_word: bool


def file_view(
    document: IncomingDocument,
    original: Original,
    marks: Mapping[int, Sequence[SourceMark]] | None = None,
) -> FileView:
    """The pages with their text layer and marks; a Word file has its words only."""
    count = pictures.page_count(original.rendition)
    width, height = pictures.SCREEN_SIZE
    texts = original.reading.text.split("\f")
    shown = [
        PagePicture(
            reverse("incoming:page", args=[document.public_id, number + 1]),
            width,
            height,
            texts[number] if number < len(texts) else "",
            tuple((marks or {}).get(number, ())),
        )
        for number in range(min(count, _MOST_PAGES))
    ]
    return FileView(
        pages=shown,
        file_name=document.file_name,
        download_url=reverse("incoming:download", args=[document.public_id]),
        signatures_url=reverse("incoming:signatures", args=[document.public_id]),
        verdict_kind=VERDICT_KINDS.get(original.verdict, ""),
        verdict_sentence=original.verdict_sentence,
        verdict_badge=_BADGES.get(original.verdict),
        words=original.reading.text if not count else "",
        left_out=max(0, count - _MOST_PAGES),
        is_word=not count,
    )


def is_waiting(original: Original) -> bool:
    """Whether the file is still to be read."""
    return original.reading.state == Reading.State.WAITING
