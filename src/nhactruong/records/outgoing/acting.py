"""What pages and programs do around a command: let the key work, print at once.

No transaction is open while a key works or a page is typeset; the commands before and after keep
what came of it.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from typing import Any

from nhactruong.foundation.files import store
from nhactruong.foundation.persistence.operations import beside_the_operation
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import DomainError, RuleBroken
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.outgoing import commands, handlers
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.signing.ports import Holder
from nhactruong.records.signing.soft import signing_service

logger = logging.getLogger("nhactruong.outgoing")


def sign(actor: Actor, document: OutgoingDocument, version: int | None) -> None:
    """The document signed: the request before, the record after, the key between them."""
    opened = commands.open_signature(actor, document.public_id, version=version)
    presented = contents.rendition(document.document_id, Rendition.Purpose.PRESENTED)
    if presented is None:
        raise RuleBroken(
            "outgoing.not_presented", "Bản trình ký chưa có. Đồng chí mở lại sau ít giây."
        )
    made = signing_service().sign_personal(
        contents.bytes_of(presented),
        Holder(subject_id=opened.key.subject_id, name=opened.key.subject_name),
    )
    commands.record_signature(
        actor,
        document.public_id,
        opened.public_id,
        stored=store.write([made.pdf]),
        facts=made.facts,
        signed_at=made.made_at,
    )


def prepare_now(public_id: uuid.UUID) -> None:
    """The signer's PDF at once, so that nobody waits; when it fails the job tries again."""
    _at_once(handlers.present, public_id, "presenting")


def print_number_now(public_id: uuid.UUID) -> None:
    """The numbered PDF at once; when it fails the job tries again."""
    _at_once(handlers.stamp_number, public_id, "printing the number of")


def check_signature_now(public_id: uuid.UUID) -> None:
    """The report on the signature just made; when it fails the job tries again."""
    _at_once(handlers.check_signature, public_id, "checking the signature of")


def _at_once(work: Callable[[uuid.UUID], Any], public_id: uuid.UUID, what: str) -> None:
    try:
        with beside_the_operation():
            work(public_id)
    except DomainError as error:
        logger.warning("%s %s inline failed: %s", what, public_id, error.code)
