"""Rows of the first sheet of an XLSX workbook, as text; formulas stay formulas, to be refused.

Source: ECMA-376 part 1 (SpreadsheetML), part 2 (packages).
"""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from openpyxl.reader.excel import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from nhactruong.kernel.errors import InvalidInput
from nhactruong.masterdata.importing.engine.opening import BROKEN, MIB, OLE

_MOST_UNPACKED: Final = 400 * MIB
_MOST_RATIO: Final = 200
_MOST_ENTRIES: Final = 500
_MACROS: Final = ("vbaproject.bin", "vbadata.xml")
_MACRO_PLACES: Final = ("xl/macrosheets/", "xl/dialogsheets/", "xl/activex/", "xl/ctrlprops/")
_LINK_PLACES: Final = ("xl/externallinks/", "xl/embeddings/", "xl/querytables/", "xl/connections")
_MACRO: Final = (
    "Tệp có chứa mã lệnh (macro) nên không được nhận. Đồng chí lưu lại thành .xlsx thường."
)
_LINKS: Final = (
    "Tệp nối với tệp khác hoặc nguồn dữ liệu bên ngoài nên không được nhận. "
    "Đồng chí chép giá trị sang tệp mẫu rồi gửi."
)
_BOMB: Final = "Tệp bung ra quá lớn so với dung lượng của nó nên không được nhận."
_LOCKED: Final = (
    "Tệp có mật khẩu hoặc là tệp Excel đời cũ (.xls) nên không đọc được. "
    "Đồng chí lưu lại thành .xlsx không đặt mật khẩu."
)
_HEAD_BYTES: Final = 65_536
_FIRST_SHEET: Final = "xl/worksheets/sheet1.xml"
_DIMENSION: Final = re.compile(rb'<(?:\w+:)?dimension [^>]*ref="[A-Z]+1:[A-Z]+(\d{1,7})"')
#: Before its root element a part has a declaration and remarks, never a DTD.
_BEFORE_ROOT: Final = re.compile(rb"^\xef\xbb\xbf|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_ROOT: Final = re.compile(rb"\s*<[A-Za-z_]")
#: What a cell with a formula that fills several cells reads as: refused as every formula is.
_SOME_FORMULA: Final = "=…"


def count_of(path: Path) -> int | None:
    """The number of rows below the heading as the first sheet says it, None when it does not."""
    with zipfile.ZipFile(path) as archive:
        if _FIRST_SHEET not in archive.namelist():
            return None
        with archive.open(_FIRST_SHEET) as part:
            said = _DIMENSION.search(part.read(_HEAD_BYTES))
    return max(0, int(said[1]) - 1) if said else None


def rows_of(path: Path) -> Iterator[list[str]]:
    """The rows as text, the heading first. Raises: InvalidInput `file.…`."""
    _require_plain(path)
    with _first_sheet(path) as sheet:
        # What the sheet says of its size is not believed: a wrong word would cut rows off.
        sheet.reset_dimensions()
        number = 0
        rows = iter(sheet.iter_rows(values_only=True))
        while True:
            try:
                row = next(rows, None)
            except (ParseError, ValueError, KeyError, IndexError, OSError, EOFError, zlib.error,
                    zipfile.BadZipFile) as fault:  # fmt: skip
                raise InvalidInput("file.broken", BROKEN, after=number) from fault
            if row is None:
                return
            number += 1
            yield [_text(value) for value in row]


@contextmanager
def _first_sheet(path: Path) -> Iterator[Any]:
    """The first sheet, open for reading row by row."""
    warnings.simplefilter("ignore")
    # A path would have to end as the library likes; the store names files by their hash.
    with path.open("rb") as file:
        try:
            book: Any = load_workbook(file, read_only=True, keep_links=False)
        except (InvalidFileException, ParseError, ValueError, KeyError, IndexError, TypeError,
                AttributeError, OSError, EOFError, zlib.error, zipfile.BadZipFile) as fault:  # fmt: skip
            raise InvalidInput("file.broken", BROKEN) from fault
        try:
            if not book.worksheets:
                raise InvalidInput("file.broken", BROKEN)
            yield book.worksheets[0]
        finally:
            book.close()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}" if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, time):
        return value.isoformat()
    return _SOME_FORMULA


def _require_plain(path: Path) -> None:
    """Nothing for a workbook without code and links that is about as large as it seems."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            names = [entry.filename.lower() for entry in entries]
            if any(entry.flag_bits & 0x1 for entry in entries):
                raise InvalidInput("file.password", _LOCKED)
            packed = sum(entry.compress_size for entry in entries)
            if (
                len(entries) > _MOST_ENTRIES
                or packed > path.stat().st_size
                or sum(entry.file_size for entry in entries) > _MOST_UNPACKED
                or any(
                    entry.file_size > MIB
                    and entry.file_size > _MOST_RATIO * max(entry.compress_size, 1)
                    for entry in entries
                )
            ):
                raise InvalidInput("file.zip_bomb", _BOMB)
            types = archive.read("[Content_Types].xml") if "[content_types].xml" in names else b""
            if (
                any(name.endswith(_MACROS) or name.startswith(_MACRO_PLACES) for name in names)
                or b"macroEnabled" in types
                or b"vbaProject" in types
            ):
                raise InvalidInput("file.macro", _MACRO)
            if any(name.startswith(_LINK_PLACES) for name in names):
                raise InvalidInput("file.links", _LINKS)
            if b"spreadsheetml.sheet.main" not in types:
                raise InvalidInput(
                    "file.unsupported",
                    "Tệp không phải bảng tính. Đồng chí gửi tệp .xlsx hoặc .csv.",
                )
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(entry) as part:
                        _require_no_entities(part.read(_HEAD_BYTES))
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, EOFError, NotImplementedError,
            ValueError) as fault:  # fmt: skip
        if path.read_bytes()[:8] == OLE:
            raise InvalidInput("file.password", _LOCKED) from fault
        raise InvalidInput("file.broken", BROKEN) from fault


def _require_no_entities(head: bytes) -> None:
    """A workbook has no DTD; one that has wants to define entities that multiply."""
    if not _ROOT.match(_BEFORE_ROOT.sub(b"", head)):
        raise InvalidInput("file.broken", BROKEN)
