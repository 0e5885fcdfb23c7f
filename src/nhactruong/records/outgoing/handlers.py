"""What follows an outgoing fact as a job: freezing, checking, printing the number, sealing.

Each may run twice; the second time it changes nothing. No transaction is open while a file is
made. The functions are also called by views right after a commit, so that people do not wait.
"""

from __future__ import annotations

import uuid

from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.files import store
from nhactruong.foundation.notices import commands as notices
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel.actor import Actor, service_actor
from nhactruong.kernel.errors import RuleBroken
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.records.distribution.events import ReceiptRecorded
from nhactruong.records.distribution.rules import DeliveryState
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.drafting.typesetting import freeze_for_signing, typeset
from nhactruong.records.outgoing import commands, printing, selectors
from nhactruong.records.outgoing.commands.sealing import SEAL_FIELD
from nhactruong.records.outgoing.events import (
    DocumentNumbered,
    DocumentSigned,
    PresentedForSignature,
    SealRequested,
)
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import State
from nhactruong.records.signing import checking, keys, verifying
from nhactruong.records.signing import commands as signatures
from nhactruong.records.signing.engine.verdicts import FileOutcome
from nhactruong.records.signing.service import signing_service

TYPESETTER = service_actor("typesetting", "Bộ phận dàn trang")
VERIFIER = service_actor("verification", "Bộ phận kiểm chữ ký")
NUMBER_PRINTER = service_actor("numbering", "Bộ phận in số")


def prepare_presented(event: PresentedForSignature) -> None:
    """The frozen PDF of a document that waits for its signer."""
    present(event.outgoing_id)


def present(outgoing_id: uuid.UUID) -> bool:
    """Whether the signer's PDF was made now."""
    document = selectors.for_service(outgoing_id)
    if document.state != State.AWAITING_SIGNATURE or document.presented_hash:
        return False
    letter = printing.letter_of(document, for_signature=True)
    made = typeset(letter)
    frozen = freeze_for_signing(made, seal_mm=float(document.agency.seal_diameter_mm))
    return commands.record_presented(
        TYPESETTER,
        outgoing_id,
        stored=store.write([frozen]),
        pages=made.pages,
        printed=printing.printed_of(letter),
        version=document.version,
    )


def verify_signature(event: DocumentSigned) -> None:
    """The report on a recorded signature, when the page did not live to make it."""
    check_signature(event.outgoing_id)


def check_signature(outgoing_id: uuid.UUID) -> None:
    """A report on the signature or seal just made, so that the clerk sees what it is worth."""
    document = selectors.for_service(outgoing_id)
    for purpose in (Rendition.Purpose.SEALED, Rendition.Purpose.SIGNED):
        made = contents.rendition(document.document_id, purpose)
        if made is not None:
            checking.check_once(VERIFIER, made)
            return


def print_number(event: DocumentNumbered) -> None:
    """The PDF of a numbered document with its number and date on the page."""
    stamp_number(event.outgoing_id)


def stamp_number(outgoing_id: uuid.UUID) -> bool:
    """Whether the numbered PDF was made now."""
    document = selectors.for_service(outgoing_id)
    if document.number is None:
        return False
    signed = contents.rendition(document.document_id, Rendition.Purpose.SIGNED)
    if signed is None or contents.rendition(document.document_id, Rendition.Purpose.NUMBERED):
        return False
    number_line, date_line = printing.final_lines(document)
    filled = signing_service().fill(
        contents.bytes_of(signed), number_line=number_line, date_line=date_line
    )
    return commands.record_numbered(NUMBER_PRINTER, outgoing_id, stored=store.write([filled]))


def apply_seal(event: SealRequested) -> None:
    """The sealed PDF and the report on it, because the clerk has asked; again changes nothing."""
    document = selectors.for_service(event.outgoing_id)
    clerk = organization.actor_for_person(event.asked_by_person).acting_as_id(event.asked_by_post)
    if document.state == State.SEALING:
        _seal(clerk, document)
    # A worker that died after the seal leaves the report to the next.
    sealed = contents.rendition(document.document_id, Rendition.Purpose.SEALED)
    if sealed is not None:
        checking.check_once(clerk, sealed)


def _seal(clerk: Actor, document: OutgoingDocument) -> None:
    stamp_number(document.public_id)
    numbered = contents.rendition(document.document_id, Rendition.Purpose.NUMBERED)
    if numbered is None:
        raise RuleBroken("outgoing.unnumbered", "Bản đã cấp số chưa có.")
    try:
        require_sound(contents.bytes_of(numbered))
        request = signatures.open_request(
            clerk,
            document.document,
            field_name=SEAL_FIELD,
            sha256_before=numbered.holding.blob.sha256,
            holder_kind="agency",
            holder_id=document.agency_id,
        )
        made = keys.seal(
            contents.bytes_of(numbered),
            request.key,
            diameter_mm=document.agency.seal_diameter_mm,
        )
    except RuleBroken as refusal:
        commands.record_seal_failure(clerk, document.public_id, reason=refusal.sentence)
        _tell_clerk(clerk, document, refusal.sentence)
        return
    commands.record_seal(
        clerk,
        document.public_id,
        stored=store.write([made.pdf]),
        request=request,
        facts=made.facts,
    )


def require_sound(pdf: bytes) -> None:
    """Nothing when the signature under the number still stands; the seal never covers a broken one.

    Raises: RuleBroken `outgoing.broken_signature`. Source: signatures.md 2 (rules), 6.
    """
    verdict = verifying.verify(pdf)
    if verdict.verdict in (FileOutcome.INVALID, FileOutcome.UNSIGNED):
        raise RuleBroken(
            "outgoing.broken_signature",
            "Chữ ký KHÔNG HỢP LỆ: %(why)s Không đóng dấu; báo người ký và phụ trách an toàn.",
            why=verdict.sentence,
        )


@command
def _tell_clerk(actor: Actor, document: OutgoingDocument, sentence: str) -> None:
    post = actor.post
    if post is not None:
        notices.tell(
            actor,
            [tokens.post_token(post.post_id)],
            "outgoing.seal_failed",
            document,
            f"Chưa đóng dấu được {document.reference_code}: {sentence}",
        )


def note_receipt(event: ReceiptRecorded) -> None:
    """The drafter and the clerk hear of a refused copy; received ones show on the page."""
    if event.state != DeliveryState.REFUSED:
        return
    document = selectors.for_service(event.document_id)
    _tell_refused(TYPESETTER, document)


@command
def _tell_refused(actor: Actor, document: OutgoingDocument) -> None:
    notices.tell(
        actor,
        [tokens.post_token(document.drafter_post_id)],
        "outgoing.refused",
        document,
        f"Nơi nhận trả lại văn bản {document.reference_code}.",
    )
