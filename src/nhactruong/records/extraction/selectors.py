"""Reading what was read; the caller has checked sight of the document."""

from __future__ import annotations

from nhactruong.records.documents.models import Rendition
from nhactruong.records.extraction.models import Reading


def reading_of(document_id: int) -> Reading | None:
    """The reading of a document's original."""
    return Reading.objects.filter(
        rendition__version__component__document_id=document_id,
        rendition__purpose=Rendition.Purpose.ORIGINAL,
    ).first()


def reading_of_bytes(sha256: str) -> Reading | None:
    """A finished reading of the same bytes, whichever record they belong to."""
    return (
        Reading.objects.filter(rendition__holding__blob__sha256=sha256, state=Reading.State.READ)
        .order_by("pk")
        .first()
    )


def text_of(document_id: int) -> str:
    """The text read of a document's original, empty when there is none."""
    reading = reading_of(document_id)
    return reading.text if reading else ""
