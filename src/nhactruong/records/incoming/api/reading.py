"""Incoming documents for machines."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.views.decorators.http import conditional_page
from ninja import Field, Query, Router, Schema
from ninja.decorators import decorate_view

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.web.interface import (
    REFUSALS,
    Act,
    Listing,
    Named,
    PageQuery,
    one_of,
    secrecy_code,
)
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.vocabularies.selectors import type_names
from nhactruong.records.incoming import policies, selectors
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.rules import STATE_LABELS, State

router = Router(tags=["văn bản đến"])


class IncomingQuery(PageQuery):
    """The filter of the list; what is left out filters nothing."""

    agency_id: int | None = Field(None, ge=1, le=2**31 - 1)
    document_type: str = Field("", max_length=60)
    state: Annotated[State, one_of(State)] | None = None
    month: date | None = Field(None, description="Một ngày bất kỳ của tháng đến.")
    day: date | None = Field(None, description="Ngày đến.")
    late: bool = Field(False, description="Chỉ văn bản quá hạn giải quyết.")
    q: str = Field("", max_length=200)


class IncomingLine(Schema):
    """A registered document as the list shows it."""

    id: uuid.UUID
    agency_id: int
    state: Named
    arrival_number: int | None
    arrived_on: date
    reference_code: str
    issued_on: date | None
    issuer_name: str
    document_type: Named
    subject: str
    urgency: str
    secrecy: str
    due_on: date | None
    lead: str


class IncomingPage(Listing):
    """Documents, newest arrival first."""

    items: list[IncomingLine]


class PartLine(Schema):
    """A desk's part in the document."""

    part: Named
    name: str
    given_at: datetime
    ended_at: datetime | None


class DirectionLine(Schema):
    """A bút phê."""

    given_by: str
    given_by_title: str
    on_behalf_of: str
    given_at: datetime
    opinion: str
    due_on: date | None
    due_rule: str


class IncomingOut(IncomingLine):
    """The document with everything its page tells."""

    version: int
    channel: Named
    received_at: datetime
    received_by: str
    registered_at: datetime | None
    registered_by: str
    signer_name: str
    signer_position: str
    due_rule: str
    note: str
    answered_by_reference: str
    result: str
    finished_at: datetime | None
    directions: list[DirectionLine]
    parts: list[PartLine]
    acts: list[Act]


def _line(document: IncomingDocument) -> dict[str, Any]:
    slug = document.document_type
    return {
        "id": document.public_id,
        "agency_id": document.agency_id,
        "state": {"code": document.state, "name": STATE_LABELS[document.as_state]},
        "arrival_number": document.arrival_number,
        "arrived_on": document.arrived_on,
        "reference_code": document.reference_code,
        "issued_on": document.issued_on,
        "issuer_name": document.issuer_name,
        "document_type": {"code": slug, "name": type_names().get(slug, slug)},
        "subject": document.subject,
        "urgency": document.urgency,
        "secrecy": secrecy_code(document.secrecy),
        "due_on": document.due_on,
        "lead": document.lead_printed,
    }


@router.get("", response={200: IncomingPage, **REFUSALS}, summary="Danh sách văn bản đến")
def list_incoming(request: HttpRequest, query: Query[IncomingQuery]) -> dict[str, Any]:
    """Registered documents the caller may see, newest first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    chosen = selectors.ListFilter(
        agency=query.agency_id,
        document_type=query.document_type,
        state=query.state or "",
        month=query.month,
        day=query.day,
        words=query.q,
        late=query.late,
    )
    page = selectors.listed(actor, chosen, today=clock.today()).newest_page(
        actor, by="arrived_on", then="arrival_number", cursor=query.cursor, rows=query.limit
    )
    return {"items": [_line(row) for row in page.rows], **Listing.cursors(page)}


@router.get("/{uuid:public_id}", response={200: IncomingOut, **REFUSALS}, summary="Một văn bản đến")
@decorate_view(conditional_page)
def get_incoming(request: HttpRequest, public_id: uuid.UUID) -> dict[str, Any]:
    """One document; what the caller may not see does not exist."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    document = selectors.get_visible(actor, public_id)
    audit.record_reading(actor, "incoming.opened", document)
    return {
        **_line(document),
        "version": document.version,
        "channel": _named(document.channel, IncomingDocument.Channel(document.channel).label),
        "received_at": document.received_at,
        "received_by": document.received_by,
        "registered_at": document.registered_at,
        "registered_by": document.registered_by,
        "signer_name": document.signer_name,
        "signer_position": document.signer_position,
        "due_rule": document.due_rule,
        "note": document.note,
        "answered_by_reference": document.answered_by_reference,
        "result": document.result,
        "finished_at": document.finished_at,
        "directions": document.directions.all(),
        "parts": [
            {
                "part": _named(part.part, part.get_part_display()),
                "name": part.name_printed,
                "given_at": part.given_at,
                "ended_at": part.ended_at,
            }
            for part in document.handlings.all()
        ],
        "acts": Act.offered(
            {
                "register": policies.can_register(actor, document),
                "direct": policies.can_direct(actor, document),
                "assign": policies.can_assign(actor, document),
                "handle": policies.can_handle(actor, document),
                "complete": policies.can_complete(actor, document),
                "file": policies.can_file(actor, document),
            }
        ),
    }


def _named(code: str, name: str) -> dict[str, str]:
    return {"code": code, "name": str(name)}
