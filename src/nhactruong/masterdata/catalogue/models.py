"""Numbers about the data: how often a field was typed, corrected, typed again."""

from __future__ import annotations

from django.db import models

from nhactruong.foundation.persistence.base import Record


class EntryCount(Record):
    """How often one field of one form was sent in one month, and what became of what was filled in.

    Numbers only: neither the value nor who typed it is kept.
    """

    form = models.CharField(max_length=100)
    field = models.CharField(max_length=60)
    month = models.DateField()
    sent = models.PositiveIntegerField(default=0)
    filled = models.PositiveIntegerField(default=0)
    corrected = models.PositiveIntegerField(default=0)
    by_hand = models.PositiveIntegerField(default=0)
    retyped = models.PositiveIntegerField(default=0)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["form", "field", "month"], name="entry_count_once")
        ]
