"""The number and symbol of a document as printed, in Party and State form.

Source: documents.md 2.1, 2.3, 3.1-3.4 (HD05, NĐ 30/2020).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from nhactruong.kernel.text import one_line
from nhactruong.records.extraction.rules.flat import flat

Profile = Literal["party", "state"]

PARTY_CODES: Final = (
    "NQ", "QĐ", "QĐi", "QyĐ", "CT", "KL", "QC", "TT", "HD", "TB", "TC", "BC", "KH", "QH", "CTr",
    "ĐA", "PA", "DA", "CL", "TTr", "CV", "BB", "GM", "GGT", "PC", "PG", "BS",
)  # fmt: skip
STATE_CODES: Final = (
    "NQ", "QĐ", "CT", "QC", "QyĐ", "TC", "TB", "HD", "CTr", "KH", "PA", "ĐA", "DA", "BC", "BB",
    "TTr", "HĐ", "CĐ", "BGN", "BTT", "GUQ", "GM", "GGT", "GNP", "PG", "PC", "PB", "SY", "SL",
    "TrS", "NĐ", "TT", "TTLT", "PL",
)  # fmt: skip
#: Organisation codes that recognition from a picture may print without their marks.
KNOWN_ORGANS: Final = (
    "TW", "VPTW", "BTCTW", "UBKTTW", "BTGDVTW", "BNCTW", "BCSCLTW", "BCĐTW", "TU", "VPTU",
    "BTCTU", "UBKTTU", "BTGDVTU", "BNCTU", "ĐU", "VPĐU", "UBKTĐU", "UBKT", "BXDĐ", "CB", "ĐH",
    "BCĐ", "UBND", "HĐND", "MTTQ",
)  # fmt: skip

_PARTY: Final = re.compile(
    r"^(?:Số:?\s*)?(?P<num>\d{1,5}[a-z]?)\s*-\s*(?P<code>"
    + "|".join(sorted(PARTY_CODES, key=len, reverse=True))
    + r")/(?P<org>[A-ZĐƯÔƠÂÊĂ][A-ZĐƯÔƠÂÊĂ.\-]*)$"
)
_LAW: Final = re.compile(
    r"^(?:Số:?\s*)?(?P<num>\d{1,4})/(?P<year>\d{4})/(?P<org>QH\d{1,2}|UBTVQH\d{1,2})$"
)
_STATE: Final = re.compile(
    r"^(?:Số:?\s*)?(?P<num>\d{1,5})/(?:(?P<year>\d{4})/)?(?P<code>"
    + "|".join(sorted(STATE_CODES, key=len, reverse=True))
    + r")-(?P<org>[A-ZĐ][A-ZĐa-z0-9.\-]*)$"
)
_LETTER: Final = re.compile(
    r"^(?:Số:?\s*)?(?P<num>\d{1,5})/(?P<org>[A-ZĐ][A-ZĐa-z.]*)-(?P<unit>[A-ZĐ0-9][A-ZĐa-z0-9.\-]*)$"
)

#: "Số" as a picture may give it, then the number, then the rest of the symbol; on flat text.
_LOOSE_START: Final = re.compile(
    r"^[^a-z0-9]*(?:(?:luat|nghi quyet|phap lenh)\s+)?s[o06]{1,2}(?=[^a-z]|$)\s*[:.;,…_\s]*"
)
_LOOSE_PARTY: Final = re.compile(
    r"(?P<num>[0-9oil]{0,5}[a-z]?)\s*[-._~]\s*(?P<code>[a-z]{2,4})\s*[/|\\1il]\s*(?P<org>[a-z.\-]{2,14})"
)
_LOOSE_STATE: Final = re.compile(
    r"(?P<num>[0-9oil]{0,5})\s*/\s*(?:(?P<year>\d{4})\s*/\s*)?(?P<code>[a-z]{2,6})\s*[-._]\s*"
    r"(?P<org>[a-z0-9.\-]{2,20})"
)
#: A State letter whose stroke was lost: "1203UBND-VX".
_LOOSE_LETTER: Final = re.compile(
    r"^(?P<num>\d{1,5})\s?[/|\\]?\s?(?P<org>[A-ZĐ]{2,8})-(?P<unit>[A-ZĐ0-9]+)$"
)
_DIGIT: Final = str.maketrans({"o": "0", "i": "1", "l": "1"})


@dataclass(frozen=True, slots=True)
class Reference:
    """A number and symbol taken apart. `code` is empty for a State letter and for a law.

    `text` is how registers write it (documents.md 4.5b.13); `is_exact` is false when signs had to
    be corrected; `number` is empty on a draft that has only its symbol.
    """

    text: str
    number: str
    code: str
    organ: str
    unit: str
    profile: Profile
    is_exact: bool

    @property
    def symbol(self) -> str:
        """The part after the number, e.g. `NQ/ĐU`, `QĐ-UBND`."""
        return self.text[len(self.number) :].lstrip("-/")

    @property
    def is_unpadded(self) -> bool:
        """A number below ten printed without its zero."""
        return len(self.number) == 1


def _tidy(text: str) -> str:
    cleaned = one_line(text).replace("\u00d0", "Đ")
    cleaned = re.sub(r"[–—−\u2011]", "-", cleaned)
    cleaned = re.sub(r"\s*([-/])\s*", r"\1", cleaned)
    return cleaned.strip(" .,;*|")


def parse_reference(text: str) -> Reference | None:
    """The reference when `text` is one in the exact form, else `None`. Order: documents.md 3.1."""
    tidy = _tidy(text)
    bare = re.sub(r"^Số\s*:?\s*", "", tidy)
    for pattern, profile in (
        (_PARTY, "party"), (_LAW, "state"), (_STATE, "state"), (_LETTER, "state"),
    ):  # fmt: skip
        found = pattern.match(bare)
        if found:
            parts = found.groupdict()
            return Reference(
                bare, parts["num"], parts.get("code") or "", parts["org"], parts.get("unit") or "",
                "party" if profile == "party" else "state", is_exact=True,
            )  # fmt: skip
    return None


def _restored(flat_word: str, printed: str, known: Iterable[str]) -> str | None:
    """The known word that `flat_word` stands for; the printed one wins when it is known."""
    if printed in known:
        return printed
    return next((word for word in known if flat(word) == flat_word), None)


def _with_known_organ(reference: Reference, organs: tuple[str, ...]) -> Reference:
    """The reference with an organ code that lost its marks (`DU`) written as it is known (`ĐU`)."""
    known = _restored(flat(reference.organ), reference.organ, organs)
    if known is None or known == reference.organ:
        return reference
    text = reference.text.replace(reference.organ, known, 1)
    return replace(reference, text=text, organ=known, is_exact=False)


def find_reference(line: str, organs: Iterable[str] = ()) -> Reference | None:
    """The reference printed on `line`, also with blanks and signs misread; `None` if there is none.

    `organs` are organisation codes known to the office; they help to restore lost marks.
    """
    printed = one_line(line)
    known_organs = (*organs, *KNOWN_ORGANS)
    opening = _LOOSE_START.match(flat(printed))
    rest = printed[opening.end() :] if opening else printed
    exact = parse_reference(rest)
    # A code without its marks looks like an office: "88/QD-UBND" as a letter of the office "QD".
    is_code_misread = (
        exact is not None
        and exact.unit in known_organs
        and any(flat(exact.organ) == flat(code) for code in STATE_CODES)
    )
    if exact is not None and not is_code_misread:
        return _with_known_organ(exact, known_organs)
    if opening is None:
        return None
    for pattern, codes, joint, profile in (
        (_LOOSE_PARTY, PARTY_CODES, ("-", "/"), "party"),
        (_LOOSE_STATE, STATE_CODES, ("/", "-"), "state"),
    ):
        found = pattern.match(flat(rest))
        if found is None:
            continue
        printed_organ = rest[slice(*found.span("org"))].strip(".-")
        code = _restored(found["code"], rest[slice(*found.span("code"))], codes)
        if code is None:
            continue
        organ = _restored(flat(printed_organ), printed_organ, known_organs)
        organ = organ or printed_organ.upper().replace("\u00d0", "Đ")
        number = found["num"].translate(_DIGIT)
        year = found.groupdict().get("year")
        head = f"{number}{joint[0]}" + (f"{year}/" if year else "")
        text = f"{head}{code}{joint[1]}{organ}"
        return Reference(
            text if number else text.lstrip("-/"), number, code, organ, "",
            "party" if profile == "party" else "state", is_exact=False,
        )  # fmt: skip
    letter = _LOOSE_LETTER.match(_tidy(rest))
    if letter is not None and letter["org"] in known_organs:
        text = f"{letter['num']}/{letter['org']}-{letter['unit']}"
        return Reference(
            text, letter["num"], "", letter["org"], letter["unit"], "state", is_exact=False
        )
    return None
