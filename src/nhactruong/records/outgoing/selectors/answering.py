"""What a reply to a document begins with."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from nhactruong.foundation.thread.cards import RecordCard, cards
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.foundation.workitems.commands import NO_TERM
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.text import fold
from nhactruong.masterdata.organization import finding
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import (
    Agency,
)
from nhactruong.records.distribution.models import Delivery
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Document


@dataclass(frozen=True, slots=True)
class Answered:
    """A document to be answered, as far as the reply needs it; the actor may see it."""

    document: Document
    card: RecordCard
    sender: Agency | None
    sender_name: str
    reference: str
    issued_on: date | None
    due_on: date | None

    @property
    def cited(self) -> str:
        """How the reply names it: "Tờ trình số 31-TTr/ĐU, ngày 13/11/2026 của Đảng ủy …"."""
        number = f" số {self.reference}" if self.reference else ""
        day = f", ngày {self.issued_on:%d/%m/%Y}" if self.issued_on else ""
        sender = f" của {self.sender_name}" if self.sender_name else ""
        return f"{self.card.kind}{number}{day}{sender}"


def answered(actor: Actor, public_id: uuid.UUID) -> Answered:
    """What a reply to that document begins with. Raises: NotFound unless the actor may see it."""
    document = contents.document(public_id)
    seen = cards(actor, [("IncomingDocument", public_id), ("OutgoingDocument", public_id)])
    card = seen.get(public_id)
    if document is None or card is None:
        raise NotFound("outgoing.not_found", "Không tìm thấy văn bản cần trả lời.")
    received = _delivered_as(document)
    sender = received.sender_agency if received else _agency_named(card.agency)
    issued = str(received.letter.get("issued_on", "")) if received else ""
    terms = [item.due_on for item in workitems.open_for_object(actor, public_id)]
    return Answered(
        document=document,
        card=card,
        sender=sender if sender and sender.pk != document.agency_id else None,
        sender_name=sender.short_name if sender else card.agency,
        reference=card.reference,
        issued_on=date.fromisoformat(issued) if issued else None,
        due_on=min((day for day in terms if day < NO_TERM), default=None),
    )


def _delivered_as(document: Document) -> Delivery | None:
    """The delivery that brought a received copy inside this installation."""
    original = contents.original_of(document.pk)
    if original is None:
        return None
    return (
        Delivery.objects.filter(
            document__public_id=original, recipient_agency_id=document.agency_id
        )
        .select_related("sender_agency")
        .first()
    )


def _agency_named(name: str) -> Agency | None:
    """The agency in force whose name or short name this is, whatever accents and capitals."""
    wanted = fold(name)
    if not wanted:
        return None
    named = (one for one in finding.called() if wanted in map(fold, one.names[:2]))
    found = next(named, None)
    return organization.agency(found.agency_id) if found is not None else None
