"""Facts about outgoing documents."""

from __future__ import annotations

import dataclasses
import uuid

from nhactruong.foundation.jobs.events import Event


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PresentedForSignature(Event):
    """A document waits for its signer and needs its frozen PDF."""

    priority = 20

    outgoing_id: uuid.UUID


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSigned(Event):
    """A signature or seal was recorded and must be looked at; the page does so at once when it lives."""

    outgoing_id: uuid.UUID


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BatchOpened(Event):
    """Several papers are to be prepared for one signer, who waits at the page."""

    priority = 30

    batch_id: uuid.UUID


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BatchConfirmed(Event):
    """The signer's key has answered for several papers; the signatures go into them."""

    priority = 30

    batch_id: uuid.UUID


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DocumentNumbered(Event):
    """A signed document has its number and needs it printed."""

    priority = 20

    outgoing_id: uuid.UUID


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SealRequested(Event):
    """The clerk asked, with the second confirmation, that the seal be applied."""

    # Before the numbers still to be printed: the page does that at once, the seal sees to it.
    priority = 30

    outgoing_id: uuid.UUID
    asked_by_person: int
    asked_by_post: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DocumentIssued(Event):
    """A document was issued and its deliveries are queued."""

    outgoing_id: uuid.UUID
    reference_code: str
