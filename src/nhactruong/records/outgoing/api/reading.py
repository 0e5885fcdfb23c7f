"""Outgoing documents for machines."""

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
from nhactruong.records.distribution import selectors as distribution
from nhactruong.records.distribution.rules import DELIVERY_LABELS, DeliveryState
from nhactruong.records.outgoing import policies, selectors
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import STATE_LABELS, State

router = Router(tags=["văn bản đi"])


class OutgoingQuery(PageQuery):
    """The filter of the list; what is left out filters nothing."""

    organ: str = Field("", max_length=60, description="Mã cơ quan ban hành trong dãy số.")
    document_type: str = Field("", max_length=60)
    state: Annotated[State, one_of(State)] | None = None
    month: date | None = Field(None, description="Một ngày bất kỳ của tháng.")
    mine: bool = Field(False, description="Chỉ văn bản do tôi soạn.")
    registered: bool = Field(False, description="Chỉ văn bản đã có số trong sổ.")
    q: str = Field("", max_length=200)


class OutgoingLine(Schema):
    """A document as the list shows it."""

    id: uuid.UUID
    agency_id: int
    state: Named
    document_type: Named
    reference_code: str
    issued_on: date | None
    listed_on: date
    subject: str
    signer: str
    urgency: str
    secrecy: str
    due_on: date | None


class OutgoingPage(Listing):
    """Documents, newest first."""

    items: list[OutgoingLine]


class DeliveryLine(Schema):
    """A copy sent to one agency and what became of it."""

    recipient: str
    state: Named
    delivered_at: datetime | None
    acknowledged_at: datetime | None
    refused_reason: str


class OutgoingOut(OutgoingLine):
    """The document with everything its page tells."""

    version: int
    organ: str
    draft_number: int
    drafter: str
    drafter_post: str
    signing_form: str
    signer_position: str
    signer_capacity: str
    signed_at: datetime | None
    numbered_at: datetime | None
    sealed_at: datetime | None
    issued_at: datetime | None
    recipients: list[str]
    deliveries: list[DeliveryLine]
    acts: list[Act]


def _line(document: OutgoingDocument) -> dict[str, Any]:
    slug = document.document_type
    return {
        "id": document.public_id,
        "agency_id": document.agency_id,
        "state": {"code": document.state, "name": STATE_LABELS[document.as_state]},
        "document_type": {"code": slug, "name": type_names().get(slug, slug)},
        "reference_code": document.reference_code,
        "issued_on": document.issued_on,
        "listed_on": document.listed_on,
        "subject": document.subject,
        "signer": document.signer_printed,
        "urgency": document.urgency,
        "secrecy": secrecy_code(document.secrecy),
        "due_on": document.due_on,
    }


@router.get("", response={200: OutgoingPage, **REFUSALS}, summary="Danh sách văn bản đi")
def list_outgoing(request: HttpRequest, query: Query[OutgoingQuery]) -> dict[str, Any]:
    """Documents the caller may see, drafts among them, newest first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    chosen = selectors.RegisterFilter(
        organ=query.organ,
        document_type=query.document_type,
        state=query.state or "",
        month=query.month,
        words=query.q,
        mine=query.mine,
    )
    page = selectors.register(actor, chosen, only_numbered=query.registered).newest_page(
        actor, by="listed_on", then="number", cursor=query.cursor, rows=query.limit
    )
    return {"items": [_line(row) for row in page.rows], **Listing.cursors(page)}


@router.get("/{uuid:public_id}", response={200: OutgoingOut, **REFUSALS}, summary="Một văn bản đi")
@decorate_view(conditional_page)
def get_outgoing(request: HttpRequest, public_id: uuid.UUID) -> dict[str, Any]:
    """One document; what the caller may not see does not exist."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    document = selectors.get_visible(actor, public_id)
    audit.record_reading(actor, "outgoing.read", document)
    holds = selectors.authority_holds(document, clock.today())
    return {
        **_line(document),
        "version": document.version,
        "organ": document.organ.name,
        "draft_number": document.draft_number,
        "drafter": document.drafter_person.full_name,
        "drafter_post": document.drafter_post.title,
        "signing_form": document.signing_form,
        "signer_position": document.position_printed,
        "signer_capacity": document.capacity_printed,
        "signed_at": document.signed_at,
        "numbered_at": document.numbered_at,
        "sealed_at": document.sealed_at,
        "issued_at": document.issued_at,
        "recipients": [line.line for line in document.recipients.order_by("position")],
        "deliveries": [
            {
                "recipient": delivery.recipient_agency.short_name,
                "state": {
                    "code": delivery.state,
                    "name": DELIVERY_LABELS[DeliveryState(delivery.state)],
                },
                "delivered_at": delivery.delivered_at,
                "acknowledged_at": delivery.acknowledged_at,
                "refused_reason": delivery.refused_reason,
            }
            for delivery in distribution.of_document(document.document_id)
        ],
        "acts": Act.offered(
            {
                "edit": policies.can_edit(actor, document),
                "review": policies.can_review(actor, document),
                "appraise": policies.can_appraise(actor, document),
                "return": policies.can_return(actor, document),
                "sign": policies.can_sign(actor, document, authority_holds=holds),
                "assign_number": policies.can_assign_number(actor, document),
                "seal": policies.can_seal(actor, document),
                "issue": policies.can_issue(actor, document),
                "request_void": policies.can_request_void(actor, document),
                "confirm_void": policies.can_confirm_void(actor, document),
            }
        ),
    }
