"""Hundreds of signed papers, brought there by the real commands at a bearable price."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.db import connection

from nhactruong.foundation.files import store
from nhactruong.foundation.files.store import StoredBytes
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.outgoing import commands, handlers, printing
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import Printed
from nhactruong.records.outgoing.tests import letters
from nhactruong.records.signing.engine import images
from nhactruong.records.signing.ports import KeyInUse, Made
from nhactruong.records.signing.service import signing_service

THREADS: Final = 16
T = TypeVar("T")


def in_threads(pieces: Iterable[T], act: Callable[[T], Any]) -> list[Any]:
    """What `act` says of each piece; sixteen threads, each with a connection of its own."""

    def done(piece: T) -> Any:
        try:
            return act(piece)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(done, pieces))


@dataclass(frozen=True, slots=True)
class Pattern:
    """A letter as it was frozen and signed once; its copies say the same words."""

    frozen: StoredBytes
    pages: int
    printed: Printed
    made: Made
    signed: StoredBytes


def pattern(office: SmallOffice) -> Pattern:
    """The letter of `letters`, typeset, frozen and really signed by the deputy secretary."""
    document = letters.presented(office)
    shown = contents.rendition(document.document_id, Rendition.Purpose.PRESENTED)
    assert shown is not None
    signer = office.people["thu"]
    made = signing_service().sign_personal(
        contents.bytes_of(shown),
        KeyInUse(subject_id="TEST-thu", name=signer.full_name),
        images.signature_png(signer.full_name),
    )
    return Pattern(
        frozen=StoredBytes(shown.holding.blob.sha256, shown.holding.blob.size_bytes),
        pages=shown.page_count or 1,
        printed=printing.printed_of(printing.letter_of(document, for_signature=True)),
        made=made,
        signed=store.write([made.pdf]),
    )


def presented_copy(office: SmallOffice, like: Pattern) -> uuid.UUID:
    """One more paper with the words of `like` on the signer's desk.

    It goes through every command of a letter; only the typesetter, which would be asked for the
    same bytes again, is spared.
    """
    draft: OutgoingDocument = letters.submitted(office)
    here = draft.public_id
    commands.approve_content(office.actor("lam"), here, version=None)
    waiting = commands.approve_form(office.actor("khue"), here, version=None)
    assert commands.record_presented(
        handlers.TYPESETTER,
        here,
        stored=like.frozen,
        pages=like.pages,
        printed=like.printed,
        version=waiting.version,
    )
    return here


def signed_copy(office: SmallOffice, like: Pattern) -> uuid.UUID:
    """One more paper with the words of `like`, waiting for its number; the key is spared too."""
    here = presented_copy(office, like)
    signer = office.actor("thu")
    request = commands.open_signature(signer, here, version=None)
    commands.record_signature(
        signer,
        here,
        request.public_id,
        stored=like.signed,
        facts=like.made.facts,
        signed_at=like.made.made_at,
    )
    return here
