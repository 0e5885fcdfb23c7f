"""Notices."""

from __future__ import annotations

from django.db import models

from nhactruong.foundation.persistence.base import PublicRecord


class Notice(PublicRecord):
    """One message for whoever holds `token`; read by the first who opens it."""

    token = models.IntegerField()
    object_type = models.CharField(max_length=60)
    object_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    text = models.CharField(max_length=500)
    secrecy = models.PositiveSmallIntegerField(default=0)
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta(PublicRecord.Meta):
        indexes = [
            models.Index(fields=["token", "-id"], name="notice_of_token"),
            models.Index(fields=["token"], condition=models.Q(read_at=None), name="notice_unread"),
        ]
