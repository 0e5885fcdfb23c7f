"""Deliveries."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from nhactruong.foundation.persistence.base import PublicRecord
from nhactruong.records.distribution.rules import DELIVERY_LABELS, DeliveryState


class Delivery(PublicRecord):
    """One copy on its way to one agency; what it says of the document is frozen at issue."""

    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    sender_agency = models.ForeignKey(
        "organization.Agency", on_delete=models.PROTECT, related_name="+"
    )
    recipient_agency = models.ForeignKey(
        "organization.Agency", on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField(max_length=20, default="inside")
    state = models.CharField(
        max_length=20,
        choices=[(state.value, label) for state, label in DELIVERY_LABELS.items()],
        default=DeliveryState.QUEUED,
    )
    #: The sender's register line as the recipient may use it (reference, subject, signer, …).
    letter = models.JSONField()
    answers = ArrayField(models.UUIDField(), default=list)
    queued_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=300, blank=True)
    refused_reason = models.CharField(max_length=500, blank=True)

    class Meta(PublicRecord.Meta):
        constraints = [
            models.UniqueConstraint(fields=["document", "recipient_agency"], name="delivered_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in DeliveryState]),
                name="delivery_state",
            ),
        ]
