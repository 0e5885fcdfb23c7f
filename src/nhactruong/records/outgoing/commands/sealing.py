"""The agency's seal: asked of a job, or made at the clerk's desk with a key unlocked there."""

from __future__ import annotations

import uuid
from typing import Any

from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.files.store import StoredBytes
from nhactruong.foundation.jobs.commands import publish
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.workitems import commands as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import RuleBroken
from nhactruong.kernel.states import Role, next_state
from nhactruong.records.documents import commands as documents
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.outgoing import policies, selectors
from nhactruong.records.outgoing.commands.indexing import wording
from nhactruong.records.outgoing.events import DocumentSigned, SealRequested
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import STATE_LABELS, TRANSITIONS, State
from nhactruong.records.signing import commands as signatures
from nhactruong.records.signing.models import SigningRequest

SEAL_FIELD = "SIG_AGENCY"


@command
def request_seal(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> OutgoingDocument:
    """The document on its way to the seal: the clerk's own act; a job only executes it."""
    document = selectors.lock_visible(actor, public_id, version)
    _require_may_seal(actor, document)
    actor = actor.acting_as(actor.post_for(Role.CLERK, document.agency_id))
    document.state = next_state(TRANSITIONS, "request_seal", document.as_state, STATE_LABELS)
    document.sealed_by_id = actor.person_id
    document.save_changes("state", "sealed_by")
    post = actor.post
    audit.record(actor, "outgoing.seal_requested", document, code=document.reference_code)
    publish(
        SealRequested(
            outgoing_id=document.public_id,
            asked_by_person=actor.person_id or 0,
            asked_by_post=post.post_id if post else 0,
        )
    )
    return document


@command
def record_seal(
    actor: Actor,
    public_id: uuid.UUID,
    *,
    stored: StoredBytes,
    request: SigningRequest,
    facts: dict[str, Any],
) -> OutgoingDocument:
    """The sealed document; `actor` is the clerk who asked. Recording it again changes nothing."""
    document = selectors.lock_for_service(public_id)
    if document.state != State.SEALING:
        return document
    return _sealed(actor, document, request.public_id, stored, facts)


@command
def open_seal(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> SigningRequest:
    """The request to seal exactly the numbered bytes with a key that the clerk unlocks now.

    Raises: AccessDenied, RuleBroken.
    """
    document = selectors.lock_visible(actor, public_id, version)
    _require_may_seal(actor, document)
    numbered = contents.rendition(document.document_id, Rendition.Purpose.NUMBERED)
    if numbered is None:
        raise RuleBroken("outgoing.unnumbered", "Bản đã cấp số chưa có.")
    return signatures.open_request(
        actor.acting_as(actor.post_for(Role.CLERK, document.agency_id)),
        document.document,
        field_name=SEAL_FIELD,
        sha256_before=numbered.holding.blob.sha256,
        holder_kind="agency",
        holder_id=document.agency_id,
    )


@command
def seal(
    actor: Actor,
    public_id: uuid.UUID,
    request_id: uuid.UUID,
    *,
    stored: StoredBytes,
    facts: dict[str, Any],
) -> OutgoingDocument:
    """The document that the clerk has sealed with a key unlocked at the clerk's desk.

    Raises: AccessDenied, RuleBroken `signing.lapsed`.
    """
    document = selectors.lock_visible(actor, public_id, None)
    _require_may_seal(actor, document)
    actor = actor.acting_as(actor.post_for(Role.CLERK, document.agency_id))
    document.state = next_state(TRANSITIONS, "request_seal", document.as_state, STATE_LABELS)
    document.sealed_by_id = actor.person_id
    document.save_changes("state", "sealed_by")
    publish(DocumentSigned(outgoing_id=document.public_id))
    return _sealed(actor, document, request_id, stored, facts)


def _require_may_seal(actor: Actor, document: OutgoingDocument) -> None:
    policies.can_seal(actor, document).require()
    if document.void_requested_by:
        raise RuleBroken(
            "outgoing.void_asked", "Số này đang được đề nghị bỏ nên chưa đóng dấu được."
        )


def _sealed(
    actor: Actor,
    document: OutgoingDocument,
    request_id: uuid.UUID,
    stored: StoredBytes,
    facts: dict[str, Any],
) -> OutgoingDocument:
    numbered = contents.rendition(document.document_id, Rendition.Purpose.NUMBERED)
    if numbered is None:
        raise RuleBroken("outgoing.unnumbered", "Bản đã cấp số chưa có.")
    request = signatures.close_request(
        actor,
        request_id,
        outcome="sealed",
        document_id=document.document_id,
        holder=("agency", document.agency_id),
    )
    sealed = documents.add_rendition(
        actor,
        numbered.version,
        Rendition.Purpose.SEALED,
        stored,
        media_type="application/pdf",
        file_name=f"{document.reference_code.replace('/', '-')}.pdf",
        parent=numbered,
        page_count=numbered.page_count,
    )
    signatures.record(
        actor, sealed, request=request, kind="agency", authority_id=None, form="", facts=facts
    )
    document.state = next_state(TRANSITIONS, "record_seal", document.as_state, STATE_LABELS)
    document.sealed_at = clock.now()
    document.save_changes("state", "sealed_at")
    clerk = tokens.role_token(Role.CLERK, document.agency_id)
    workitems.close(actor, document, ["outgoing.seal"])
    workitems.put_before(
        actor, clerk, "outgoing.issue", document, wording(document, document.signer_printed)
    )
    audit.record(
        actor,
        "outgoing.sealed",
        document,
        code=document.reference_code,
        sha256=stored.sha256,
        picture=facts.get("picture", ""),
    )
    return document


@command
def record_seal_failure(actor: Actor, public_id: uuid.UUID, *, reason: str) -> OutgoingDocument:
    """The document back before the seal, because sealing it failed for good."""
    document = selectors.lock_for_service(public_id)
    if document.state != State.SEALING:
        return document
    document.state = next_state(TRANSITIONS, "seal_failed", document.as_state, STATE_LABELS)
    document.sealed_by = None
    document.save_changes("state", "sealed_by")
    audit.record(actor, "outgoing.seal_failed", document, reason=reason, outcome="error")
    return document
