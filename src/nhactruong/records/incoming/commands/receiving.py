"""From the door to the register: taking in, registering, sending back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Final

from nhactruong.foundation.access import commands as access
from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.files.store import StoredBytes
from nhactruong.foundation.jobs.commands import publish
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.thread import commands as thread
from nhactruong.foundation.workitems import commands as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.kernel.limits import line_within
from nhactruong.kernel.states import Role, Secrecy, Urgency, next_state
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.procedures import selectors as procedures
from nhactruong.masterdata.reorganization import selectors as reorganization
from nhactruong.records.distribution import commands as distribution
from nhactruong.records.distribution.models import Delivery
from nhactruong.records.documents import commands as documents
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.extraction import commands as extraction
from nhactruong.records.extraction import selectors as readings
from nhactruong.records.incoming import policies, rules, selectors
from nhactruong.records.incoming.commands.indexing import folded_words, put_card, wording
from nhactruong.records.incoming.events import DocumentRegistered, FileReceived
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.rules import PROCEDURE, STATE_LABELS, TRANSITIONS
from nhactruong.records.numbering import commands as numbering

#: Who sees what is registered, by office. Source: security.md 8, rows "register" and "content".
_READERS_AT_REGISTRATION = (
    Role.SECRETARY,
    Role.DEPUTY_SECRETARY,
    Role.CHIEF_OF_OFFICE,
)
#: The clerk who put a file in waits for its reading; copies sent inside are read when there is time.
_AWAITED: Final = 15


def _who(actor: Actor) -> str:
    post = actor.post
    return f"{actor.name}, {post.title}" if post else actor.name


@command
def receive_file(
    actor: Actor,
    *,
    agency_id: int,
    stored: StoredBytes,
    media_type: str,
    file_name: str,
    page_count: int | None,
    channel: str = IncomingDocument.Channel.UPLOAD,
) -> IncomingDocument:
    """A file in the agency's intake, waiting to be read and registered."""
    policies.can_receive(actor, agency_id).require()
    organization.require_in_force(agency_id)
    actor = actor.acting_as(actor.post_for(Role.CLERK, agency_id))
    document = documents.create_document(actor, agency_id)
    documents.add_rendition(
        actor,
        contents.main_version(document.pk),
        Rendition.Purpose.ORIGINAL,
        stored,
        media_type=media_type,
        file_name=file_name,
        page_count=page_count,
    )
    incoming = IncomingDocument(
        public_id=document.public_id,
        agency_id=agency_id,
        registry=organization.registry_of(agency_id),
        document=document,
        channel=channel,
        file_name=file_name[:255],
        arrived_on=clock.today(),
        received_at=clock.now(),
        received_by=_who(actor),
    )
    _put_into_intake(actor, incoming, priority=_AWAITED)
    audit.record(actor, "incoming.received", incoming, sha256=stored.sha256)
    return incoming


@command
def receive_copy(actor: Actor, delivery: Delivery) -> IncomingDocument:
    """The recipient's own record of a delivery, sharing only the bytes; receiving twice is once.

    For an agency that has ended, whoever comes after it receives.
    """
    existing = IncomingDocument.objects.filter(delivery=delivery).first()
    if existing is not None:
        return existing
    source = contents.best_rendition(delivery.document_id)
    if source is None:
        raise RuleBroken("incoming.no_content", "Văn bản gửi đến không có tệp.")
    agency_id = reorganization.receiving_agency(delivery.recipient_agency_id)
    document = documents.create_document(actor, agency_id)
    documents.relate(actor, document, delivery.document, "copy_of")
    documents.copy_rendition(
        actor, contents.main_version(document.pk), Rendition.Purpose.ORIGINAL, source
    )
    letter = delivery.letter
    incoming = IncomingDocument(
        public_id=document.public_id,
        agency_id=agency_id,
        registry=organization.registry_of(agency_id),
        document=document,
        delivery=delivery,
        channel=IncomingDocument.Channel.INSIDE,
        file_name=source.holding.file_name,
        arrived_on=clock.today(),
        received_at=clock.now(),
        received_by=actor.name,
        reference_code=letter["reference_code"],
        issued_on=date.fromisoformat(letter["issued_on"]) if letter["issued_on"] else None,
        issuer_name=letter["issuer_name"],
        issuer_agency_id=delivery.sender_agency_id,
        document_type=letter["document_type"],
        subject=letter["subject"],
        signer_name=letter["signer_name"],
        signer_position=letter["signer_position"],
        urgency=letter["urgency"],
        secrecy=letter["secrecy"],
    )
    _put_into_intake(actor, incoming)
    for answered in delivery.answers:
        original = contents.document(answered)
        if original is not None and original.agency_id in (agency_id, delivery.recipient_agency_id):
            thread.connect(actor, original, document, "replies_to")
    distribution.record_delivered(actor, delivery.public_id)
    audit.record(actor, "incoming.received", incoming, code=incoming.reference_code)
    return incoming


