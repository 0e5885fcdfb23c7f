"""Work that waits."""

from __future__ import annotations

from django.db import models

from nhactruong.foundation.persistence.base import PublicRecord
from nhactruong.kernel.states import Urgency


class WorkItem(PublicRecord):
    """One thing that waits for one post or role; closed by the act it asks for.

    `due_on` is never null so that the inbox walks one index; work without a term carries the
    last date there is. `due_rule` keeps the rule that produced the date.
    """

    token = models.IntegerField()
    agency_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    object_type = models.CharField(max_length=60)
    object_id = models.UUIDField()
    title = models.CharField(max_length=1000)
    reference = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=300, blank=True)
    post_id = models.BigIntegerField(null=True)
    urgency = models.CharField(max_length=20, default=Urgency.NORMAL)
    secrecy = models.PositiveSmallIntegerField(default=0)
    due_on = models.DateField()
    due_rule = models.CharField(max_length=200, blank=True)
    is_open = models.BooleanField(default=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=200)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=60, blank=True)

    class Meta(PublicRecord.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["token", "kind", "object_id"],
                condition=models.Q(is_open=True),
                name="work_waits_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["token", "due_on", "id"],
                condition=models.Q(is_open=True),
                name="work_open",
            ),
            models.Index(fields=["object_id"], name="work_object"),
        ]
