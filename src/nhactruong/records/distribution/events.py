"""Facts about deliveries."""

from __future__ import annotations

import dataclasses
import uuid

from nhactruong.foundation.jobs.events import Event


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryQueued(Event):
    """A delivery waits to be carried to its recipient."""

    priority = 10

    delivery_id: uuid.UUID


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRecorded(Event):
    """The recipient has answered: delivered, acknowledged or refused."""

    priority = 10

    delivery_id: uuid.UUID
    document_id: uuid.UUID
    state: str
