"""Blocks of a body as form fields and back: one kind and one text area a block, no script needed.

Styles are kept without marks in the text: what stands before and after the changed words keeps
its own style (`restyled`). With script the editor sends the whole body as JSON instead.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.text import whole_number
from nhactruong.records.drafting.rules import (
    Block,
    Body,
    Cell,
    Kind,
    Run,
    Table,
    TextBlock,
    block_text,
    body_from_plain,
    body_to_json,
    clean_text,
    numbered,
    parse_body,
    text_of,
)

#: (code, label) of every kind a block may have, in the order of the chooser.
KINDS: Final = (
    ("paragraph", "Đoạn"),
    ("basis", "Căn cứ"),
    ("heading1", "Mục"),
    ("heading2", "Khoản"),
    ("heading3", "Điểm"),
    ("item-", "Gạch"),
    ("item+", "Cộng"),
    ("chapter", "Chương"),
    ("article", "Điều"),
    ("decision_line", "Quyết định"),
    ("table", "Bảng"),
)
_LABELS: Final[Mapping[str, str]] = dict(KINDS)
_CELL_MARK: Final = " | "


@dataclass(frozen=True, slots=True)
class BlockField:
    """A block as the form shows it."""

    id: str
    code: str
    label: str
    text: str
    words: str
    rows: int


def code_of(block: Block) -> str:
    """The code of a block's kind, e.g. `heading2`, `item-`."""
    if isinstance(block, Table):
        return Kind.TABLE.value
    if block.kind is Kind.HEADING:
        return f"heading{block.level}"
    return f"item{block.marker}" if block.kind is Kind.ITEM else block.kind.value


