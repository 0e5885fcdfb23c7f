"""The columns of list and register, and what stands in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from nhactruong.foundation.accounts import commands as accounts
from nhactruong.foundation.accounts.selectors import preference
from nhactruong.foundation.ui.shapes import Badge, Column, RegisterRow
from nhactruong.foundation.web.addresses import record_url
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.kernel import clock
from nhactruong.masterdata.vocabularies import selectors as vocabularies
from nhactruong.records.distribution import selectors as deliveries
from nhactruong.records.outgoing import selectors
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import AS_ABOVE, REGISTERED, STATE_LABELS, STATE_LOOKS, State

#: The ten columns of the register, the last also carrying the state. Source: NĐ 30/2020, Phụ lục IV.
COLUMNS: Final = (
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


def chosen_columns(request: ActorRequest, key: str) -> list[Column]:
    """The columns with those the person wants to see; a new choice is remembered."""
    known = {code for code, _, _ in COLUMNS}
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
        for code, label, kind in COLUMNS
    ]


def rows_of(documents: Sequence[OutgoingDocument], *, in_full: bool = False) -> list[RegisterRow]:
    """The rows of a table; `in_full` names every recipient, as paper and file do."""
    names = vocabularies.type_names()
    tallies = deliveries.tallies([row.document_id for row in documents if row.issued_at])
    seconds = selectors.void_confirmers(documents)
    return [
        RegisterRow(
            cells=_cells(
                row, names, tallies.get(row.document_id, (0, 0)), seconds, in_full=in_full
            ),
            url=record_url("outgoing:detail", row.public_id),
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
        subject = f"{subject} · Số bỏ: {row.void_reason}; người thứ hai xác nhận: {second}"
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
        if line == AS_ABOVE and row.addressees:
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
