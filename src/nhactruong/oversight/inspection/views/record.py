"""Nhật ký: the search, the history of a thing, who has seen it, and taking a part out."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from nhactruong.foundation.access import selectors as access
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.persistence.paging import capped_count, keyset_page
from nhactruong.foundation.thread.cards import cards
from nhactruong.foundation.ui.fields import DATE_FORMATS
from nhactruong.foundation.ui.rules import date_words
from nhactruong.foundation.ui.shapes import FilterTag
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel import clock
from nhactruong.oversight.inspection import policies
from nhactruong.oversight.inspection.commands import reporting
from nhactruong.oversight.inspection.rules import SCOPE_WORDS, Scope
from nhactruong.oversight.inspection.selectors import record as selectors
from nhactruong.oversight.inspection.selectors.record import Asked
from nhactruong.oversight.inspection.words import KINDS, OUTCOME_WORDS, THING_WORDS, act_words

_MOST_EXPORTED: Final = 10_000
_STEP: Final = 500
_FIRST_DAYS: Final = 7
_OUTCOMES: Final = [
    ("", "Mọi kết quả"),
    ("refused", "Bị từ chối, lỗi"),
    *((code, words[0]) for code, words in OUTCOME_WORDS.items()),
]
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_HEAD: Final = (
    *("Lúc", "Người", "Chức danh", "Thay mặt", "Việc", "Mã việc", "Kết quả", "Loại", "Số, ký hiệu"),
    *("Mã đối tượng", "Lý do", "Địa chỉ máy", "Phiên", "Khẩn cấp"),
)


def _day(text: str) -> date | None:
    try:
        return forms.DateField(input_formats=DATE_FORMATS).clean(text) if text else None
    except forms.ValidationError:
        return None


@dataclass(frozen=True, slots=True)
class _Chosen:
    asked: Asked
    values: Mapping[str, str]

    def address(self, **changes: str) -> str:
        """The same search with some values changed; empty ones are left out."""
        kept = {**self.values, **{key.replace("_", "-"): text for key, text in changes.items()}}
        return "?" + urlencode({key: text for key, text in kept.items() if text})


def _read(given: Mapping[str, str]) -> _Chosen:
    """The search of an address; without a day, person or thing it is the last week's."""
    kind, outcome = given.get("loai", ""), given.get("ket-qua", "")
    asked = Asked(
        person=given.get("nguoi", "").strip()[:100],
        thing=given.get("van-ban", "").strip()[:200],
        kind=kind if kind in KINDS else "",
        outcome=outcome if outcome in dict(_OUTCOMES) else "",
        since=_day(given.get("tu", "")),
        until=_day(given.get("den", "")),
    )
    since = asked.since
    if not (asked.since or asked.until or asked.thing):
        since = clock.today() - timedelta(days=_FIRST_DAYS)
    asked = Asked(asked.person, asked.thing, asked.kind, asked.outcome, since, asked.until)
    values = {
        "nguoi": asked.person,
        "van-ban": asked.thing,
        "loai": asked.kind,
        "ket-qua": asked.outcome,
        "tu": date_words(asked.since),
        "den": date_words(asked.until),
    }
    return _Chosen(asked, values)


def _tags(chosen: _Chosen) -> list[FilterTag]:
    asked = chosen.asked
    words = {
        "nguoi": f"Người: {asked.person}" if asked.person else "",
        "van_ban": f"Văn bản: {asked.thing}" if asked.thing else "",
        "loai": KINDS.get(asked.kind, ""),
        "ket_qua": dict(_OUTCOMES).get(asked.outcome, "") if asked.outcome else "",
        "tu": f"Từ {date_words(asked.since)}" if asked.since else "",
        "den": f"Đến {date_words(asked.until)}" if asked.until else "",
    }
    return [FilterTag(text, chosen.address(**{key: ""})) for key, text in words.items() if text]


def _lines(request: ActorRequest, rows: Sequence[AuditRow]) -> list[dict[str, Any]]:
    """Rows in words; the number of a thing is shown to who sees it, its title never."""
    wanted = {(row.object_type, row.object_id) for row in rows if row.object_id}
    seen = cards(request.actor, [(kind, one) for kind, one in wanted if one is not None])
    followed = selectors.histories_open_to(request.actor, {one for _, one in wanted if one})
    lines = []
    for row in rows:
        card = seen.get(row.object_id) if row.object_id else None
        lines.append(
            {
                "row": row,
                "what": act_words(row.action),
                "outcome": OUTCOME_WORDS.get(row.outcome, (row.outcome, "neutral", "info")),
                "thing": THING_WORDS.get(row.object_type, row.object_type),
                "reference": (card.reference or str(row.object_id)[:8]) if card else "",
                "url": card.url if card else "",
                "history_url": reverse("inspection:history", args=[row.object_id])
                if row.object_id in followed
                else "",
                "in_emergency": bool(row.facts.get("emergency")),
            }
        )
    return lines


