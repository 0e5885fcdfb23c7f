"""Receipts of handlers, so that a fact handled twice is handled once."""

from __future__ import annotations

from django.db import models


class HandlerReceipt(models.Model):
    """One handler has dealt with one event; written in the handler's own transaction."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField()
    handler = models.CharField(max_length=200)
    handled_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event_id", "handler"], name="handled_once")]
