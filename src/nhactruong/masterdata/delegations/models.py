"""What was told to givers."""

from __future__ import annotations

from django.db import models

from nhactruong.foundation.persistence.base import Record
from nhactruong.masterdata.organization.models import Delegation


class Digest(Record):
    """The giver was told what was done by one delegation on one day; told once."""

    delegation = models.ForeignKey(Delegation, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    acts = models.PositiveIntegerField()
    readings = models.PositiveIntegerField()
    told_at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["delegation", "day"], name="digest_once_a_day")
        ]
