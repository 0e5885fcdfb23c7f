"""Links of the thread."""

from __future__ import annotations

from django.db import models

from nhactruong.foundation.persistence.base import Record


class ThreadLink(Record):
    """`later` exists because of `earlier`; `kind` says how (replies_to, implements, …)."""

    earlier_type = models.CharField(max_length=60)
    earlier_id = models.UUIDField()
    later_type = models.CharField(max_length=60)
    later_id = models.UUIDField()
    kind = models.CharField(max_length=30)
    linked_at = models.DateTimeField()
    linked_by = models.CharField(max_length=200)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["earlier_id", "later_id", "kind"], name="thread_link_once"
            )
        ]
        indexes = [
            models.Index(fields=["earlier_id"], name="thread_earlier"),
            models.Index(fields=["later_id"], name="thread_later"),
        ]
