"""Rows of a CSV file: UTF-8 with or without its mark; comma, semicolon or tab; any line ends."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nhactruong.kernel.errors import InvalidInput

_LONGEST_FIELD: Final = 65_536
_DELIMITERS: Final = ",;\t"
_ENCODING: Final = (
    "Tệp CSV không ở dạng UTF-8 nên chữ Việt không đọc được. Đồng chí mở bằng bảng tính, lưu lại "
    "thành “CSV UTF-8” hoặc .xlsx rồi gửi."
)


def rows_of(path: Path) -> Iterator[list[str]]:
    """The rows as they stand, the heading first.

    Raises: InvalidInput `importing.encoding`, `importing.row` for a row that cannot be told apart.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open("rb") as raw:
        if raw.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            raise InvalidInput("importing.encoding", _ENCODING)
        raw.seek(0)
        text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
        number = 0
        try:
            delimiter = _delimiter(text.readline(_LONGEST_FIELD))
            text.seek(0)
            for row in csv.reader(text, delimiter=delimiter):
                number += 1
                yield row
        except UnicodeDecodeError:
            raise InvalidInput("importing.encoding", _ENCODING) from None
        except csv.Error:
            raise InvalidInput(
                "importing.row",
                "Không tách được các ô từ dòng %(number)d. Đồng chí kiểm tra dấu nháy kép ở dòng ấy.",
                number=number + 1,
            ) from None


def count_of(path: Path) -> int:
    """The number of rows below the heading, empty ones among them."""
    return max(0, sum(1 for _ in rows_of(path)) - 1)


def _delimiter(first_line: str) -> str:
    """The sign that stands most often outside quotes in the heading."""
    outside = "".join(first_line.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)
