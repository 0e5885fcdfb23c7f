"""Reading signatures and reports; the caller has checked sight of the document."""

from __future__ import annotations

from collections.abc import Sequence

from nhactruong.records.signing.models import SignatureRecord, VerificationReport


def latest_report(rendition_id: int) -> VerificationReport | None:
    """The newest report on a rendition."""
    return (
        VerificationReport.objects.filter(rendition_id=rendition_id).order_by("-checked_at").first()
    )


def signatures_of(document_id: int) -> Sequence[SignatureRecord]:
    """Signatures made here on a document, oldest first."""
    return list(SignatureRecord.objects.filter(document_id=document_id).order_by("made_at", "pk"))
