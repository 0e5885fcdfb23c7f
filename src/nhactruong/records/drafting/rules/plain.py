"""Plain text to a body and back: what is pasted, what is searched, how many words."""

from __future__ import annotations

import re
from typing import Final

from nhactruong.records.drafting.rules.body import (
    Block,
    Body,
    Kind,
    Run,
    Table,
    TextBlock,
    block_text,
    body_to_json,
    clean_text,
    parse_body,
)
from nhactruong.records.drafting.rules.numbering import numbered

_BASIS: Final = re.compile(r"(?:[-–—]\s*)?(Căn cứ\b.*)", re.IGNORECASE)
#: After a căn cứ, the further grounds of the same list.
_FURTHER_BASIS: Final = re.compile(
    r"(?:[-–—]\s*)?((?:Xét|Theo đề nghị|Thực hiện)\b.*[;,.])", re.IGNORECASE
)
_CHAPTER: Final = re.compile(r"Chương\s+[IVXLC]+\b[\s.:–-]*(.*)", re.IGNORECASE)
_ARTICLE: Final = re.compile(r"Điều\s+\d+\s*[.:]\s*(.*)", re.IGNORECASE)
_PART: Final = re.compile(r"[IVX]{1,6}\s*(?:[-–—]\s*|\.\s+)(?P<text>.+)")
_CLAUSE: Final = re.compile(r"\d{1,3}\.\s+(.+)")
_POINT: Final = re.compile(r"[a-zđ]{1,2}\)\s*(.+)")
_DECISION: Final = re.compile(r"(?:QUYẾT ĐỊNH|QUYẾT NGHỊ|NGHỊ QUYẾT|KẾT LUẬN)\s*:")
_ITEM: Final = re.compile(r"([-–—•*+])\s+(.+)")


def body_from_plain(text: str) -> Body:
    """The body of a plain text, one block a line; typed numbers are dropped, for they are counted.

    Raises: InvalidInput `drafting.body_*` when the text is beyond the limits of a body.
    """
    blocks: list[Block] = []
    chapter_waits = False
    for raw_line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        line = clean_text(raw_line).strip()
        if not line:
            continue
        if chapter_waits and line.isupper():
            blocks[-1] = TextBlock(blocks[-1].id, Kind.CHAPTER, (Run(line),))
            chapter_waits = False
            continue
        previous = blocks[-1] if blocks else None
        block = _block_of(line, f"b{len(blocks) + 1}", previous)
        if block.kind is Kind.DECISION_LINE and previous and _names_the_issuer(previous):
            blocks[-1] = TextBlock(previous.id, Kind.DECISION_LINE, (Run(block_text(previous)),))
        chapter_waits = block.kind is Kind.CHAPTER and not block.runs
        blocks.append(block)
    # The limits are those of a body that arrives as JSON.
    return parse_body(body_to_json(Body(tuple(blocks))))


def _block_of(line: str, block_id: str, previous: Block | None) -> TextBlock:
    after_basis = isinstance(previous, TextBlock) and previous.kind is Kind.BASIS
    if (found := _BASIS.fullmatch(line)) and (line[0] in "-–—" or line[-1] in ";,"):
        return TextBlock(block_id, Kind.BASIS, (Run(found[1]),))
    if after_basis and (found := _FURTHER_BASIS.fullmatch(line)):
        return TextBlock(block_id, Kind.BASIS, (Run(found[1]),))
    if found := _CHAPTER.fullmatch(line):
        return TextBlock(block_id, Kind.CHAPTER, (Run(found[1]),) if found[1] else ())
    if found := _ARTICLE.fullmatch(line):
        return TextBlock(block_id, Kind.ARTICLE, (Run(found[1]),) if found[1] else ())
    if _DECISION.fullmatch(line):
        return TextBlock(block_id, Kind.DECISION_LINE, (Run(line),))
    if found := _PART.fullmatch(line):
        return TextBlock(block_id, Kind.HEADING, (Run(found["text"]),), level=1)
    if found := _CLAUSE.fullmatch(line):
        return TextBlock(block_id, Kind.HEADING, (Run(found[1]),), level=2)
    if found := _POINT.fullmatch(line):
        return TextBlock(block_id, Kind.HEADING, (Run(found[1]),), level=3)
    if found := _ITEM.fullmatch(line):
        marker = "+" if found[1] == "+" else "-"
        return TextBlock(block_id, Kind.ITEM, (Run(found[2]),), marker=marker)
    return TextBlock(block_id, Kind.PARAGRAPH, (Run(line),))


def _names_the_issuer(block: Block) -> bool:
    """Whether a block is the line in capitals that stands above "QUYẾT ĐỊNH:"."""
    return (
        isinstance(block, TextBlock)
        and block.kind is Kind.PARAGRAPH
        and block_text(block).isupper()
        and len(block_text(block)) <= 120
    )


def plain_text(body: Body) -> str:
    """The words with their labels, one line a block, for search and for a reader without styles."""
    lines = []
    for entry in numbered(body):
        text = block_text(entry.block)
        if isinstance(entry.block, Table):
            text = text.replace("\t", " ")
        lines.append(f"{entry.label} {text}" if entry.label else text)
    return "\n".join(lines)


def word_count(body: Body) -> int:
    """How many words (syllables between blanks, as offices count) the body has, labels left out."""
    return sum(
        any(letter.isalnum() for letter in word)
        for block in body.blocks
        for word in block_text(block).split()
    )
