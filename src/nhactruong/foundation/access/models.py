"""Grants: the reasons behind the tokens a record carries."""

from __future__ import annotations

from django.db import models

from nhactruong.foundation.persistence.base import Record


class Grant(Record):
    """One reason why one token sees one record; revoked, never removed."""

    object_type = models.CharField(max_length=60)
    object_id = models.UUIDField()
    token = models.IntegerField()
    because = models.CharField(max_length=40)
    granted_by = models.CharField(max_length=200)
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["object_id", "token", "because"],
                condition=models.Q(revoked_at=None),
                name="grant_once",
            )
        ]
        indexes = [models.Index(fields=["object_id"], name="grant_object")]
