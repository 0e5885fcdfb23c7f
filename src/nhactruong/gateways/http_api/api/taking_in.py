"""A program (or a clerk's own tool) puts a file into an agency's intake."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from nhactruong.foundation.web.interface import WRITE_REFUSALS
from nhactruong.gateways.http_api.authentication import calling_service
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import AccessDenied
from nhactruong.records.incoming import taking

router = Router(tags=["văn bản đến"])


class TakenOut(Schema):
    """The file in the intake, waiting for the clerk; it has no number yet."""

    id: uuid.UUID
    agency_id: int
    state: str
    file_name: str
    received_at: datetime


@router.post(
    "/intake",
    response={200: TakenOut, **WRITE_REFUSALS},
    summary="Gửi một tệp vào hàng chờ tiếp nhận",
)
def receive_incoming(
    request: HttpRequest, agency_id: Form[int], file: File[UploadedFile]
) -> dict[str, Any]:
    """The file, inspected and put into the intake of the agency; a clerk registers it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    service = calling_service(request)
    if service is not None:
        if service.agency_id != agency_id:
            raise AccessDenied("key.agency", "Khóa này chỉ gửi được vào cơ quan được cấp khóa.")
        actor = service.as_clerk(actor)
    made = taking.take_upload(actor, agency_id, file)
    return {
        "id": made.public_id,
        "agency_id": made.agency_id,
        "state": made.state,
        "file_name": made.file_name,
        "received_at": made.received_at,
    }
