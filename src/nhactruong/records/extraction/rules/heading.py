"""The header of a document: number and symbol, date, issuer, type, subject.

Source: documents.md 4.2-4.4, 4.5b.13.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from nhactruong.kernel.text import one_line
from nhactruong.records.extraction.rules.dates import IssueDate, find_issue_date
from nhactruong.records.extraction.rules.flat import flat, letters_only
from nhactruong.records.extraction.rules.kinds import printed_kind, rest_after_kind
from nhactruong.records.extraction.rules.layout import (
    follows_closely,
    header_lines,
    is_national_heading,
    is_rule,
    opens_body,
    zone,
)
from nhactruong.records.extraction.rules.marks import mark_on
from nhactruong.records.extraction.rules.proposal import Placed
from nhactruong.records.extraction.rules.restoring import with_office_words
from nhactruong.records.extraction.rules.symbols import Reference, find_reference

#: First words of an agency's name; a second such line means that the first is the superior.
_AGENCY_HEAD: Final = re.compile(
    r"^(?:tinh uy|thanh uy|dang uy|dang bo|quan uy|chi bo|doan chu tich|dai hoi|ban |van phong|"
    r"uy ban|ubnd|hdnd|hoi dong|hoi |so |bo |cuc |chi cuc|trung tam|truong |cong an|mat tran|doan |"
    r"lien doan|toa an|vien |thanh tra|phong |tong cong ty|cong ty|tieu ban|to |chinh phu|quoc hoi|"
    r"thu tuong|kho bac|bao hiem|ngan hang|tap doan|hai quan|thue )"
)
#: Always the superior when another name follows. Source: documents.md 4.4.
_ALWAYS_SUPERIOR: Final = re.compile(r"^dang bo ")
_PREFIX_WORDS: Final = 6
_SUBJECT_ROWS: Final = 8
_LETTER_SUBJECT: Final = re.compile(r"^[^a-z]*(?:v\s*[/il|]?\s*v\b|ve viec\b)\s*[:.]?\s*")


@dataclass(frozen=True, slots=True)
class FoundReference:
    """The reference and its line."""

    reference: Reference
    at: Placed


@dataclass(frozen=True, slots=True)
class NameBlock:
    """The issuing body and the body above it (empty when none is printed), with their lines."""

    issuer: str
    superior: str
    issuer_lines: list[Placed]
    superior_lines: list[Placed]


@dataclass(frozen=True, slots=True)
class FoundText:
    """Some text put together from lines."""

    text: str
    lines: list[Placed]


def reference_in(lines: list[Placed], organs: tuple[str, ...]) -> FoundReference | None:
    """The number and symbol in the header; an exact one is preferred to a corrected one."""
    found: list[FoundReference] = []
    for placed in header_lines(lines):
        words = placed.text.split()
        # In a scan the place and date may stand on the same line: try shorter beginnings too.
        for count in range(min(len(words), _PREFIX_WORDS), 0, -1):
            reference = find_reference(" ".join(words[:count]), organs)
            if reference is not None:
                found.append(FoundReference(reference, placed))
                break
    with_number = [one for one in found if one.reference.number]
    exact = [one for one in with_number if one.reference.is_exact]
    return next(iter(exact or with_number or found), None)


def issue_date_in(lines: list[Placed]) -> tuple[IssueDate, list[Placed]] | None:
    """The date of the place-and-date line, also when it is broken over two rows."""
    candidates = [one for one in header_lines(lines) if not is_national_heading(one.text)]
    for place, placed in enumerate(candidates):
        below = [
            other
            for other in candidates[place + 1 : place + 4]
            if zone(other) == zone(placed) and follows_closely(placed, other)
        ][:1]
        for group in ([placed], [placed, *below]):
            text = " ".join(one.text for one in group)
            found = find_issue_date(text)
            if found is None:
                continue
            start = flat(text).rfind(" nam ")
            tail = text[start + 5 :].split()
            # A citation in the body ("Căn cứ … ngày … của …") goes on after the year.
            if len(found.place.split()) <= 8 and len(tail) <= 2 and not opens_body(text):
                return found, group
    return None


def name_block_in(lines: list[Placed], below: Placed | None) -> NameBlock | None:
    """The name block above the number line (`below`), or at the top left when there is none."""
    block: list[Placed] = []
    for placed in header_lines(lines):
        if below is not None and not _is_above(placed, below):
            continue
        if below is None and (placed.line.box.y0 > 0.16 if placed.line.box else placed.index > 6):
            continue
        if zone(placed) not in ("left",) or is_rule(placed.text):
            continue
        if is_national_heading(placed.text) or find_issue_date(placed.text) is not None:
            continue
        if not _is_upper(placed.text) or mark_on(placed.text) is not None:
            continue
        if re.match(r"^\W*so\b", flat(placed.text)):
            continue
        block.append(placed)
    return _split_block(block) if block else None


def _is_above(placed: Placed, below: Placed) -> bool:
    a, b = placed.line.box, below.line.box
    if a is None or b is None:
        return placed.index < below.index
    return a.centre_y < b.centre_y - b.height / 3


def _is_upper(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) > 1 and sum(sign.isupper() for sign in letters) >= 0.8 * len(letters)


def _split_block(block: list[Placed]) -> NameBlock:
    """Superior lines come first and are regular; the issuer is bold, or begins a new name."""
    cut = 0
    weights = [placed.line.bold for placed in block]
    if True in weights and False in weights:
        cut = weights.index(True)
    else:
        heads = [
            row
            for row, placed in enumerate(block)
            if _AGENCY_HEAD.match(flat(placed.text).lstrip("* "))
        ]
        if len(heads) > 1:
            # "ỦY BAN KIỂM TRA" under "BAN CHẤP HÀNH": the last new name is the issuer.
            cut = heads[-1]
            between = heads[-1] - heads[-2]
            if between > 1 and not _ALWAYS_SUPERIOR.match(flat(block[0].text)):
                cut = heads[1]
    superior, issuer = block[:cut], block[cut:]

    def name(rows: list[Placed]) -> str:
        text = one_line(" ".join(row.text for row in rows)).strip(" *_-.|")
        is_recognised = any(row.line.confidence < 1 for row in rows)
        return with_office_words(text) if is_recognised else text

    return NameBlock(name(issuer), name(superior), issuer, superior)


def kind_line_in(lines: list[Placed], after: Placed | None) -> tuple[str, Placed] | None:
    """The line with the printed type name under the header and its slug."""
    start = after.index if after is not None else -1
    for placed in lines:
        if placed.index <= start or placed.page > 0:
            continue
        if placed.line.box is not None and placed.line.box.y0 > 0.6:
            return None
        if zone(placed) in ("left", "right") and placed.line.box is not None:
            continue
        if re.match(r"^\W*kinh (?:gui|trinh)", flat(placed.text)):
            return None
        key = printed_kind(placed.text)
        if key is not None:
            return key, placed
    return None


def subject_under(lines: list[Placed], kind: str, title: Placed) -> FoundText | None:
    """The subject printed under the type name: rows of the same weight, centred, without a gap."""
    rows: list[Placed] = []
    opening = rest_after_kind(title.text, kind).lower()
    previous = title
    for placed in lines:
        if placed.index <= title.index or placed.page != title.page:
            continue
        if is_rule(placed.text):
            if rows:
                break
            continue
        if not _continues_subject(title, previous, placed, has_rows=bool(rows)):
            break
        rows.append(placed)
        previous = placed
        if len(rows) == _SUBJECT_ROWS:
            break
    text = one_line(" ".join([opening, *(row.text for row in rows)])).strip(" -_*")
    return FoundText(text, rows or [title]) if text else None


def _continues_subject(title: Placed, previous: Placed, placed: Placed, *, has_rows: bool) -> bool:
    if re.match(r"^\W*(?:kinh (?:gui|trinh)|can cu)", flat(placed.text)):
        return False
    if title.line.bold and placed.line.bold is False:
        return False
    if mark_on(placed.text) is not None or not follows_closely(previous, placed, limit=3.2):
        return False
    a, b = title.line.box, placed.line.box
    if a is None or b is None:
        return placed.line.bold is True or not has_rows
    if placed.line.bold is None:
        # Without weights the shape decides: a subject is centred under its title, a paragraph
        # begins at an indent and ends at the right margin, so its middle lies off the centre.
        is_close = follows_closely(previous, placed, limit=2.3 if has_rows else 3.2)
        is_wide = b.x1 - b.x0 > 0.6
        return is_close and abs(a.centre_x - b.centre_x) < (0.013 if is_wide else 0.045)
    return abs(a.centre_x - b.centre_x) < 0.08


def letter_subject_in(lines: list[Placed], number: Placed) -> FoundText | None:
    """The subject of a công văn: left column under the number, `V/v …` or `về việc …`."""
    rows: list[Placed] = []
    opening = None
    for placed in lines:
        if placed.page != number.page or placed.index == number.index:
            continue
        if not rows:
            if not _is_above(number, placed) or placed.index > number.index + 8:
                continue
            if zone(placed) not in ("left", "full"):
                continue
            opening = _LETTER_SUBJECT.match(flat(placed.text))
            if opening is None:
                continue
            rows.append(placed)
        elif zone(placed) == "left" and _is_more_of_letter(rows, placed):
            rows.append(placed)
    if opening is None:
        return None
    whole = one_line(" ".join(row.text for row in rows))
    rest = whole[opening.end() :].strip(" .,;-_*|")
    return FoundText(f"về việc {rest}", rows) if rest else None


def _is_more_of_letter(rows: list[Placed], placed: Placed) -> bool:
    if placed.index <= rows[-1].index or not follows_closely(rows[-1], placed, limit=1.9):
        return False
    if placed.line.box is None and placed.index > rows[-1].index + 1:
        return False
    if is_rule(placed.text) or mark_on(placed.text) is not None:
        return False
    return not re.match(r"^\W*kinh (?:gui|trinh)", flat(placed.text)) and bool(
        letters_only(placed.text)
    )
