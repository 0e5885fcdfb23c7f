"""Code lists, as of a day."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import HttpRequest
from django.views.decorators.http import conditional_page
from ninja import Field, Query, Router, Schema
from ninja.decorators import decorate_view

from nhactruong.foundation.web.interface import REFUSALS
from nhactruong.kernel.errors import InvalidInput
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
    """One entry of a list; without `valid_from` it holds as long as the regulation does.

    `within` is the code of what the entry lies in (the province of a commune).
    """

    code: str
    name: str
    abbreviation: str
    within: str
    position: int
    valid_from: date | None
    valid_to: date | None


class ListOut(ListLine):
    """A list with its entries in their order."""

    items: list[EntryLine]
    next: str | None


class ListQuery(Schema):
    """Which profile of the document types is wanted, and as of which day."""

    profile: str = Field("party", max_length=20, description="`party` hoặc `state`.")
    on: date | None = Field(None, description="Ngày hiệu lực; không ghi thì là hôm nay.")
    within: str = Field("", max_length=60, description="Chỉ các mã thuộc mã này.")
    after: str = Field(
        "", max_length=60, description="Các mã đứng sau mã này: `next` của trang trước."
    )
    limit: int = Field(500, ge=1, le=1000, description="Số mã trên một trang.")


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
    entries = codelists.found(codelists.entries(slug, query.on), within=query.within)
    place = next((n for n, entry in enumerate(entries, 1) if entry.code == query.after), None)
    if query.after and place is None:
        raise InvalidInput("page.bad_cursor", "Con trỏ không đúng. Đồng chí lấy lại từ đầu.")
    first = place or 0
    shown = entries[first : first + query.limit]
    return {
        "code": code,
        "name": card.name,
        "is_closed": card.is_closed,
        "items": [
            {
                "code": entry.code,
                "name": entry.name,
                "abbreviation": entry.abbreviation,
                "within": entry.within,
                "position": entry.position,
                "valid_from": entry.since,
                "valid_to": entry.until,
            }
            for entry in shown
        ],
        "next": shown[-1].code if first + len(shown) < len(entries) else None,
    }
