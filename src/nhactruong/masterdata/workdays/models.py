"""The override table."""

from __future__ import annotations

from django.db import models

from nhactruong.foundation.persistence.base import Record


class DayOverride(Record):
    """A day the yearly notice settles otherwise than the library."""

    class Kind(models.TextChoices):
        """What the day is by the notice."""

        HOLIDAY = "holiday", "Ngày nghỉ"
        WORKDAY = "workday", "Ngày làm việc"

    day = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=200)
    basis = models.CharField(max_length=300, blank=True)
    agency_id = models.BigIntegerField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["day", "agency_id"], name="override_once", nulls_distinct=False
            )
        ]
