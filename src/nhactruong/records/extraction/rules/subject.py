"""Trích yếu: where it begins and, harder, where it ends.

A subject is a block of centred rows. In a scan nothing but geometry and wording tells its last
row from the first row of the text below. Source: documents.md 4.3 (P07, P08), 4.5b.13.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from nhactruong.kernel.text import one_line
from nhactruong.records.extraction.rules.flat import flat, letters_only
from nhactruong.records.extraction.rules.kinds import rest_after_kind
from nhactruong.records.extraction.rules.layout import (
    follows_closely,
    is_above,
    is_rule,
    is_upper,
    opens_body,
    zone,
)
from nhactruong.records.extraction.rules.marks import mark_on
from nhactruong.records.extraction.rules.page import Box
from nhactruong.records.extraction.rules.proposal import Placed

_ROWS: Final = 8
_LETTER_OPENING: Final = re.compile(r"^[^a-z]*(?:v\s*[/il|]?\s*v\b|ve viec\b)\s*[:.]?\s*")
#: A slanted "V/v" as recognition writes it: Wv, Vy, Viv, WVv.
_MISREAD_OPENING: Final = re.compile(r"^[^a-z]*[vw](?:[/il|1j]?[vwy]+)?\s+(?=\w)")
_ADDRESS: Final = re.compile(r"^\W*kinh (?:gui|trinh)")
#: A heading or an item of the text: "I- …", "1. …", "a) …", "Điều 1", "- …" but not "- 2030".
_NUMBERED: Final = re.compile(
    r"^\s*(?:[IVX]{1,5}\s*[-–—.]\s*[^\W\d_]|\d{1,2}\s*[.)]\s|[a-zđ]\)\s|Điều\s+\d|[-–—+•]\s+[^\W\d_])"
)
#: No subject ends like this: the row below belongs to it.
_UNFINISHED: Final = re.compile(
    r"(?:[-,/]|\b(?:của|về|và|các|những|cho|tại|theo|với|số|trong|đến|từ|do|bởi|là|ngày|tháng|năm|quý|"
    r"giai đoạn|nhiệm kỳ|đồng chí|trên))\s*$",
    re.IGNORECASE,
)
#: Wider than this share of the page, a row of centred text and one of a paragraph look alike.
_WIDE: Final = 0.6
#: How far two rows may be apart and still stand on one edge.
_SAME_EDGE: Final = 0.005
#: Rows of a block are this regular; a paragraph begins lower.
_GAP_GROWS: Final = 1.22
#: So many signs of `_signs_of_paragraph` together mean a paragraph.
_ENOUGH_SIGNS: Final = 3


@dataclass(frozen=True, slots=True)
class FoundText:
    """Some text put together from lines."""

    text: str
    lines: list[Placed]


def subject_under(lines: list[Placed], kind: str, title: Placed) -> FoundText | None:
    """The subject printed under the type name: rows of the same weight, centred, without a gap."""
    rows: list[Placed] = []
    opening = rest_after_kind(title.text, kind).lower()
    page = [one for one in lines if one.page == title.page and one.index > title.index]
    for place, placed in enumerate(page):
        if is_rule(placed.text):
            if rows:
                break
            continue
        if not _continues_title(title, rows, placed, page[place + 1 :]):
            break
        rows.append(placed)
        if len(rows) == _ROWS:
            break
    text = _joined([opening, *(row.text for row in rows)]).strip(" -_*")
    return FoundText(text, rows or [title]) if text else None


def _continues_title(
    title: Placed, rows: list[Placed], placed: Placed, ahead: list[Placed]
) -> bool:
    if re.match(r"^\W*can cu", flat(placed.text)) or _cannot_go_on(rows, placed):
        return False
    if title.line.bold and placed.line.bold is False:
        return False
    previous = rows[-1] if rows else title
    if not follows_closely(previous, placed, limit=3.2):
        return False
    a, b = title.line.box, placed.line.box
    if a is None or b is None:
        return placed.line.bold is True or not rows
    if _signs_of_paragraph(rows, placed, ahead) >= _ENOUGH_SIGNS:
        return False
    if placed.line.bold is None:
        # Without weights the shape decides: a subject is centred under its title, a paragraph
        # begins at an indent and ends at the right margin, so its middle lies off the centre.
        is_close = follows_closely(previous, placed, limit=2.3 if rows else 3.2)
        is_wide = b.x1 - b.x0 > _WIDE
        return is_close and abs(a.centre_x - b.centre_x) < (0.013 if is_wide else 0.045)
    return abs(a.centre_x - b.centre_x) < 0.08


def letter_subject_in(lines: list[Placed], number: Placed) -> FoundText | None:
    """The subject of a công văn: left column under the number, `V/v …` or `về việc …`."""
    below = [one for one in lines if one.page == number.page and one.index != number.index]
    for place, placed in enumerate(below):
        if not is_above(number, placed) or placed.index > number.index + 8:
            continue
        opening = _opening_of_letter(placed)
        if opening is None:
            continue
        rows = [placed, *_more_of_letter(number, placed, below[place + 1 :])]
        whole = _joined([row.text for row in rows])
        rest = whole[opening.end() :].strip(" .,;-_*|")
        return FoundText(f"về việc {rest}", rows) if rest else None
    return None


def _opening_of_letter(placed: Placed) -> re.Match[str] | None:
    place = zone(placed)
    if place not in ("left", "full"):
        return None
    text = flat(placed.text)
    found = _LETTER_OPENING.match(text)
    if found is None and place == "left" and placed.line.confidence < 1:
        found = _MISREAD_OPENING.match(text)
    return found


def _more_of_letter(number: Placed, first: Placed, below: list[Placed]) -> list[Placed]:
    rows = [first]
    for place, placed in enumerate(below):
        if placed.index < first.index or zone(placed) == "right":
            continue
        if zone(placed) != "left" or not _continues_letter(
            number, rows, placed, below[place + 1 :]
        ):
            break
        rows.append(placed)
    return rows[1:]


def _continues_letter(
    number: Placed, rows: list[Placed], placed: Placed, ahead: list[Placed]
) -> bool:
    if not follows_closely(rows[-1], placed, limit=1.9) or _cannot_go_on(rows, placed):
        return False
    if is_rule(placed.text) or not letters_only(placed.text):
        return False
    a, b = rows[0].line.box, placed.line.box
    if a is None or b is None:
        return placed.index == rows[-1].index + 1
    if _signs_of_paragraph(rows, placed, ahead) >= _ENOUGH_SIGNS:
        return False
    under = number.line.box
    is_centred = under is not None and abs(under.centre_x - a.centre_x) < 0.03
    return not is_centred or abs(a.centre_x - b.centre_x) < 0.03


def _cannot_go_on(rows: list[Placed], placed: Placed) -> bool:
    """Whether the wording alone says that the subject is over."""
    if _ADDRESS.match(flat(placed.text)) or mark_on(placed.text) is not None:
        return True
    if _NUMBERED.match(placed.text):
        return True
    if not rows:
        return False
    if rows[-1].text.rstrip().endswith((".", ":", ";")):
        return True
    return _is_heading_in_capitals(placed.text) and not is_upper(rows[-1].text)


def _is_heading_in_capitals(text: str) -> bool:
    """Words in capitals, not a symbol that was broken off its "số"."""
    return is_upper(text) and len(text.split()) > 1 and not any(sign.isdigit() for sign in text)


def _signs_of_paragraph(rows: list[Placed], placed: Placed, ahead: list[Placed]) -> int:
    """How much speaks for `placed` being the first row of the text, not the next of `rows`."""
    box = placed.line.box
    boxes = [row.line.box for row in rows if row.line.box is not None]
    if box is None or not boxes or _UNFINISHED.search(rows[-1].text):
        return 0
    has_capital = _begins_with_capital(placed.text)
    return sum(
        (
            has_capital,
            has_capital and opens_body(placed.text),
            _stands_on_edge_of_text(box, ahead),
            _gap_grew(boxes, box, ahead),
            _would_have_fit(boxes, placed, box),
        )
    )


def _begins_with_capital(text: str) -> bool:
    return text.lstrip(" “”\"'").lstrip()[:1].isupper()


def _stands_on_edge_of_text(box: Box, ahead: list[Placed]) -> bool:
    """Whether wide rows further down begin where this one does: the margin or the indent."""
    return any(
        abs(other.x0 - box.x0) < _SAME_EDGE
        for placed in ahead
        if (other := placed.line.box) is not None and other.x1 - other.x0 > _WIDE
    )


def _gap_grew(boxes: list[Box], box: Box, ahead: list[Placed]) -> bool:
    """Whether `box` is further off than rows of its block are: those above, else those below."""
    steps = [below.centre_y - above.centre_y for above, below in pairwise(boxes)]
    if not steps:
        lower = next((one.line.box for one in ahead if one.line.box is not None), None)
        steps = [lower.centre_y - box.centre_y] if lower is not None else []
    return bool(steps) and box.centre_y - boxes[-1].centre_y > _GAP_GROWS * max(steps) > 0


def _would_have_fit(boxes: list[Box], placed: Placed, box: Box) -> bool:
    """Whether the first word had room on the row above: then nothing but a new paragraph broke."""
    words = placed.line.words
    first = words[0].box if words else None
    if first is None:
        return False
    blank = (first.x1 - first.x0) / max(len(words[0].text), 1)
    widest = max(one.x1 - one.x0 for one in (*boxes, box))
    return (boxes[-1].x1 - boxes[-1].x0) + blank + (first.x1 - first.x0) < widest


def _joined(rows: list[str]) -> str:
    """The rows as one text; a symbol broken at its stroke or hyphen is put together again."""
    text = ""
    for row in rows:
        text += row if re.search(r"\w[-/]$", text) else f" {row}"
    return one_line(text)