def fields_of(body: Body) -> Sequence[BlockField]:
    """The blocks in order, each with the number printed before it."""
    shown = []
    for entry in numbered(body):
        text = _text(entry.block)
        shown.append(
            BlockField(
                id=entry.block.id,
                code=code_of(entry.block),
                label=entry.label.removeprefix("Điều ").removeprefix("Chương ").strip("-+"),
                text=text,
                words=_LABELS[code_of(entry.block)],
                rows=max(1, min(12, text.count("\n") + 1 + len(text) // 62)),
            )
        )
    return shown


def _text(block: Block) -> str:
    if isinstance(block, Table):
        return "\n".join(_CELL_MARK.join(text_of(cell.runs) for cell in row) for row in block.rows)
    return block_text(block)


def new_id() -> str:
    """An identifier for a block that is new."""
    return f"n{uuid.uuid4().hex[:10]}"


def restyled(runs: Sequence[Run], text: str) -> tuple[Run, ...]:
    """`text` in the styles of `runs`: what did not change keeps its own, new words take the style
    before them (but never a citation, which names exact words)."""
    old = text_of(runs)
    if old == text:
        return tuple(runs)
    if not runs:
        return (Run(text),) if text else ()
    head = 0
    while head < min(len(old), len(text)) and old[head] == text[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(text)) - head and old[-1 - tail] == text[-1 - tail]:
        tail += 1
    style = _cut(runs, max(head - 1, 0), max(head, 1))
    middle = text[head : len(text) - tail]
    added = (replace(style[0], text=middle, cite=None),) if middle and style else ()
    kept = (*_cut(runs, 0, head), *added, *_cut(runs, len(old) - tail, len(old)))
    return tuple(run for run in kept if run.text)


def _cut(runs: Sequence[Run], start: int, end: int) -> tuple[Run, ...]:
    pieces, at = [], 0
    for run in runs:
        piece = run.text[max(start - at, 0) : max(end - at, 0)]
        if piece:
            whole = piece == run.text
            pieces.append(replace(run, text=piece, cite=run.cite if whole else None))
        at += len(run.text)
    return tuple(pieces)


def block_of(code: str, block_id: str, text: str, old: Block | None = None) -> Sequence[Block]:
    """The block (several when a text has several lines) of that kind and text.

    Raises: InvalidInput `outgoing.block_kind`.
    """
    if code not in _LABELS:
        raise InvalidInput(
            "outgoing.block_kind", "Loại khối không có trong thể thức. Tải lại trang rồi sửa lại."
        )
    if code == Kind.TABLE.value:
        if isinstance(old, Table) and _text(old) == text:
            return [old]
        return [_table(block_id, text, old)]
    styles = old.runs if isinstance(old, TextBlock) else ()
    lines = [clean_text(line).strip() for line in text.split("\n")]
    lines = [line for line in lines if line] or [""]
    kind, level, marker = _kind(code)
    runs = [restyled(styles, line) if line else () for line in lines[:1]]
    runs += [(Run(line),) for line in lines[1:]]
    return [
        TextBlock(block_id if n == 0 else new_id(), kind, run, level, marker)
        for n, run in enumerate(runs)
    ]


def _kind(code: str) -> tuple[Kind, int, str]:
    if code.startswith("heading"):
        return Kind.HEADING, int(code[-1]), ""
    if code.startswith("item"):
        return Kind.ITEM, 0, code[-1]
    return Kind(code), 0, ""


def _table(block_id: str, text: str, old: Block | None) -> Table:
    rows = [
        [clean_text(cell).strip() for cell in line.split("|")]
        for line in text.split("\n")
        if line.strip()
    ] or [["", ""], ["", ""]]
    width = max(len(row) for row in rows)
    header = old.header if isinstance(old, Table) else True
    return Table(
        block_id,
        tuple(
            tuple(
                Cell((Run(cell),)) if cell else Cell()
                for cell in [*row, *[""] * (width - len(row))]
            )
            for row in rows
        ),
        header,
    )


def body_from_json(text: str) -> Body:
    """The body the editor sent. Raises: InvalidInput `drafting.body_*`."""
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    return parse_body(value)


def body_from_fields(
    ids: Sequence[str], codes: Sequence[str], texts: Sequence[str], stored: Body
) -> Body:
    """The body of the fields of a form, in their order; known blocks keep their styles.

    Raises: InvalidInput `drafting.body_*`, `outgoing.block_kind`.
    """
    known = {block.id: block for block in stored.blocks}
    blocks: list[Block] = []
    for block_id, code, text in zip(ids, codes, texts, strict=False):
        text = text.replace("\r\n", "\n")
        blocks += block_of(code, block_id, text, known.get(block_id))
    return parse_body(body_to_json(Body(tuple(blocks))))


def without(body: Body, words: Collection[str]) -> Body:
    """The body less the blocks that say nothing but one of `words`."""
    return Body(tuple(block for block in body.blocks if block_text(block).strip() not in words))


def changed(body: Body, act: str, plain: str = "") -> Body:
    """The body after a button of the form: `up:2`, `down:2`, `delete:2`, `add:heading2:2`, `paste:2`.

    The number is the block's place from 0; a place outside the body changes nothing.
    """
    verb, _, rest = act.partition(":")
    code, _, place_words = rest.rpartition(":")
    number = whole_number(place_words)
    place = -1 if place_words == "-1" else -2 if number is None else number
    blocks = list(body.blocks)
    inside = 0 <= place < len(blocks)
    if verb == "delete" and inside:
        del blocks[place]
    elif verb in ("up", "down") and inside:
        other = place + (1 if verb == "down" else -1)
        if 0 <= other < len(blocks):
            blocks[place], blocks[other] = blocks[other], blocks[place]
    elif verb == "add" and -1 <= place < len(blocks):
        blocks[place + 1 : place + 1] = block_of(code, new_id(), "")
    elif verb == "paste" and -1 <= place < len(blocks):
        fresh = [replace(block, id=new_id()) for block in body_from_plain(plain).blocks]
        blocks[place + 1 : place + 1] = fresh
    return parse_body(body_to_json(Body(tuple(blocks))))
