"""What the acts of the story share: the office, the days, the records made so far, the facts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Final

from nhactruong.assembly.sample.founding import Office
from nhactruong.assembly.sample.story import Days, Printed, Row, Step, Texts, incoming, outgoing
from nhactruong.foundation.jobs.commands import Handler, taken_by
from nhactruong.foundation.jobs.events import Event
from nhactruong.foundation.thread import commands as thread
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import Role
from nhactruong.records.distribution import selectors as deliveries
from nhactruong.records.distribution.events import DeliveryQueued
from nhactruong.records.distribution.models import Delivery
from nhactruong.records.documents import commands as documents
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Document
from nhactruong.records.incoming import selectors as received
from nhactruong.records.incoming.commands import RegisterLine
from nhactruong.records.incoming.events import FileReceived
from nhactruong.records.incoming.handlers import CARRIER
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.outgoing import selectors as issued
from nhactruong.records.outgoing.models import OutgoingDocument

_REPLY: Final = "replies_to"


@dataclass(slots=True)
class Stage:
    """The office at the moment of an act, and where each document of the data now is."""

    office: Office
    days: Days
    #: Keys of the documents and dossiers that are played; None plays all of them.
    only: frozenset[str] | None = None
    numbered: dict[str, Printed] = field(default_factory=dict)
    #: Public identifiers of outgoing documents, incoming documents and dossiers, by key.
    made: dict[str, uuid.UUID] = field(default_factory=dict)
    #: The post that keeps each dossier.
    keepers: dict[str, str] = field(default_factory=dict)
    #: A received copy: (key of the outgoing document, key of the agency) → its identifier.
    copies: dict[tuple[str, str], uuid.UUID] = field(default_factory=dict)
    #: Files that were taken in: the worker reads them afterwards, the newest first.
    unread: list[FileReceived] = field(default_factory=list)
    _facts: list[tuple[Event, Handler]] = field(default_factory=list)
    #: (outgoing document, recipient) → the fact that a delivery waits, and the delivery.
    _waiting: dict[tuple[uuid.UUID, int], tuple[DeliveryQueued, Handler, Delivery]] = field(
        default_factory=dict
    )
    _rows: dict[str, Row] = field(
        default_factory=lambda: {row["key"]: row for row in [*outgoing(), *incoming()]}
    )

    @property
    def texts(self) -> Texts:
        """The filler of the data's texts."""
        return Texts(self.days, self.numbered)

    def plays(self, row: Row) -> bool:
        """Whether this document or dossier is part of the story now told."""
        return self.only is None or row["key"] in self.only

    def play(self, step: Step) -> None:
        """Do one act at its time, and whatever follows from it."""
        with clock.frozen_at(self.days.at(step.day, step.clock_time)), taken_by(self._take):
            step.do()
            self.settle()

    def _take(self, event: Event, handler: Handler) -> None:
        self._facts.append((event, handler))

    def settle(self) -> None:
        """Run the handlers of what was announced; deliveries wait for their own time."""
        while self._facts:
            event, handler = self._facts.pop(0)
            if isinstance(event, DeliveryQueued):
                queued = deliveries.delivery(event.delivery_id)
                place = (queued.document.public_id, queued.recipient_agency_id)
                self._waiting[place] = (event, handler, queued)
            elif isinstance(event, FileReceived):
                self.unread.append(event)
            else:
                handler(event)

    # Documents --------------------------------------------------------------------------------

    def actor(self, post: str) -> Actor:
        """Whoever holds the post now."""
        return self.office.actor(post)

    def chief(self, agency: str) -> str:
        """The post that reads first what comes to the agency: Chánh Văn phòng, else a leader."""
        for role in (Role.CHIEF_OF_OFFICE, Role.DEPUTY_SECRETARY, Role.SECRETARY):
            if post := self.office.post_with(role, agency):
                return post
        raise KeyError(agency)

    def going_out(self, key: str) -> OutgoingDocument:
        """The outgoing document as it now stands."""
        return issued.for_service(self.made[key])

    def coming_in(self, key: str) -> IncomingDocument:
        """The incoming document as it now stands."""
        return received.for_service(self.made[key])

    # Copies -----------------------------------------------------------------------------------

    def carry(self, key: str, agency: str) -> IncomingDocument | None:
        """The copy of an issued document at its recipient; None when none was sent there."""
        place = (self.made[key], self.office.agencies[agency].pk)
        if place not in self._waiting:
            return None
        event, handler, delivery = self._waiting.pop(place)
        handler(event)
        copy = received.at_agency(delivery.pk)
        if copy is None:
            return None
        self.copies[key, agency] = copy.public_id
        self._tie_copy(key, agency, copy)
        self.settle()
        return copy

    def carry_rest(self, key: str, but: set[str]) -> None:
        """The copies that lie unregistered at all recipients not in `but`."""
        names = {agency.pk: name for name, agency in self.office.agencies.items()}
        for document_id, agency_id in list(self._waiting):
            if document_id == self.made[key] and names[agency_id] not in but:
                self.carry(key, names[agency_id])

    # Links ------------------------------------------------------------------------------------

    def seen_by(self, key: str, agency: str) -> Document | None:
        """The document of the data as the agency has it: its own record, or its received copy."""
        row = self._rows[key]
        own = self.made.get(key) if row["agency"] == agency else self.copies.get((key, agency))
        return contents.document(own) if own else None

    def tie(self, key: str) -> None:
        """Hang a new outgoing document on what it carries out, rests on or answers."""
        row = self._rows[key]
        self._tie(self.actor(row["drafter"]), key, contents.document(self.made[key]), row["agency"])

    def _tie_copy(self, key: str, agency: str, copy: IncomingDocument) -> None:
        self._tie(CARRIER, key, copy.document, agency)

    def _tie(self, actor: Actor, key: str, later: Document | None, agency: str) -> None:
        for link in self._rows[key].get("links", []):
            earlier = self.seen_by(link["to"], agency)
            if later is None or earlier is None or link["relation"] == _REPLY:
                continue
            documents.relate(actor, later, earlier, link["relation"])
            thread.connect(actor, earlier, later, link["relation"])


def as_sent(copy: IncomingDocument) -> RegisterLine:
    """The line of a copy from inside: what the sender's register says of it."""
    return RegisterLine(
        reference_code=copy.reference_code,
        issued_on=copy.issued_on,
        issuer_name=copy.issuer_name,
        issuer_agency_id=copy.issuer_agency_id,
        document_type=copy.document_type,
        subject=copy.subject,
        signer_name=copy.signer_name,
        signer_position=copy.signer_position,
        urgency=copy.urgency,
        secrecy=copy.secrecy,
    )
