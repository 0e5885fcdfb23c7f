"""What a cell says: its value, or the sentence of what is wrong with it.

Formulas are never taken: a text that would be one carries an apostrophe before it, as spreadsheets
write it, which is put on when a list is taken out and taken off when it is brought in.
Source: security.md 6 V1 (formula escaping).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

from nhactruong.kernel.text import fold, one_line
from nhactruong.masterdata.importing.rules.lists import Cell, Column, ListKind

#: Parsed cells by key of their column; an empty cell is absent.
Values = Mapping[str, Any]

_STARTS_FORMULA: Final = re.compile(r"[=+\-@]")
_NEEDS_MARK: Final = re.compile(r"'*[=+\-@]")
_MARKED: Final = re.compile(r"'+[=+\-@]")
#: Controls (a cell may hold line ends and tabs), direction marks and letters without a shape.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\ufff9-\ufffc\ud800-\udfff]"
)
_DAY: Final = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_MOST_NUMBER: Final = 9999


class Fault(NamedTuple):
    """What is wrong with one cell (or, without a column, with the row), for the office."""

    column: str
    sentence: str


def escaped(text: str) -> str:
    """`text` as a spreadsheet may hold it: never a formula."""
    return f"'{text}" if _NEEDS_MARK.match(text) else text


def unescaped(text: str) -> str:
    """What `escaped` was made of."""
    return text[1:] if _MARKED.match(text) else text


def read_row(kind: ListKind, cells: Sequence[str]) -> tuple[dict[str, Any], list[Fault]]:
    """The values of a row and the faults of its cells; a faulty cell has no value."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for column, raw in zip(kind.columns, cells, strict=True):
        # Most cells are plain; what is asked of each costs the time of a large file.
        value, sentence = _plain(raw)
        if not sentence and not value:
            if column.is_required:
                sentence = f"Thiếu {column.heading}."
            else:
                continue
        elif not sentence:
            value, sentence = _read(column, value)
        if sentence:
            faults.append(Fault(column.key, sentence))
        else:
            values[column.key] = value
    return values, faults


def _plain(raw: str) -> tuple[Any, str]:
    if raw.isascii() and raw.isalnum():
        return raw, ""
    if _UNSEEN.search(raw):
        return "", "Ô có ký tự không nhìn thấy. Đồng chí xóa ô rồi gõ lại."
    text = one_line(raw)
    if _STARTS_FORMULA.match(text):
        return "", (
            "Ô chứa công thức nên không được nhận. Đồng chí dán giá trị thay cho công thức; "
            "nếu là chữ, thêm dấu nháy đơn (') vào trước."
        )
    return unescaped(text), ""


def _read(column: Column, text: str) -> tuple[Any, str]:
    if column.holds is Cell.TEXT:
        if len(text) > column.most:
            return "", (
                f"{column.heading} dài quá {column.most} ký tự (đang có {len(text)}). "
                "Đồng chí viết gọn lại."
            )
        return text, ""
    if column.holds is Cell.DATE:
        day = day_of(text)
        return (day, "") if day else ("", f"Không đọc được ngày “{text[:40]}”. Ghi như 23/11/2026.")
    if column.holds is Cell.NUMBER:
        is_number = text.isascii() and text.isdigit() and len(text) <= 4
        if is_number and 1 <= int(text) <= _MOST_NUMBER:
            return int(text), ""
        return "", f"{column.heading} phải là số nguyên từ 1 đến {_MOST_NUMBER}."
    code = (column.choices or {}).get(_folded(text))
    if code is None:
        return "", f"Không có lựa chọn “{text[:40]}”. {column.explanation}"
    return code, ""


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return fold(text)


@lru_cache(maxsize=4096)
def day_of(text: str) -> date | None:
    """The day written as 23/11/2026, 23.11.2026, 23-11-2026 or 2026-11-23."""
    if not text.isascii():
        return None
    found = _DAY.fullmatch(text)
    parts = found.groups()[::-1] if found else None
    if parts is None:
        found = _ISO.fullmatch(text)
        parts = found.groups() if found else None
    if parts is None:
        return None
    year, month, day = (int(part) for part in parts)
    try:
        return date(year, month, day) if _FIRST_YEAR <= year <= _LAST_YEAR else None
    except ValueError:
        return None
