"""What follows a fact as a job on the receiving side; each may run twice."""

from __future__ import annotations

import time
from collections.abc import Sequence
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
from nhactruong.records.extraction.engine.inspection import Kind
from nhactruong.records.extraction.engine.reading import read_text
from nhactruong.records.extraction.rules.directory import KnownAgency
from nhactruong.records.extraction.rules.proposals import propose
from nhactruong.records.incoming import commands, selectors
from nhactruong.records.incoming.commands.indexing import put_card
from nhactruong.records.incoming.events import FileReceived
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.signing import commands as signatures
from nhactruong.records.signing.soft import signing_service

CARRIER = service_actor("distribution", "Hệ thống liên thông")
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
    started = time.monotonic()
    try:
        document = read_text(contents.path_of(original), kind)
    except DomainError as fault:
        readings.keep_fault(READER, original, code=fault.code, sentence=fault.sentence)
        return
    text = "\n".join(line.text for page in document.pages for line in page.lines)
    readings.keep_reading(
        READER,
        original,
        text=text,
        source=document.source,
        page_count=len(document.pages),
        proposals=propose(document, OfficeDirectory(), clock.today()).as_json(),
        seconds=round(time.monotonic() - started, 3),
    )
    _index(READER, incoming, text)
    if kind == "pdf":
        verdict = signing_service().verify(contents.bytes_of(original))
        signatures.keep_report(
            READER,
            original,
            verdict=verdict.verdict.value,
            sentence=verdict.sentence,
            report=verdict.as_dict(),
        )


@command
def _index(actor: Actor, incoming: IncomingDocument, text: str) -> None:
    put_card(actor, selectors.for_service(incoming.public_id), text)