def _put_into_intake(
    actor: Actor, incoming: IncomingDocument, *, priority: int | None = None
) -> None:
    incoming.procedure_id = procedures.version_in_force(PROCEDURE, incoming.agency_id)
    incoming.folded = folded_words(incoming)
    incoming.save()
    clerk = tokens.role_token(Role.CLERK, incoming.agency_id)
    access.grant(actor, incoming, [clerk], "clerk")
    workitems.put_before(actor, clerk, "incoming.register", incoming, wording(incoming))
    original = contents.rendition(incoming.document_id, Rendition.Purpose.ORIGINAL)
    if original is not None:
        extraction.await_reading(actor, original)
    publish(FileReceived(incoming_id=incoming.public_id), priority=priority)


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """What the clerk read and corrected: one line of sổ đăng ký văn bản đến."""

    reference_code: str
    issued_on: date | None
    issuer_name: str
    document_type: str
    subject: str
    issuer_agency_id: int | None = None
    signer_name: str = ""
    signer_position: str = ""
    urgency: str = Urgency.NORMAL
    secrecy: int = Secrecy.ORDINARY
    due_on: date | None = None
    due_rule: str = ""
    note: str = ""
    duplicate_reason: str = ""


def _require_complete(line: RegisterLine) -> None:
    fields = {}
    if line.issued_on is None:
        fields["issued_on"] = (
            "Chưa vào sổ được: thiếu Ngày văn bản. Đồng chí nhập ngày ghi ở góc phải trang 1."
        )
    elif line.issued_on > clock.today():
        fields["issued_on"] = "Ngày văn bản không thể sau hôm nay. Đồng chí kiểm tra lại năm."
    if not line.issuer_name.strip():
        fields["issuer_name"] = "Chưa vào sổ được: thiếu Cơ quan ban hành."
    if not line.subject.strip():
        fields["subject"] = "Chưa vào sổ được: thiếu Trích yếu."
    if line.due_on is not None and line.due_on < clock.today():
        fields["due_on"] = "Hạn trả lời không thể trước hôm nay."
    if fields:
        raise InvalidInput("incoming.incomplete", next(iter(fields.values())), fields=fields)


def _require_register_only(line: RegisterLine) -> None:
    if line.secrecy >= Secrecy.CONFIDENTIAL:
        raise RuleBroken(
            "secrecy.register_only",
            "Văn bản mật không đưa nội dung vào hệ thống này. Đồng chí bỏ tệp khỏi hàng chờ (Trả lại "
            "nơi gửi) và đăng ký ở sổ văn bản mật.",
        )


