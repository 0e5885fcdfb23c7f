"""The inbox: what waits for the actor, worst first."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.kernel.actor import Actor


def waiting(actor: Actor) -> QuerySet[WorkItem]:
    """Open work for one of the actor's tokens, unordered."""
    return WorkItem.objects.filter(
        is_open=True, token__in=list(actor.tokens), secrecy__lte=int(actor.clearance)
    )


def count_waiting(actor: Actor) -> int:
    """How much waits for the actor."""
    return waiting(actor).count()


def counts(actor: Actor, today: date) -> dict[str, int]:
    """How much waits: `all`, `late`, `today`, `week` (today and the six days after)."""
    return waiting(actor).aggregate(
        all=Count("pk"),
        late=Count("pk", filter=Q(due_on__lt=today)),
        today=Count("pk", filter=Q(due_on=today)),
        week=Count("pk", filter=Q(due_on__gt=today, due_on__lte=today + timedelta(days=6))),
    )


def open_for_object(actor: Actor, object_id: uuid.UUID) -> Sequence[WorkItem]:
    """What waits for the actor about one record, the work due first."""
    return list(waiting(actor).filter(object_id=object_id).order_by("due_on", "id"))
