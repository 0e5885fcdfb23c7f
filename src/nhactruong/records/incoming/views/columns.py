"""The columns of the list and of the statutory register, and what stands in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from html import escape
from typing import Any, Final

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from nhactruong.foundation.ui.rules import date_words
from nhactruong.foundation.ui.shapes import Badge, Column, Due, RegisterRow
from nhactruong.foundation.ui.templatetags.ui.status import due_html
from nhactruong.foundation.web.addresses import record_url
from nhactruong.kernel import clock
from nhactruong.kernel.deadlines import WorkingCalendar, working_days_between
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.states import SECRECY_LABELS, URGENCY_LABELS, Secrecy, Urgency
from nhactruong.masterdata.workdays import selectors as workdays
from nhactruong.records.incoming.forms import type_label
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.rules import OPEN_STATES, STATE_LABELS, STATE_LOOKS, State

LIST_COLUMNS: Final = (
    Column("number", "Số đến", "code"),
    Column("arrived", "Ngày đến", "date"),
    Column("subject", "Trích yếu", "subject"),
    Column("due", "Hạn", "nowrap"),
    Column("state", "Trạng thái", "state"),
    Column("reference", "Số, ký hiệu", "nowrap", shown=False),
    Column("lead", "Chủ trì", "text", shown=False),
    Column("issuer", "Cơ quan ban hành", "text", shown=False),
    Column("issued", "Ngày văn bản", "date", shown=False),
    Column("signer", "Người ký", "text", shown=False),
    Column("note", "Ghi chú", "text", shown=False),
)
#: What a row of the list says under its subject unless it has a column of its own.
_UNDER_SUBJECT: Final = ("reference", "issuer", "lead")
#: The ten columns of the register; paper always has all of them. Source: NĐ 30/2020, Phụ lục IV (documents.md 7).
BOOK_COLUMNS: Final = (
    Column("arrived", "Ngày đến", "date"),
    Column("number", "Số đến", "code"),
    Column("issuer", "Tác giả", "text"),
    Column("reference", "Số, ký hiệu", "nowrap"),
    Column("issued", "Ngày tháng", "date"),
    Column("subject", "Tên loại và trích yếu nội dung", "subject"),
    Column("receiver", "Đơn vị hoặc người nhận", "text"),
    Column("forwarded", "Ngày chuyển", "date", shown=False),
    Column("receipt", "Ký nhận", "text", shown=False),
    Column("note", "Ghi chú", "text"),
)


def shown(columns: Sequence[Column], keys: Sequence[str]) -> list[Column]:
    """The columns as the person wants them; number and subject never go. Empty: as they come."""
    if not keys:
        return list(columns)
    return [
        replace(column, shown=column.key in keys or column.kind in ("code", "subject"))
        for column in columns
    ]


def due_of(document: IncomingDocument, today: date, calendar: WorkingCalendar) -> Due | str | None:
    """The chip of an open document's due date; nothing once it is settled or without a date."""
    if document.due_on is None or document.as_state not in OPEN_STATES:
        return None
    try:
        remaining = working_days_between(today, document.due_on, calendar)
    except InvalidInput:
        return f"Hạn {date_words(document.due_on)}"
    if document.due_on < today:
        # Passed on a day off: no working day lies between, yet it is late.
        remaining = min(remaining, -1)
    urgent = document.urgency != Urgency.NORMAL and document.due_on == today
    return Due(remaining, document.due_on, document.due_rule, immediate=urgent)


def badge_of(document: IncomingDocument) -> Badge:
    """The state as a badge."""
    tone, icon = STATE_LOOKS[document.as_state]
    return Badge(STATE_LABELS[document.as_state], tone, icon)


def kind_and_subject(document: IncomingDocument) -> str:
    """`Báo cáo tình hình sạt lở …`, the file's name while nothing else is known."""
    kind = type_label(document.document_type)
    return " ".join(part for part in (kind, document.subject or document.file_name) if part)


def _receipt(document: IncomingDocument) -> str:
    if document.as_state == State.RETURNED_TO_SENDER:
        return "Trả lại nơi gửi"
    return "Trên hệ thống" if document.directed_at else ""


def _note(document: IncomingDocument) -> str:
    parts = [
        URGENCY_LABELS[Urgency(document.urgency)] if document.urgency != Urgency.NORMAL else "",
        SECRECY_LABELS[Secrecy(document.secrecy)] if document.secrecy else "",
        document.note,
        f"Trả lời: {document.answered_by_reference}" if document.answered_by_reference else "",
        f"Vào sổ lại: {document.duplicate_reason}" if document.duplicate_reason else "",
    ]
    return "; ".join(part for part in parts if part)


def plain_cells(document: IncomingDocument) -> dict[str, Any]:
    """Every column's value as text or date; what the file of the register holds."""
    forwarded = document.directed_at
    return {
        "number": document.arrival_number or "",
        "arrived": document.arrived_on,
        "subject": kind_and_subject(document),
        "reference": document.reference_code,
        "issuer": document.issuer_name,
        "issued": document.issued_on,
        "lead": document.lead_printed,
        "receiver": document.lead_printed,
        "forwarded": clock.local(forwarded).date() if forwarded else None,
        "receipt": _receipt(document),
        "signer": ", ".join(p for p in (document.signer_name, document.signer_position) if p),
        "note": _note(document),
        "due": document.due_on,
        "state": STATE_LABELS[document.as_state],
    }


def rows_of(
    documents: Sequence[IncomingDocument],
    today: date,
    *,
    folding_into_subject: Sequence[Column] = (),
    agencies: Mapping[int, str] | None = None,
) -> list[RegisterRow]:
    """The rows of a table: chips and badges where the screen wants them.

    Under the subject stands what would be worth a column but has none among `folding_into_subject`,
    and whose book it is in where `agencies` names several.
    """
    has_column = {column.key for column in folding_into_subject if column.shown}
    under = [key for key in _UNDER_SUBJECT if key not in has_column] if folding_into_subject else []
    rows = []
    for document in documents:
        calendar = workdays.calendar(document.agency_id)
        due = due_html(due_of(document, today, calendar), short=True)
        cells = {
            **plain_cells(document),
            "number": document.arrival_number or "Chưa vào sổ",
            "due": due or SafeString(date_words(document.due_on)),
            "state": badge_of(document),
        }
        # Paper has every column, so what stands in for one is for the screen alone.
        said = [("on-screen", cells[key]) for key in under if cells[key]]
        if agencies and document.agency_id in agencies:
            said.append(("", f"sổ của {agencies[document.agency_id]}"))
        if said:
            meta = "".join(
                f'<span class="{look}">{conditional_escape(words)}</span>' for look, words in said
            )
            cells["subject"] = SafeString(
                f'{escape(cells["subject"])}<span class="row-meta">{meta}</span>'
            )
        rows.append(
            RegisterRow(
                {key: "" if value is None else value for key, value in cells.items()},
                url=record_url("incoming:detail", document.public_id),
            )
        )
    return rows
