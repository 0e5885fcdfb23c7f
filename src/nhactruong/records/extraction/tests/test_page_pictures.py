"""Pictures of pages: drawn once, kept, and never for a page that is not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nhactruong.foundation.files import store
from nhactruong.foundation.files.models import Blob, Holding
from nhactruong.kernel.errors import InvalidInput, NotFound
from nhactruong.records.documents.models import Rendition
from nhactruong.records.extraction import pictures


@pytest.fixture
def kept(settings: Any, tmp_path: Path) -> Path:
    settings.STATE_FOLDER = tmp_path
    settings.FILE_STORE = tmp_path / "files"
    return tmp_path


def rendition_of(
    path: Path, media_type: str = "application/pdf", pages: int | None = 1
) -> Rendition:
    with path.open("rb") as stream:
        stored = store.write(store.chunks_of(stream))
    holding = Holding(blob=Blob(sha256=stored.sha256, size_bytes=stored.size))
    return Rendition(holding=holding, media_type=media_type, page_count=pages)


def test_a_page_is_drawn_once_and_kept(kept: Path, report_pdf: Path) -> None:
    rendition = rendition_of(report_pdf)
    first = pictures.page_picture(rendition, 1, width_px=200)
    assert first.path.read_bytes().startswith(b"\x89PNG")
    assert kept in first.path.parents
    first.path.write_bytes(b"kept")
    assert pictures.page_picture(rendition, 1, width_px=200).path.read_bytes() == b"kept"
    assert pictures.page_tag(rendition, 1) != first.tag


@pytest.mark.parametrize("page", [0, 2])
def test_a_page_that_is_not_there_is_not_found(kept: Path, report_pdf: Path, page: int) -> None:
    with pytest.raises(NotFound):
        pictures.page_picture(rendition_of(report_pdf), page)


def test_a_word_file_has_no_pages_to_draw(kept: Path, report_docx: Path) -> None:
    word = rendition_of(report_docx, "application/msword", None)
    assert pictures.page_count(word) == 0
    with pytest.raises(NotFound):
        pictures.page_picture(word, 1)


def test_a_file_the_store_has_lost_is_not_found(kept: Path, report_pdf: Path) -> None:
    rendition = rendition_of(report_pdf)
    with store.local_copy(rendition.holding.blob.sha256) as lost:
        lost.unlink()
    with pytest.raises(NotFound):
        pictures.page_picture(rendition, 1)


def test_drawing_ahead_leaves_out_what_cannot_be_drawn(
    kept: Path, tmp_path: Path, report_pdf: Path
) -> None:
    rendition = rendition_of(report_pdf)
    pictures.draw_first_pages(rendition)
    assert (kept / "pictures").is_dir()
    broken = tmp_path / "hong.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing")
    torn = rendition_of(broken)
    pictures.draw_first_pages(torn)
    with pytest.raises(InvalidInput):
        pictures.page_picture(torn, 1)
