"""The list of outgoing documents and the register book, on the screen, on paper, as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from nhactruong.foundation.accounts import commands as accounts
from nhactruong.foundation.persistence.paging import COUNT_CAP, PAGE_ROWS, capped_count
from nhactruong.foundation.ui.shapes import Badge
from nhactruong.foundation.ui.templatetags.ui.filters import vn_date, vn_number
from nhactruong.foundation.web.requests import ActorRequest, see_other
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import Role
from nhactruong.masterdata.vocabularies import selectors as vocabularies
from nhactruong.records.outgoing import commands, selectors
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import series_group
from nhactruong.records.outgoing.selectors import Book
from nhactruong.records.outgoing.views import columns, filters
from nhactruong.records.releases import selectors as releases

ROWS = PAGE_ROWS
_MOST_PRINTED: Final = 2_000
_MOST_EXPORTED: Final = 10_000
#: Who answers for the book and may be told that nothing is missing in it.
_KEEPERS: Final = frozenset({Role.CLERK, Role.CHIEF_OF_OFFICE, Role.ARCHIVIST})
_NO_MATCH: Final = "Không có văn bản nào khớp bộ lọc. Bỏ bớt điều kiện, hoặc bỏ mọi bộ lọc."
_NEED_CHARACTERS: Final = ("=", "+", "-", "@", "\t", "\r")


@require_GET
def listed(request: ActorRequest) -> HttpResponse:
    """Outgoing documents from the moment they are on their way, newest first."""
    chosen = filters.Chosen.of(request)
    books = selectors.books(request.actor)
    rows = selectors.register(request.actor, filters.asked_for(chosen), only_numbered=False)
    cursor = request.GET.get("trang", "")
    page = rows.select_related("drafting_unit").newest_page(
        request.actor, by="listed_on", then="number", cursor=cursor, rows=ROWS
    )
    tags = filters.tags(chosen, books)
    book = next((one for one in books if one.body == chosen.book), books[0] if books else None)
    return render(
        request,
        "outgoing/list.html",
        {
            "columns": columns.chosen_columns(request, "outgoing.list.columns"),
            "rows": columns.rows_of(page.rows),
            "filters": filters.choices(books, chosen),
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
    chosen = filters.Chosen.of(request)
    books = selectors.books(request.actor)
    book = next((one for one in books if one.body == chosen.book), books[0] if books else None)
    terms = selectors.terms(book.agency_id) if book else []
    term = next((one for one in terms if one.starts_on.isoformat() == chosen.term), None) or next(
        iter(terms), None
    )
    period = f"term:{term.starts_on.isoformat()}" if term else ""
    rows = selectors.register(
        request.actor,
        filters.asked_for(chosen, book.body if book else "", period),
        only_numbered=True,
    ).select_related("drafting_unit", "drafter_person")
    if request.GET.get("xuat") == "csv":
        return _released(request.actor, rows, book, chosen)
    whole = request.GET.get("in") == "1"
    context: dict[str, Any] = {
        "columns": columns.chosen_columns(request, "outgoing.register.columns"),
        "book": book,
        "term": term,
        "chosen": chosen,
        "filters": filters.choices(books, chosen, numbered=True),
        "folded": filters.folded_choices(terms, chosen),
        "folded_used": 1 if chosen.term else 0,
        "tags": filters.tags(chosen, ()),
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
        context |= {"rows": columns.rows_of(found, in_full=True), "newer_url": "", "older_url": ""}
        return render(request, "outgoing/register.html", context)
    cursor = request.GET.get("trang", "")
    page = rows.newest_page(request.actor, by="listed_on", then="number", cursor=cursor, rows=ROWS)
    context |= {
        "rows": columns.rows_of(page.rows),
        "newer_url": chosen.url(trang=page.newer) if page.newer else "",
        "older_url": chosen.url(trang=page.older) if page.older else "",
    }
    return render(request, "outgoing/register.html", context)


def _statement(actor: Actor, book: Book | None, period: str, chosen: filters.Chosen) -> str:
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


def _released(
    actor: Actor, rows: Any, book: Book | None, chosen: filters.Chosen
) -> HttpResponseBase:
    """The table, or the page that asks for it when it needs a second person."""
    address = reverse("outgoing:register_book") + chosen.url(xuat="csv")
    count = capped_count(rows)
    if book is None or releases.is_released(actor, address, count):
        return _exported(actor, rows, book)
    named = [tag.label for tag in filters.tags(chosen, ())]
    title = ", ".join([f"Sổ đăng ký văn bản đi {book.name}", *named])
    return see_other(
        releases.asking_address(agency_id=book.agency_id, title=title, address=address, rows=count)
    )


def _exported(actor: Actor, rows: Any, book: Book | None) -> StreamingHttpResponse:
    """The register as CSV in UTF-8 with its mark, so that office programs read the letters."""
    accounts.require_confirmed(actor)
    count = min(capped_count(rows), COUNT_CAP)
    commands.note_export(actor, agency_id=book.agency_id if book else None, rows=count)
    name = f"so-van-ban-di-{book.body if book else 'trong'}-{clock.today():%Y%m%d}.csv"
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(rows: Any) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([label for _, label, _ in columns.COLUMNS])
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
    for line in columns.rows_of(documents, in_full=True):
        writer.writerow([_plain(line.cells[code]) for code, _, _ in columns.COLUMNS])
    return out.getvalue()
