"""How much a received file may cost. Every value is a setting of the installation."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds; the defaults suit an office with scanned annexes."""

    max_bytes: int = 200 * MIB
    max_pages: int = 3000
    #: All parts of a DOCX together after unpacking, as its own directory declares them.
    max_unpacked_bytes: int = 400 * MIB
    #: A part that grows more than this when unpacked is no office document.
    max_unpack_ratio: int = 200
    max_entries: int = 5000
    max_picture_pixels: int = 100_000_000
    #: Looking at every page stops after this time; the remaining pages are taken on trust.
    check_seconds: float = 10.0
    #: Recognition costs 1-4 s a page, so that a scanned book must not hold a worker for an hour.
    max_ocr_pages: int = 30
    child_memory_bytes: int = 512 * MIB
    child_seconds: int = 30
    #: Reading and recognising need more of both.
    reading_memory_bytes: int = 1536 * MIB
    reading_seconds: int = 600


DEFAULT_LIMITS = Limits()
