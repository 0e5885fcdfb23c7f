"""The frozen text on the signer's desk, and the signature under it."""

from __future__ import annotations

import uuid
from datetime import datetime
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
from nhactruong.kernel.errors import ConflictingChange, RuleBroken
from nhactruong.kernel.states import Role, next_state
from nhactruong.records.documents import commands as documents
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.outgoing import policies, selectors
from nhactruong.records.outgoing.commands.indexing import folded_words, put_card, wording
from nhactruong.records.outgoing.events import DocumentSigned
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import STATE_LABELS, TRANSITIONS, Printed, State
from nhactruong.records.signing import commands as signatures
from nhactruong.records.signing.models import SigningRequest

PERSONAL_FIELD = "SIG_PERSON_1"


@command
def record_presented(
    actor: Actor,
    public_id: uuid.UUID,
    *,
    stored: StoredBytes,
    pages: int,
    printed: Printed,
    version: int,
) -> bool:
    """Whether the frozen PDF made from the draft at `version` is now what the signer sees.

    False when the draft has moved on meanwhile: the PDF is then of no use.
    """
    document = selectors.lock_for_service(public_id)
    if document.version != version or document.state != State.AWAITING_SIGNATURE:
        return False
    documents.add_rendition(
        actor,
        contents.main_version(document.document_id),
        Rendition.Purpose.PRESENTED,
        stored,
        media_type="application/pdf",
        file_name="trinh-ky.pdf",
        page_count=pages,
    )
    document.presented_hash = stored.sha256
    document.issuer_printed = printed.issuer
    document.signer_printed = printed.signer
    document.position_printed = printed.position
    document.capacity_printed = printed.capacity
    document.recipients_printed = list(printed.recipients)
    document.signing_form = document.authority.form if document.authority else ""
    document.folded = folded_words(document)
    document.save_changes(
        "presented_hash",
        "issuer_printed",
        "signer_printed",
        "position_printed",
        "capacity_printed",
        "recipients_printed",
        "signing_form",
        "folded",
    )
    return True


@command
def open_signature(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> SigningRequest:
    """The request to sign exactly the presented bytes; valid for five minutes.

    Raises: AccessDenied with the reason when order, authority or separation forbid it.
    """
    document = selectors.lock_visible(actor, public_id, version)
    holds = selectors.authority_holds(document, clock.today())
    policies.can_sign(actor, document, authority_holds=holds).require()
    authority = document.authority
    actor = actor.acting_as_id(authority.post_id if authority else None)
    return signatures.open_request(
        actor,
        document.document,
        field_name=PERSONAL_FIELD,
        sha256_before=document.presented_hash,
        holder_kind="person",
        holder_id=actor.person_id or 0,
    )


@command
def record_signature(
    actor: Actor,
    public_id: uuid.UUID,
    request_id: uuid.UUID,
    *,
    stored: StoredBytes,
    facts: dict[str, Any],
    signed_at: datetime,
) -> OutgoingDocument:
    """The signed document, now the clerk's to number.

    Raises: ConflictingChange when the presented bytes are no longer those that were signed.
    """
    document = selectors.lock_visible(actor, public_id, None)
    holds = selectors.authority_holds(document, clock.today())
    policies.can_sign(actor, document, authority_holds=holds).require()
    request = signatures.close_request(
        actor,
        request_id,
        outcome="signed",
        document_id=document.document_id,
        holder=("person", actor.person_id),
    )
    presented = contents.rendition(document.document_id, Rendition.Purpose.PRESENTED)
    if presented is None or presented.holding.blob.sha256 != request.sha256_before:
        raise ConflictingChange(
            "signing.text_changed",
            "Bản trình ký đã đổi trong lúc ký. Đồng chí đọc lại bản mới rồi ký.",
        )
    authority = document.authority
    if authority is None:
        raise RuleBroken("outgoing.no_signer", "Văn bản chưa chọn người ký.")
    actor = actor.acting_as_id(authority.post_id)
    signed = documents.add_rendition(
        actor,
        presented.version,
        Rendition.Purpose.SIGNED,
        stored,
        media_type="application/pdf",
        file_name="da-ky.pdf",
        parent=presented,
        page_count=presented.page_count,
    )
    signatures.record(
        actor,
        signed,
        request=request,
        kind="personal",
        authority_id=authority.pk,
        form=authority.form,
        facts=facts,
    )
    document.state = next_state(TRANSITIONS, "sign", document.as_state, STATE_LABELS)
    document.signed_at = signed_at
    document.signer_person_id = actor.person_id
    document.save_changes("state", "signed_at", "signer_person")
    clerk = tokens.role_token(Role.CLERK, document.agency_id)
    access.grant(actor, document, [clerk], "clerk")
    workitems.close(actor, document, ["outgoing.sign"], outcome="signed")
    workitems.put_before(
        actor, clerk, "outgoing.number", document, wording(document, document.signer_printed)
    )
    put_card(actor, document)
    audit.record(
        actor,
        "outgoing.signed",
        document,
        on_behalf=authority.capacity_line or authority.title_line,
        sha256=stored.sha256,
        picture=facts.get("picture", ""),
    )
    publish(DocumentSigned(outgoing_id=document.public_id))
    return document
