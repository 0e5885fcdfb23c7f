"""What was done, in the office's words: action code of the record → sentence of the timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.thread.cards import RecordCard
from nhactruong.foundation.ui.rules import date_words
from nhactruong.records.outgoing.rules import STATE_LABELS

Words = Callable[[str, AuditRow], str]


def _said(row: AuditRow, key: str) -> str:
    return str(row.facts.get(key) or "")


def _with(words: str, tail: str, joint: str = ", ") -> str:
    return f"{words}{joint}{tail}" if tail else words


def _names(value: Any) -> str:
    return ", ".join(str(name) for name in value) if isinstance(value, list) else ""


def _directed(name: str, row: AuditRow) -> str:
    words = f"Bút phê {name}: giao {_said(row, 'lead')} chủ trì"
    words = _with(words, _names(row.facts.get("supporting")), ", phối hợp: ")
    due = _said(row, "due_on")
    return _with(words, date_words(date.fromisoformat(due)) if due else "", ", hạn ")


def _submitted(name: str, row: AuditRow) -> str:
    states = {state.value: label for state, label in STATE_LABELS.items()}
    where = states.get(_said(row, "to"), "")
    return _with(f"Gửi {name}", where[0].lower() + where[1:] if where else "")


#: Acts that the thread tells; an act that is not here is the system's own and is not told.
WORDS: Final[Mapping[str, Words]] = {
    "incoming.received": lambda name, row: f"Tiếp nhận {name}",
    "incoming.registered": lambda name, row: _with(
        f"Vào sổ {name}", _said(row, "number"), ", số đến "
    ),
    "incoming.directed": _directed,
    "incoming.submitted_to_leader": lambda name, row: _with(
        f"Trình lãnh đạo {name}", row.reason, ": "
    ),
    "incoming.assigned": lambda name, row: _with(f"Giao {name}", _said(row, "to"), " cho "),
    "incoming.answered": lambda name, row: _with(f"Trả lời {name}", _said(row, "by"), " bằng "),
    "incoming.completed": lambda name, row: _with(
        f"Giải quyết xong {name}", _said(row, "result"), ": "
    ),
    "incoming.returned_to_sender": lambda name, row: _with(
        f"Trả lại nơi gửi {name}", row.reason, ": "
    ),
    "outgoing.drafted": lambda name, row: f"Bắt đầu soạn {name}",
    "outgoing.submitted": _submitted,
    "outgoing.content_approved": lambda name, row: f"Duyệt nội dung {name}",
    "outgoing.form_approved": lambda name, row: f"Duyệt thể thức {name}, trình ký",
    "outgoing.commented": lambda name, row: f"Góp ý {name}",
    "outgoing.returned": lambda name, row: _with(f"Trả lại {name} để sửa", row.reason, ": "),
    "outgoing.signed": lambda name, row: f"Ký {name}",
    "outgoing.numbered": lambda name, row: f"Cấp số {_said(row, 'code') or name}",
    "outgoing.sealed": lambda name, row: f"Đóng dấu {name}",
    "outgoing.issued": lambda name, row: _with(
        f"Phát hành {name}", _said(row, "recipients"), ", số nơi nhận: "
    ),
    "outgoing.void_requested": lambda name, row: _with(f"Đề nghị bỏ số {name}", row.reason, ": "),
    "outgoing.voided": lambda name, row: f"Xác nhận bỏ số {name}",
    "dossier.opened": lambda name, row: f"Lập hồ sơ {name}",
    "dossier.filed": lambda name, row: f"Lưu {name} vào hồ sơ",
    "dossier.removed": lambda name, row: f"Đưa văn bản ra khỏi hồ sơ {name}",
    "dossier.closed": lambda name, row: f"Kết thúc hồ sơ {name}",
}


def name_of(card: RecordCard) -> str:
    """How a sentence names a record: kind and number, or kind and subject before it has one."""
    if card.object_type == "Dossier":
        return card.reference or card.title
    if card.reference:
        return f"{card.kind} {card.reference}"
    return f"{card.kind} “{card.title}”" if card.title else card.kind


def what_was_done(row: AuditRow, card: RecordCard) -> str | None:
    """The sentence of an act on the record of `card`; None for acts that are not told."""
    words = WORDS.get(row.action)
    return words(name_of(card), row) if words else None


def who_did_it(row: AuditRow, agency: str = "") -> str:
    """Person, post, for which agency (where the post does not say it) and on whose behalf."""
    who = _with(row.person_name, row.post_title)
    if agency and not row.post_title.endswith(f", {agency}"):
        who = _with(who, agency, ", việc của ")
    behalf = row.on_behalf_of
    if row.action == "outgoing.signed" and not behalf:
        behalf = _said(row, "on_behalf")
        return _with(who, behalf, ", ký ") if behalf else who
    return f"{who} ({behalf})" if behalf else who
