"""The bút phê panel: who can be given what, what is proposed and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from nhactruong.foundation.ui.rules import date_words, day_words
from nhactruong.foundation.ui.shapes import Person
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.deadlines import due_on as working_day_after
from nhactruong.kernel.deadlines import next_working_day, working_days_between
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.states import Role, Urgency
from nhactruong.masterdata.workdays import selectors as workdays
from nhactruong.records.incoming import selectors
from nhactruong.records.incoming.forms import DirectForm, faults, type_label
from nhactruong.records.incoming.models import Handling, IncomingDocument
from nhactruong.records.incoming.selectors import DeskCard

#: So many chips stand in a row; everything else is one press away in the picker.
_CHIPS: Final = 3
_STEPS: Final = (2, 5)
_LEADERS: Final = frozenset({Role.SECRETARY, Role.DEPUTY_SECRETARY})
_OWN_TERM: Final = "van-ban"


@dataclass(frozen=True, slots=True)
class DueChoice:
    """A chip of the due row: what it sends, what it says, the day and its rule."""

    value: str
    label: str
    day: date
    rule: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is chosen before anybody touched the panel, and the sentence that says why."""

    lead: str = ""
    support: tuple[str, ...] = ()
    inform: tuple[str, ...] = ()
    due: str = ""
    reason: str = ""


def value_of(part: Handling) -> str:
    """The desk of a part as forms send it."""
    return f"unit:{part.unit_id}" if part.unit_id is not None else f"post:{part.post_id}"


def due_choices(document: IncomingDocument, today: date) -> list[DueChoice]:
    """The document's own term first, then today and the days two and five working days away."""
    choices = []
    if document.due_on is not None and document.due_on >= today:
        rule = document.due_rule or "Hạn trả lời của văn bản"
        choices.append(
            DueChoice(
                _OWN_TERM, f"Hạn đã vào sổ: {day_words(document.due_on)}", document.due_on, rule
            )
        )
    calendar = workdays.calendar(document.agency_id)
    try:
        first = next_working_day(today, calendar)
        word = "Hôm nay" if first == today else _begun(day_words(first))
        choices.append(DueChoice("0", word, first, "Trong ngày bút phê"))
        for days in _STEPS:
            day = working_day_after(today, days, calendar)
            rule = f"{days} ngày làm việc từ ngày bút phê"
            choices.append(DueChoice(str(days), _begun(day_words(day)), day, rule))
    except InvalidInput:
        # The calendar does not reach that far: the person still writes a day.
        return choices
    return choices


