"""Dossiers for machines."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Final

from django.http import HttpRequest
from django.views.decorators.http import conditional_page
from ninja import Field, Query, Router, Schema
from ninja.decorators import decorate_view

from nhactruong.foundation.persistence.paging import keyset_page
from nhactruong.foundation.web.interface import (
    REFUSALS,
    Act,
    Listing,
    Named,
    PageQuery,
    one_of,
    secrecy_code,
)
from nhactruong.kernel.actor import Actor
from nhactruong.records.dossiers import policies, selectors
from nhactruong.records.dossiers.models import Dossier
from nhactruong.records.dossiers.rules import STATE_LABELS, State

router = Router(tags=["hồ sơ"])
_NEWEST: Final = ("-opened_on", "-id")


class DossierQuery(PageQuery):
    """The filter of the list; what is left out filters nothing."""

    state: Annotated[State, one_of(State)] | None = None
    q: str = Field("", max_length=200)


class DossierLine(Schema):
    """A dossier as the list shows it."""

    id: uuid.UUID
    agency_id: int
    code: str
    year: int
    title: str
    state: Named
    retention: str
    unit: str
    keeper: str
    opened_on: date
    closed_on: date | None
    secrecy: str


class DossierPage(Listing):
    """Dossiers, newest first."""

    items: list[DossierLine]


class EntryLine(Schema):
    """A record filed in the dossier that the caller may see."""

    kind: str
    id: uuid.UUID
    reference: str
    title: str
    occurred_on: date
    filed_at: datetime
    filed_by: str


class DossierOut(DossierLine):
    """The dossier with what lies in it, as far as the caller may see it."""

    version: int
    entries: list[EntryLine]
    acts: list[Act]


def _line(dossier: Dossier) -> dict[str, Any]:
    return {
        "id": dossier.public_id,
        "agency_id": dossier.agency_id,
        "code": dossier.code,
        "year": dossier.year,
        "title": dossier.title,
        "state": {"code": dossier.state, "name": STATE_LABELS[State(dossier.state)]},
        "retention": dossier.retention,
        "unit": dossier.unit.name if dossier.unit else "",
        "keeper": dossier.keeper_post.title,
        "opened_on": dossier.opened_on,
        "closed_on": dossier.closed_on,
        "secrecy": secrecy_code(dossier.secrecy),
    }


@router.get("", response={200: DossierPage, **REFUSALS}, summary="Danh sách hồ sơ")
def list_dossiers(request: HttpRequest, query: Query[DossierQuery]) -> dict[str, Any]:
    """Dossiers of the caller's agencies, newest first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    page = keyset_page(
        selectors.listed(actor, state=query.state or "", words=query.q),
        order=_NEWEST,
        cursor=query.cursor,
        rows=query.limit,
    )
    return {"items": [_line(row) for row in page.rows], **Listing.cursors(page)}


@router.get("/{uuid:public_id}", response={200: DossierOut, **REFUSALS}, summary="Một hồ sơ")
@decorate_view(conditional_page)
def get_dossier(request: HttpRequest, public_id: uuid.UUID) -> dict[str, Any]:
    """One dossier; what the caller may not see does not exist."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    dossier = selectors.get_visible(actor, public_id)
    return {
        **_line(dossier),
        "version": dossier.version,
        "entries": [
            {
                "kind": card.object_type,
                "id": card.object_id,
                "reference": card.reference,
                "title": card.title,
                "occurred_on": card.occurred_on,
                "filed_at": entry.filed_at,
                "filed_by": entry.filed_by,
            }
            for entry, card in selectors.contents(actor, dossier)
        ],
        "acts": Act.offered(
            {"add": policies.can_add(actor, dossier), "close": policies.can_close(actor, dossier)}
        ),
    }
