"""Registering keys, opening and closing requests, recording signatures and reports."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, Final

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.files import commands as files
from nhactruong.foundation.files.models import Holding
from nhactruong.foundation.files.store import StoredBytes
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import RuleBroken
from nhactruong.records.documents.models import Document, Rendition
from nhactruong.records.signing import selectors
from nhactruong.records.signing.models import (
    SignatureRecord,
    SigningKey,
    SigningRequest,
    VerificationReport,
)

#: One open request per field; it lapses after five minutes. Source: signatures.md 5.
_REQUEST_LIFE: Final = timedelta(minutes=5)
_PAPER_NAME: Final = "bao-cao-kiem-tra-chu-ky.pdf"


@command
def register_key(
    actor: Actor, *, holder_kind: str, holder_id: int, subject_id: str, subject_name: str
) -> SigningKey:
    """The key in use of a person or an agency; registering the same again changes nothing."""
    key = SigningKey.objects.filter(
        holder_kind=holder_kind, holder_id=holder_id, withdrawn_at=None
    ).first()
    if key is None:
        key = SigningKey.objects.create(
            holder_kind=holder_kind,
            holder_id=holder_id,
            subject_id=subject_id,
            subject_name=subject_name,
            registered_at=clock.now(),
        )
        audit.record(actor, "signing.key_registered", key, subject=subject_name)
    return key


@command
def open_request(
    actor: Actor,
    document: Document,
    *,
    field_name: str,
    sha256_before: str,
    holder_kind: str,
    holder_id: int,
) -> SigningRequest:
    """The open request for this field; the actor's own unlapsed one is taken up again.

    Raises: RuleBroken `signing.no_key`, `signing.in_progress`.
    """
    key = SigningKey.objects.filter(
        holder_kind=holder_kind, holder_id=holder_id, withdrawn_at=None
    ).first()
    if key is None:
        raise RuleBroken(
            "signing.no_key",
            "Không thấy thiết bị ký đã đăng ký. Đề nghị bộ phận Cơ yếu đăng ký chứng thư số.",
        )
    now = clock.now()
    waiting = (
        SigningRequest.objects.select_for_update(of=("self",))
        .filter(document=document, field_name=field_name, closed_at=None)
        .first()
    )
    if waiting is not None:
        is_same = waiting.key_id == key.pk and waiting.sha256_before == sha256_before
        if is_same and waiting.expires_at > now:
            return waiting
        if waiting.expires_at > now and waiting.key_id != key.pk:
            raise RuleBroken(
                "signing.in_progress",
                "Người khác đang ký văn bản này. Đồng chí thử lại sau ít phút.",
            )
        waiting.closed_at, waiting.outcome = now, "lapsed"
        waiting.save(update_fields=["closed_at", "outcome"])
    post = actor.post
    return SigningRequest.objects.create(
        document=document,
        field_name=field_name,
        sha256_before=sha256_before,
        key=key,
        asked_by=actor.name,
        asked_by_user=actor.user_id,
        asked_by_post=post.post_id if post else None,
        asked_at=now,
        expires_at=now + _REQUEST_LIFE,
    )


@command
def close_request(actor: Actor, request_id: uuid.UUID, *, outcome: str) -> SigningRequest:
    """The request, closed with its outcome.

    Raises: RuleBroken `signing.lapsed` when it was closed before.
    """
    request = SigningRequest.objects.select_for_update(of=("self",)).get(public_id=request_id)
    if request.closed_at is not None:
        raise RuleBroken("signing.lapsed", "Lần ký này đã hết hạn. Đồng chí ký lại.")
    request.closed_at, request.outcome = clock.now(), outcome
    request.save(update_fields=["closed_at", "outcome"])
    return request


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
