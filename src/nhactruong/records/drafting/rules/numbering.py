"""Numbers of headings, articles and items: counted from the order of blocks, never typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nhactruong.records.drafting.rules.body import Block, Body, Kind, TextBlock, block_text

#: Letters of points (điểm) in the order Vietnamese legal writing uses.
POINT_LETTERS: Final = "abcdđeghiklmnopqrstuvxy"
#: A heading that fits in about two lines and is no sentence is a title.
TITLE_CHARACTERS: Final = 120
_SENTENCE_ENDS: Final = (".", ";", ":", ",", "…", "!", "?")
_ROMAN: Final = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A block with the label printed before it ("I-", "1.", "a)", "-", "Điều 1."), or ""."""

    block: Block
    label: str


def roman(number: int) -> str:
    """`number` (from 1) in Roman figures."""
    figures = []
    for value, figure in _ROMAN:
        times, number = divmod(number, value)
        figures.append(figure * times)
    return "".join(figures)


def point_letter(number: int) -> str:
    """The letter of the `number`-th point: a, b, c, d, đ … y, then aa, ab …"""
    letters = ""
    while number > 0:
        number, place = divmod(number - 1, len(POINT_LETTERS))
        letters = POINT_LETTERS[place] + letters
    return letters


def is_titled(block: Block) -> bool:
    """Whether a heading or article bears a title, hence bold, rather than a numbered sentence.

    Level 1 always does, level 3 never. Source: documents.md 4.3 P11.
    """
    if not isinstance(block, TextBlock):
        return False
    if block.kind is Kind.CHAPTER or (block.kind is Kind.HEADING and block.level == 1):
        return True
    if block.kind is Kind.ARTICLE or (block.kind is Kind.HEADING and block.level == 2):
        text = block_text(block).rstrip(" ])}”»\"'").strip()
        return 0 < len(text) <= TITLE_CHARACTERS and not text.endswith(_SENTENCE_ENDS)
    return False


def numbered(body: Body) -> Iterator[Numbered]:
    """Every block with its label; articles count through, others restart in what encloses them."""
    part = clause = point = article = chapter = 0
    for block in body.blocks:
        label = ""
        if isinstance(block, TextBlock):
            if block.kind is Kind.CHAPTER:
                chapter, part, clause, point = chapter + 1, 0, 0, 0
                label = f"Chương {roman(chapter)}"
            elif block.kind is Kind.ARTICLE:
                article, clause, point = article + 1, 0, 0
                label = f"Điều {article}."
            elif block.kind is Kind.HEADING and block.level == 1:
                part, clause, point = part + 1, 0, 0
                label = f"{roman(part)}-"
            elif block.kind is Kind.HEADING and block.level == 2:
                clause, point = clause + 1, 0
                label = f"{clause}."
            elif block.kind is Kind.HEADING:
                point += 1
                label = f"{point_letter(point)})"
            elif block.kind is Kind.BASIS:
                label = "-"
            else:
                label = block.marker
        yield Numbered(block, label)
