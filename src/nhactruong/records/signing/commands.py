"""Registering keys, opening and closing requests, recording signatures and reports."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, Final

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import RuleBroken
from nhactruong.masterdata.devices.rules import State as DeviceState
from nhactruong.records.documents.models import Document, Rendition
from nhactruong.records.signing import selectors, waiting
from nhactruong.records.signing.engine.acts import ReadyToSign
from nhactruong.records.signing.models import (
    SignatureRecord,
    SigningKey,
    SigningRequest,
    VerificationReport,
)

#: One open request per field; it lapses after five minutes. Source: signatures.md 5.
_REQUEST_LIFE: Final = timedelta(minutes=5)
_DEVICE_FAULTS: Final = {
    DeviceState.LOST: (
        "signing.device_lost",
        "Thiết bị ký này đã báo mất nên không dùng được. Đề nghị bộ phận Cơ yếu cấp lại.",
    ),
    DeviceState.RETURNED: (
        "signing.device_returned",
        "Thiết bị ký này đã trả lại nên không dùng được. Đề nghị bộ phận Cơ yếu đăng ký thiết bị mới.",
    ),
}


@command
def register_key(
    actor: Actor, *, holder_kind: str, holder_id: int, subject_id: str, subject_name: str
) -> SigningKey:
    """The sample office's key of a person or an agency; doing it again changes nothing."""
    key = selectors.key_of(holder_kind, holder_id)
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

    Raises: RuleBroken `signing.in_progress`, and as `usable_key`.
    """
    key = usable_key(holder_kind, holder_id)
    now = clock.now()
    earlier = (
        SigningRequest.objects.select_for_update(of=("self",))
        .filter(document=document, field_name=field_name, closed_at=None)
        .first()
    )
    if earlier is not None:
        is_same = earlier.key_id == key.pk and earlier.sha256_before == sha256_before
        if is_same and earlier.expires_at > now:
            return earlier
        if earlier.expires_at > now and earlier.key_id != key.pk:
            raise RuleBroken(
                "signing.in_progress",
                "Người khác đang ký văn bản này. Đồng chí thử lại sau ít phút.",
            )
        _close(earlier, "lapsed")
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
def close_request(
    actor: Actor,
    request_id: uuid.UUID,
    *,
    outcome: str,
    document_id: int,
    holder: tuple[str, int | None],
) -> SigningRequest:
    """The request, closed with its outcome; it must be for that document and that holder's key.

    Raises: RuleBroken `signing.lapsed` when it was closed before, or is another's.
    """
    holder_kind, holder_id = holder
    request = (
        SigningRequest.objects.select_for_update(of=("self",))
        .select_related("key")
        .filter(
            public_id=request_id,
            document_id=document_id,
            key__holder_kind=holder_kind,
            key__holder_id=holder_id or 0,
            closed_at=None,
        )
        .first()
    )
    if request is None:
        raise RuleBroken("signing.lapsed", "Lần ký này đã hết hạn. Đồng chí ký lại.")
    return _close(request, outcome)


def _close(request: SigningRequest, outcome: str) -> SigningRequest:
    request.closed_at, request.outcome, request.prepared = clock.now(), outcome, None
    request.save(update_fields=["closed_at", "outcome", "prepared"])
    return request


def usable_key(holder_kind: str, holder_id: int) -> SigningKey:
    """The key in use of a person or an agency, whose device is in its holder's hands.

    Raises: RuleBroken `signing.no_key`, `signing.device_lost`, `signing.device_returned`.
    """
    key = selectors.key_of(holder_kind, holder_id)
    if key is None:
        raise RuleBroken(
            "signing.no_key",
            "Không thấy thiết bị ký đã đăng ký. Đề nghị bộ phận Cơ yếu đăng ký chứng thư số.",
        )
    fault = _DEVICE_FAULTS.get(key.device.as_state) if key.device else None
    if fault is not None:
        raise RuleBroken(*fault)
    return key


@command
def keep_prepared(actor: Actor, request: SigningRequest, ready: ReadyToSign, base: bytes) -> None:
    """The prepared file is kept with its open request until the key has answered.

    Raises: RuleBroken `signing.lapsed`.
    """
    locked = SigningRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if locked.closed_at is not None:
        raise RuleBroken("signing.lapsed", "Lần ký này đã hết hạn. Đồng chí ký lại.")
    locked.prepared = waiting.put_away(ready, base=base, request=locked)
    locked.save(update_fields=["prepared"])
    request.prepared = locked.prepared


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
) -> VerificationReport:
    """A new report on a rendition; earlier ones stand. Checked now, unless `checked_at` is said."""
    return VerificationReport.objects.create(
        rendition=rendition,
        verdict=verdict,
        sentence=sentence[:1000],
        report=report,
        checked_at=checked_at or clock.now(),
    )
