"""From the words of a document to the fields of the register.

Source: documents.md 3, 4.2-4.4, 4.5b.13, 5, 7 (data fields of an incoming record).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum, IntEnum
from typing import Any, Final

from nhactruong.kernel.states import PARTY_FORM_PREFIX, Secrecy, SigningForm, Urgency
from nhactruong.kernel.text import one_line
from nhactruong.records.extraction.rules import heading
from nhactruong.records.extraction.rules.closing import (
    SignatureBlock,
    recipients_anchor,
    recipients_in,
    signature_in,
)
from nhactruong.records.extraction.rules.dates import DueDate, IssueDate, find_due_dates
from nhactruong.records.extraction.rules.directory import Directory, match_agency
from nhactruong.records.extraction.rules.flat import flat, letters_only
from nhactruong.records.extraction.rules.kinds import NAMES, kinds_of
from nhactruong.records.extraction.rules.layout import header_lines, placed_lines
from nhactruong.records.extraction.rules.marks import circulation_in, secrecy_in, urgency_in
from nhactruong.records.extraction.rules.page import ReadDocument
from nhactruong.records.extraction.rules.proposal import Placed, Proposal, SourceSpan, proposed
from nhactruong.records.extraction.rules.subject import letter_subject_in, subject_under
from nhactruong.records.extraction.rules.symbols import Profile, Reference

__all__ = ["Proposal", "Proposals", "SourceSpan", "propose"]

_ADDRESS: Final = re.compile(r"^\W*kinh (?:gui|trinh)\s*[:.]?\s*")


@dataclass(frozen=True, slots=True)
class Proposals:
    """What the register may take over; `None` where nothing was found.

    `reference_code` is number and symbol as printed without "Số"; `number` is empty on a draft.
    `agency` is a key of the directory. `document_type` is a slug (`nghi-quyet`). `due` is the
    deadline to work with, `due_dates` all of them. `secrecy` is set only when a mark was seen.
    """

    profile: Proposal[Profile] | None
    reference_code: Proposal[str] | None
    number: Proposal[str] | None
    symbol: Proposal[str] | None
    issued_on: Proposal[date] | None
    place: Proposal[str] | None
    issuer: Proposal[str] | None
    superior: Proposal[str] | None
    agency: Proposal[str] | None
    document_type: Proposal[str] | None
    subject: Proposal[str] | None
    signer_name: Proposal[str] | None
    signer_position: Proposal[str] | None
    signing_form: Proposal[SigningForm] | None
    signing_capacity: Proposal[str] | None
    urgency: Proposal[Urgency]
    secrecy: Proposal[Secrecy] | None
    circulation: Proposal[str] | None
    due: Proposal[DueDate] | None
    due_dates: tuple[Proposal[DueDate], ...]
    addressed_to: Proposal[tuple[str, ...]] | None
    recipients: Proposal[tuple[str, ...]] | None

    def as_json(self) -> dict[str, Any]:
        """A tree of plain values: dates as ISO text, levels and forms as their codes."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def _plain(value: Any) -> Any:
    if isinstance(value, IntEnum):
        return value.name.lower()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def propose(document: ReadDocument, directory: Directory, today: date) -> Proposals:
    """Proposals for the register from a read document; `today` guards against impossible dates."""
    lines = placed_lines(document)
    organs = tuple(code for agency in directory.agencies() for code in agency.organ_codes)
    found = heading.reference_in(lines, organs)
    reference = found.reference if found else None
    dated = heading.issue_date_in(lines)
    issued_on = _issued_on(dated, lines, today)
    block = heading.name_block_in(lines, found.at if found else None)
    kind, subject = _kind_and_subject(lines, found, dated[1][0] if dated else None)
    anchor = recipients_anchor(lines)
    signed = signature_in(lines, anchor)
    profile = _profile(lines, found)
    due_dates = _due_dates(lines, issued_on.value if issued_on else today)
    return Proposals(
        profile=profile,
        reference_code=_from_reference(found, lambda one: one.text),
        number=_from_reference(found, lambda one: one.number),
        symbol=_from_reference(found, lambda one: one.symbol),
        issued_on=issued_on,
        place=proposed(dated[0].place, 0.9, dated[1]) if dated and dated[0].place else None,
        issuer=proposed(block.issuer, 0.93, block.issuer_lines) if block else None,
        superior=proposed(block.superior, 0.9, block.superior_lines)
        if block and block.superior
        else None,
        agency=_agency(directory, block, reference),
        document_type=kind,
        subject=subject,
        signer_name=proposed(signed.name, 0.95, signed.name_lines)
        if signed and signed.name
        else None,
        signer_position=proposed(signed.position, 0.93, signed.heading_lines)
        if signed and signed.position
        else None,
        signing_form=proposed(signed.form, 0.93, signed.heading_lines) if signed else None,
        signing_capacity=_capacity(signed, profile),
        urgency=urgency_in(lines),
        secrecy=secrecy_in(lines),
        circulation=circulation_in(lines),
        due=_due(due_dates),
        due_dates=tuple(due_dates),
        addressed_to=_addressed_to(lines),
        recipients=_recipients(lines, anchor),
    )


