"""Văn bản đến as a list, as the statutory register, printed and exported."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from nhactruong.foundation.access.base import SightedQuerySet
from nhactruong.foundation.accounts import commands as accounts
from nhactruong.foundation.accounts import selectors as preferences
from nhactruong.foundation.persistence.paging import (
    COUNT_CAP,
    PAGE_ROWS,
    Page,
    capped_count,
    keyset_page,
)
from nhactruong.foundation.ui.rules import count_words, date_words
from nhactruong.foundation.ui.shapes import Column, Tab
from nhactruong.foundation.web.requests import ActorRequest, see_other
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.records.incoming import commands, selectors
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.rules import State
from nhactruong.records.incoming.views import columns, filters
from nhactruong.records.releases import selectors as releases

#: Rows of a page on the screen.
ROWS = PAGE_ROWS
_PRINTED_ROWS: Final = 2000
_EXPORT_STEP: Final = 500
#: A cell that begins so is a formula to a spreadsheet. Source: OWASP (CSV injection).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def _agencies(request: ActorRequest) -> list[tuple[int, str]]:
    """The agencies whose register the person may look into; her own registry's first."""
    actor = request.actor
    clerk_first = [
        *actor.agencies_with(Role.CLERK),
        *(one for one in actor.agency_ids if one not in actor.agencies_with(Role.CLERK)),
    ]
    names = organization.agency_names(clerk_first)
    return [(agency, names[agency]) for agency in clerk_first if agency in names]


def _remembered_columns(
    request: ActorRequest, key: str, known: Sequence[Column]
) -> list[Column] | HttpResponse:
    """The columns the person last chose; a fresh choice is kept and the same list opened again."""
    if "cot" in request.GET:
        wanted = [column.key for column in known if column.key in request.GET.getlist("cot")]
        accounts.remember(request.actor, key, wanted)
        came_from = urlsplit(request.headers.get("Referer", ""))
        query = parse_qsl(came_from.query) if came_from.path == request.path else []
        kept = urlencode([pair for pair in query if pair[0] != "cot"])
        return see_other(f"{request.path}?{kept}" if kept else request.path)
    chosen = preferences.preference(request.actor, key, [])
    return columns.shown(known, chosen if isinstance(chosen, list) else [])


@require_safe
def list_page(request: ActorRequest) -> HttpResponse:
    """What came, newest first, filtered by the address."""
    known = _remembered_columns(request, "incoming.list", columns.LIST_COLUMNS)
    if isinstance(known, HttpResponse):
        return known
    today = clock.today()
    agencies = _agencies(request)
    chosen = filters.read(request.GET, agencies)
    rows = selectors.listed(request.actor, chosen.asked, today=today)
    page = _page(request, rows)
    tags = filters.tags(chosen, agencies)
    frame = _frame(
        request.actor, chosen, page, rows, tags, folded=("loai", "thang", "trang-thai", "ngay")
    )
    return render(
        request,
        "incoming/list.html",
        {
            **frame,
            "tabs": _tabs(chosen),
            "agency_options": _agency_options(agencies),
            "columns": known,
            "rows": columns.rows_of(
                page.rows,
                today,
                folding_into_subject=known,
                agencies=dict(agencies) if len(agencies) > 1 and not chosen.asked.agency else None,
            ),
            "empty_sentence": _empty(tags),
            "book_url": _book_url(chosen),
            **_print_head(chosen, agencies, page, frame["summary"], of_books=True),
        },
    )


def _print_head(
    chosen: filters.Chosen,
    agencies: Sequence[tuple[int, str]],
    page: Page[Any],
    summary: str,
    *,
    of_books: bool,
) -> dict[str, str]:
    """What a printed list says of itself: whose, which years, period and filter, how much, when.

    `of_books`: also which agencies' registers it is drawn from.
    """
    today = clock.today()
    # The heading is that of the chosen agency, else of the person's own registry.
    heading = organization.agency(chosen.asked.agency or agencies[0][0]) if agencies else None
    said = [_years(chosen, page.rows, today), _period(chosen, today)]
    if of_books:
        books = [name for key, name in agencies if chosen.asked.agency in (None, key)]
        said.insert(0, f"Sổ văn bản đến của {', '.join(books)}")
    narrowed = filters.narrowing_words(chosen)
    if narrowed:
        said.append(f"Lọc theo: {'; '.join(narrowed)}")
    count = f"{len(page.rows)} trong {summary}" if page.newer or page.older else summary
    return {
        "print_agency": heading.name if heading else "",
        "print_superior": heading.superior_line if heading else "",
        "print_line": ". ".join(said),
        "print_opening": f"{count}. In ngày {date_words(today)}.",
    }


