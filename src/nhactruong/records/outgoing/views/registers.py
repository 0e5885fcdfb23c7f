"""The list of outgoing documents and the register book, on the screen, on paper, as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from nhactruong.foundation.accounts import commands as accounts
from nhactruong.foundation.accounts.selectors import preference
from nhactruong.foundation.persistence.paging import COUNT_CAP, capped_count
from nhactruong.foundation.ui.shapes import Badge, Column, FilterTag, RegisterRow
from nhactruong.foundation.ui.templatetags.ui.filters import vn_date, vn_number
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization.models import Term
from nhactruong.masterdata.vocabularies import selectors as vocabularies
from nhactruong.records.distribution import selectors as deliveries
from nhactruong.records.outgoing import commands, selectors
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import (
    REGISTERED,
    STATE_LABELS,
    STATE_LOOKS,
    State,
    series_group,
)
from nhactruong.records.outgoing.selectors import Book, RegisterFilter

_MOST_PRINTED: Final = 2_000
_MOST_EXPORTED: Final = 10_000
#: Who answers for the book and may be told that nothing is missing in it.
_KEEPERS: Final = frozenset({Role.CLERK, Role.CHIEF_OF_OFFICE, Role.ARCHIVIST})

#: The ten columns of the register, the last also carrying the state. Source: NĐ 30/2020, Phụ lục IV.
_COLUMNS: Final = (
    ("code", "Số, ký hiệu", "code"),
    ("date", "Ngày tháng", "date"),
    ("subject", "Tên loại và trích yếu", "subject"),
    ("signer", "Người ký", "text"),
    ("recipients", "Nơi nhận", "text"),
    ("kept", "Đơn vị, người nhận bản lưu", "text"),
    ("copies", "Số bản", "number"),
    ("sent", "Ngày chuyển", "date"),
    ("receipt", "Ký nhận", "nowrap"),
    ("state", "Ghi chú", "state"),
)
_HIDDEN_AT_FIRST: Final = frozenset({"kept", "sent", "receipt"})
_NO_MATCH: Final = "Không có văn bản nào khớp bộ lọc. Bỏ bớt điều kiện, hoặc bỏ mọi bộ lọc."
#: How a recipient list names whom the letter is addressed to.
_AS_ABOVE: Final = "Như trên"
_NEED_CHARACTERS: Final = ("=", "+", "-", "@", "\t", "\r")


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


def _filter(chosen: Chosen, body: str = "", period: str = "") -> RegisterFilter:
    return RegisterFilter(
        organ=body or chosen.book,
        document_type=chosen.kind,
        state=chosen.state,
        month=chosen.first_day,
        period=period,
        words=chosen.words,
    )


@require_GET
def listed(request: ActorRequest) -> HttpResponse:
    """Outgoing documents from the moment they are on their way, newest first."""
    chosen = Chosen.of(request)
    books = selectors.books(request.actor)
    rows = selectors.register(request.actor, _filter(chosen), only_numbered=False)
    page = rows.select_related("drafting_unit").newest_page(
        request.actor, by="listed_on", cursor=request.GET.get("trang", "")
    )
    tags = _tags(chosen, books)
    book = next((one for one in books if one.body == chosen.book), books[0] if books else None)
    return render(
        request,
        "outgoing/list.html",
        {
            "columns": _columns(request, "outgoing.list.columns"),
            "rows": _rows(page.rows),
            "filters": _choices(books, chosen),
            "tags": tags,
            "print_agency": book.agency_name.upper() if book else "",
            "print_line": "; ".join(tag.label for tag in tags) or "Mọi sổ, mọi thời gian",
            "print_opening": f"In ngày {vn_date(clock.today())}.",
            "chosen": chosen,
            "newer_url": chosen.url(trang=page.newer) if page.newer else "",
            "older_url": chosen.url(trang=page.older) if page.older else "",
            "here": reverse("outgoing:list"),
            "empty_words": _NO_MATCH
            if chosen.pairs()
            else "Chưa có văn bản đi nào trong phạm vi của đồng chí.",
        },
    )


@require_GET
def register_book(request: ActorRequest) -> HttpResponseBase:
    """The register of one book and term: on the screen, printed whole, or as a table."""
    chosen = Chosen.of(request)
    books = selectors.books(request.actor)
    book = next((one for one in books if one.body == chosen.book), books[0] if books else None)
    terms = selectors.terms(book.agency_id) if book else []
    term = next((one for one in terms if one.starts_on.isoformat() == chosen.term), None) or next(
        iter(terms), None
    )
    period = f"term:{term.starts_on.isoformat()}" if term else ""
    rows = selectors.register(
        request.actor, _filter(chosen, book.body if book else "", period), only_numbered=True
    ).select_related("drafting_unit", "drafter_person")
    if request.GET.get("xuat") == "csv":
        return _exported(request.actor, rows, book)
    whole = request.GET.get("in") == "1"
    context: dict[str, Any] = {
        "columns": _columns(request, "outgoing.register.columns"),
        "book": book,
        "term": term,
        "chosen": chosen,
        "filters": _choices(books, chosen, numbered=True),
        "folded": _folded_choices(terms, chosen),
        "folded_used": 1 if chosen.term else 0,
        "tags": _tags(chosen, ()),
        "whole": whole,
        "print_url": chosen.url(**{"in": "1"}),
        "export_url": chosen.url(xuat="csv"),
        "statement": _statement(request.actor, book, period, chosen),
        "opening": f"Mở từ ngày {vn_date(term.starts_on)}." if term else "",
        "here": reverse("outgoing:register_book"),
        "crumbs": [("Văn bản đi", reverse("outgoing:list")), ("Sổ đăng ký", "")],
        "print_agency": book.agency_name.upper() if book else "",
        "empty_words": (
            _NO_MATCH
            if chosen.kind or chosen.state or chosen.month or chosen.words
            else "Sổ này chưa có văn bản nào trong nhiệm kỳ. Số đầu tiên sẽ là 01."
        ),
    }
    if whole:
        found = list(rows.order_by("listed_on", "number", "id")[:_MOST_PRINTED])
        context |= {"rows": _rows(found, in_full=True), "newer_url": "", "older_url": ""}
        return render(request, "outgoing/register.html", context)
    page = rows.newest_page(request.actor, by="listed_on", cursor=request.GET.get("trang", ""))
    context |= {
        "rows": _rows(page.rows),
        "newer_url": chosen.url(trang=page.newer) if page.newer else "",
        "older_url": chosen.url(trang=page.older) if page.older else "",
    }
    return render(request, "outgoing/register.html", context)


def _columns(request: ActorRequest, key: str) -> list[Column]:
    """The columns with those the person wants to see; a new choice is remembered."""
    known = {code for code, _, _ in _COLUMNS}
    picked = [code for code in request.GET.getlist("cot") if code in known]
    if picked:
        accounts.remember(request.actor, key, picked)
        shown = set(picked)
    else:
        shown = set(preference(request.actor, key, sorted(known - _HIDDEN_AT_FIRST)))
    always = {"code", "subject"}
    return [
        Column(
            code,
            label,
            kind,
            shown=code in shown | always,
            sort="descending" if code == "date" else "",
        )
        for code, label, kind in _COLUMNS
    ]


def _rows(documents: Sequence[OutgoingDocument], *, in_full: bool = False) -> list[RegisterRow]:
    """The rows of a table; `in_full` names every recipient, as paper and file do."""
    names = vocabularies.type_names()
    tallies = deliveries.tallies([row.document_id for row in documents if row.issued_at])
    seconds = selectors.void_confirmers(documents)
    return [
        RegisterRow(
            cells=_cells(
                row, names, tallies.get(row.document_id, (0, 0)), seconds, in_full=in_full
            ),
            url=reverse("outgoing:detail", args=[row.public_id]),
            void=row.as_state == State.CANCELLED,
        )
        for row in documents
    ]


def _cells(
    row: OutgoingDocument,
    names: Mapping[str, str],
    tally: tuple[int, int],
    seconds: Mapping[Any, str],
    *,
    in_full: bool,
) -> dict[str, Any]:
    kind = names.get(row.document_type, row.document_type)
    subject = f"{kind} {row.subject}".strip()
    is_void = row.as_state == State.CANCELLED
    if is_void:
        second = seconds.get(row.public_id, "")
        subject = f"Số bỏ: {row.void_reason}; người thứ hai xác nhận: {second}"
    got, sent = tally
    unit = row.drafting_unit.short_name if row.drafting_unit else ""
    return {
        "code": row.reference_code or "Chưa có số",
        "date": row.issued_on or "",
        "subject": subject,
        "signer": "" if is_void else row.signer_printed,
        "recipients": "" if is_void else recipient_words(row, in_full=in_full),
        "kept": unit or "Văn thư",
        "copies": row.copies if row.as_state in REGISTERED else "",
        "sent": clock.local(row.issued_at).date() if row.issued_at else "",
        "receipt": f"{got}/{sent}" if sent else "",
        "state": _badge(row, got, sent),
    }


def recipient_words(row: OutgoingDocument, *, in_full: bool = False) -> str:
    """Nơi nhận in one cell: the first place and how many more, "Như trên" told by its names."""
    places = []
    for line in row.recipients_printed:
        if line == _AS_ABOVE and row.addressees:
            places += row.addressees
        elif not line.startswith("Lưu"):
            places.append(line)
    if in_full:
        return "; ".join(places)
    first = places[0].partition(" (")[0] if places else ""
    return f"{first} +{len(places) - 1}" if len(places) > 1 else first


def _badge(row: OutgoingDocument, got: int, sent: int) -> Badge:
    if row.as_state == State.ISSUED and sent:
        tone, icon = ("ok", "ok") if got == sent else ("info", "send")
        return Badge(f"Đã nhận {got}/{sent}", tone, icon)
    return Badge(STATE_LABELS[row.as_state], *STATE_LOOKS[row.as_state])


@dataclass(frozen=True, slots=True)
class Choice:
    """A select of the filter bar."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    value: str