@command
def register(
    actor: Actor, public_id: uuid.UUID, line: RegisterLine, *, version: int | None
) -> IncomingDocument:
    """The document with its arrival number, put before the Chánh Văn phòng or the leader.

    Raises: InvalidInput naming the fields, RuleBroken `incoming.duplicate` until a reason is
    given. Source: NĐ 30/2020 Điều 22-23; documents.md 7.
    """
    incoming = selectors.lock_visible(actor, public_id, version)
    policies.can_register(actor, incoming).require()
    actor = actor.acting_as(actor.post_for(Role.CLERK, incoming.agency_id))
    _require_complete(line)
    _require_register_only(line)
    incoming.duplicate_key = rules.duplicate_key(line.reference_code, line.issuer_name)
    twins = selectors.possible_duplicates(actor, incoming, incoming.duplicate_key)
    if twins and not line.duplicate_reason.strip():
        raise RuleBroken(
            "incoming.duplicate",
            "Văn bản này có thể đã vào sổ: số đến %(number)s, ngày %(day)s, cùng số, ký hiệu và nơi "
            "gửi. Mở bản cũ hoặc ghi rõ lý do vào sổ lần nữa.",
            number=twins[0].arrival_number,
            day=f"{twins[0].arrived_on:%d/%m/%Y}",
        )
    incoming.state = next_state(TRANSITIONS, "register", incoming.as_state, STATE_LABELS)
    incoming.reference_code = line_within(
        100, line.reference_code, field="reference_code", label="Số, ký hiệu"
    )
    incoming.issued_on = line.issued_on
    incoming.issuer_name = line_within(
        300, line.issuer_name, field="issuer_name", label="Cơ quan ban hành"
    )
    incoming.issuer_agency_id = line.issuer_agency_id
    incoming.document_type = line.document_type
    incoming.subject = line_within(1000, line.subject, field="subject", label="Trích yếu")
    incoming.signer_name = line_within(200, line.signer_name, field="signer_name", label="Người ký")
    incoming.signer_position = line_within(
        200, line.signer_position, field="signer_position", label="Chức vụ"
    )
    incoming.urgency = Urgency(line.urgency)
    incoming.secrecy = line.secrecy
    incoming.due_on = line.due_on
    incoming.due_rule = line.due_rule[:200]
    incoming.note = line_within(500, line.note, field="note", label="Ghi chú")
    incoming.duplicate_reason = line_within(
        300, line.duplicate_reason, field="duplicate_reason", label="Lý do vào sổ lần nữa"
    )
    registry = organization.registry_of(incoming.agency_id)
    key = rules.arrival_key(registry.pk, incoming.agency.key, clock.today())
    taken = numbering.take_next(actor, incoming, key=key, dated_on=clock.today())
    incoming.series_id, incoming.arrival_number = taken.series_id, taken.number
    incoming.arrived_on = clock.today()
    incoming.registered_at = clock.now()
    incoming.registered_by = _who(actor)
    incoming.folded = folded_words(incoming)
    incoming.save_changes(
        "state",
        "duplicate_key",
        "reference_code",
        "issued_on",
        "issuer_name",
        "issuer_agency",
        "document_type",
        "subject",
        "signer_name",
        "signer_position",
        "urgency",
        "secrecy",
        "due_on",
        "due_rule",
        "note",
        "duplicate_reason",
        "arrival_number",
        "series",
        "arrived_on",
        "registered_at",
        "registered_by",
        "folded",
    )
    access.grant(
        actor,
        incoming,
        [tokens.role_token(role, incoming.agency_id) for role in _READERS_AT_REGISTRATION],
        "register",
    )
    workitems.close(actor, incoming, ["incoming.register"])
    _submit(actor, incoming)
    put_card(actor, incoming, readings.text_of(incoming.document_id))
    if incoming.delivery_id is not None and incoming.delivery is not None:
        distribution.record_acknowledged(actor, incoming.delivery.public_id)
    audit.record(
        actor,
        "incoming.registered",
        incoming,
        number=incoming.arrival_number,
        code=incoming.reference_code,
    )
    publish(DocumentRegistered(incoming_id=incoming.public_id))
    return incoming


def _submit(actor: Actor, incoming: IncomingDocument) -> None:
    """Put it before the first office that is filled: Chánh Văn phòng, else the leader."""
    for role in (Role.CHIEF_OF_OFFICE, Role.DEPUTY_SECRETARY, Role.SECRETARY):
        if organization.is_filled(role, incoming.agency_id):
            workitems.put_before(
                actor,
                tokens.role_token(role, incoming.agency_id),
                "incoming.direct",
                incoming,
                wording(incoming),
            )
            return


@command
def return_to_sender(
    actor: Actor, public_id: uuid.UUID, *, reason: str, version: int | None
) -> IncomingDocument:
    """The unregistered document, sent back with a reason; it takes no number."""
    incoming = selectors.lock_visible(actor, public_id, version)
    policies.can_register(actor, incoming).require()
    if not reason.strip():
        raise InvalidInput.at("reason", "incoming.no_reason", "Trả lại nơi gửi phải nêu lý do.")
    incoming.state = next_state(TRANSITIONS, "return_to_sender", incoming.as_state, STATE_LABELS)
    incoming.result = line_within(500, reason, field="reason", label="Lý do")
    incoming.finished_at = clock.now()
    incoming.save_changes("state", "result", "finished_at")
    workitems.close(actor, incoming, outcome="returned")
    if incoming.delivery is not None:
        distribution.record_refused(actor, incoming.delivery.public_id, reason)
    audit.record(actor, "incoming.returned_to_sender", incoming, reason=reason)
    return incoming
