"""Dates in running Vietnamese text: the date of issue, and the last day something is due.

Source: documents.md 4.3 (P05, S06), 7 and 11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from nhactruong.kernel.text import nfc, one_line
from nhactruong.records.extraction.rules.flat import flat

_D: Final = r"[0-9oil]{1,2}"
#: All patterns run on flat text (no marks, lower case).
_ISSUE_DATE: Final = re.compile(
    rf"n?gay\s*(?P<d>{_D})\s*th.{{1,3}}ng\s*(?P<m>{_D})\s*n.{{1,2}}m\s*(?P<y>[0-9oil]{{4}})"
)
_ISSUE_BLANK_DAY: Final = re.compile(
    rf"ngay[\s.…_]*thang[\s.…_]*(?P<m>{_D})?[\s.…_]*nam\s*(?P<y>[0-9oil]{{4}})"
)
_DAY: Final = (
    r"(?P<d>\d{1,2})\s*(?:[/.-]\s*(?P<m>\d{1,2})(?:\s*[/.-]\s*(?P<y>\d{4}))?"
    r"|\s+thang\s+(?P<m2>\d{1,2})(?:\s+nam\s+(?P<y2>\d{4}))?)(?![\d/])"
)
_TIME: Final = (
    r"(?:(?P<hh>\d{1,2})\s*(?:gio|h|g|:)\s*(?P<mm>\d{2})?\s*(?:phut)?\s*,?\s*"
    r"(?:(?:sang|chieu)\s*)?)?"
)
_DUE: Final = re.compile(
    r"(?P<word>(?:xong\s+|hoan thanh\s+|gui\s+|la\s+)?truoc|cham nhat|muon nhat|khong qua|han cuoi|"
    r"thoi han|han chot|den het|trong|xong|hoan thanh|het)"
    r"(?P<between>(?:\s*(?:la|den|vao|ngay|het|cung|luc|:|,))*)\s*"
    + _TIME
    + r"(?P<dayword>(?:(?:cua|thu\s+\w{2,4}|chu nhat|,)\s*)*(?:ngay\s*)?)"
    + _DAY
)
_DIGIT: Final = str.maketrans({"o": "0", "i": "1", "l": "1"})
#: Words that make a sentence with a date an order to deliver.
_ORDER: Final = re.compile(
    r"gui|bao cao|hoan thanh|gop y|y kien|phan hoi|trinh|nop|dang ky|tra loi|thuc hien|de nghi|xong"
)

DueKind = Literal["by", "before", "by_hour"]


@dataclass(frozen=True, slots=True)
class DueDate:
    """A deadline as written. `stated_on` is the printed day, `last_day` the last day allowed.

    `before`: "trước ngày X", so `last_day` is the day before X; `by_hour`: until `at` (HH:MM) on X.
    `wording` is the printed phrase. `needs_look` tells that the sentence can be read another way.
    """

    last_day: date
    stated_on: date
    kind: DueKind
    at: str
    wording: str
    needs_look: bool
    is_order: bool


@dataclass(frozen=True, slots=True)
class IssueDate:
    """The date in the place-and-date line, the printed place, and whether signs were corrected."""

    on: date
    place: str
    is_corrected: bool


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(*(int(part.translate(_DIGIT)) for part in (year, month, day)))
    except ValueError:
        return None


def find_issue_date(line: str) -> IssueDate | None:
    """The date of a line such as `Hà Nội, ngày 05 tháng 02 năm 2026`, else `None`."""
    printed = nfc(line)
    found = _ISSUE_DATE.search(flat(printed))
    if found is None:
        return None
    on = _date(found["y"], found["m"], found["d"])
    if on is None:
        return None
    place = one_line(printed[: found.start()]).strip(" ,.-;:")
    digits = found["d"] + found["m"] + found["y"]
    return IssueDate(on, place, is_corrected=not digits.isdigit())


def is_blank_issue_date(line: str) -> bool:
    """A place-and-date line whose day is still empty, as on a draft."""
    return find_issue_date(line) is None and _ISSUE_BLANK_DAY.search(flat(line)) is not None


def _stated(found: re.Match[str], not_before: date) -> tuple[date, bool] | None:
    """The printed day and whether its year had to be guessed (the first such day from then on)."""
    day, month = found["d"], found["m"] or found["m2"]
    year = found["y"] or found["y2"]
    if year:
        exact = _date(year, month, day)
        return None if exact is None else (exact, False)
    for candidate_year in (not_before.year, not_before.year + 1):
        candidate = _date(str(candidate_year), month, day)
        if candidate is not None and candidate >= not_before:
            return candidate, True
    return None


def find_due_dates(text: str, not_before: date) -> Iterator[tuple[DueDate, int]]:
    """Deadlines in `text` in printed order, each with the place of its first letter.

    A day without a year is the first such day from `not_before` (the date of issue) on.
    """
    printed = nfc(text)
    plain = flat(printed)
    for found in _DUE.finditer(plain):
        word, between = found["word"], found["between"]
        has_day_word = "ngay" in between or "ngay" in found["dayword"]
        if word in ("trong", "xong", "hoan thanh", "het", "thoi han") and not has_day_word:
            continue
        if not has_day_word and not (found["y"] or found["y2"]):
            continue  # a fraction: "trước 1/3 số đại biểu"
        stated = _stated(found, not_before)
        if stated is None:
            continue
        stated_on, year_guessed = stated
        is_before = word.endswith("truoc")
        hour = found["hh"]
        at = ""
        if hour is not None and int(hour) < 25:
            at = f"{int(hour):02d}:{found['mm'] or '00'}"
        kind: DueKind = "by_hour" if at else ("before" if is_before else "by")
        last_day = stated_on - timedelta(days=1) if kind == "before" else stated_on
        # An order stands in the same sentence, mostly just before the date.
        sentence = plain[max(0, plain.rfind(". ", 0, found.start())) : found.end() + 60]
        yield (
            DueDate(
                last_day,
                stated_on,
                kind,
                at,
                one_line(printed[found.start() : found.end()]),
                needs_look=kind == "before" or year_guessed,
                is_order=_ORDER.search(sentence) is not None,
            ),
            found.start(),
        )
