"""What follows a fact as a job on the receiving side; each may run twice."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Final

from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor, service_actor
from nhactruong.kernel.errors import DomainError
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.records.distribution import selectors as deliveries
from nhactruong.records.distribution.events import DeliveryQueued
from nhactruong.records.distribution.rules import DeliveryState
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.events import ReplyIssued, ReplyStarted
from nhactruong.records.documents.models import Rendition
from nhactruong.records.extraction import commands as readings
from nhactruong.records.extraction import selectors as finished_readings
from nhactruong.records.extraction.engine.inspection import Kind
from nhactruong.records.extraction.engine.reading import read_text
from nhactruong.records.extraction.pictures import draw_first_pages
from nhactruong.records.extraction.rules.directory import KnownAgency
from nhactruong.records.extraction.rules.proposals import propose
from nhactruong.records.incoming import commands, selectors
from nhactruong.records.incoming.commands.indexing import put_card
from nhactruong.records.incoming.events import FileReceived
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.signing import checking

CARRIER = service_actor("distribution", "Hệ thống liên thông")
#: A document issued to a hundred communes is not verified a hundred times within the hours in
#: which a revocation list is current.
_REPORT_STANDS: Final = timedelta(hours=12)
READER = service_actor("extraction", "Bộ phận đọc văn bản")

_KINDS: Final[dict[str, Kind]] = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}


def carry_inside(event: DeliveryQueued) -> None:
    """The recipient's own record of a delivery inside this installation."""
    delivery = deliveries.delivery(event.delivery_id)
    if delivery.channel == "inside" and delivery.state == DeliveryState.QUEUED:
        commands.receive_copy(CARRIER, delivery)


def mark_answered(event: ReplyIssued) -> None:
    """The answered document, when it is an incoming one of this installation."""
    commands.mark_answered(CARRIER, event.answered_document_id, reference=event.reply_reference)


def mark_started(event: ReplyStarted) -> None:
    """The answered document, now being worked on."""
    commands.start(CARRIER, event.answered_document_id)


class OfficeDirectory:
    """The agencies this installation knows, as the reader of name blocks wants them."""

    def agencies(self) -> Sequence[KnownAgency]:
        """All agencies in force, cached for a minute."""
        return _known_agencies(int(time.monotonic() // 60))


@lru_cache(maxsize=2)
def _known_agencies(minute: int) -> Sequence[KnownAgency]:
    del minute
    return [
        KnownAgency(
            key=str(agency.pk),
            names=(agency.name, agency.short_name, " ".join(agency.issuer_lines)),
            organ_codes=(agency.symbol,),
        )
        for agency in organization.agencies()
    ]


def read_file(event: FileReceived) -> None:
    """Text, proposals and the signatures' verdict of a received file."""
    read_incoming(selectors.for_service(event.incoming_id))


def read_incoming(incoming: IncomingDocument) -> None:
    """The reading and the verification of an incoming document's original."""
    original = contents.rendition(incoming.document_id, Rendition.Purpose.ORIGINAL)
    if original is None:
        return
    kind = _KINDS.get(original.media_type, "image")
    try:
        text = _read_again(original, kind) or _read(original, kind)
    except DomainError as fault:
        readings.keep_fault(READER, original, code=fault.code, sentence=fault.sentence)
        return
    _index(READER, incoming, text)
    draw_first_pages(original)


def _read(original: Rendition, kind: Kind) -> str:
    started = time.monotonic()
    with contents.local_copy(original) as path:
        document = read_text(path, kind)
    text = document.text
    _verify(original, kind)
    readings.keep_reading(
        READER,
        original,
        text=text,
        source=document.source,
        page_count=len(document.pages),
        proposals=propose(document, OfficeDirectory(), clock.today()).as_json(),
        seconds=round(time.monotonic() - started, 3),
    )
    return text


def _read_again(original: Rendition, kind: Kind) -> str:
    """The text of the same bytes, read for another recipient before; "" when they were not."""
    known = finished_readings.reading_of_bytes(original.holding.blob.sha256)
    if known is None:
        return ""
    _verify(original, kind)
    readings.keep_reading(
        READER,
        original,
        text=known.text,
        source=known.source,
        page_count=known.page_count,
        proposals=known.proposals,
        seconds=0.0,
    )
    return known.text


def _verify(original: Rendition, kind: Kind) -> None:
    """A report on a PDF's signatures; one made of the same bytes a short time ago stands.

    Kept before the reading is: the clerk's page stops waiting when the file is read, and shall
    never show a signed file without its verdict.
    """
    if kind == "pdf":
        checking.check_bytes_once(READER, original, since=clock.now() - _REPORT_STANDS)


@command
def _index(actor: Actor, incoming: IncomingDocument, text: str) -> None:
    put_card(actor, selectors.for_service(incoming.public_id), text)
