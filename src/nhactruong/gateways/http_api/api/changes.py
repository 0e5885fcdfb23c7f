"""The feed of changes of the directory."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from nhactruong.foundation.web.interface import MOST_ROWS, REFUSALS
from nhactruong.gateways.http_api.authentication import calling_service
from nhactruong.gateways.http_api.selectors.changes import changes_since
from nhactruong.gateways.http_api.selectors.directory import reach_of
from nhactruong.kernel.actor import Actor

router = Router(tags=["danh bạ"])


class ChangedKind(StrEnum):
    """What of the directory changed."""

    AGENCY = "agency"
    ORGAN = "organ"
    UNIT = "unit"
    POST = "post"
    PERSON = "person"


class ChangesQuery(Schema):
    """From where the changes are wanted."""

    since: str = Field("", max_length=100, description="`cursor` của lần trước; trống: từ đầu.")
    limit: int = Field(100, ge=1, le=MOST_ROWS, description="Số dòng một lần.")


class ChangeLine(Schema):
    """A thing that is no longer as it was; ask its own address for what it is now."""

    kind: ChangedKind
    id: uuid.UUID
    agency_id: int | None
    changed_at: datetime


class ChangesOut(Schema):
    """Changes in their order. Keep `cursor` and send it back as `since`."""

    items: list[ChangeLine]
    cursor: str
    more: bool = Field(description="Còn nữa: gọi lại ngay với cursor này.")


@router.get("", response={200: ChangesOut, **REFUSALS}, summary="Thay đổi của danh bạ từ một mốc")
def list_changes(request: HttpRequest, query: Query[ChangesQuery]) -> dict[str, Any]:
    """What changed since the cursor; the same thing may stand here several times."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    reach = reach_of(actor, calling_service(request))
    page = changes_since(reach, query.since, query.limit)
    return {
        "items": [
            {
                "kind": change.kind,
                "id": change.object_id,
                "agency_id": change.agency_id,
                "changed_at": change.changed_at,
            }
            for change in page.changes
        ],
        "cursor": page.cursor,
        "more": page.more,
    }
