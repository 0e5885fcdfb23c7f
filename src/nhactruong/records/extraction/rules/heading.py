"""The header of a document: number and symbol, date, issuer, type.

Source: documents.md 4.2-4.4, 4.5b.13.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import dropwhile
from typing import Final

from nhactruong.kernel.text import one_line
from nhactruong.records.extraction.rules.dates import IssueDate, find_issue_date
from nhactruong.records.extraction.rules.flat import flat
from nhactruong.records.extraction.rules.kinds import printed_kind
from nhactruong.records.extraction.rules.layout import (
    follows_closely,
    header_lines,
    is_above,
    is_national_heading,
    is_rule,
    is_upper,
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
    """The name block above the number line (`below`), or at the top left when there is none.

    Where the left side names nobody but a superior, a name in a line or a cell of its own is
    taken; it must open like an agency's name, for a title or a slogan may stand there too.
    """
    above = [placed for placed in header_lines(lines) if _may_name(placed, below)]
    block = [placed for placed in above if zone(placed) == "left"]
    if all(_ALWAYS_SUPERIOR.match(flat(placed.text)) for placed in block):
        alone = [placed for placed in above if zone(placed) not in ("left", "right")]
        block += dropwhile(lambda placed: not _opens_agency(placed), alone)
    return _split_block(block) if block else None


def _may_name(placed: Placed, below: Placed | None) -> bool:
    if below is not None and not is_above(placed, below):
        return False
    if below is None and (placed.line.box.y0 > 0.16 if placed.line.box else placed.index > 6):
        return False
    text = placed.text
    if not is_upper(text) or is_rule(text) or mark_on(text) is not None:
        return False
    if is_national_heading(text) or find_issue_date(text) is not None:
        return False
    return re.match(r"^\W*so\b", flat(text)) is None


def _opens_agency(placed: Placed) -> bool:
    return _AGENCY_HEAD.match(flat(placed.text).lstrip("* ")) is not None


def _split_block(block: list[Placed]) -> NameBlock:
    """Superior lines come first and are regular; the issuer is bold, or begins a new name."""
    cut = 0
    weights = [placed.line.bold for placed in block]
    if True in weights and False in weights:
        cut = weights.index(True)
    else:
        heads = [row for row, placed in enumerate(block) if _opens_agency(placed)]
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
