"""Grants: the reasons behind the tokens a record carries; leases: one person's for a time."""

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


class Lease(Record):
    """One person's sight of one record for a time; its token is `rules.lease_token(id)`.

    The record carries the token as long as the grant stands; the person bears it only between
    `begins_at` and `ends_at`, so sight ends at the second, whatever is cleared away later.
    """

    object_type = models.CharField(max_length=60)
    object_id = models.UUIDField()
    person_id = models.BigIntegerField()
    because = models.CharField(max_length=40)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("begins_at")), name="lease_ends_after"
            )
        ]
        indexes = [models.Index(fields=["person_id", "ends_at"], name="lease_of_person")]