def _begun(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def propose(
    document: IncomingDocument, like: Sequence[Handling], choices: Sequence[DueChoice], reason: str
) -> Proposal:
    """The parts of a direction already given, as far as they still exist here, and its pace."""
    known = {desk.value for desk in selectors.desks(document.agency)}
    of_part: dict[str, list[str]] = {}
    for part in like:
        if value_of(part) in known:
            of_part.setdefault(part.part, []).append(value_of(part))
    due = _due(document, like, choices)
    if not of_part:
        return Proposal(due=due)
    return Proposal(
        lead=next(iter(of_part.get(Handling.Part.LEAD, [])), ""),
        support=tuple(of_part.get(Handling.Part.SUPPORT, [])),
        inform=tuple(of_part.get(Handling.Part.INFORM, [])),
        due=due,
        reason=reason,
    )


def _due(document: IncomingDocument, like: Sequence[Handling], choices: Sequence[DueChoice]) -> str:
    values = [choice.value for choice in choices]
    if _OWN_TERM in values:
        return _OWN_TERM
    if document.urgency != Urgency.NORMAL and "0" in values:
        return "0"
    direction = like[0].direction if like else None
    if direction is not None and direction.due_on is not None:
        calendar = workdays.calendar(document.agency_id)
        try:
            pace = working_days_between(direction.given_at.date(), direction.due_on, calendar)
        except InvalidInput:
            pace = -1
        if str(pace) in values:
            return str(pace)
    return values[-1] if values else ""


def reason_for(document: IncomingDocument, like: Sequence[Handling]) -> str:
    """Why these parts are chosen beforehand: the similar document they come from."""
    direction = like[0].direction if like else None
    if direction is None:
        return ""
    earlier = direction.incoming
    alike = []
    if earlier.issuer_name == document.issuer_name:
        alike.append("cùng nơi gửi")
    if earlier.document_type == document.document_type and document.document_type:
        alike.append(f"cùng loại {type_label(document.document_type).lower()}")
    return (
        f"Chọn sẵn như văn bản số đến {earlier.arrival_number} ngày "
        f"{date_words(earlier.arrived_on)} ({', '.join(alike) or 'văn bản tương tự'}): "
        f"bút phê của {direction.given_by_title} {direction.given_by}."
    )


def proposal_for(
    actor: Actor, document: IncomingDocument, choices: Sequence[DueChoice]
) -> Proposal:
    """What is chosen beforehand: as it is given now, else as a like document was."""
    current = [
        part
        for part in document.handlings.all()
        if part.ended_at is None and part.direction_id is not None
    ]
    if current:
        return propose(document, current, choices, "Đang giao như thế này.")
    like = selectors.similar_parts(actor, document)
    return propose(document, like, choices, reason_for(document, like))


def prefilled(actor: Actor, document: IncomingDocument, today: date) -> dict[str, Any]:
    """First values of the form, as the panel shows them."""
    proposal = proposal_for(actor, document, due_choices(document, today))
    return {
        "lead": proposal.lead,
        "support": list(proposal.support),
        "inform": list(proposal.inform),
        "due": proposal.due,
    }


def panel(
    actor: Actor, document: IncomingDocument, today: date, form: DirectForm | None
) -> dict[str, Any]:
    """Everything the panel shows: chips, pickers, due row, what is chosen."""
    desks = [desk for desk in selectors.desks(document.agency) if not actor.holds(desk.post_id)]
    choices = due_choices(document, today)
    proposal = proposal_for(actor, document, choices)
    chosen = _typed(form) if form is not None else proposal
    return {
        "lead_chips": _chips(_row(desks, (chosen.lead,), units=True), {chosen.lead}),
        "support_chips": _chips(_row(desks, chosen.support, units=True), set(chosen.support)),
        "inform_chips": _chips(_row(desks, chosen.inform, units=False), set(chosen.inform)),
        "people": [
            Person(desk.value, desk.name, desk.holder, absent=desk.absent) for desk in desks
        ],
        "due_chips": [
            {"value": one.value, "label": one.label, "checked": one.value == chosen.due}
            for one in choices
        ],
        "due_hint": _hint(choices, chosen.due),
        "due_other": form["due_other"].value() if form is not None else "",
        "due_error": faults(form["due_other"]) if form is not None else "",
        "lead_error": faults(form["lead"]) if form is not None else "",
        "opinion": form["opinion"].value() if form is not None else "",
        "reason": "" if form is not None else proposal.reason,
    }


def _typed(form: DirectForm) -> Proposal:
    """What the person had chosen when the form was refused; picked ones become chips."""
    lead = str(form["lead_other"].value() or form["lead"].value() or "")
    return Proposal(
        lead=lead,
        support=(*(form["support"].value() or ()), *(form["support_other"].value() or ())),
        inform=(*(form["inform"].value() or ()), *(form["inform_other"].value() or ())),
        due=str(form["due"].value() or ""),
    )


def _row(desks: Sequence[DeskCard], chosen: Sequence[str], *, units: bool) -> list[DeskCard]:
    """The chosen desks, then the usual ones: divisions for work, leaders for information."""
    first = [desk for desk in desks if desk.value in chosen]
    usual = [desk for desk in desks if (desk.unit_id is not None and desk.post_id is None)]
    if not units or not usual:
        usual = [desk for desk in desks if desk.roles & _LEADERS] if not units else list(desks)
    rest = [desk for desk in usual if desk not in first]
    return [*first, *rest[: max(0, _CHIPS - len(first))]]


def _chips(row: Sequence[DeskCard], chosen: set[str]) -> list[Mapping[str, Any]]:
    return [
        {
            "value": desk.value,
            "label": f"{desk.short} ({desk.absent})" if desk.absent else desk.short,
            "checked": desk.value in chosen,
        }
        for desk in row
    ]


def _hint(choices: Sequence[DueChoice], chosen: str) -> str:
    picked = next((one for one in choices if one.value == chosen), None)
    return "" if picked is None else f"{date_words(picked.day)}: {picked.rule}."


def due_of(form: DirectForm, document: IncomingDocument, today: date) -> tuple[date | None, str]:
    """The day and its rule that a sent form means; a written day wins over the chips."""
    written: date | None = form.cleaned_data["due_other"]
    if written is not None:
        return written, "Người bút phê đặt"
    wanted = form.cleaned_data["due"]
    picked = next((one for one in due_choices(document, today) if one.value == wanted), None)
    return (picked.day, picked.rule) if picked else (None, "")
