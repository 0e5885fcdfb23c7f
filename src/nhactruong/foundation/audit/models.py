"""Rows of the record and their chain.

The tables are made by migrations in SQL: rows lie in partitions by how long they are kept and by
month, where a key of the identifier alone, or a foreign key to it, cannot be. A row is named by
(`at`, `id`); pending rows and links say both.
"""

from __future__ import annotations

from django.db import models


class AuditRow(models.Model):
    """One act, reading or refusal; append-only (a database trigger refuses change and deletion)."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField()
    at = models.DateTimeField()
    #: One of `rules.Keep`.
    keep = models.CharField(max_length=5)
    action = models.CharField(max_length=80)
    outcome = models.CharField(max_length=10, default="ok")
    reason_code = models.CharField(max_length=80, blank=True)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.UUIDField(null=True)
    agency_id = models.BigIntegerField(null=True)
    #: Of the thing at that time.
    secrecy = models.PositiveSmallIntegerField(default=0)
    user_id = models.BigIntegerField(null=True)
    person_name = models.CharField(max_length=200)
    post_id = models.BigIntegerField(null=True)
    post_title = models.CharField(max_length=300, blank=True)
    on_behalf_of = models.CharField(max_length=300, blank=True)
    service = models.CharField(max_length=60, blank=True)
    session_id = models.CharField(max_length=64, blank=True)
    auth_method = models.CharField(max_length=60, blank=True)
    client_address = models.CharField(max_length=64, blank=True)
    device = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=36, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    facts = models.JSONField(default=dict)
    #: How it is hashed: `engine/hashing.py`.
    version = models.PositiveSmallIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["object_id", "at", "id"], name="audit_by_object"),
            models.Index(fields=["user_id", "at", "id"], name="audit_by_person"),
            models.Index(fields=["agency_id", "at", "id"], name="audit_by_agency"),
            models.Index(
                fields=["action", "at", "id"],
                name="audit_by_action",
                opclasses=["varchar_pattern_ops", "timestamptz_ops", "int8_ops"],
            ),
            models.Index(
                fields=["at", "id"], name="audit_refused", condition=~models.Q(outcome="ok")
            ),
        ]


class AuditPending(models.Model):
    """A row that waits for its place in the chain; put here by the database with the row itself."""

    row_id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    keep = models.CharField(max_length=5)
    hash = models.CharField(max_length=64)


class AuditLink(models.Model):
    """A row's place in the chain; it stays when the row has expired."""

    position = models.BigIntegerField(primary_key=True)
    row_id = models.BigIntegerField(unique=True)
    keep = models.CharField(max_length=5)
    at = models.DateTimeField()
    previous = models.CharField(max_length=64)
    row_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
