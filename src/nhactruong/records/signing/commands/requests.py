"""Opening a request to sign, keeping its prepared file, closing it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import RuleBroken
from nhactruong.records.documents.models import Document
from nhactruong.records.signing import waiting
from nhactruong.records.signing.commands.registering import usable_key
from nhactruong.records.signing.engine.acts import ReadyToSign
from nhactruong.records.signing.models import SigningBatch, SigningKey, SigningRequest
from nhactruong.records.signing.selectors import open_requests

#: One open request per field; it lapses after five minutes. Source: signatures.md 5.
_REQUEST_LIFE: Final = timedelta(minutes=5)
#: To look through up to so many papers takes longer.
BATCH_LIFE: Final = timedelta(minutes=30)
MOST_PAPERS: Final = 200


@command
def open_request(
    actor: Actor,
    document: Document,
    *,
    field_name: str,
    sha256_before: str,
    holder_kind: str,
    holder_id: int,
    batch: SigningBatch | None = None,
) -> SigningRequest:
    """The open request for this field; the actor's own unlapsed one is taken up again, but for a
    batch, which begins its own.

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
        if is_same and earlier.expires_at > now and batch is None:
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
        expires_at=batch.expires_at if batch else now + _REQUEST_LIFE,
        batch=batch,
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
    request.closed_at, request.outcome = clock.now(), outcome
    request.prepared = request.answer = None
    request.save(update_fields=["closed_at", "outcome", "prepared", "answer"])
    return request


@command
def open_batch(actor: Actor, key: SigningKey) -> SigningBatch:
    """A batch with no papers yet, open for half an hour. Source: signatures.md 5."""
    now = clock.now()
    return SigningBatch.objects.create(
        key=key,
        asked_by_user=actor.user_id or 0,
        asked_by_person=actor.person_id or 0,
        asked_at=now,
        expires_at=now + BATCH_LIFE,
    )


@command
def keep_answers(
    actor: Actor, batch_id: uuid.UUID, answers: Mapping[uuid.UUID, bytes]
) -> SigningBatch:
    """The batch, confirmed, with what the key answered for each of its open papers: all or none.

    Raises: RuleBroken `signing.lapsed` when it is over, confirmed already, or papers have changed.
    """
    batch = SigningBatch.objects.select_for_update(of=("self",)).get(
        public_id=batch_id, asked_by_user=actor.user_id or 0
    )
    waiting_ones = list(open_requests(batch).select_for_update(of=("self",)))
    is_over = batch.confirmed_at is not None or batch.expires_at <= clock.now()
    if is_over or {one.public_id for one in waiting_ones} != set(answers):
        raise RuleBroken("signing.lapsed", "Lần ký này đã hết hạn. Đồng chí chọn và ký lại.")
    batch.confirmed_at = clock.now()
    batch.save(update_fields=["confirmed_at"])
    for request in waiting_ones:
        request.answer = answers[request.public_id]
        request.save(update_fields=["answer"])
    return batch


@command
def fail_request(actor: Actor, request: SigningRequest, *, fault: str) -> None:
    """The paper of a batch that was not signed, with the reason; closed before, nothing changes."""
    locked = SigningRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if locked.closed_at is None:
        locked.fault = fault[:500]
        locked.save(update_fields=["fault"])
        _close(locked, "failed")


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
