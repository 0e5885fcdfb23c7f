"""What a file is by its content, from its first and last bytes; never reads it whole.

Source: ISO 32000-1 7.5 (PDF), PKWARE APPNOTE 4.3 (ZIP), ECMA-376 part 2 (OOXML).
"""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from typing import Final, Literal

from nhactruong.kernel.errors import InvalidInput
from nhactruong.records.extraction.engine.isolated import BROKEN
from nhactruong.records.extraction.engine.limits import MIB, Limits

Content = Literal["pdf", "zip", "ole", "png", "jpeg", "tiff", "unknown"]

_TAIL: Final = MIB
_DIRECTORY_BYTES: Final = 2 * MIB
_NESTED: Final = (".zip", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".docx", ".docm", ".jar")
MACRO: Final = (
    "Tệp Word có chứa mã lệnh (macro) nên không được nhận. Đề nghị gửi bản .docx thường hoặc PDF."
)
LOCKED: Final = (
    "Tệp có mật khẩu nên không đọc được. Đề nghị nơi gửi gửi lại bản không đặt mật khẩu."
)
BOMB: Final = (
    "Tệp bung ra quá lớn so với dung lượng của nó nên không được nhận. "
    "Đồng chí đề nghị nơi gửi gửi lại bản PDF."
)


def content_of(path: Path) -> Content:
    """The kind of content by its signature bytes."""
    with path.open("rb") as file:
        head = file.read(1024)
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"):
        return "tiff"
    # Mail gateways put lines before the header; readers accept it within the first 1024 bytes.
    return "pdf" if b"%PDF-" in head else "unknown"


def require_pdf_end(path: Path) -> None:
    """Nothing, when the file ends as a PDF does.

    A file cut off in its last update still opens, as an older version of itself: without the
    number, the date or the seal. So a whole object after the last end mark is refused.
    Raises: InvalidInput `file.broken`.
    """
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - _TAIL))
        tail = file.read()
    last = tail.rfind(b"%%EOF")
    if last < 0 or b" obj" in tail[last:]:
        raise InvalidInput("file.broken", BROKEN, reason="cut off")


def is_encrypted_office(path: Path) -> bool:
    """Whether an OLE container is a Word file under a password (it holds `EncryptedPackage`)."""
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        head = file.read(_TAIL)
        file.seek(max(0, size - _TAIL))
        ends = head + file.read()
    return "EncryptedPackage".encode("utf-16-le") in ends


def _require_small_directory(path: Path) -> None:
    """Refuse a ZIP whose directory alone would fill the memory, before anything parses it."""
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - 65_557))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise InvalidInput("file.broken", BROKEN, reason="no directory")
    _, _, _, _, entries, directory_bytes, _, _ = struct.unpack("<4s4H2LH", tail[at : at + 22])
    if entries == 0xFFFF or directory_bytes > _DIRECTORY_BYTES:
        raise InvalidInput("file.zip_bomb", BOMB, entries=entries)


def office_kind(path: Path, limits: Limits) -> Literal["docx", "other"]:
    """`docx` for a plain Word document; `other` for any other archive. Unpacks one small part.

    Raises: InvalidInput `file.zip_bomb`, `file.macro`, `file.password`, `file.broken`.
    """
    _require_small_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _require_modest(entries, path.stat().st_size, limits)
            names = {entry.filename for entry in entries}
            if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
                raise InvalidInput("file.macro", MACRO)
            if "[Content_Types].xml" not in names:
                return "other"
            with archive.open("[Content_Types].xml") as part:
                types = part.read(MIB)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError) as fault:
        raise InvalidInput("file.broken", BROKEN, reason=type(fault).__name__) from fault
    # A part of macros is known by its content type, whatever its name.
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise InvalidInput("file.macro", MACRO)
    return "docx" if b"wordprocessingml.document.main+xml" in types else "other"


def _require_modest(entries: list[zipfile.ZipInfo], file_bytes: int, limits: Limits) -> None:
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise InvalidInput("file.password", LOCKED)
    if any(
        entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries
    ):
        raise InvalidInput("file.broken", BROKEN, reason="compression")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    # Parts that overlap add up to more than the file: the trick of the flat ZIP bomb.
    overlaps = packed > file_bytes
    swells = any(
        entry.file_size > MIB
        and entry.file_size > limits.max_unpack_ratio * max(entry.compress_size, 1)
        for entry in entries
    )
    nested = any(
        entry.filename.lower().endswith(_NESTED)
        and not entry.filename.startswith("word/embeddings/")
        for entry in entries
    )
    too_much = unpacked > limits.max_unpacked_bytes or len(entries) > limits.max_entries
    if overlaps or swells or nested or too_much:
        raise InvalidInput("file.zip_bomb", BOMB, unpacked=unpacked, entries=len(entries))