def _choices(books: Sequence[Book], chosen: Chosen, *, numbered: bool = False) -> list[Choice]:
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


def _folded_choices(terms: Sequence[Term], chosen: Chosen) -> list[Choice]:
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


def _tags(chosen: Chosen, books: Iterable[Book]) -> list[FilterTag]:
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


def _statement(actor: Actor, book: Book | None, period: str, chosen: Chosen) -> str:
    """How many numbers the book holds and that none is missing, for those who answer for it."""
    if book is None or not actor.has_any_role(_KEEPERS, book.agency_id):
        return ""
    groups: list[str] = []
    if chosen.kind:
        kind = vocabularies.document_type(chosen.kind)
        groups = [series_group(kind.slug, kind.code, shared_qd=True)] if kind else []
    count = selectors.count_book(book, period, groups)
    if not count.given:
        return "Sổ này chưa có số nào trong nhiệm kỳ."
    voided = f", trong đó {vn_number(count.voided)} số bỏ" if count.voided else ""
    gap = (
        "Không thiếu số, không trùng số."
        if not count.missing
        else f"Thiếu {count.missing} số: báo ngay phụ trách an toàn."
    )
    return f"Sổ này đã cấp {vn_number(count.given)} số{voided}. {gap}"


def _plain(cell: Any) -> str:
    """A cell as a spreadsheet may hold it: never a formula. Source: OWASP (CSV injection)."""
    text = (
        vn_date(cell)
        if isinstance(cell, date)
        else str(cell[0] if isinstance(cell, Badge) else cell)
    )
    return f"'{text}" if text.startswith(_NEED_CHARACTERS) else text


def _exported(actor: Actor, rows: Any, book: Book | None) -> StreamingHttpResponse:
    """The register as CSV in UTF-8 with its mark, so that office programs read the letters."""
    count = min(capped_count(rows), COUNT_CAP)
    commands.note_export(actor, agency_id=book.agency_id if book else None, rows=count)
    name = f"so-van-ban-di-{book.body if book else 'trong'}-{clock.today():%Y%m%d}.csv"
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(rows: Any) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([label for _, label, _ in _COLUMNS])
    yield "\ufeff" + out.getvalue()
    ordered = rows.order_by("listed_on", "number", "id")[:_MOST_EXPORTED]
    batch: list[OutgoingDocument] = []
    for row in ordered.iterator(500):
        batch.append(row)
        if len(batch) == 500:
            yield _batch(batch)
            batch = []
    yield _batch(batch)


def _batch(documents: Sequence[OutgoingDocument]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    for line in _rows(documents, in_full=True):
        writer.writerow([_plain(line.cells[code]) for code, _, _ in _COLUMNS])
    return out.getvalue()