def _page(request: ActorRequest, rows: SightedQuerySet[Any]) -> Page[Any]:
    cursor = request.GET.get("trang", "")
    return rows.newest_page(
        request.actor, by="arrived_on", then="arrival_number", cursor=cursor, rows=ROWS
    )


def _frame(
    actor: Actor,
    chosen: filters.Chosen,
    page: Page[Any],
    rows: Any,
    tags: list[Any],
    folded: Sequence[str] = ("trang-thai", "ngay"),
) -> dict[str, Any]:
    count = rows.capped_count(actor)
    return {
        "chosen": chosen.asked,
        "values": chosen.values,
        "type_options": filters.type_options(),
        "state_options": filters.STATE_OPTIONS,
        "month_options": filters.month_options(clock.today()),
        "agency_value": chosen.values["co-quan"],
        "month_value": chosen.values["thang"],
        "folded_filters": sum(1 for key in folded if chosen.values[key]),
        "tags": tags,
        "clear_url": "?",
        "newer_url": chosen.address(trang=page.newer) if page.newer else "",
        "older_url": chosen.address(trang=page.older) if page.older else "",
        "summary": f"{count_words(count, COUNT_CAP)} văn bản",
    }


def _book_url(chosen: filters.Chosen) -> str:
    return f"{reverse('incoming:register_book')}{chosen.address(qua_han='')}".rstrip("?")


def _agency_options(agencies: Sequence[tuple[int, str]]) -> list[tuple[str, str]]:
    if len(agencies) < 2:
        return []
    return [("", "Mọi cơ quan"), *((str(key), name) for key, name in agencies)]


def _empty(tags: Sequence[Any]) -> str:
    if tags:
        return "Không có văn bản nào khớp bộ lọc. Bỏ bớt điều kiện, hoặc bỏ mọi bộ lọc."
    return "Chưa có văn bản đến nào. Văn bản vào sổ xong sẽ hiện ở đây."


def _tabs(chosen: filters.Chosen) -> list[Tab]:
    asked = chosen.asked
    looks = (
        ("Tất cả", "", ""),
        ("Chờ bút phê", State.SUBMITTED.value, ""),
        ("Chờ giao", State.DIRECTED.value, ""),
        ("Đang giải quyết", State.IN_PROGRESS.value, ""),
        ("Quá hạn", "", "1"),
    )
    return [
        Tab(
            label,
            chosen.address(trang_thai=state, qua_han=late),
            current=asked.state == state and asked.late == bool(late),
        )
        for label, state, late in looks
    ]


@require_safe
def register_book(request: ActorRequest) -> HttpResponseBase:
    """Sổ đăng ký văn bản đến of one agency: on the screen, for print, or as a file."""
    known = _remembered_columns(request, "incoming.book", columns.BOOK_COLUMNS)
    if isinstance(known, HttpResponse):
        return known
    today = clock.today()
    agencies = _agencies(request)
    chosen = filters.read(request.GET, agencies, one_agency=True)
    rows = selectors.listed(request.actor, chosen.asked, today=today).filter(
        arrival_number__isnull=False
    )
    if request.GET.get("xuat") == "csv":
        return _released(request, rows, chosen, dict(agencies).get(chosen.asked.agency or 0, ""))
    name = dict(agencies).get(chosen.asked.agency or 0, "")
    if request.GET.get("in") == "1":
        return _printed(request, rows, chosen)
    page = _page(request, rows)
    tags = filters.tags(chosen, agencies, with_agency=False)
    frame = _frame(request.actor, chosen, page, rows, tags)
    return render(
        request,
        "incoming/register_book.html",
        {
            **frame,
            **_print_head(chosen, agencies, page, frame["summary"], of_books=False),
            "clear_url": f"?co-quan={chosen.asked.agency}",
            "agency_options": _agency_options(agencies)[1:],
            "agency_name": name,
            "columns": known,
            "rows": columns.rows_of(page.rows, today),
            "empty_sentence": _empty(tags)
            if tags
            else "Sổ này chưa có văn bản nào. Số đầu tiên trong năm sẽ là 1.",
            "print_url": chosen.address(**{"in": "1"}),
            "export_url": chosen.address(xuat="csv"),
            "period": _period(chosen, today),
            "crumbs": [("Văn bản đến", reverse("incoming:list")), ("Sổ đăng ký", "")],
        },
    )


def _period(chosen: filters.Chosen, today: date) -> str:
    asked = chosen.asked
    if asked.day:
        return f"Ngày {date_words(asked.day)}"
    return f"Tháng {asked.month:%m/%Y}" if asked.month else f"Tính đến ngày {date_words(today)}"


