"""Forms of the drafter's page as tests send them."""

from __future__ import annotations

import uuid
from typing import Any

from nhactruong.records.drafting.rules import parse_body
from nhactruong.records.outgoing.forms import blocks
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.tests import letters


def op(**fields: Any) -> dict[str, Any]:
    """The fields of a form with an operation of its own."""
    return {"operation_id": str(uuid.uuid4()), **fields}


def form_of(document: OutgoingDocument, **other: Any) -> dict[str, Any]:
    """What the page without script sends back when nothing was changed."""
    fields = blocks.fields_of(parse_body(document.body))
    rows = list(document.recipients.order_by("position"))
    return op(
        version=document.version,
        subject=document.subject,
        **{
            "b-id": [one.id for one in fields],
            "b-kind": [one.code for one in fields],
            "b-text": [one.text for one in fields],
            "r-sent": "1",
            "r-line": [row.line for row in rows],
            "r-agency": [row.agency_id or "" for row in rows],
        },
        **other,
    )


def texts(document: OutgoingDocument) -> list[str]:
    return [one.text for one in blocks.fields_of(parse_body(letters.again(document).body))]
