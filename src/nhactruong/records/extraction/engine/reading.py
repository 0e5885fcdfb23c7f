"""The words of a received file, whatever it is: drawn text, scanned pages, Word."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from nhactruong.kernel.errors import OutsideFailure
from nhactruong.records.extraction.engine.inspection import Kind
from nhactruong.records.extraction.engine.isolated import run_isolated
from nhactruong.records.extraction.engine.limits import DEFAULT_LIMITS, Limits
from nhactruong.records.extraction.rules.page import ReadDocument

LANGUAGE: Final = "vie"


def default_tessdata() -> Path:
    """The folder with `vie.traineddata` that is delivered with the source tree.

    Raises: OutsideFailure `ocr.no_language_data` when there is none.
    """
    for parent in Path(__file__).resolve().parents:
        folder = parent / "vendor" / "tessdata"
        if (folder / f"{LANGUAGE}.traineddata").is_file():
            return folder
    raise OutsideFailure(
        "ocr.no_language_data",
        "Chưa đọc được bản quét: máy chủ thiếu dữ liệu nhận dạng tiếng Việt. "
        "Đồng chí báo quản trị hệ thống.",
    )


def read_text(
    path: Path, kind: Kind, *, limits: Limits = DEFAULT_LIMITS, tessdata: Path | None = None
) -> ReadDocument:
    """The words of an inspected file, all NFC, read in a child process.

    Pages with a usable text layer are read from it, the others are recognised, at most
    `limits.max_ocr_pages` of them; the rest come back empty with source `skipped`.
    Raises: InvalidInput `file.broken`; OutsideFailure `ocr.no_language_data`.
    """
    bounds = {"memory_bytes": limits.reading_memory_bytes, "seconds": limits.reading_seconds}
    if kind == "docx":
        return ReadDocument.from_json(run_isolated("read_docx", str(path), **bounds))
    folder = str(tessdata or default_tessdata())
    name = "read_pdf" if kind == "pdf" else "read_picture"
    return ReadDocument.from_json(
        run_isolated(name, str(path), limits.max_ocr_pages, folder, **bounds)
    )
