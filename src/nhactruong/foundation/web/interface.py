"""Shapes every list and detail of the HTTP interface shares."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final, Protocol, Self

from ninja import Field, Schema
from pydantic import AfterValidator, ConfigDict, WithJsonSchema
from pydantic_core import PydanticCustomError

from nhactruong.kernel.decisions import Decision
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.states import Secrecy
from nhactruong.kernel.text import nfc

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


def _storable(text: str) -> str:
    """`text` in NFC. Raises: PydanticCustomError for a character no text in the store can hold."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise PydanticCustomError("unstorable_text", "a character that cannot be stored")
    return nfc(text)


def storable(value: Any) -> Any:
    """A JSON value with every text in it as `Words` takes it. Raises: InvalidInput."""
    try:
        return _walked(value)
    except PydanticCustomError:
        raise InvalidInput(
            "text.unstorable", "Nội dung có ký tự không lưu được. Đồng chí bỏ ký tự lạ rồi gửi lại."
        ) from None


def _walked(value: Any) -> Any:
    match value:
        case str():
            return _storable(value)
        case list():
            return [_walked(one) for one in value]
        case dict():
            return {_walked(key): _walked(one) for key, one in value.items()}
        case _:
            return value


#: A text that is sent; how long it may be, the command says in words.
Words = Annotated[str, Field(max_length=20_000), AfterValidator(_storable)]
#: A key of this installation, as lists and details tell it.
Key = Annotated[int, Field(ge=1, le=2**31 - 1)]
#: The second confirmation: what the person also types on the page before an act of force.
Code = Annotated[str, Field("", max_length=200, description="Mã xác nhận của chính người gọi.")]


class Sent(Schema):
    """What a caller sends; a name that is not known here is refused, for it may be mistyped."""

    model_config = ConfigDict(extra="forbid")


class Versioned(Sent):
    """What is sent about a record that was read before."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        None, description="Phiên bản đã đọc; khác bản hiện tại thì bị từ chối. Trống: không so."
    )


class Reasoned(Versioned):
    """The same with a reason, which some acts want."""

    reason: Words = ""


class Confirmed(Versioned):
    """The same with the second confirmation, for acts of force."""

    step_up_code: Code


class Filing(Sent):
    """The dossier a document goes into."""

    dossier: uuid.UUID


class FiledOut(Schema):
    """A document and the dossier it lies in."""

    dossier: uuid.UUID
    document: uuid.UUID


class ActDone(Schema):
    """The record after the act; its own address tells the rest."""

    id: uuid.UUID
    state: str
    version: int


class SecrecyCode(StrEnum):
    """Levels of secrecy, as interfaces write them."""

    ORDINARY = "ordinary"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    SECRET = "secret"  # noqa: S105  # a level, no password
    TOP_SECRET = "top_secret"  # noqa: S105  # the same

    @property
    def level(self) -> Secrecy:
        """The level as the kernel knows it."""
        return Secrecy[self.name]


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
