"""Noting what left the register as a whole."""

from __future__ import annotations

from collections.abc import Mapping

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel.actor import Actor


@command
def record_export(
    actor: Actor, *, agency_id: int | None, form: str, filters: Mapping[str, str]
) -> None:
    """Nothing; the audit now says who took the register out (`form`: csv, print) and which part."""
    audit.record(
        actor,
        "incoming.register_exported",
        None,
        agency=agency_id,
        form=form,
        filters=dict(filters),
    )
