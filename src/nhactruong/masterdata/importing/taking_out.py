"""Lists as files: CSV line by line, XLSX whole; and the empty file with its explanations."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, Final

from openpyxl.cell.cell import WriteOnlyCell
from openpyxl.styles.fonts import Font
from openpyxl.workbook.workbook import Workbook

from nhactruong.masterdata.importing.rules import ListKind, escaped, headings_of

#: Tells spreadsheets that the letters are Unicode.
_MARK: Final = b"\xef\xbb\xbf"
#: A column of text: codes keep their zeros, days stay as they are typed.
_AS_TEXT: Final = "@"
_WIDTH: Final = 24
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA: Final = {"csv": "text/csv; charset=utf-8", "xlsx": _XLSX}
_EXPLAINED: Final = ("Cột", "Bắt buộc", "Ghi gì", "Ví dụ")


def csv_lines(heading: Sequence[str], lines: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The table as UTF-8 with its mark, never a formula."""
    yield _MARK + _csv_line(heading)
    for line in lines:
        yield _csv_line(line)


def _csv_line(cells: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow([escaped(cell) for cell in cells])
    return out.getvalue().encode()


def xlsx_file(kind: ListKind, lines: Iterable[Sequence[str]]) -> IO[bytes]:
    """The list as a workbook, read from its beginning; the caller closes it.

    Its second sheet explains the columns, so that a list without lines is the empty file to fill.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Danh sách")
    _widen(sheet, len(kind.columns), as_text=True)
    sheet.freeze_panes = "A2"
    sheet.append(_bold(sheet, headings_of(kind)))
    for line in lines:
        sheet.append([escaped(cell) for cell in line])
    explained = book.create_sheet("Cách ghi")
    _widen(explained, len(_EXPLAINED), as_text=False)
    explained.append(_bold(explained, _EXPLAINED))
    for column in kind.columns:
        needed = "Có" if column.is_required else ""
        explained.append([column.heading, needed, column.explanation, escaped(column.example)])
    out = tempfile.TemporaryFile()  # noqa: SIM115 (handed to the answer, which closes it)
    book.save(out)
    out.seek(0)
    return out


def _widen(sheet: Any, columns: int, *, as_text: bool) -> None:
    for number in range(columns):
        dimension = sheet.column_dimensions[chr(ord("A") + number)]
        dimension.width = _WIDTH
        if as_text:
            dimension.number_format = _AS_TEXT


def _bold(sheet: Any, cells: Iterable[str]) -> list[Any]:
    row = []
    for text in cells:
        cell = WriteOnlyCell(sheet, text)
        cell.font = Font(bold=True)
        row.append(cell)
    return row