def _from_reference(found: heading.FoundReference | None, part: Any) -> Proposal[str] | None:
    if found is None:
        return None
    reference = found.reference
    if not reference.number:
        note = "Văn bản chưa có số, mới có ký hiệu."
        return proposed(part(reference), 0.5, [found.at], note, needs_look=True)
    if not reference.is_exact:
        note = "Dòng số, ký hiệu in không rõ, đã được sửa cho đúng mẫu; đồng chí đối chiếu bản gốc."
        return proposed(part(reference), 0.7, [found.at], note, needs_look=True)
    return proposed(part(reference), 0.98, [found.at])


def _profile(lines: list[Placed], found: heading.FoundReference | None) -> Proposal[Profile] | None:
    for placed in header_lines(lines):
        packed = letters_only(placed.text)
        if "congsanvietnam" in packed:
            return proposed("party", 0.98, [placed])
        if "conghoaxahoi" in packed or "tudohanhphuc" in packed:
            return proposed("state", 0.98, [placed])
    return proposed(found.reference.profile, 0.8, [found.at]) if found else None


def _issued_on(
    dated: tuple[IssueDate, list[Placed]] | None, lines: list[Placed], today: date
) -> Proposal[date] | None:
    if dated is None:
        return None
    found, rows = dated
    if found.on > today:
        note = "Ngày văn bản sau hôm nay; đồng chí kiểm tra lại."
        return proposed(found.on, 0.4, rows, note, needs_look=True)
    if found.is_corrected:
        note = "Chữ số của ngày in không rõ; đồng chí đối chiếu bản gốc."
        return proposed(found.on, 0.6, rows, note, needs_look=True)
    return proposed(found.on, 0.97, rows)


def _capacity(
    signed: SignatureBlock | None, profile: Proposal[Profile] | None
) -> Proposal[str] | None:
    """The capacity line; in a scan the prefix is rewritten in the profile's own form."""
    if signed is None or not signed.capacity:
        return None
    text = signed.capacity
    is_recognised = any(placed.line.confidence < 1 for placed in signed.heading_lines)
    if is_recognised and signed.body and profile is not None:
        prefix = PARTY_FORM_PREFIX[signed.form] if profile.value == "party" else f"{signed.form}."
        text = f"{prefix} {signed.body}"
    return proposed(text, 0.93, signed.heading_lines)


def _agency(
    directory: Directory, block: heading.NameBlock | None, reference: Reference | None
) -> Proposal[str] | None:
    if block is None:
        return None
    organ = reference.organ if reference else ""
    matched = match_agency(directory, block.issuer, block.superior, organ)
    if matched is None:
        return None
    key, likeness = matched
    return proposed(
        key, likeness, block.superior_lines + block.issuer_lines, needs_look=likeness < 1
    )


