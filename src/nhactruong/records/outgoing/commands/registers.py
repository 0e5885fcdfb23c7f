"""What is kept of a register that leaves the house."""

from __future__ import annotations

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel.actor import Actor


@command
def note_export(actor: Actor, *, agency_id: int | None, rows: int) -> None:
    """The record that the actor took a register out as a table."""
    audit.record(actor, "outgoing.register_exported", None, agency=agency_id, form="csv", rows=rows)
