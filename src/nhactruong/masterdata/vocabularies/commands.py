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
        shipped = [
            DocumentType(
                profile=row["profile"],
                slug=row["slug"],
                code=row["code"],
                name=row["name_vi"],
                can_be_numbered=row["can_be_numbered"] == "yes",
                position=position,
            )
            for position, row in enumerate(csv.DictReader(lines))
        ]
    DocumentType.objects.bulk_create(
        shipped,
        update_conflicts=True,
        unique_fields=["profile", "slug"],
        update_fields=["code", "name", "can_be_numbered", "position"],
    )
    return len(shipped)
