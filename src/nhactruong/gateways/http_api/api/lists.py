"""Code lists."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.views.decorators.http import conditional_page
from ninja import Field, Query, Router, Schema
from ninja.decorators import decorate_view

from nhactruong.foundation.web.interface import REFUSALS
from nhactruong.kernel.errors import NotFound
from nhactruong.masterdata.vocabularies import selectors as vocabularies

router = Router(tags=["danh mục"])

#: Code of a list → its name.
_LISTS: Final = {"document-types": "Loại văn bản"}


class ListLine(Schema):
    """A code list."""

    code: str
    name: str


class ListsOut(Schema):
    """Every code list there is."""

    items: list[ListLine]


class EntryLine(Schema):
    """One entry of a list."""

    code: str
    name: str
    abbreviation: str
    position: int


class ListOut(ListLine):
    """A list with its entries in their order."""

    items: list[EntryLine]


class ListQuery(Schema):
    """Which profile of the list is wanted."""

    profile: str = Field("party", max_length=20, description="`party` hoặc `state`.")


@router.get("", response={200: ListsOut, **REFUSALS}, summary="Các danh mục dùng chung")
@decorate_view(conditional_page)
def list_code_lists(request: HttpRequest) -> dict[str, Any]:
    """The code lists."""
    return {"items": [{"code": code, "name": name} for code, name in _LISTS.items()]}


@router.get("/{str:code}", response={200: ListOut, **REFUSALS}, summary="Một danh mục")
@decorate_view(conditional_page)
def get_code_list(request: HttpRequest, code: str, query: Query[ListQuery]) -> dict[str, Any]:
    """The entries of one list."""
    if code not in _LISTS:
        raise NotFound("code_list.not_found", "Không có danh mục này.")
    return {
        "code": code,
        "name": _LISTS[code],
        "items": [
            {
                "code": row.slug,
                "name": row.name,
                "abbreviation": row.code,
                "position": row.position,
            }
            for row in vocabularies.document_types(query.profile)
        ],
    }
