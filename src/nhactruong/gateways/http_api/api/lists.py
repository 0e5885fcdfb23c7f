"""Code lists, as of a day."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import HttpRequest
from django.views.decorators.http import conditional_page
from ninja import Field, Query, Router, Schema
from ninja.decorators import decorate_view

from nhactruong.foundation.web.interface import REFUSALS
from nhactruong.masterdata.codelists import selectors as codelists

router = Router(tags=["danh mục"])

_TYPES: Final = "document-types"
_STATE_TYPES: Final = "state-document-types"


class ListLine(Schema):
    """A code list; a closed one is fixed by the regulation and changes with it only."""

    code: str
    name: str
    is_closed: bool


class ListsOut(Schema):
    """Every code list there is."""

    items: list[ListLine]


class EntryLine(Schema):
    """One entry of a list; without `valid_from` it holds as long as the regulation does."""

    code: str
    name: str
    abbreviation: str
    position: int
    valid_from: date | None
    valid_to: date | None


class ListOut(ListLine):
    """A list with its entries in their order."""

    items: list[EntryLine]


class ListQuery(Schema):
    """Which profile of the document types is wanted, and as of which day."""

    profile: str = Field("party", max_length=20, description="`party` hoặc `state`.")
    on: date | None = Field(None, description="Ngày hiệu lực; không ghi thì là hôm nay.")


@router.get("", response={200: ListsOut, **REFUSALS}, summary="Các danh mục dùng chung")
@decorate_view(conditional_page)
def list_code_lists(request: HttpRequest) -> dict[str, Any]:
    """The code lists."""
    return {
        "items": [
            {"code": card.slug, "name": card.name, "is_closed": card.is_closed}
            for card in codelists.lists()
        ]
    }


@router.get("/{str:code}", response={200: ListOut, **REFUSALS}, summary="Một danh mục")
@decorate_view(conditional_page)
def get_code_list(request: HttpRequest, code: str, query: Query[ListQuery]) -> dict[str, Any]:
    """The entries of one list in force on the day asked."""
    slug = _STATE_TYPES if code == _TYPES and query.profile == "state" else code
    card = codelists.card_of(slug)
    return {
        "code": code,
        "name": card.name,
        "is_closed": card.is_closed,
        "items": [
            {
                "code": entry.code,
                "name": entry.name,
                "abbreviation": entry.abbreviation,
                "position": entry.position,
                "valid_from": entry.since,
                "valid_to": entry.until,
            }
            for entry in codelists.entries(slug, query.on)
        ],
    }
