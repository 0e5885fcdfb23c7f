"""Shapes every list and detail of the HTTP interface shares."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Protocol, Self

from ninja import Field, Schema
from pydantic import WithJsonSchema

from nhactruong.kernel.decisions import Decision
from nhactruong.kernel.states import Secrecy

MOST_ROWS: Final = 200
_USUAL_ROWS: Final = 50


class PageQuery(Schema):
    """Which page of a list is wanted."""

    cursor: str = Field("", max_length=600, description="`next` hoặc `previous` của trang trước.")
    limit: int = Field(_USUAL_ROWS, ge=1, le=MOST_ROWS, description="Số dòng một trang.")


class Problem(Schema):
    """What every refusal answers (RFC 9457), with our code and the sentence people read."""

    type: str
    title: str
    status: int
    code: str
    fields: dict[str, str] | None = None


#: Answers every operation may give besides its own; for the schema only.
REFUSALS: Final[Mapping[int, type[Schema]]] = dict.fromkeys((400, 401, 403, 404, 422, 429), Problem)
#: The same for operations that change something.
WRITE_REFUSALS: Final[Mapping[int, type[Schema]]] = {
    **REFUSALS,
    **dict.fromkeys((409, 413, 502), Problem),
}


class Neighbours(Protocol):
    """A page that knows the cursors of its neighbours."""

    @property
    def newer(self) -> str: ...

    @property
    def older(self) -> str: ...


class Listing(Schema):
    """The cursors of a page; null where the list ends. Subclasses add `items`."""

    next: str | None = Field(None, description="Trang cũ hơn (hộp việc: hạn muộn hơn).")
    previous: str | None = Field(None, description="Trang mới hơn (hộp việc: hạn sớm hơn).")

    @staticmethod
    def cursors(page: Neighbours) -> dict[str, str | None]:
        """`next` and `previous` of a keyset page."""
        return {"next": page.older or None, "previous": page.newer or None}


class Named(Schema):
    """A thing of a vocabulary: its code and its Vietnamese name."""

    code: str
    name: str


class Act(Schema):
    """An act the caller may be offered on this record, and why not when it is refused."""

    act: str
    allowed: bool
    reason: str | None = None

    @classmethod
    def offered(cls, decisions: Mapping[str, Decision]) -> list[Self]:
        """The acts that are offered at all, in the order given."""
        return [
            cls(act=act, allowed=decision.allowed, reason=decision.reason or None)
            for act, decision in decisions.items()
            if decision.offered
        ]


def one_of(values: type[StrEnum]) -> WithJsonSchema:
    """How a parameter of these values is described, without a shared name that others may take."""
    return WithJsonSchema({"type": "string", "enum": [value.value for value in values]})


def secrecy_code(level: int) -> str:
    """The code of a level of secrecy, as interfaces write it: `ordinary` … `top_secret`."""
    return Secrecy(level).name.lower()
