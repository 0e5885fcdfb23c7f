"""Rows of the record, their chain, and the readings."""

from __future__ import annotations

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


class AuditPending(models.Model):
    """A row that waits for its place in the chain."""

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
