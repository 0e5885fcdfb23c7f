"""Signatures that were made, and what checks of files found."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from nhactruong.foundation.files import commands as files
from nhactruong.foundation.files.models import Holding
from nhactruong.foundation.files.store import StoredBytes
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.records.documents.models import Rendition
from nhactruong.records.signing import selectors
from nhactruong.records.signing.models import SignatureRecord, SigningRequest, VerificationReport

_PAPER_NAME: Final = "bao-cao-kiem-tra-chu-ky.pdf"


@command
def record(
    actor: Actor,
    rendition: Rendition,
    *,
    request: SigningRequest,
    kind: str,
    authority_id: int | None,
    form: str,
    facts: dict[str, Any],
) -> SignatureRecord:
    """The record of a signature that was made; `facts` come from the engine."""
    post = actor.post
    return SignatureRecord.objects.create(
        document=request.document,
        rendition=rendition,
        field_name=request.field_name,
        kind=kind,
        signer_name=facts["subject_name"],
        signer_post=post.post_id if post else None,
        authority_id=authority_id,
        form=form,
        certificate_serial=facts["serial"],
        certificate_subject=facts["subject"],
        certificate_issuer=facts["issuer"],
        level=facts["level"],
        digest_algorithm=facts["digest_algorithm"],
        time_stamped_at=facts.get("time_stamped_at"),
        sha256_before=request.sha256_before,
        sha256_after=rendition.holding.blob.sha256,
        mode=request.key.mode,
        box=facts.get("box", {}),
        made_at=clock.now(),
    )


@command
def keep_first_report(
    actor: Actor, rendition: Rendition, *, verdict: str, sentence: str, report: dict[str, Any]
) -> VerificationReport:
    """The newest report on a rendition; this one when there is none, page and job being at it."""
    Rendition.objects.select_for_update(of=("self",)).get(pk=rendition.pk)
    return selectors.latest_report(rendition.pk) or keep_report(
        actor, rendition, verdict=verdict, sentence=sentence, report=report
    )


@command
def keep_report(
    actor: Actor,
    rendition: Rendition,
    *,
    verdict: str,
    sentence: str,
    report: dict[str, Any],
    checked_at: datetime | None = None,
    paper: StoredBytes | Holding | None = None,
) -> VerificationReport:
    """A new report on a rendition; earlier ones stand. Checked now, unless `checked_at` is said.

    `paper` is the report as PDF: bytes just stored, or what another record holds.
    """
    return VerificationReport.objects.create(
        rendition=rendition,
        verdict=verdict,
        sentence=sentence[:1000],
        report=report,
        checked_at=checked_at or clock.now(),
        paper=_held(actor, rendition.holding.agency_id, paper),
    )


def _held(actor: Actor, agency_id: int, paper: StoredBytes | Holding | None) -> Holding | None:
    """The agency's own holding of `paper`."""
    if paper is None:
        return None
    if isinstance(paper, Holding):
        return files.share(actor, agency_id, paper)
    return files.hold(actor, agency_id, paper, media_type="application/pdf", file_name=_PAPER_NAME)
