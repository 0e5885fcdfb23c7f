"""The page of one import: how far it is, what it found, what may be done."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator

from nhactruong.foundation.persistence.paging import keyset_page
from nhactruong.foundation.ui.rules import quantity
from nhactruong.foundation.ui.shapes import Badge, Tab
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.kernel.errors import DomainError
from nhactruong.masterdata.importing import policies, selectors
from nhactruong.masterdata.importing.models import ImportRow, ListImport
from nhactruong.masterdata.importing.rules import OUTCOME_LABELS, STATE_LABELS, Outcome, State

_LOOKS: Final = {
    State.CHECKING: ("info", "clock"),
    State.UNREADABLE: ("late", "close"),
    State.FAULTY: ("late", "warn"),
    State.UNCHANGED: ("neutral", "ok"),
    State.PROPOSED: ("soon", "clock"),
    State.REFUSED: ("late", "close"),
    State.WITHDRAWN: ("neutral", "undo"),
    State.APPROVED: ("info", "clock"),
    State.OUTDATED: ("late", "warn"),
    State.APPLIED: ("ok", "check"),
}
#: States in which a job is at work and the page asks again by itself.
_AT_WORK: Final = (State.CHECKING, State.APPROVED)
_OUTCOMES: Final = {
    Outcome.FAULTY: "loi",
    Outcome.CHANGED: "thay-doi",
    Outcome.NEW: "them-moi",
}
_MOVED: Final = "da-doi"
#: What of a row tells the office which one it is.
_TOLD_CELLS: Final = 3
_TOLD_LETTERS: Final = 60
_TOLD_HEADINGS: Final = {"thay-doi": "Đang có → Sẽ ghi", "them-moi": "Sẽ ghi"}


def badge_of(found: ListImport) -> Badge:
    """The state of an import as a badge."""
    return Badge(STATE_LABELS[found.as_state], *_LOOKS[found.as_state])


def counts_of(found: ListImport) -> dict[Outcome, int]:
    """How many rows came to what."""
    return {
        Outcome.FAULTY: found.faulty_count,
        Outcome.NEW: found.new_count,
        Outcome.CHANGED: found.changed_count,
        Outcome.SAME: found.same_count,
    }


def progress_words(found: ListImport) -> tuple[str, int | None]:
    """What the bar says, and how full it is."""
    if found.as_state is State.APPROVED:
        rows = quantity(found.new_count + found.changed_count)
        return f"Đang ghi {rows} dòng, tất cả trong một lần", None
    done = quantity(found.rows_checked)
    if not found.rows_expected:
        return f"Đã kiểm tra {done} dòng", None
    expected = max(found.rows_expected, found.rows_checked)
    return f"Đã kiểm tra {done}/{quantity(expected)} dòng", 100 * found.rows_checked // expected


def import_page(
    request: ActorRequest,
    found: ListImport,
    *,
    refusal: DomainError | None = None,
    faults: dict[str, str] | None = None,
) -> HttpResponse:
    """The page of the import, with the reason when an act was refused."""
    actor = request.actor
    state = found.as_state
    is_waiting = state is State.PROPOSED
    reached = selectors.reach_of(actor, policies.approving(found)) if is_waiting else frozenset()
    about = is_waiting and selectors.is_about(actor, found)
    at_work = state in _AT_WORK
    words, percent = progress_words(found)
    context: dict[str, Any] = {
        "found": found,
        "badge": badge_of(found),
        "kind": found.kind,
        "at_work": at_work,
        "progress": words,
        "percent": percent,
        "approving": policies.can_approve(actor, found, reached, is_about_actor=about),
        "refusing": policies.can_refuse(actor, found, reached),
        "withdrawing": policies.can_withdraw(actor, found),
        "counts": [
            (OUTCOME_LABELS[outcome], quantity(count))
            for outcome, count in counts_of(found).items()
        ],
        "urls": {
            name: reverse(f"importing:{name}", args=[found.public_id])
            for name in ("detail", "faults", "approve", "refuse", "withdraw")
        },
        "refusal": refusal,
        "faults": faults or {},
        "crumbs": [("Nhập danh sách", reverse("importing:list")), (found.kind.label, "")],
    }
    if not at_work:
        context |= _rows_shown(request, found)
    status = refusal.http_status if refusal else 200
    response = render(request, "importing/detail.html", context, status=status)
    if request.headers.get("HX-Request") == "true":
        if at_work:
            response.headers["HX-Reselect"] = "#tien-do-nhap"
        else:
            # The job is done: the page is read anew, with the dialogs of what may now be done.
            response.headers["HX-Refresh"] = "true"
    return response


def _rows_shown(request: ActorRequest, found: ListImport) -> dict[str, Any]:
    """The rows of the chosen outcome, a page of them, with the tabs of the others."""
    counts = counts_of(found)
    present = [outcome for outcome in _OUTCOMES if counts[outcome]]
    tabs = [(code, OUTCOME_LABELS[one], counts[one]) for one, code in _OUTCOMES.items()
            if one in present]  # fmt: skip
    moved = found.as_state is State.OUTDATED
    if moved:
        tabs.insert(0, (_MOVED, "Đã đổi", 0))
    if not tabs:
        return {"tabs": [], "lines": []}
    codes = [code for code, _, _ in tabs]
    asked = request.GET.get("xem", "")
    shown = asked if asked in codes else codes[0]
    outcome = next((one for one, code in _OUTCOMES.items() if code == shown), None)
    page = keyset_page(
        selectors.rows_shown(found, outcome, moved=shown == _MOVED),
        order=("number",),
        cursor=request.GET.get("trang", ""),
    )
    return {
        "tabs": [
            Tab(label, f"?xem={code}", count or None, current=code == shown, late=code == "loi")
            for code, label, count in tabs
        ],
        "lines": [_line(found, row) for row in page.rows],
        "newer_url": f"?xem={shown}&trang={page.newer}" if page.newer else "",
        "older_url": f"?xem={shown}&trang={page.older}" if page.older else "",
        "shows_faults": shown in ("loi", _MOVED),
        "told_heading": _TOLD_HEADINGS.get(shown, "Lỗi"),
        "summary": f"Đang xem {len(page.rows)} dòng",
    }


def _line(found: ListImport, row: ImportRow) -> dict[str, Any]:
    kind = found.kind
    told = [
        Truncator(cell).chars(_TOLD_LETTERS) for cell in row.cells[:_TOLD_CELLS] if cell.strip()
    ]
    return {
        "number": row.number,
        "what": " · ".join(told),
        "faults": [
            {"heading": kind.heading(column), "sentence": sentence}
            for column, sentence in row.faults
        ],
        "changes": [
            {"heading": kind.heading(column), "before": before, "after": after}
            for column, before, after in row.changes
        ],
        "cells": [
            (column.heading, cell)
            for column, cell in zip(kind.columns, row.cells, strict=True)
            if cell
        ],
    }
