"""Several papers under one confirmation: each has its own request, and is signed once or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.jobs.commands import publish
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.records.outgoing import policies, selectors
from nhactruong.records.outgoing.commands.signing import PERSONAL_FIELD
from nhactruong.records.outgoing.events import BatchConfirmed, BatchOpened
from nhactruong.records.signing import commands as signatures
from nhactruong.records.signing.models import SigningBatch


@command
def open_batch(actor: Actor, public_ids: Sequence[uuid.UUID]) -> SigningBatch:
    """The batch of these papers, which a job prepares for the key; one bad paper refuses all.

    Raises: InvalidInput `outgoing.no_papers`, AccessDenied, RuleBroken, NotFound.
    """
    wanted = sorted(set(public_ids))
    if not 0 < len(wanted) <= signatures.MOST_PAPERS:
        raise InvalidInput.at(
            "papers",
            "outgoing.no_papers",
            f"Đồng chí chọn từ 1 đến {signatures.MOST_PAPERS} văn bản.",
        )
    key = signatures.usable_key("person", actor.person_id or 0)
    batch = signatures.open_batch(actor, key)
    for public_id in wanted:
        document = selectors.lock_visible(actor, public_id, None)
        holds = selectors.authority_holds(document, clock.today())
        policies.can_sign(actor, document, authority_holds=holds).require()
        if not document.presented_hash:
            raise RuleBroken(
                "outgoing.not_presented", "Bản trình ký chưa có. Đồng chí mở lại sau ít giây."
            )
        signatures.open_request(
            actor,
            document.document,
            field_name=PERSONAL_FIELD,
            sha256_before=document.presented_hash,
            holder_kind="person",
            holder_id=actor.person_id or 0,
            batch=batch,
        )
    audit.record(actor, "outgoing.batch_opened", batch, papers=len(wanted))
    publish(BatchOpened(batch_id=batch.public_id))
    return batch


@command
def confirm_batch(
    actor: Actor, batch_id: uuid.UUID, answers: Mapping[uuid.UUID, bytes]
) -> SigningBatch:
    """The batch with what the key answered for each paper; a job puts the signatures into them.

    Raises: RuleBroken `signing.lapsed`.
    """
    batch = signatures.keep_answers(actor, batch_id, answers)
    audit.record(actor, "outgoing.batch_confirmed", batch, papers=len(answers))
    publish(BatchConfirmed(batch_id=batch.public_id))
    return batch
