"""What the acts of these pages share: what opens next, and how a refusal comes back."""

from __future__ import annotations

import uuid
from typing import Final

from django.http import QueryDict
from django.urls import reverse

from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.foundation.workitems.kinds import kind_of
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import (
    AccessDenied,
    ConflictingChange,
    DomainError,
    InvalidInput,
    OutsideFailure,
    RuleBroken,
)
from nhactruong.kernel.text import whole_number

#: Refusals that belong on the page of the act; what may not be seen stays a 404.
REFUSALS: Final = (RuleBroken, AccessDenied, ConflictingChange, InvalidInput, OutsideFailure)


def version_of(post: QueryDict) -> int | None:
    """The version the form was made from; None when the form says none."""
    return whole_number(post.get("version", ""))


def fault_of(error: DomainError, field: str) -> str:
    """What a refusal says of one field; nothing when it speaks of something else."""
    return error.fields.get(field, "") if isinstance(error, InvalidInput) else ""


def next_work_url(actor: Actor, finished: uuid.UUID, *kinds: str) -> tuple[str, bool]:
    """(where to go now, whether it is work of the same kind); else the inbox."""
    item = (
        workitems.waiting(actor)
        .filter(kind__in=kinds)
        .exclude(object_id=finished)
        .order_by("due_on", "id")
        .first()
    )
    if item is None:
        return reverse("workitems:inbox"), False
    return kind_of(item.kind).url(item.object_id), True
