"""The end of a document: who signed and how, and who receives it.

Source: documents.md 4.3 (P13-P19, S12-S18), 8.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from nhactruong.kernel.states import SigningForm
from nhactruong.kernel.text import one_line
from nhactruong.records.extraction.rules.flat import flat
from nhactruong.records.extraction.rules.layout import is_rule, zone
from nhactruong.records.extraction.rules.proposal import Placed
from nhactruong.records.extraction.rules.restoring import with_office_words

_RECIPIENTS: Final = re.compile(r"^\W*n[o0]i\s?nh[ao]n\b")
#: Printed prefixes on flat text; the stroke of "T/M" is often misread in scans.
_FORMS: Final = (
    (re.compile(r"^\W*tuq\s?[.,]?\s+"), SigningForm.AUTHORISED),
    (
        re.compile(r"^\W*[t1]\s?(?:/\s?m\s?[.,]?\s*|[|il1.]?\s?m\s?[.,]?\s+)(?=\w)"),
        SigningForm.COLLECTIVE,
    ),
    (
        re.compile(r"^\W*k\s?(?:/\s?t\s?[.,]?\s*|[|il1.]?\s?t\s?[.,]?\s+)(?=\w)"),
        SigningForm.FOR_HEAD,
    ),
    (
        re.compile(r"^\W*[t1]\s?(?:/\s?l\s?[.,]?\s*|[|i1.]?\s?l\s?[.,]?\s+)(?=\w)"),
        SigningForm.BY_ORDER,
    ),
    (re.compile(r"^\W*q\s?[.,]\s*(?=\w)"), SigningForm.ACTING),
)
_TITLE: Final = re.compile(
    r"\b(?:bi thu|chanh van phong|chu tich|giam doc|truong|chanh|vien truong|chu nhiem|chu tri|"
    r"bo truong|thu truong|cuc truong|tong bi thu|thuong truc|chi huy|chinh uy|thu tuong"
    r"|hieu truong)\b"
)
_STAMP: Final = re.compile(r"[:@0-9]|\b(?:ky boi|nguoi ky|signed|email|co quan)\b")
_ITEM: Final = re.compile(r"^\s*[“”‘’'\"]?[-–—•+*~=¬_.]+\s*|^\s*[“”‘’](?=\w)")


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """Name, position and capacity as printed; empty strings where nothing was found.

    `body` is the capacity without its prefix: in whose name, e.g. `BAN THƯỜNG VỤ`.
    """

    form: SigningForm
    capacity: str
    body: str
    position: str
    name: str
    heading_lines: list[Placed]
    name_lines: list[Placed]


def recipients_anchor(lines: list[Placed]) -> Placed | None:
    """The line "Nơi nhận:" of the main document (the first one: annexes come after)."""
    return next((placed for placed in lines if _RECIPIENTS.match(flat(placed.text))), None)


def recipients_in(lines: list[Placed], anchor: Placed) -> tuple[list[str], list[Placed]]:
    """The list under "Nơi nhận:", one entry per recipient without dash and stop."""
    entries: list[str] = []
    used: list[Placed] = []
    bottom = anchor.line.box.x1 if anchor.line.box else 1.0
    for placed in lines:
        if placed.index <= anchor.index or placed.page != anchor.page or is_rule(placed.text):
            continue
        a, b = anchor.line.box, placed.line.box
        if a is not None and b is not None:
            if b.y0 < a.centre_y or b.x0 > max(0.45, bottom):
                continue
        elif zone(placed) != zone(anchor):
            if entries:
                break
            continue
        if used and _is_far_below(used[-1], placed):
            break
        is_new = _ITEM.match(placed.text) is not None
        if entries and _ends_list(entries[-1]):
            break
        text = _ITEM.sub("", placed.text)
        if is_new or not entries:
            entries.append(text)
        else:
            entries[-1] = f"{entries[-1]} {text}"
        used.append(placed)
    return [one_line(entry).strip(" ;,") for entry in entries], used


def _ends_list(entry: str) -> bool:
    return flat(entry).lstrip().startswith("luu") and entry.rstrip().endswith(".")


def _is_far_below(upper: Placed, lower: Placed) -> bool:
    a, b = upper.line.box, lower.line.box
    return a is not None and b is not None and b.y0 - a.y1 > 2.5 * a.height


def _form_of(text: str) -> tuple[SigningForm, str] | None:
    plain = flat(text)
    if not _is_upper(text):
        return None
    for pattern, form in _FORMS:
        found = pattern.match(plain)
        if found:
            return form, text[found.end() :].strip()
    return None


def _is_upper(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) > 3 and sum(sign.isupper() for sign in letters) >= 0.85 * len(letters)


def _is_person(text: str) -> bool:
    words = text.strip(" .,|_-").split()
    return (
        2 <= len(words) <= 6
        and _STAMP.search(flat(text)) is None
        and all(word[0].isupper() and word[1:] == word[1:].lower() for word in words if word)
        and all(sign.isalpha() or sign == " " for sign in "".join(words))
    )


def _signing_zone(lines: list[Placed], anchor: Placed | None) -> list[Placed]:
    """Lines of the signature block: right of "Nơi nhận:", else below the last capacity line."""
    if anchor is not None:
        box = anchor.line.box
        if box is not None:
            return [
                placed
                for placed in lines
                if placed.page == anchor.page
                and placed.line.box is not None
                and placed.line.box.y1 > box.y0 - 3 * box.height
                and placed.line.box.centre_x > 0.5
            ]
        return [
            placed
            for placed in lines
            if anchor.index - 10 <= placed.index <= anchor.index + 40
            and (zone(placed) == "right" or placed.line.side is None)
            and (zone(anchor) == "left" or placed.index > anchor.index - 10)
        ]
    openings = [
        placed
        for placed in lines
        if _form_of(placed.text) is not None
        and (placed.line.box is None or placed.line.box.centre_x > 0.5)
    ]
    if not openings:
        openings = [
            placed
            for placed in lines
            if _is_upper(placed.text)
            and _TITLE.search(flat(placed.text))
            and (placed.line.box is None or placed.line.box.centre_x > 0.55)
        ]
    if not openings:
        return []
    opening = openings[-1] if len(openings) == 1 else _first_of_last_block(openings)
    return [
        placed
        for placed in lines
        if placed.page == opening.page
        and placed.index >= opening.index
        and (placed.line.box is None or placed.line.box.centre_x > 0.5)
    ]


def _first_of_last_block(openings: list[Placed]) -> Placed:
    last = openings[-1]
    for placed in reversed(openings):
        if placed.page != last.page or last.index - placed.index > 4:
            break
        last = placed
    return last


def signature_in(lines: list[Placed], anchor: Placed | None) -> SignatureBlock | None:
    """Who signed, in which capacity; `None` when no signature block was found."""
    region = _signing_zone(lines, anchor)
    headings: list[Placed] = []
    form = SigningForm.OWN
    for place, placed in enumerate(region):
        found = _form_of(placed.text)
        is_title = _is_upper(placed.text) and _TITLE.search(flat(placed.text)) is not None
        if found is None and not is_title:
            continue
        headings = _rows_of_heading(region[place:])
        if found is not None:
            form = found[0]
        break
    if not headings:
        return None
    names = [
        placed for placed in region if placed.index > headings[-1].index and _is_person(placed.text)
    ]
    bold = [placed for placed in names if placed.line.bold]
    name_lines = (bold or names)[-1:]
    printed = [
        with_office_words(one_line(placed.text).strip(" .,|_"))
        if placed.line.confidence < 1
        else one_line(placed.text)
        for placed in headings
    ]
    name = one_line(name_lines[0].text).strip(" .,|_-") if name_lines else ""
    if form is SigningForm.OWN:
        return SignatureBlock(form, "", "", " ".join(printed), name, headings, name_lines)
    # A capacity may run over two rows: "T/L BAN THƯỜNG VỤ" / "TỈNH ỦY".
    rows = 2 if len(printed) > 2 and not _TITLE.search(flat(printed[1])) else 1
    capacity = " ".join(printed[:rows])
    found = _form_of(capacity)
    return SignatureBlock(
        form, capacity, found[1] if found else "", " ".join(printed[rows:]), name, headings,
        name_lines,
    )  # fmt: skip


def _rows_of_heading(region: list[Placed]) -> list[Placed]:
    """The capital rows at the top of the block: capacity and position, up to the empty space."""
    rows = [region[0]]
    for placed in region[1:]:
        a, b = rows[-1].line.box, placed.line.box
        is_far = a is not None and b is not None and b.y0 - a.y1 > 2.0 * a.height
        if is_far or not _is_upper(placed.text) or len(rows) == 4:
            break
        rows.append(placed)
    return rows
