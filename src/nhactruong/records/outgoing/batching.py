"""What follows a batch as a job, paper by paper: prepared for the key, then signed with its answer.

Killed anywhere, the next run goes on with the papers that are still open; none is signed twice,
because a paper's request closes in the transaction that records its signature.
"""

from __future__ import annotations

from collections.abc import Callable

from nhactruong.foundation.files import store
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import (
    AccessDenied,
    ConflictingChange,
    InvalidInput,
    NotFound,
    RuleBroken,
)
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.outgoing import commands, selectors
from nhactruong.records.outgoing.events import BatchConfirmed, BatchOpened
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.signing import commands as signatures
from nhactruong.records.signing import keys
from nhactruong.records.signing import selectors as made
from nhactruong.records.signing.models import SigningRequest

#: Refusals that concern one paper; anything else stops the run, and the job tries again.
_OF_ONE_PAPER = (RuleBroken, AccessDenied, ConflictingChange, InvalidInput, NotFound)


def prepare(event: BatchOpened) -> None:
    """Every paper of the batch prepared for the key, or marked with why it cannot be."""
    batch = made.batch_for_service(event.batch_id)
    signer = organization.actor_for_person(batch.asked_by_person)
    for request in made.open_requests(batch).filter(prepared=None):
        _tried(signer, request, _prepare)


def finish(event: BatchConfirmed) -> None:
    """Every paper of the batch signed with the key's answer, or marked with why it is not."""
    batch = made.batch_for_service(event.batch_id)
    signer = organization.actor_for_person(batch.asked_by_person)
    for request in made.open_requests(batch).exclude(answer=None):
        _tried(signer, request, _finish)


def _tried(
    signer: Actor, request: SigningRequest, act: Callable[[Actor, SigningRequest], None]
) -> None:
    try:
        act(signer, request)
    except _OF_ONE_PAPER as refusal:
        signatures.fail_request(signer, request, fault=refusal.sentence)


def _prepare(signer: Actor, request: SigningRequest) -> None:
    keys.prepare(signer, request, _bytes(request), keys.Kind.PERSONAL)


def _finish(signer: Actor, request: SigningRequest) -> None:
    signed = keys.complete(
        request, _bytes(request), keys.Kind.PERSONAL, bytes(request.answer or b"")
    )
    commands.record_signature(
        signer,
        _document(request).public_id,
        request.public_id,
        stored=store.write([signed.pdf]),
        facts=signed.facts,
        signed_at=signed.made_at,
    )


def _document(request: SigningRequest) -> OutgoingDocument:
    return selectors.of_document(request.document_id)


def _bytes(request: SigningRequest) -> bytes:
    shown = contents.rendition(request.document_id, Rendition.Purpose.PRESENTED)
    if shown is None or shown.holding.blob.sha256 != request.sha256_before:
        raise ConflictingChange(
            "signing.text_changed", "Bản trình ký đã đổi sau khi chọn ký. Đồng chí đọc bản mới."
        )
    return contents.bytes_of(shown)
