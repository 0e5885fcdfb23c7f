"""What is typeset and what comes out: the letter, its PDF, and where its parts stand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from nhactruong.kernel.states import Urgency
from nhactruong.records.drafting.rules import Body

NUMBER_FIELD: Final = "so"
DATE_FIELD: Final = "ngay"
PERSON_FIELD: Final = "SIG_PERSON_1"
AGENCY_FIELD: Final = "SIG_AGENCY"

POINTS_PER_MM: Final = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Letter:
    """A Party document as it will be printed. Source: documents.md 4.3, 4.4.

    Texts are printed as given; list marks and list punctuation ("- …;") are added where they lack.
    """

    #: The body above the issuer (regular), "" when there is none.
    superior_line: str
    #: The issuing body (bold), one entry a line.
    issuer_lines: tuple[str, ...]
    #: "Số 05-NQ/ĐU", or with dots where the number will stand: "Số ........-TB/TU".
    number_line: str
    place: str
    #: The day of issue; None leaves dots for the day.
    date: dt.date | None
    #: Printed in capitals; None for a công văn, whose trích yếu stands under the number.
    type_name: str | None
    subject: str
    body: Body
    title_lines: tuple[str, ...]
    signer_name: str
    #: "T/M BAN THƯỜNG VỤ"; "" when the title alone is printed, then in bold.
    capacity_line: str = ""
    #: "Kính gửi", "Kính trình", or "" with no addressees.
    addressee_label: str = ""
    addressees: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    urgency: Urgency = Urgency.NORMAL
    #: A circulation mark in its box, e.g. "LƯU HÀNH NỘI BỘ".
    circulation_mark: str = ""
    #: "Dự thảo lần 2"; None on what goes to be signed.
    draft_mark: str | None = None
    #: Names month and year of the dotted date line while `date` is None.
    date_hint: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page (from 0) in PDF points, origin at the lower left corner of the page."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Width in points."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Height in points."""
        return self.y1 - self.y0

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """The four numbers of a PDF rectangle: left, bottom, right, top."""
        return (self.x0, self.y0, self.x1, self.y1)


@dataclass(frozen=True, slots=True)
class Anchors:
    """Where the parts that signing needs stand. Source: signatures.md 3.1, 3.2."""

    number: Box
    date: Box
    #: The line of the signer's name.
    name: Box
    #: 45 x 20 mm, centred over the name, 2 mm above its line.
    signature: Box
    recipients: Box
    #: Letter sizes in points that number and date are set in, smaller only when the line is long.
    number_size: float
    date_size: float

    def seal(self, diameter_mm: float = 36.0) -> Box:
        """The seal's square, over the left third of the signature. Source: signatures.md 3.2."""
        side = diameter_mm * POINTS_PER_MM
        left = max(5 * POINTS_PER_MM, self.signature.x0 + self.signature.width / 3 - side)
        bottom = (self.signature.y0 + self.signature.y1 - side) / 2
        return Box(self.signature.page, left, bottom, left + side, bottom + side)


@dataclass(frozen=True, slots=True)
class Typeset:
    """A letter as PDF/A-2b with number and date printed, its length in pages, and its anchors."""

    pdf: bytes
    pages: int
    anchors: Anchors
    letter: Letter


def date_line(letter: Letter) -> str:
    """Place and date as printed, e.g. "Sông Lam, ngày 05 tháng 02 năm 2026".

    Days under 10 and months 1, 2 get a zero. Source: documents.md 4.3 P05.
    """
    day = letter.date
    if day is not None:
        when = f"ngày {day.day:02d} tháng {_month(day)} năm {day.year}"
    elif letter.date_hint is not None:
        when = f"ngày ..... tháng {_month(letter.date_hint)} năm {letter.date_hint.year}"
    else:
        when = "ngày ..... tháng ..... năm ........"
    return f"{letter.place}, {when}" if letter.place else when


def _month(day: dt.date) -> str:
    return f"{day.month:02d}" if day.month <= 2 else str(day.month)
