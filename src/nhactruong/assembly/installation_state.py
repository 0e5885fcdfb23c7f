"""The state of the installation for its keepers: parts, queue, record, disk; never content."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection

from nhactruong.foundation.audit import selectors as audit
from nhactruong.foundation.audit.models import AuditLink, AuditRow
from nhactruong.kernel import clock

_DAY: Final = timedelta(days=1)
_BYTES_OF_GB: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Queue:
    """Jobs by what became of them; `oldest` is when the longest waiting one was to start."""

    waiting: int
    running: int
    failed: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class RecordState:
    """The record of acts: rows of the last day, place of the last link, rows not chained in time."""

    rows_last_day: int
    last_position: int
    last_sealed_at: datetime | None
    unchained: int


@dataclass(frozen=True, slots=True)
class Disk:
    """Room on the disk of the state folder, in gigabytes."""

    free_gb: int
    total_gb: int


def queue() -> Queue:
    """How long the queue is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE status = 'todo'),"
            " count(*) FILTER (WHERE status = 'doing'),"
            " count(*) FILTER (WHERE status = 'failed'),"
            " min(scheduled_at) FILTER (WHERE status = 'todo')"
            " FROM procrastinate_jobs"
        )
        waiting, running, failed, oldest = cursor.fetchone()
    return Queue(waiting, running, failed, oldest)


def record_state() -> RecordState:
    """Whether acts are written and chained in time."""
    last = AuditLink.objects.order_by("-position").values_list("position", "sealed_at").first()
    return RecordState(
        rows_last_day=AuditRow.objects.filter(at__gte=clock.now() - _DAY).count(),
        last_position=last[0] if last else 0,
        last_sealed_at=last[1] if last else None,
        unchained=audit.unchained_too_long(),
    )


def disk() -> Disk:
    """How much room is left."""
    usage = shutil.disk_usage(settings.STATE_FOLDER)
    return Disk(usage.free // _BYTES_OF_GB, usage.total // _BYTES_OF_GB)
