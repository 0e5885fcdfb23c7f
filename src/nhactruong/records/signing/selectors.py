"""Reading signatures and reports; the caller has checked sight of the document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from nhactruong.records.signing.models import SignatureRecord, VerificationReport


def latest_report(rendition_id: int) -> VerificationReport | None:
    """The newest report on a rendition."""
    return (
        VerificationReport.objects.filter(rendition_id=rendition_id)
        .select_related("paper__blob")
        .order_by("-checked_at")
        .first()
    )


def report_on_bytes(sha256: str, since: datetime, trust_version: str) -> VerificationReport | None:
    """The newest report on the same bytes not older than `since`, whichever record has them.

    A report that rests on another list of roots answers another question and is passed over.
    """
    return (
        VerificationReport.objects.filter(
            rendition__holding__blob__sha256=sha256,
            checked_at__gte=since,
            report__trust_version=trust_version,
        )
        .select_related("paper")
        .order_by("-checked_at", "-pk")
        .first()
    )


def signatures_of(document_id: int) -> Sequence[SignatureRecord]:
    """Signatures made here on a document, oldest first."""
    return list(SignatureRecord.objects.filter(document_id=document_id).order_by("made_at", "pk"))
