"""Rows of the record, their chain, and the readings."""

from __future__ import annotations

from typing import Any

from django.db import models


class AuditRow(models.Model):
    """One act; append-only (a database trigger refuses change and deletion)."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=80)
    outcome = models.CharField(max_length=10, default="ok")
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.UUIDField(null=True)
    agency_id = models.BigIntegerField(null=True)
    secrecy = models.PositiveSmallIntegerField(default=0)
    user_id = models.BigIntegerField(null=True)
    person_name = models.CharField(max_length=200)
    post_id = models.BigIntegerField(null=True)
    post_title = models.CharField(max_length=300, blank=True)
    on_behalf_of = models.CharField(max_length=300, blank=True)
    service = models.CharField(max_length=60, blank=True)
    session_id = models.CharField(max_length=64, blank=True)
    client_address = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    facts = models.JSONField(default=dict)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["object_id", "at"], name="audit_object")]

    def hashed_fields(self) -> dict[str, Any]:
        """The fields that the hash covers, as JSON values."""
        return {
            "event_id": str(self.event_id),
            "at": self.at.isoformat(),
            "action": self.action,
            "outcome": self.outcome,
            "object_type": self.object_type,
            "object_id": str(self.object_id) if self.object_id else None,
            "agency_id": self.agency_id,
            "secrecy": self.secrecy,
            "user_id": self.user_id,
            "person_name": self.person_name,
            "post_id": self.post_id,
            "post_title": self.post_title,
            "on_behalf_of": self.on_behalf_of,
            "service": self.service,
            "session_id": self.session_id,
            "client_address": self.client_address,
            "reason": self.reason,
            "facts": self.facts,
        }


class AuditPending(models.Model):
    """A row that waits for its place in the chain; put here by the database with the row itself."""

    row = models.OneToOneField(
        AuditRow, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )


class AuditLink(models.Model):
    """A row's place in the chain."""

    position = models.BigIntegerField(primary_key=True)
    row = models.OneToOneField(AuditRow, on_delete=models.PROTECT, related_name="+")
    previous = models.CharField(max_length=64)
    row_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