def _kind_and_subject(
    lines: list[Placed], found: heading.FoundReference | None, dated: Placed | None
) -> tuple[Proposal[str] | None, Proposal[str] | None]:
    by_code = kinds_of(found.reference) if found else ()
    above = [placed for placed in (found.at if found else None, dated) if placed is not None]
    lowest = max(above, key=lambda placed: placed.index, default=None)
    titled = None if by_code == ("cong-van",) else heading.kind_line_in(lines, lowest)
    if titled is not None:
        key, title = titled
        agrees = not by_code or key in by_code
        note = "" if agrees else f"Ký hiệu lại chỉ loại {NAMES[by_code[0]].lower()}."
        kind = proposed(key, 0.97 if agrees else 0.6, [title], note, needs_look=not agrees)
        text = subject_under(lines, key, title)
        return kind, proposed(text.text, 0.92, text.lines) if text else None
    letter = letter_subject_in(lines, found.at) if found else None
    subject = proposed(letter.text, 0.92, letter.lines) if letter else None
    if found is None or not by_code:
        return (proposed("cong-van", 0.5, letter.lines) if letter else None), subject
    others = ", ".join(NAMES[key].lower() for key in by_code[1:])
    note = f"Ký hiệu này cũng dùng cho: {others}." if others else ""
    return proposed(by_code[0], 0.6 if others else 0.9, [found.at], note), subject


def _due_dates(lines: list[Placed], not_before: date) -> list[Proposal[DueDate]]:
    """All deadlines from the date of issue on, in printed order."""
    starts: list[int] = []
    parts: list[str] = []
    length = 0
    for placed in lines:
        starts.append(length)
        parts.append(placed.text)
        length += len(placed.text) + 1
    result: list[Proposal[DueDate]] = []
    for due, place in find_due_dates(" ".join(parts), not_before):
        if due.stated_on < not_before:
            continue
        first = bisect_right(starts, place) - 1
        last = bisect_right(starts, place + len(due.wording) - 1) - 1
        note = ""
        if due.kind == "before":
            note = (
                f"Văn bản ghi “{due.wording}”: muộn nhất là {due.last_day:%d/%m/%Y}; "
                f"nếu nơi gửi tính cả ngày đó thì là {due.stated_on:%d/%m/%Y}."
            )
        elif due.needs_look:
            note = "Văn bản không ghi năm của thời hạn; đồng chí kiểm tra lại."
        sure = 0.9 if due.is_order else 0.6
        result.append(proposed(due, sure, lines[first : last + 1], note, needs_look=due.needs_look))
    return result


def _due(due_dates: list[Proposal[DueDate]]) -> Proposal[DueDate] | None:
    """The deadline to work with: the earliest one that orders something, else the earliest."""
    orders = [one for one in due_dates if one.value.is_order]
    return min(orders or due_dates, key=lambda one: one.value.last_day, default=None)


def _addressed_to(lines: list[Placed]) -> Proposal[tuple[str, ...]] | None:
    for place, placed in enumerate(lines):
        opening = _ADDRESS.match(flat(placed.text))
        if placed.page > 0 or opening is None:
            continue
        names = [placed.text[opening.end() :]]
        used = [placed]
        for below in lines[place + 1 : place + 12]:
            if not re.match(r"^\s*[-–—]\s*\w", below.text) or below.page > 0:
                break
            names.append(re.sub(r"^\s*[-–—]\s*", "", below.text))
            used.append(below)
            if below.text.rstrip().endswith("."):
                break
        cleaned = tuple(one_line(name).strip(" ;,.-") for name in names)
        return proposed(tuple(name for name in cleaned if name), 0.9, used)
    return None


def _recipients(lines: list[Placed], anchor: Placed | None) -> Proposal[tuple[str, ...]] | None:
    if anchor is None:
        return None
    entries, used = recipients_in(lines, anchor)
    return proposed(tuple(entries), 0.92, [anchor, *used]) if entries else None