def _years(chosen: filters.Chosen, rows: Sequence[IncomingDocument], today: date) -> str:
    """`Năm 2026`, or from the first to the last year of the rows: numbers begin anew each year."""
    asked = chosen.asked.day or chosen.asked.month
    years = {row.arrived_on.year for row in rows} or {(asked or today).year}
    first, last = min(years), max(years)
    return f"Năm {first}" if first == last else f"Năm {first} đến năm {last}"


def _printed(request: ActorRequest, rows: QuerySet[Any], chosen: filters.Chosen) -> HttpResponse:
    """Every column and row of the filter in the order of numbers, with head and closing statement."""
    today = clock.today()
    _note_export(request, chosen, "print")
    agency = organization.agency(chosen.asked.agency) if chosen.asked.agency else None
    found: list[IncomingDocument] = list(
        rows.order_by("arrived_on", "arrival_number", "id")[: _PRINTED_ROWS + 1]
    )
    printed = found[:_PRINTED_ROWS]
    numbers = [row.arrival_number for row in printed if row.arrival_number]
    opening = f"Từ số {numbers[0]} đến số {numbers[-1]}" if numbers else "Chưa có số nào"
    return render(
        request,
        "incoming/register_print.html",
        {
            "agency_name": agency.name if agency else "",
            "superior": agency.superior_line if agency else "",
            "columns": columns.BOOK_COLUMNS,
            "rows": columns.rows_of(printed, today),
            "period": f"{_years(chosen, printed, today)}. {_period(chosen, today)}",
            "opening": opening,
            "closing": f"Sổ này có {len(printed)} văn bản, {opening.lower()}. "
            f"In ngày {date_words(today)}.",
            "too_many": len(found) > _PRINTED_ROWS,
            "most": _PRINTED_ROWS,
            "back_url": chosen.address(),
            "crumbs": [("Sổ đăng ký văn bản đến", chosen.address()), ("Bản in", "")],
        },
    )


def _released(
    request: ActorRequest, rows: QuerySet[Any], chosen: filters.Chosen, name: str
) -> HttpResponseBase:
    """The table, or the page that asks for it when it needs a second person."""
    address = reverse("incoming:register_book") + chosen.address(xuat="csv")
    count = capped_count(rows)
    if releases.is_released(request.actor, address, count):
        return _export(request, rows, chosen)
    title = ", ".join(
        [
            "Sổ đăng ký văn bản đến",
            name,
            _period(chosen, clock.today()),
            *filters.narrowing_words(chosen),
        ]
    )
    return see_other(
        releases.asking_address(
            agency_id=chosen.asked.agency or 0, title=title, address=address, rows=count
        )
    )


def _export(
    request: ActorRequest, rows: QuerySet[Any], chosen: filters.Chosen
) -> StreamingHttpResponse:
    """The rows of the filter as CSV for a spreadsheet, oldest first; who took them is recorded."""
    accounts.require_confirmed(request.actor)
    _note_export(request, chosen, "csv")
    response = StreamingHttpResponse(_csv_lines(rows), content_type="text/csv; charset=utf-8")
    name = f"so-dang-ky-van-ban-den-{clock.today():%Y%m%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _note_export(request: ActorRequest, chosen: filters.Chosen, form: str) -> None:
    commands.record_export(
        request.actor,
        agency_id=chosen.asked.agency,
        form=form,
        filters={key: text for key, text in chosen.values.items() if text},
    )


def escaped(value: Any) -> str:
    """A value as a spreadsheet may take it: never a formula, dates as dd/mm/yyyy."""
    text = date_words(value) if isinstance(value, date) else str("" if value is None else value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv_lines(rows: QuerySet[Any]) -> Iterator[bytes]:
    def line(cells: Sequence[Any]) -> bytes:
        out = io.StringIO()
        csv.writer(out).writerow([escaped(cell) for cell in cells])
        return out.getvalue().encode()

    # The mark at the beginning tells spreadsheets that the letters are Unicode.
    yield b"\xef\xbb\xbf" + line([column.label for column in columns.BOOK_COLUMNS])
    order = ("arrived_on", "arrival_number", "id")
    cursor = ""
    while True:
        page = keyset_page(rows, order=order, cursor=cursor, rows=_EXPORT_STEP)
        for document in page.rows:
            cells = columns.plain_cells(document)
            yield line([cells[column.key] for column in columns.BOOK_COLUMNS])
        if not page.older:
            return
        cursor = page.older
