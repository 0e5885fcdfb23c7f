"""Reading keys, signatures and reports; the caller has checked sight of the document."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from asn1crypto import pem
from django.db.models import Q, QuerySet

from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound, RuleBroken
from nhactruong.records.signing.models import (
    SignaturePicture,
    SignatureRecord,
    SigningBatch,
    SigningKey,
    SigningRequest,
    VerificationReport,
)
from nhactruong.records.signing.ports import KeyInUse, Mode


def key_of(holder_kind: str, holder_id: int) -> SigningKey | None:
    """The key in use of a person or an agency."""
    return (
        SigningKey.objects.select_related("device")
        .filter(holder_kind=holder_kind, holder_id=holder_id, withdrawn_at=None)
        .first()
    )


def keys_of_device(device_id: int) -> Sequence[SigningKey]:
    """The keys in use that lie in a device."""
    return list(SigningKey.objects.filter(device_id=device_id, withdrawn_at=None).order_by("pk"))


def in_use(key: SigningKey) -> KeyInUse:
    """The key as the signing service takes it."""
    bundle = key.certificates.encode()
    return KeyInUse(
        subject_id=key.subject_id,
        name=key.subject_name,
        mode=Mode(key.mode),
        certificates=tuple(der for _, _, der in pem.unarmor(bundle, multiple=True))
        if bundle
        else (),
        reference=key.reference,
    )


def open_request(
    document_id: int, request_id: uuid.UUID, *, holder: tuple[str, int | None]
) -> SigningRequest:
    """The open request of that id for that document and that holder's key.

    Raises: RuleBroken `signing.lapsed` when there is none, or its time has passed.
    """
    holder_kind, holder_id = holder
    request = (
        SigningRequest.objects.select_related("key")
        .filter(
            public_id=request_id,
            document_id=document_id,
            key__holder_kind=holder_kind,
            key__holder_id=holder_id or 0,
            closed_at=None,
            expires_at__gt=clock.now(),
        )
        .first()
    )
    if request is None:
        raise RuleBroken("signing.lapsed", "Lần ký này đã hết hạn. Đồng chí ký lại.")
    return request


def batch_of(actor: Actor, batch_id: uuid.UUID) -> SigningBatch:
    """The batch that the actor himself has opened. Raises: NotFound."""
    batch = (
        SigningBatch.objects.select_related("key")
        .filter(public_id=batch_id, asked_by_user=actor.user_id or 0)
        .first()
    )
    if batch is None:
        raise NotFound("signing.no_batch", "Không tìm thấy lần ký này.")
    return batch


def batch_for_service(batch_id: uuid.UUID) -> SigningBatch:
    """The batch, for a job. Raises: DoesNotExist."""
    return SigningBatch.objects.select_related("key").get(public_id=batch_id)


def requests_of(batch: SigningBatch) -> QuerySet[SigningRequest]:
    """The papers of a batch in the order they were chosen; without their prepared files."""
    return (
        SigningRequest.objects.filter(batch=batch)
        .select_related("document")
        .defer("prepared")
        .annotate(is_prepared=Q(prepared__isnull=False))
        .order_by("pk")
    )


def open_requests(batch: SigningBatch) -> QuerySet[SigningRequest]:
    """The papers of a batch that wait for their signature."""
    return (
        SigningRequest.objects.filter(batch=batch, closed_at=None)
        .select_related("key")
        .order_by("pk")
    )


def picture_of(key: SigningKey) -> SignaturePicture | None:
    """The picture in use of whoever holds the key."""
    return SignaturePicture.objects.filter(
        holder_kind=key.holder_kind, holder_id=key.holder_id, withdrawn_at=None
    ).first()


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
