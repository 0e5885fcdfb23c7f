"""The canonical body of a draft: blocks of runs, read from JSON and written back unchanged."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NoReturn
from uuid import UUID

from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.text import nfc

SCHEMA: Final = 1
MAX_BLOCKS: Final = 2_000
#: Characters of one block (for a table: of one cell).
MAX_BLOCK_CHARACTERS: Final = 120_000
MAX_CHARACTERS: Final = 600_000
MAX_COLUMNS: Final = 12
MAX_CELLS: Final = 6_000

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MARKERS: Final = ("-", "+")


class Kind(StrEnum):
    """What a block is in the Party's form. Source: documents.md 4.3 P10, P11."""

    BASIS = "basis"
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    CHAPTER = "chapter"
    ARTICLE = "article"
    DECISION_LINE = "decision_line"
    TABLE = "table"


_KIND_LABELS: Final[Mapping[Kind, str]] = {
    Kind.BASIS: "căn cứ",
    Kind.PARAGRAPH: "đoạn văn",
    Kind.HEADING: "đề mục",
    Kind.ITEM: "gạch đầu dòng",
    Kind.CHAPTER: "chương",
    Kind.ARTICLE: "điều",
    Kind.DECISION_LINE: "dòng quyết định",
    Kind.TABLE: "bảng",
}


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one style; `cite` names the document these words refer to."""

    text: str
    bold: bool = False
    italic: bool = False
    cite: UUID | None = None


@dataclass(frozen=True, slots=True)
class TextBlock:
    """One paragraph; `level` is 1-3 for a heading, else 0; `marker` "-" or "+" for an item."""

    id: str
    kind: Kind
    runs: tuple[Run, ...] = ()
    level: int = 0
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell of a table."""

    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of equally many cells; with `header` the first row repeats on every page."""

    id: str
    rows: tuple[tuple[Cell, ...], ...]
    header: bool = True


Block = TextBlock | Table


@dataclass(frozen=True, slots=True)
class Body:
    """The blocks of a draft in reading order, with ids that are unique in it."""

    blocks: tuple[Block, ...] = ()


def clean_text(text: str) -> str:
    """`text` in NFC with line ends and tabs made blanks, and without marks that print nothing.

    Control and direction marks are dropped, so that what is read is what is printed.
    """
    if text.isprintable():
        return nfc(text)
    kept = []
    for letter in text:
        category = unicodedata.category(letter)
        if letter in "\t\n\r\v\f" or category in ("Zl", "Zp"):
            kept.append(" ")
        elif category not in ("Cc", "Cf", "Cs"):
            kept.append(letter)
    return nfc("".join(kept))


def text_of(runs: Iterable[Run]) -> str:
    """The words of `runs` without their styles."""
    return "".join(run.text for run in runs)


def block_text(block: Block) -> str:
    """The words of a block; a table gives one line a row, its cells parted by tabs."""
    if isinstance(block, TextBlock):
        return text_of(block.runs)
    return "\n".join("\t".join(text_of(cell.runs) for cell in row) for row in block.rows)


def body_to_json(body: Body) -> dict[str, Any]:
    """The JSON value `parse_body` reads; false flags and absent links are left out."""
    return {"schema": SCHEMA, "blocks": [_block_to_json(block) for block in body.blocks]}


def _block_to_json(block: Block) -> dict[str, Any]:
    if isinstance(block, Table):
        rows = [[{"runs": _runs_to_json(cell.runs)} for cell in row] for row in block.rows]
        return {"id": block.id, "kind": Kind.TABLE.value, "header": block.header, "rows": rows}
    value: dict[str, Any] = {"id": block.id, "kind": block.kind.value}
    if block.kind is Kind.HEADING:
        value["level"] = block.level
    if block.kind is Kind.ITEM:
        value["marker"] = block.marker
    value["runs"] = _runs_to_json(block.runs)
    return value


def _runs_to_json(runs: tuple[Run, ...]) -> list[dict[str, Any]]:
    values = []
    for run in runs:
        value: dict[str, Any] = {"text": run.text}
        if run.bold:
            value["bold"] = True
        if run.italic:
            value["italic"] = True
        if run.cite is not None:
            value["cite"] = str(run.cite)
        values.append(value)
    return values


def parse_body(value: Any) -> Body:
    """The body written in a JSON value, its text cleaned and neighbouring runs of one style joined.

    Raises: InvalidInput `drafting.body_*` with a sentence that names the block.
    """
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        raise InvalidInput(
            "drafting.body_schema",
            "Không đọc được nội dung dự thảo vì sai phiên bản cấu trúc. Tải lại trang rồi lưu lại.",
        )
    _only_keys(value, {"schema", "blocks"}, "Nội dung dự thảo")
    raw_blocks = value.get("blocks")
    if not isinstance(raw_blocks, list):
        _refuse("shape", "Nội dung dự thảo", "thiếu danh sách khối")
    if len(raw_blocks) > MAX_BLOCKS:
        raise InvalidInput(
            "drafting.body_too_long",
            "Dự thảo có %(count)s khối, vượt mức %(limit)s khối. Tách phần dài thành phụ lục.",
            count=len(raw_blocks),
            limit=MAX_BLOCKS,
        )
    blocks = tuple(_parse_block(raw, n) for n, raw in enumerate(raw_blocks, start=1))
    seen: set[str] = set()
    for n, block in enumerate(blocks, start=1):
        if block.id in seen:
            _refuse("id", f"Khối {n}", f"mã “{block.id}” trùng với một khối trước")
        seen.add(block.id)
    total = sum(len(block_text(block)) for block in blocks)
    if total > MAX_CHARACTERS:
        raise InvalidInput(
            "drafting.body_too_long",
            "Dự thảo có %(count)s ký tự, vượt mức %(limit)s ký tự. Tách phần dài thành phụ lục.",
            count=total,
            limit=MAX_CHARACTERS,
        )
    return Body(blocks)


def _refuse(code: str, where: str, why: str) -> NoReturn:
    raise InvalidInput(
        f"drafting.body_{code}",
        "%(where)s không hợp lệ: %(why)s. Sửa lại khối này rồi lưu.",
        where=where,
        why=why,
    )


def _only_keys(value: Mapping[Any, Any], allowed: set[str], where: str) -> None:
    unknown = sorted(str(key) for key in value if key not in allowed)
    if unknown:
        _refuse("shape", where, f"có mục lạ “{clean_text(unknown[0])[:40]}”")


def _parse_block(raw: Any, position: int) -> Block:
    where = f"Khối {position}"
    if not isinstance(raw, dict):
        _refuse("shape", where, "không phải là một khối nội dung")
    try:
        kind = Kind(str(raw.get("kind")))
    except ValueError:
        _refuse("kind", where, "loại khối không có trong thể thức")
    where = f"Khối {position} ({_KIND_LABELS[kind]})"
    block_id = raw.get("id")
    if not isinstance(block_id, str) or not _ID.fullmatch(block_id):
        _refuse("id", where, "mã khối phải gồm 1 đến 64 chữ cái không dấu, chữ số, “-” hoặc “_”")
    if kind is Kind.TABLE:
        return _parse_table(raw, block_id, where)
    allowed = {"id", "kind", "runs"}
    level: Any = 0
    marker: Any = ""
    if kind is Kind.HEADING:
        allowed.add("level")
        level = raw.get("level")
        if type(level) is not int or level not in (1, 2, 3):
            _refuse("level", where, "cấp đề mục phải là 1, 2 hoặc 3")
    if kind is Kind.ITEM:
        allowed.add("marker")
        marker = raw.get("marker")
        if marker not in _MARKERS:
            _refuse("marker", where, "dấu đầu dòng phải là “-” hoặc “+”")
    _only_keys(raw, allowed, where)
    return TextBlock(block_id, kind, _parse_runs(raw.get("runs"), where), level, marker)


def _parse_table(raw: Mapping[str, Any], block_id: str, where: str) -> Table:
    _only_keys(raw, {"id", "kind", "header", "rows"}, where)
    header = raw.get("header", True)
    if not isinstance(header, bool):
        _refuse("shape", where, "cờ dòng tiêu đề phải là đúng hoặc sai")
    rows = raw.get("rows")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) for row in rows):
        _refuse("shape", where, "bảng phải có ít nhất một dòng")
    width = len(rows[0])
    if not 1 <= width <= MAX_COLUMNS:
        _refuse("shape", where, f"bảng phải có từ 1 đến {MAX_COLUMNS} cột")
    if width * len(rows) > MAX_CELLS:
        _refuse("too_long", where, f"bảng có quá {MAX_CELLS} ô")
    parsed = []
    for r, row in enumerate(rows, start=1):
        if len(row) != width:
            _refuse("shape", where, f"dòng {r} không có đủ {width} ô")
        cells = []
        for c, cell in enumerate(row, start=1):
            at = f"{where}, dòng {r}, cột {c}"
            if not isinstance(cell, dict):
                _refuse("shape", at, "không phải là một ô")
            _only_keys(cell, {"runs"}, at)
            cells.append(Cell(_parse_runs(cell.get("runs"), at)))
        parsed.append(tuple(cells))
    return Table(block_id, tuple(parsed), header)


def _parse_runs(raw: Any, where: str) -> tuple[Run, ...]:
    if not isinstance(raw, list):
        _refuse("shape", where, "thiếu phần chữ")
    runs: list[Run] = []
    for value in raw:
        run = _parse_run(value, where)
        last = runs[-1] if runs else None
        if last and (last.bold, last.italic, last.cite) == (run.bold, run.italic, run.cite):
            runs[-1] = Run(nfc(last.text + run.text), run.bold, run.italic, run.cite)
        elif run.text:
            runs.append(run)
    if sum(len(run.text) for run in runs) > MAX_BLOCK_CHARACTERS:
        _refuse("too_long", where, f"dài quá {MAX_BLOCK_CHARACTERS} ký tự")
    return tuple(runs)


def _parse_run(raw: Any, where: str) -> Run:
    if not isinstance(raw, dict) or not isinstance(raw.get("text"), str):
        _refuse("shape", where, "phần chữ sai cấu trúc")
    _only_keys(raw, {"text", "bold", "italic", "cite"}, where)
    bold, italic = raw.get("bold", False), raw.get("italic", False)
    if not isinstance(bold, bool) or not isinstance(italic, bool):
        _refuse("shape", where, "kiểu chữ đậm, nghiêng phải là đúng hoặc sai")
    cite = raw.get("cite")
    if cite is not None:
        try:
            cite = UUID(cite)
        except (ValueError, TypeError, AttributeError):
            _refuse("cite", where, "liên kết tới văn bản viện dẫn bị hỏng")
    return Run(clean_text(raw["text"]), bold, italic, cite)
