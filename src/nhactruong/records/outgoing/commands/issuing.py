"""Number, seal and issue: the clerk's own acts, in this order."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from nhactruong.foundation.access import commands as access
from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.files.store import StoredBytes
from nhactruong.foundation.jobs.commands import publish
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.workitems import commands as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.kernel.states import Role, next_state
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.vocabularies import selectors as vocabularies
from nhactruong.records.distribution import commands as distribution
from nhactruong.records.documents import commands as documents
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.events import ReplyIssued
from nhactruong.records.documents.models import Rendition
from nhactruong.records.numbering import commands as numbering
from nhactruong.records.numbering.models import NumberSeries
from nhactruong.records.numbering.rules import SeriesKey
from nhactruong.records.outgoing import policies, rules, selectors
from nhactruong.records.outgoing.commands.indexing import (
    folded_words,
    put_card,
    tell_number,
    wording,
)
from nhactruong.records.outgoing.events import DocumentIssued, DocumentNumbered
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import (
    STATE_LABELS,
    TRANSITIONS,
    reference_code,
    series_group,
)
from nhactruong.records.signing import selectors as reports
from nhactruong.records.signing.engine.verdicts import FileOutcome

#: Who sees an issued document by office. Source: security.md 8, rows "content" and "register".
_READERS_AT_ISSUE = (
    Role.SECRETARY,
    Role.DEPUTY_SECRETARY,
    Role.CHIEF_OF_OFFICE,
    Role.CLERK,
)


def _series_key(document: OutgoingDocument, code: str | None) -> SeriesKey:
    """The series a document of a type with that code takes its number from.

    Raises: RuleBroken when no term is in force.
    """
    began = organization.term_starts_on(document.agency_id)
    if code is None or began is None:
        raise RuleBroken(
            "numbering.no_term", "Cơ quan chưa có nhiệm kỳ hiện hành nên chưa cấp số được."
        )
    return SeriesKey(
        registry_id=document.registry_id,
        issuing_body=document.organ.series_body,
        group=series_group(document.document_type, code, shared_qd=True),
        period=f"term:{began.isoformat()}",
        secrecy_class=NumberSeries.SecrecyClass.OPEN,
    )


@command
def assign_number(
    actor: Actor, public_id: uuid.UUID, *, version: int | None, dated_on: date | None = None
) -> OutgoingDocument:
    """The signed document with its number, symbol and date; a job prints them on the page.

    Raises: AccessDenied, RuleBroken, InvalidInput for a date before the signature or after today.
    Source: NĐ 30/2020 Điều 15; documents.md 3.3.
    """
    document = selectors.lock_visible(actor, public_id, version, text=False)
    policies.can_assign_number(actor, document).require()
    actor = actor.acting_as(actor.post_for(Role.CLERK, document.agency_id))
    day = dated_on or clock.today()
    rules.require_day(day, signed_at=document.signed_at, today=clock.today())
    document.state = next_state(TRANSITIONS, "assign_number", document.as_state, STATE_LABELS)
    code = vocabularies.type_code(document.document_type)
    key = _series_key(document, code)
    taken = numbering.take_next(actor, document, key=key, dated_on=day)
    document.series_id, document.number = taken.series_id, taken.number
    document.reference_code = reference_code(document.number, code or "", document.organ.symbol)
    document.issued_on = day
    document.listed_on = day
    document.numbered_at = clock.now()
    document.folded = folded_words(document)
    document.save_changes(
        "state",
        "number",
        "series",
        "reference_code",
        "issued_on",
        "listed_on",
        "numbered_at",
        "folded",
    )
    workitems.close(actor, document, ["outgoing.number"])
    workitems.put_before(
        actor,
        tokens.role_token(Role.CLERK, document.agency_id),
        "outgoing.seal",
        document,
        wording(document, document.signer_printed),
    )
    tell_number(actor, document)
    audit.record(actor, "outgoing.numbered", document, code=document.reference_code)
    publish(DocumentNumbered(outgoing_id=document.public_id))
    return document


@command
def record_numbered(actor: Actor, public_id: uuid.UUID, *, stored: StoredBytes) -> bool:
    """Whether the PDF with number and date printed was added now; twice is once."""
    document = selectors.lock_for_service(public_id)
    signed = contents.rendition(document.document_id, Rendition.Purpose.SIGNED)
    done = contents.rendition(document.document_id, Rendition.Purpose.NUMBERED)
    if done is not None or signed is None:
        return False
    documents.add_rendition(
        actor,
        signed.version,
        Rendition.Purpose.NUMBERED,
        stored,
        media_type="application/pdf",
        file_name="da-cap-so.pdf",
        parent=signed,
        page_count=signed.page_count,
    )
    return True


@command
def issue(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> OutgoingDocument:
    """The issued document; a delivery is queued for every recipient agency.

    Source: NĐ 30/2020 Điều 18 (the same day, at latest the next working day).
    """
    document = selectors.lock_visible(actor, public_id, version)
    policies.can_issue(actor, document).require()
    actor = actor.acting_as(actor.post_for(Role.CLERK, document.agency_id))
    _require_sound_seal(document)
    document.state = next_state(TRANSITIONS, "issue", document.as_state, STATE_LABELS)
    recipients = [agency.pk for agency in selectors.recipient_agencies(document)]
    document.issued_at = clock.now()
    document.copies = len(recipients)
    document.save_changes("state", "issued_at", "copies")
    readers = [tokens.role_token(role, document.agency_id) for role in _READERS_AT_ISSUE]
    if document.drafting_unit_id:
        readers.append(tokens.unit_token(document.drafting_unit_id))
    access.grant(actor, document, readers, "issued")
    answered = contents.answers_to(document.document_id)
    distribution.queue_deliveries(
        actor,
        document.document,
        recipients,
        letter=_letter_line(document),
        answers=_answered_originals(document),
    )
    workitems.close(actor, document, ["outgoing.issue"])
    put_card(actor, document)
    audit.record(
        actor,
        "outgoing.issued",
        document,
        code=document.reference_code,
        recipients=len(recipients),
    )
    publish(
        DocumentIssued(outgoing_id=document.public_id, reference_code=document.reference_code),
        *[
            ReplyIssued(
                answered_document_id=answered_id,
                reply_document_id=document.document.public_id,
                reply_reference=document.reference_code,
            )
            for answered_id in answered
        ],
    )
    return document


def _require_sound_seal(document: OutgoingDocument) -> None:
    """Nothing unless the check after sealing found a signature invalid. Source: signatures.md 2."""
    sealed = contents.rendition(document.document_id, Rendition.Purpose.SEALED)
    report = reports.latest_report(sealed.pk) if sealed else None
    if report is not None and report.verdict == FileOutcome.INVALID:
        raise RuleBroken(
            "outgoing.broken_signature",
            "Chữ ký KHÔNG HỢP LỆ: %(why)s Không phát hành; báo người ký và phụ trách an toàn.",
            why=report.sentence,
        )


def _letter_line(document: OutgoingDocument) -> dict[str, Any]:
    return {
        "reference_code": document.reference_code,
        "issued_on": document.issued_on.isoformat() if document.issued_on else "",
        "issuer_name": document.agency.name,
        "document_type": document.document_type,
        "subject": document.subject,
        "signer_name": document.signer_printed,
        "signer_position": document.position_printed,
        "urgency": document.urgency,
        "secrecy": document.secrecy,
    }


def _answered_originals(document: OutgoingDocument) -> list[uuid.UUID]:
    """The senders' own identifiers of the documents this one answers."""
    if document.answers_id is None:
        return []
    original = contents.original_of(document.answers_id)
    return [original] if original else []


