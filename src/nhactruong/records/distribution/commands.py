"""Sending and recording what came back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.jobs.commands import publish
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import next_state
from nhactruong.records.distribution.events import DeliveryQueued, ReceiptRecorded
from nhactruong.records.distribution.models import Delivery
from nhactruong.records.distribution.rules import DELIVERY_LABELS, TRANSITIONS, DeliveryState
from nhactruong.records.documents.models import Document


@command
def queue_deliveries(
    actor: Actor,
    document: Document,
    recipients: Sequence[int],
    *,
    letter: dict[str, Any],
    answers: Sequence[uuid.UUID] = (),
) -> Sequence[Delivery]:
    """One delivery for each recipient agency, queued in this transaction; twice is once."""
    Delivery.objects.bulk_create(
        [
            Delivery(
                document=document,
                sender_agency_id=document.agency_id,
                recipient_agency_id=agency_id,
                letter=letter,
                answers=list(answers),
                queued_at=clock.now(),
            )
            for agency_id in dict.fromkeys(recipients)
        ],
        ignore_conflicts=True,
    )
    queued = list(Delivery.objects.filter(document=document, state=DeliveryState.QUEUED))
    publish(*[DeliveryQueued(delivery_id=delivery.public_id) for delivery in queued])
    return queued


@command
def record_delivered(actor: Actor, delivery_id: uuid.UUID) -> Delivery:
    """The delivery, now at its recipient; recording it again changes nothing."""
    delivery = _locked(delivery_id)
    if delivery.state != DeliveryState.QUEUED:
        return delivery
    delivery.state = next_state(TRANSITIONS, "deliver", DeliveryState.QUEUED, DELIVERY_LABELS)
    delivery.delivered_at = clock.now()
    delivery.save(update_fields=["state", "delivered_at"])
    _announce(delivery)
    return delivery


@command
def record_acknowledged(actor: Actor, delivery_id: uuid.UUID) -> Delivery:
    """The delivery, acknowledged by the recipient's clerk; the sender sees when and by whom."""
    delivery = _locked(delivery_id)
    if delivery.state == DeliveryState.ACKNOWLEDGED:
        return delivery
    delivery.state = next_state(
        TRANSITIONS, "acknowledge", DeliveryState(delivery.state), DELIVERY_LABELS
    )
    delivery.acknowledged_at = clock.now()
    delivery.acknowledged_by = f"{actor.name}, {actor.post.title}" if actor.post else actor.name
    delivery.save(update_fields=["state", "acknowledged_at", "acknowledged_by"])
    audit.record(actor, "distribution.acknowledged", delivery)
    _announce(delivery)
    return delivery


@command
def record_refused(actor: Actor, delivery_id: uuid.UUID, reason: str) -> Delivery:
    """The delivery, sent back with a reason."""
    delivery = _locked(delivery_id)
    delivery.state = next_state(
        TRANSITIONS, "refuse", DeliveryState(delivery.state), DELIVERY_LABELS
    )
    delivery.refused_reason = reason[:500]
    delivery.save(update_fields=["state", "refused_reason"])
    audit.record(actor, "distribution.refused", delivery, reason=reason)
    _announce(delivery)
    return delivery


def _locked(delivery_id: uuid.UUID) -> Delivery:
    return (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("document")
        .get(public_id=delivery_id)
    )


def _announce(delivery: Delivery) -> None:
    publish(
        ReceiptRecorded(
            delivery_id=delivery.public_id,
            document_id=delivery.document.public_id,
            state=delivery.state,
        )
    )
