"""What pages and programs do around a command: let the key work, print at once.

No transaction is open while a key works or a page is typeset; the commands before and after keep
what came of it.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nhactruong.foundation.files import store
from nhactruong.foundation.persistence.operations import beside_the_operation
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import ConflictingChange, DomainError, RuleBroken
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.outgoing import commands, handlers
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.signing import keys
from nhactruong.records.signing import selectors as signatures
from nhactruong.records.signing.engine.acts import ReadyToSign
from nhactruong.records.signing.models import SigningRequest

logger = logging.getLogger("nhactruong.outgoing")


@dataclass(frozen=True, slots=True)
class Asked:
    """A signature that a key elsewhere is asked for: the open request and the prepared file."""

    request: SigningRequest
    ready: ReadyToSign


def sign(
    actor: Actor, document: OutgoingDocument, version: int | None, *, secret: str = ""
) -> None:
    """The document signed: the request before, the record after, the key at hand between them."""
    opened = commands.open_signature(actor, document.public_id, version=version)
    made = keys.sign_personal(_bytes(document, opened), opened.key, secret)
    commands.record_signature(
        actor,
        document.public_id,
        opened.public_id,
        stored=store.write([made.pdf]),
        facts=made.facts,
        signed_at=made.made_at,
    )


def prepare_signature(actor: Actor, document: OutgoingDocument, version: int | None) -> Asked:
    """What the key on the signer's own PC is to sign."""
    opened = commands.open_signature(actor, document.public_id, version=version)
    return Asked(opened, keys.prepare(actor, opened, _bytes(document, opened), keys.Kind.PERSONAL))


def complete_signature(
    actor: Actor, document: OutgoingDocument, request_id: uuid.UUID, answer: bytes
) -> None:
    """The document signed with what that key answered. Raises: RuleBroken `signing.lapsed`."""
    opened = signatures.open_request(
        document.document_id, request_id, holder=("person", actor.person_id)
    )
    made = keys.complete(opened, _bytes(document, opened), keys.Kind.PERSONAL, answer)
    commands.record_signature(
        actor,
        document.public_id,
        opened.public_id,
        stored=store.write([made.pdf]),
        facts=made.facts,
        signed_at=made.made_at,
    )


def seal(actor: Actor, document: OutgoingDocument, version: int | None, *, secret: str) -> None:
    """The document sealed at the clerk's desk by a key that wants the clerk's word each time."""
    opened = _open_seal(actor, document, version)
    made = keys.seal(
        _bytes(document, opened),
        opened.key,
        diameter_mm=document.agency.seal_diameter_mm,
        secret=secret,
    )
    commands.seal(
        actor,
        document.public_id,
        opened.public_id,
        stored=store.write([made.pdf]),
        facts=made.facts,
    )


def prepare_seal(actor: Actor, document: OutgoingDocument, version: int | None) -> Asked:
    """What the agency's key at the clerk's own PC is to sign."""
    opened = _open_seal(actor, document, version)
    return Asked(
        opened,
        keys.prepare(
            actor,
            opened,
            _bytes(document, opened),
            keys.Kind.SEAL,
            diameter_mm=document.agency.seal_diameter_mm,
        ),
    )


def complete_seal(
    actor: Actor, document: OutgoingDocument, request_id: uuid.UUID, answer: bytes
) -> None:
    """The document sealed with what that key answered. Raises: RuleBroken `signing.lapsed`."""
    opened = signatures.open_request(
        document.document_id, request_id, holder=("agency", document.agency_id)
    )
    made = keys.complete(opened, _bytes(document, opened), keys.Kind.SEAL, answer)
    commands.seal(
        actor,
        document.public_id,
        opened.public_id,
        stored=store.write([made.pdf]),
        facts=made.facts,
    )


def _open_seal(actor: Actor, document: OutgoingDocument, version: int | None) -> SigningRequest:
    handlers.stamp_number(document.public_id)
    opened = commands.open_seal(actor, document.public_id, version=version)
    handlers.require_sound(_bytes(document, opened))
    return opened


def _bytes(document: OutgoingDocument, request: SigningRequest) -> bytes:
    """The very bytes that the request is about."""
    purpose = (
        Rendition.Purpose.NUMBERED
        if request.field_name == commands.SEAL_FIELD
        else Rendition.Purpose.PRESENTED
    )
    shown = contents.rendition(document.document_id, purpose)
    if shown is None:
        raise RuleBroken(
            "outgoing.not_presented", "Bản trình ký chưa có. Đồng chí mở lại sau ít giây."
        )
    if shown.holding.blob.sha256 != request.sha256_before:
        raise ConflictingChange(
            "signing.text_changed",
            "Bản trình ký đã đổi trong lúc ký. Đồng chí đọc lại bản mới rồi ký.",
        )
    return contents.bytes_of(shown)


def prepare_now(public_id: uuid.UUID) -> None:
    """The signer's PDF at once, so that nobody waits; when it fails the job tries again."""
    _at_once(handlers.present, public_id, "presenting")


def print_number_now(public_id: uuid.UUID) -> None:
    """The numbered PDF at once; when it fails the job tries again."""
    _at_once(handlers.stamp_number, public_id, "printing the number of")


def check_now(public_id: uuid.UUID) -> None:
    """The report on the signature just made; when it fails the job tries again."""
    _at_once(handlers.check_signature, public_id, "checking the signature of")


def _at_once(work: Callable[[uuid.UUID], Any], public_id: uuid.UUID, what: str) -> None:
    try:
        with beside_the_operation():
            work(public_id)
    except DomainError as error:
        logger.warning("%s %s inline failed: %s", what, public_id, error.code)
