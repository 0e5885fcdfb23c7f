"""Loading the code lists that are shipped as data."""

from __future__ import annotations

import csv
from pathlib import Path

from nhactruong.foundation.persistence.base import command
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.vocabularies.models import DocumentType

_SHIPPED = Path(__file__).parent / "data" / "document_types.csv"


@command
def load_document_types(actor: Actor) -> int:
    """The number of shipped types; loading them again changes nothing."""
    with _SHIPPED.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for position, row in enumerate(rows):
        DocumentType.objects.update_or_create(
            profile=row["profile"],
            slug=row["slug"],
            defaults={
                "code": row["code"],
                "name": row["name_vi"],
                "can_be_numbered": row["can_be_numbered"] == "yes",
                "position": position,
            },
        )
    return len(rows)