@command
def request_void(
    actor: Actor, public_id: uuid.UUID, *, reason: str, version: int | None
) -> OutgoingDocument:
    """The document whose number the clerk asks to void; the Chánh Văn phòng must confirm."""
    document = selectors.lock_visible(actor, public_id, version)
    policies.can_request_void(actor, document).require()
    if not reason.strip():
        raise InvalidInput.at("reason", "outgoing.no_reason", "Bỏ số phải ghi lý do.")
    actor = actor.acting_as(actor.post_for(Role.CLERK, document.agency_id))
    document.void_requested_by = actor.name
    document.void_requested_person_id = actor.person_id
    document.void_reason = reason.strip()[:500]
    document.save_changes("void_requested_by", "void_requested_person", "void_reason")
    chief = tokens.role_token(Role.CHIEF_OF_OFFICE, document.agency_id)
    access.grant(actor, document, [chief], "void")
    workitems.put_before(
        actor, chief, "outgoing.void", document, wording(document, f"{actor.name} đề nghị bỏ số")
    )
    audit.record(actor, "outgoing.void_requested", document, reason=document.void_reason)
    return document


@command
def confirm_void(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> OutgoingDocument:
    """The document with its number void for good; the number stays in the register."""
    document = selectors.lock_visible(actor, public_id, version)
    policies.can_confirm_void(actor, document).require()
    actor = actor.acting_as(actor.post_for(Role.CHIEF_OF_OFFICE, document.agency_id))
    numbering.void_number(
        actor, document, reason=document.void_reason, requested_by=document.void_requested_by
    )
    document.state = next_state(TRANSITIONS, "void", document.as_state, STATE_LABELS)
    document.save_changes("state")
    workitems.close(actor, document, outcome="voided")
    audit.record(actor, "outgoing.voided", document, code=document.reference_code)
    return document
