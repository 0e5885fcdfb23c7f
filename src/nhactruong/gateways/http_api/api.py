"""Operations that belong to no single app: who I am, and search across kinds."""

from __future__ import annotations

import uuid
from datetime import date
from enum import StrEnum
from typing import Any, Final

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from nhactruong.foundation.persistence.paging import keyset_page
from nhactruong.foundation.search.selectors import find_as_asked
from nhactruong.foundation.web.interface import REFUSALS, Listing, PageQuery, secrecy_code
from nhactruong.kernel.actor import Actor

router = Router(tags=["chung"])
_NEWEST: Final = ("-occurred_on", "-id")


class RoleLine(Schema):
    """A role a post carries and the agency it reaches (its key in this installation)."""

    role: str
    agency_id: int


class PostLine(Schema):
    """A post held today."""

    title: str
    agency_id: int
    agency_name: str
    unit_name: str
    roles: list[RoleLine]


class MeOut(Schema):
    """The caller in today's posts."""

    name: str
    clearance: str = Field(description="Mức mật cao nhất được xem.")
    posts: list[PostLine]


@router.get("/me", response={200: MeOut, **REFUSALS}, summary="Tôi là ai, giữ chức danh nào")
def me(request: HttpRequest) -> dict[str, Any]:
    """The caller and the posts held today."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    return {
        "name": actor.name,
        "clearance": secrecy_code(actor.clearance),
        "posts": [
            {
                "title": post.title,
                "agency_id": post.agency_id,
                "agency_name": post.agency_name,
                "unit_name": post.unit_name,
                "roles": [
                    {"role": role.code, "agency_id": agency} for role, agency in sorted(post.roles)
                ],
            }
            for post in actor.posts
        ],
    }


class FoundKind(StrEnum):
    """Kinds of record that search finds."""

    INCOMING = "IncomingDocument"
    OUTGOING = "OutgoingDocument"
    DOSSIER = "Dossier"


class SearchQuery(PageQuery):
    """What is searched: every word must be there, accents or not."""

    q: str = Field("", max_length=200)
    kind: FoundKind | None = None


class HitOut(Schema):
    """A found record."""

    kind: str
    id: uuid.UUID
    title: str
    reference: str
    facts: str
    occurred_on: date
    secrecy: str


class HitPage(Listing):
    """Found records, newest first."""

    items: list[HitOut]


@router.get("/search", response={200: HitPage, **REFUSALS}, summary="Tìm kiếm")
def search(request: HttpRequest, query: Query[SearchQuery]) -> dict[str, Any]:
    """Records that hold every word and that the caller may see, newest first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    page = keyset_page(
        find_as_asked(actor, query.q, object_type=query.kind or ""),
        order=_NEWEST,
        cursor=query.cursor,
        rows=query.limit,
    )
    items = [
        {
            "kind": row.object_type,
            "id": row.object_id,
            "title": row.title,
            "reference": row.reference,
            "facts": row.facts,
            "occurred_on": row.occurred_on,
            "secrecy": secrecy_code(row.secrecy),
        }
        for row in page.rows
    ]
    return {"items": items, **Listing.cursors(page)}
