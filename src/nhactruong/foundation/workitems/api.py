"""The inbox for machines."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from nhactruong.foundation.persistence.paging import keyset_page
from nhactruong.foundation.web.interface import REFUSALS, Listing, PageQuery, secrecy_code
from nhactruong.foundation.workitems import selectors
from nhactruong.foundation.workitems.commands import NO_TERM
from nhactruong.foundation.workitems.kinds import kind_of
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor

router = Router(tags=["hộp việc"])


class DueWhen(StrEnum):
    """When the work is due: before today, today, in the six days after."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"


class InboxQuery(PageQuery):
    """Which of the waiting work is wanted."""

    due: DueWhen | None = None
    kind: str = Field("", max_length=40, description="Mã loại việc, ví dụ incoming.direct.")
    source: str = Field("", max_length=300)


class WorkLine(Schema):
    """A piece of work that waits for one of the caller's posts or roles."""

    id: uuid.UUID
    kind: str
    kind_name: str
    object_type: str
    object_id: uuid.UUID
    title: str
    reference: str
    source: str
    urgency: str
    secrecy: str
    due_on: date | None
    due_rule: str
    opened_at: datetime


class InboxPage(Listing):
    """Waiting work, what is due first standing first."""

    items: list[WorkLine]


def _line(item: WorkItem) -> dict[str, Any]:
    return {
        "id": item.public_id,
        "kind": item.kind,
        "kind_name": kind_of(item.kind).label,
        "object_type": item.object_type,
        "object_id": item.object_id,
        "title": item.title,
        "reference": item.reference,
        "source": item.source,
        "urgency": item.urgency,
        "secrecy": secrecy_code(item.secrecy),
        "due_on": None if item.due_on == NO_TERM else item.due_on,
        "due_rule": item.due_rule,
        "opened_at": item.opened_at,
    }


@router.get("", response={200: InboxPage, **REFUSALS}, summary="Việc đang chờ tôi")
def inbox(request: HttpRequest, query: Query[InboxQuery]) -> dict[str, Any]:
    """What waits for the caller, worst first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    chosen = selectors.InboxFilter(
        due=query.due or "", kinds=(query.kind,) if query.kind else (), source=query.source
    )
    page = keyset_page(
        selectors.listed(actor, chosen, today=clock.today()),
        order=selectors.WORST_FIRST,
        cursor=query.cursor,
        rows=query.limit,
    )
    return {"items": [_line(item) for item in page.rows], **Listing.cursors(page)}
