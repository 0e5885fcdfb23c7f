"""From what was read of a file to the filled fields of the register, each with its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from nhactruong.foundation.ui.shapes import SourceMark
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.states import SECRECY_LABELS, URGENCY_LABELS, Secrecy, Urgency
from nhactruong.kernel.text import fold
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.workdays import selectors as workdays
from nhactruong.records.incoming.forms import type_choices
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.selectors import Original
from nhactruong.records.incoming.terms import Term, default_term

#: Below this the clerk is asked to look, whatever the reader thought of the rule it used.
_SURE: Final = 0.75
_QUOTED: Final = 70
#: Field of the form → what the reader calls it.
_READ_AS: Final = {
    "reference_code": "reference_code",
    "issued_on": "issued_on",
    "issuer_name": "issuer",
    "document_type": "document_type",
    "subject": "subject",
    "signer_name": "signer_name",
    "signer_position": "signer_position",
    "urgency": "urgency",
    "secrecy": "secrecy",
    "due_on": "due",
}
#: What every register line has; named when the file did not tell it.
_EXPECTED: Final = {
    "reference_code": "Số, ký hiệu",
    "issued_on": "Ngày văn bản",
    "issuer_name": "Cơ quan ban hành",
    "document_type": "Loại",
    "subject": "Trích yếu",
}
_INSIDE: Final = "Nhận qua hệ thống"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a field starts with; `tone` is ok, look or empty; `read` tells that it came from the file."""

    value: Any
    note: str = ""
    tone: str = ""
    read: bool = False


@dataclass(frozen=True, slots=True)
class Suggestions:
    """All fields, the marks over each page (from 0), and the term with its rule."""

    fields: Mapping[str, Suggestion]
    marks: Mapping[int, list[SourceMark]]
    terms: tuple[Term, ...]

    @property
    def read_count(self) -> int:
        """How many fields were filled from the file."""
        return sum(one.read for one in self.fields.values())

    @property
    def look_count(self) -> int:
        """How many of them want a look."""
        return sum(one.read and one.tone == "look" for one in self.fields.values())

    @property
    def missing(self) -> list[str]:
        """Labels of the fields a register line should have and the file did not tell."""
        return [label.lower() for name, label in _EXPECTED.items() if not self.fields[name].value]

    def rule_of(self, day: date | None) -> str:
        """The rule behind a due date: the one that proposed it, else the clerk."""
        if day is None:
            return ""
        return next((term.rule for term in self.terms if term.last_day == day), "Văn thư ghi")


def suggest(document: IncomingDocument, original: Original, today: date) -> Suggestions:
    """The start of the form: the letter's own data first, then what was read, then the rules."""
    tree: Mapping[str, Any] = original.reading.proposals or {}
    read = {name: _from_reading(name, tree.get(key)) for name, key in _READ_AS.items()}
    issuer = _matched_issuer(tree)
    if issuer is not None:
        read["issuer_name"] = issuer
    own = _own_data(document)
    fields = {
        name: own.get(name) or read.get(name) or Suggestion(_NOTHING.get(name, ""))
        for name in (*_READ_AS, "note")
    }
    signer = fields["signer_name"]
    if signer.value and fold(str(signer.value)) in fold(original.verdict_sentence):
        fields["signer_name"] = Suggestion(signer.value, "Khớp chữ ký số", "ok", signer.read)
    terms = list(_stated_terms(tree))
    ordinary = _default(document, fields["urgency"].value, today)
    if ordinary is not None:
        terms.append(ordinary)
    fields["due_on"] = _due(document, fields["due_on"], terms)
    return Suggestions(fields, _marks(tree), tuple(terms))


_NOTHING: Final[Mapping[str, Any]] = {
    "urgency": Urgency.NORMAL.value,
    "secrecy": Secrecy.ORDINARY.value,
    "issued_on": None,
    "due_on": None,
}


def _own_data(document: IncomingDocument) -> dict[str, Suggestion]:
    """What the letter itself said when it was delivered inside the installation."""
    if document.delivery_id is None:
        return {}
    own: dict[str, Any] = {
        "reference_code": document.reference_code,
        "issued_on": document.issued_on,
        "issuer_name": document.issuer_name,
        "document_type": document.document_type,
        "subject": document.subject,
        "signer_name": document.signer_name,
        "signer_position": document.signer_position,
        "urgency": document.urgency,
    }
    said = {name: Suggestion(value, _INSIDE, "ok") for name, value in own.items() if value}
    said["secrecy"] = Suggestion(document.secrecy, _INSIDE, "ok")
    return said


