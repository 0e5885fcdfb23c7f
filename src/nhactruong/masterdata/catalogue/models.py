"""Numbers about the data, and notes of the people it is about."""

from __future__ import annotations

from django.db import models

from nhactruong.foundation.persistence.base import PublicRecord, Record


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


class QualityReading(Record):
    """How many places one check found at one agency on one day."""

    agency = models.ForeignKey("organization.Agency", on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=60)
    day = models.DateField()
    found = models.PositiveIntegerField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["agency", "rule", "day"], name="quality_read_once")
        ]
        indexes = [models.Index(fields=["day", "rule"], name="quality_of_day")]


class CorrectionNote(PublicRecord):
    """What a person says is wrong in a data set about the person; it stands beside, nothing is altered.

    Source: security.md 5 (correction annotation).
    """

    person = models.ForeignKey("organization.Person", on_delete=models.PROTECT, related_name="+")
    dataset = models.CharField(max_length=60)
    text = models.CharField(max_length=1000)
    noted_by = models.CharField(max_length=300)
    noted_at = models.DateTimeField()
