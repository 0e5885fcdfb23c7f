"""Facts about imports."""

from __future__ import annotations

import dataclasses
import uuid

from nhactruong.foundation.jobs.events import Event


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ListBroughtIn(Event):
    """A file lies in the store and wants to be checked row by row."""

    import_id: uuid.UUID


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ListApproved(Event):
    """A second person has approved the list; it wants to be written."""

    import_id: uuid.UUID