def _from_reading(name: str, proposal: Mapping[str, Any] | None) -> Suggestion | None:
    if not proposal:
        return None
    value = _value(name, proposal["value"])
    if value is None or value == "":
        return None
    source = proposal.get("source")
    if source is None:
        # An urgency nobody printed is the ordinary one.
        return Suggestion(value, "Không có dấu" if name == "urgency" else "")
    place = _IN_FEW_WORDS[name](value) if name in _IN_FEW_WORDS else _place(source)
    look = bool(proposal.get("needs_look")) or proposal.get("confidence", 1.0) < _SURE
    note = place
    if proposal.get("note"):
        note = str(proposal["note"])
    elif look:
        note = f"{note}; cần xem lại"
    return Suggestion(value, note, "look" if look else "ok", read=True)


#: Narrow fields say what was recognised instead of where; their mark shows the place.
_IN_FEW_WORDS: Final[Mapping[str, Callable[[Any], str]]] = {
    "document_type": lambda value: "Khớp danh mục",
    "urgency": lambda value: f"Có dấu {URGENCY_LABELS[Urgency(value)].upper()}",
    "secrecy": lambda value: f"Có dấu {SECRECY_LABELS[Secrecy(value)].upper()}",
}


def _value(name: str, raw: Any) -> Any:
    if name == "issued_on":
        return date.fromisoformat(raw)
    if name == "due_on":
        return date.fromisoformat(raw["last_day"])
    if name == "secrecy":
        return Secrecy[str(raw).upper()].value
    if name == "document_type":
        known = {slug for slug, _ in type_choices()}
        return next((slug for slug in (raw, f"state-{raw}") if slug in known), "")
    return raw


def _place(source: Mapping[str, Any]) -> str:
    if source.get("box"):
        return f"Trang {source['page'] + 1}, dòng tô sáng"
    line = str(source.get("line", ""))
    short = line if len(line) <= _QUOTED else f"{line[:_QUOTED].rstrip()}…"
    return f"Dòng “{short}”"


def _matched_issuer(tree: Mapping[str, Any]) -> Suggestion | None:
    """The known agency of the name block under its own name."""
    proposal = tree.get("agency")
    if not proposal or not str(proposal["value"]).isdigit():
        return None
    found = organization.agencies([int(proposal["value"])]).first()
    if found is None:
        return None
    if proposal.get("needs_look"):
        return Suggestion(found.name, "Gần khớp danh mục cơ quan; cần xem lại", "look", read=True)
    return Suggestion(found.name, "Khớp danh mục cơ quan", "ok", read=True)


def _stated_terms(tree: Mapping[str, Any]) -> list[Term]:
    return [
        Term(
            date.fromisoformat(one["value"]["last_day"]), f"Văn bản ghi “{one['value']['wording']}”"
        )
        for one in tree.get("due_dates") or ()
    ]


def _default(document: IncomingDocument, urgency: Any, today: date) -> Term | None:
    try:
        return default_term(Urgency(urgency), today, workdays.calendar(document.agency_id))
    except InvalidInput:
        return None


def _due(document: IncomingDocument, found: Suggestion, terms: list[Term]) -> Suggestion:
    if document.due_on is not None:
        return Suggestion(document.due_on, document.due_rule or _INSIDE, "ok")
    if found.value:
        rule = next((term.rule for term in terms if term.last_day == found.value), "")
        return Suggestion(found.value, rule or found.note, found.tone, read=True)
    if terms:
        return Suggestion(terms[-1].last_day, terms[-1].rule)
    return Suggestion(None)


def _marks(tree: Mapping[str, Any]) -> dict[int, list[SourceMark]]:
    marks: dict[int, list[SourceMark]] = {}
    for name, key in _READ_AS.items():
        source = (tree.get(key) or {}).get("source")
        box = (source or {}).get("box")
        if not source or not box:
            continue
        width, height = box["x1"] - box["x0"], box["y1"] - box["y0"]
        marks.setdefault(source["page"], []).append(
            SourceMark(
                name,
                round(box["x0"], 4),
                round(box["y0"], 4),
                round(width, 4),
                round(height, 4),
                on=name == "reference_code",
            )
        )
    return marks
