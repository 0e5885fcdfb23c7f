"""Blobs and holdings."""

from __future__ import annotations

from django.db import models

from nhactruong.foundation.persistence.base import Record


class Blob(Record):
    """Bytes known by their hash; `key_id` names the key they are encrypted with (none yet)."""

    sha256 = models.CharField(max_length=64, unique=True)
    size_bytes = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    key_id = models.CharField(max_length=60, default="plain")
    stored_at = models.DateTimeField()


class Holding(Record):
    """An agency's possession of a blob; ended by recall or purge, never removed."""

    agency_id = models.BigIntegerField()
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255)
    held_since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["agency_id", "blob"], name="holding_of_agency")]
