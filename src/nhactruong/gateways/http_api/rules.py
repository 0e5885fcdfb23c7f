"""What a key of a service may be given, and which operation asks for what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address, ip_network
from typing import Final


class Scope(StrEnum):
    """One thing a key may do; what is not given is refused."""

    DIRECTORY_OWN = "directory.own"
    DIRECTORY_ALL = "directory.all"
    CODE_LISTS = "code_lists.read"
    INCOMING_WRITE = "incoming.write"


SCOPE_LABELS: Final[Mapping[Scope, str]] = {
    Scope.DIRECTORY_OWN: "Đọc danh bạ của cơ quan được cấp khóa",
    Scope.DIRECTORY_ALL: "Đọc danh bạ của mọi cơ quan",
    Scope.CODE_LISTS: "Đọc danh mục dùng chung",
    Scope.INCOMING_WRITE: "Gửi tệp vào hàng chờ tiếp nhận của cơ quan",
}

#: How long an allowed key may be collected.
COLLECT_WITHIN: Final = timedelta(days=7)


class Stage(StrEnum):
    """Where a key stands."""

    ASKED = "asked"
    REFUSED = "refused"
    TO_COLLECT = "to_collect"
    LAPSED = "lapsed"
    OPEN = "open"
    EXPIRED = "expired"
    REVOKED = "revoked"


STAGE_LABELS: Final[Mapping[Stage, str]] = {
    Stage.ASKED: "Chờ duyệt",
    Stage.REFUSED: "Không duyệt",
    Stage.TO_COLLECT: "Đã duyệt, chưa lấy",
    Stage.LAPSED: "Quá hạn lấy",
    Stage.OPEN: "Đang dùng",
    Stage.EXPIRED: "Hết hạn",
    Stage.REVOKED: "Đã thu hồi",
}


def stage_of(
    *,
    is_allowed: bool | None,
    decided_at: datetime | None,
    expires_at: datetime | None,
    revoked_at: datetime | None,
    now: datetime,
) -> Stage:
    """Where a key with these facts stands at `now`."""
    if revoked_at is not None:
        return Stage.REVOKED
    if decided_at is None:
        return Stage.ASKED
    if not is_allowed:
        return Stage.REFUSED
    if expires_at is None:
        return Stage.TO_COLLECT if now < decided_at + COLLECT_WITHIN else Stage.LAPSED
    return Stage.OPEN if now < expires_at else Stage.EXPIRED


_DIRECTORY: Final = frozenset({Scope.DIRECTORY_OWN, Scope.DIRECTORY_ALL})
#: Operation → the scopes of which one is needed. An operation that is not here is for people.
_OPERATIONS: Final[Mapping[str, frozenset[Scope]]] = {
    "list_agencies": _DIRECTORY,
    "get_agency": _DIRECTORY,
    "list_organs": _DIRECTORY,
    "list_units": _DIRECTORY,
    "list_posts": _DIRECTORY,
    "get_post": _DIRECTORY,
    "list_people": _DIRECTORY,
    "get_person": _DIRECTORY,
    "list_changes": _DIRECTORY,
    "list_code_lists": frozenset({Scope.CODE_LISTS}),
    "get_code_list": frozenset({Scope.CODE_LISTS}),
    "receive_incoming": frozenset({Scope.INCOMING_WRITE}),
}


def may_call(operation: str, scopes: Iterable[str]) -> bool:
    """Whether a key with these scopes may call that operation."""
    return not _OPERATIONS.get(operation, frozenset()).isdisjoint(scopes)


def comes_from(address: str, networks: Iterable[str]) -> bool:
    """Whether `address` lies in one of `networks`; everywhere is allowed when none is named."""
    allowed = list(networks)
    if not allowed:
        return True
    try:
        caller = ip_address(address)
    except ValueError:
        return False
    return any(caller in ip_network(network) for network in allowed)


def networks_of(text: str) -> list[str]:
    """The networks named in `text`, parted by commas or spaces, in their usual writing.

    Raises: ValueError when one of them is no network.
    """
    named = text.replace(",", " ").replace(";", " ").split()
    return [str(ip_network(one, strict=False)) for one in named]
