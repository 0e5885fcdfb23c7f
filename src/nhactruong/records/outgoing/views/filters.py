"""The filters of list and register: read from the address, offered, said in tags."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.http import urlencode

from nhactruong.foundation.ui.shapes import FilterTag
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.kernel import clock
from nhactruong.masterdata.organization.models import Term
from nhactruong.masterdata.vocabularies import selectors as vocabularies
from nhactruong.records.outgoing.rules import REGISTERED, STATE_LABELS, State
from nhactruong.records.outgoing.selectors import Book, RegisterFilter


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filters as the address says them."""

    book: str
    kind: str
    state: str
    month: str
    words: str
    term: str

    @classmethod
    def of(cls, request: ActorRequest) -> Chosen:
        """The filters of a request."""
        get = request.GET.get
        return cls(
            book=get("so", ""),
            kind=get("loai", ""),
            state=get("tt", "") if get("tt", "") in {state.value for state in State} else "",
            month=get("thang", ""),
            words=get("tim", "").strip()[:200],
            term=get("nk", ""),
        )

    def pairs(self, **other: str) -> dict[str, str]:
        """The filters as query pairs, some changed; empty ones are left out."""
        values = {
            "so": self.book,
            "loai": self.kind,
            "tt": self.state,
            "thang": self.month,
            "tim": self.words,
            "nk": self.term,
        }
        return {key: value for key, value in (values | other).items() if value}

    def url(self, **other: str) -> str:
        """The same list with these pairs changed."""
        return f"?{urlencode(self.pairs(**other))}"

    @property
    def first_day(self) -> date | None:
        """The first day of the chosen month; None for a month that is none."""
        try:
            return date.fromisoformat(f"{self.month}-01") if self.month else None
        except ValueError:
            return None


def asked_for(chosen: Chosen, body: str = "", period: str = "") -> RegisterFilter:
    """What the register is asked for; `body` stands for the book chosen."""
    return RegisterFilter(
        organ=body or chosen.book,
        document_type=chosen.kind,
        state=chosen.state,
        month=chosen.first_day,
        period=period,
        words=chosen.words,
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """A select of the filter bar."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    value: str


def choices(books: Sequence[Book], chosen: Chosen, *, numbered: bool = False) -> list[Choice]:
    """The selects of the bar; a register (`numbered`) has one book and numbered states only."""
    kinds = [(kind.slug, kind.name) for kind in vocabularies.document_types(numbered_only=True)]
    states = [
        (state.value, STATE_LABELS[state]) for state in State if not numbered or state in REGISTERED
    ]
    first = [] if numbered else [("", "Mọi sổ")]
    return [
        Choice("so", "Sổ", [*first, *((one.body, f"Sổ {one.name}") for one in books)], chosen.book),
        Choice("loai", "Loại văn bản", [("", "Mọi loại văn bản"), *kinds], chosen.kind),
        Choice("tt", "Trạng thái", [("", "Mọi trạng thái"), *states], chosen.state),
        Choice("thang", "Tháng", [("", "Mọi tháng"), *_months()], chosen.month),
    ]


def folded_choices(terms: Sequence[Term], chosen: Chosen) -> list[Choice]:
    """What is rarely chosen: the term, where the agency has lived through several."""
    if len(terms) < 2:
        return []
    options = [(one.starts_on.isoformat(), one.name.capitalize()) for one in terms]
    return [Choice("nk", "Nhiệm kỳ", options, chosen.term)]


def _months() -> list[tuple[str, str]]:
    today = clock.today()
    found = []
    year, month = today.year, today.month
    for _ in range(18):
        found.append((f"{year}-{month:02d}", f"Tháng {month}/{year}"))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return found


def tags(chosen: Chosen, books: Iterable[Book]) -> list[FilterTag]:
    """The active filters, each with the address of the list without it."""
    names = {one.body: f"Sổ {one.name}" for one in books}
    said = {
        "so": names.get(chosen.book, ""),
        "loai": vocabularies.type_name(chosen.kind) if chosen.kind else "",
        "tt": STATE_LABELS[State(chosen.state)] if chosen.state else "",
        "thang": f"Tháng {chosen.first_day:%-m/%Y}" if chosen.first_day else "",
        "tim": f"“{chosen.words}”" if chosen.words else "",
    }
    return [FilterTag(label, chosen.url(**{key: ""})) for key, label in said.items() if label]
