"""What was read of a received file."""

from __future__ import annotations

from django.db import models

from nhactruong.foundation.persistence.base import PublicRecord


class Reading(PublicRecord):
    """The text and the proposals of one rendition; made by a job, renewed as a whole."""

    class State(models.TextChoices):
        """How far the job has come."""

        WAITING = "waiting", "Đang chờ đọc"
        READ = "read", "Đã đọc"
        FAILED = "failed", "Không đọc được"

    rendition = models.OneToOneField(
        "documents.Rendition", on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    source = models.CharField(max_length=20, blank=True)
    page_count = models.PositiveIntegerField(default=0)
    text = models.TextField(blank=True)
    proposals = models.JSONField(default=dict)
    fault_code = models.CharField(max_length=60, blank=True)
    fault_sentence = models.CharField(max_length=500, blank=True)
    read_at = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True)
