"""Opening a request to sign, keeping its prepared file, closing it."""

from __future__ import annotations

import uuid
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
from nhactruong.records.signing.models import SigningRequest

#: One open request per field; it lapses after five minutes. Source: signatures.md 5.
_REQUEST_LIFE: Final = timedelta(minutes=5)


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