@require_safe
def record(request: ActorRequest) -> HttpResponse:
    """The acts one may read, by person, thing, act, outcome and time; searching is recorded."""
    scope = policies.reading_scope(request.actor)
    chosen = _read(request.GET)
    page = selectors.page_of(request.actor, chosen.asked, request.GET.get("trang", ""))
    if scope is not Scope.OWN and any(request.GET.get(key) for key in chosen.values):
        reporting.record_search(
            request.actor, {key: text for key, text in chosen.values.items() if text}
        )
    return render(
        request,
        "inspection/record.html",
        {
            "lines": _lines(request, page.rows),
            "lead": SCOPE_WORDS[scope],
            "values": chosen.values,
            "asked": chosen.asked,
            "days_used": bool(chosen.asked.since) + bool(chosen.asked.until),
            "kinds": [("", "Mọi việc"), *KINDS.items()],
            "outcomes": _OUTCOMES,
            "tags": _tags(chosen),
            "totals": selectors.summary(request.actor, clock.today().replace(day=1))
            if scope in (Scope.SUMMARY, Scope.UNIT_SUMMARY)
            else None,
            "reads_others": scope in (Scope.ALL, Scope.TECHNICAL),
            "reads_all": scope is Scope.ALL,
            "newer_url": chosen.address(trang=page.newer) if page.newer else "",
            "older_url": chosen.address(trang=page.older) if page.older else "",
        },
    )


@post_only
def export(request: ActorRequest) -> HttpResponseBase:
    """The rows of the search as a table, oldest last; it is confirmed, reasoned and recorded."""
    policies.can_read_all(request.actor).require()
    chosen = _read(request.POST)
    rows = selectors.search(request.actor, chosen.asked)
    count = capped_count(rows)
    reporting.record_export(
        request.actor,
        {key: text for key, text in chosen.values.items() if text},
        rows=min(count, _MOST_EXPORTED),
        reason=request.POST.get("reason", "").strip()[:1000],
    )
    response = StreamingHttpResponse(_table(rows), content_type="text/csv; charset=utf-8")
    name = f"nhat-ky-{clock.today():%Y%m%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _table(rows: Any) -> Iterator[bytes]:
    def line(cells: Sequence[str]) -> bytes:
        out = io.StringIO()
        csv.writer(out).writerow(
            [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]
        )
        return out.getvalue().encode()

    yield b"\xef\xbb\xbf" + line(_HEAD)
    cursor, left = "", _MOST_EXPORTED
    while left > 0:
        page = keyset_page(rows, order=selectors.NEWEST_FIRST, cursor=cursor, rows=_STEP)
        for row in page.rows:
            yield line(_cells(row))
        left -= len(page.rows)
        if not page.older:
            return
        cursor = page.older


def _cells(row: AuditRow) -> list[str]:
    return [
        f"{clock.local(row.at):%d/%m/%Y %H:%M:%S}",
        row.person_name,
        row.post_title,
        row.on_behalf_of,
        act_words(row.action),
        row.action,
        OUTCOME_WORDS.get(row.outcome, (row.outcome,))[0],
        THING_WORDS.get(row.object_type, row.object_type),
        str(row.facts.get("code") or ""),
        str(row.object_id or ""),
        row.reason,
        row.client_address,
        row.session_id,
        "có" if row.facts.get("emergency") else "",
    ]


def _named(request: ActorRequest, public_id: uuid.UUID) -> tuple[str, str]:
    """How the page names the thing, and its address if the reader sees it."""
    thing = access.find_thing(public_id)
    if thing is None:
        return "Đối tượng trong nhật ký", ""
    card = cards(request.actor, [(thing.type_name(), public_id)]).get(public_id)
    kind = THING_WORDS.get(thing.type_name(), thing.type_name())
    return f"{kind} {access.reference_of(thing)}".strip(), card.url if card else ""


@require_safe
def history(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Everything that was done to one thing and what was refused; reading it is recorded."""
    page = selectors.history_of(request.actor, public_id, request.GET.get("trang", ""))
    reporting.record_look(request.actor, "audit.history_read", public_id)
    name, url = _named(request, public_id)
    return render(
        request,
        "inspection/history.html",
        {
            "name": name,
            "url": url,
            "lines": _lines(request, page.rows),
            "readers_url": reverse("inspection:readers", args=[public_id]),
            "crumbs": [("Nhật ký", reverse("inspection:record")), (name, "")],
            "newer_url": f"?trang={page.newer}" if page.newer else "",
            "older_url": f"?trang={page.older}" if page.older else "",
        },
    )


@require_safe
def readers(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Who has seen one thing, for who answers for it and the head of office; recorded."""
    found = selectors.readers_of(request.actor, public_id)
    reporting.record_look(request.actor, "audit.readers_read", public_id)
    name, url = _named(request, public_id)
    return render(
        request,
        "inspection/readers.html",
        {"name": name, "url": url, "readers": found, "crumbs": [(name, url), ("Ai đã xem", "")]},
    )
