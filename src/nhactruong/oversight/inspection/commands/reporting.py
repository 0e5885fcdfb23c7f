"""Looking at the record is itself recorded, and so is taking it out."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from nhactruong.foundation.access.base import SightedRecord
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel.actor import Actor


@command
def record_search(actor: Actor, filters: Mapping[str, str]) -> None:
    """Nothing; the record now says that the actor searched it, and for what."""
    audit.record(actor, "audit.searched", None, filters=dict(filters))


@command
def record_export(actor: Actor, filters: Mapping[str, str], *, rows: int, reason: str) -> None:
    """Nothing; the record now says that the actor took a part of it out, and why."""
    audit.record(
        actor, "audit.list_exported", None, reason=reason, rows=rows, filters=dict(filters)
    )


@command
def record_look(actor: Actor, action: str, object_id: uuid.UUID) -> None:
    """Nothing; the record now says that the actor read a thing's history or its readers."""
    audit.record(actor, action, None, object=str(object_id))


@command
def record_explanation(actor: Actor, thing: SightedRecord, person: str, *, sees: bool) -> None:
    """Nothing; the record now says whose sight of what was explained."""
    audit.record(actor, "access.explained", thing, person=person, sees=sees)
