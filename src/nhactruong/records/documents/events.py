"""Facts about contents that siblings above need to hear of each other."""

from __future__ import annotations

import dataclasses
import uuid

from nhactruong.foundation.jobs.events import Event


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ReplyIssued(Event):
    """A document that answers another was issued."""

    priority = 10

    answered_document_id: uuid.UUID
    reply_document_id: uuid.UUID
    reply_reference: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ReplyStarted(Event):
    """Somebody has opened a draft that answers a document."""

    priority = 10

    answered_document_id: uuid.UUID
    reply_document_id: uuid.UUID
