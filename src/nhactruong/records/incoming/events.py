"""Facts about incoming documents."""

from __future__ import annotations

import dataclasses
import uuid

from nhactruong.foundation.jobs.events import Event


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FileReceived(Event):
    """A file lies in the intake and wants to be read."""

    incoming_id: uuid.UUID


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRegistered(Event):
    """An incoming document has its arrival number."""

    incoming_id: uuid.UUID
