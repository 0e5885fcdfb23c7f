"""Sight tokens and the table of rights.

Tokens are integers computed from what they stand for; never stored apart, never persons, but for
the time-bound sight of an emergency (`lease_token`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from nhactruong.kernel.states import Role


class TokenKind(IntEnum):
    """What a token stands for; part of the number: never change or reuse one."""

    POST = 0
    UNIT = 1
    ROLE = 2
    NAMED_LIST = 3


_KINDS: Final = 4
_ROLES: Final = 64


def post_token(post_id: int) -> int:
    """The token of whoever holds that post."""
    return post_id * _KINDS + TokenKind.POST


def unit_token(unit_id: int) -> int:
    """The token of the head of that unit (its members see what is theirs by post)."""
    return unit_id * _KINDS + TokenKind.UNIT


def role_token(role: Role, agency_id: int) -> int:
    """The token of whoever has that role reaching that agency."""
    return (agency_id * _ROLES + role) * _KINDS + TokenKind.ROLE


def list_token(list_id: int) -> int:
    """The token of the members of a named list."""
    return list_id * _KINDS + TokenKind.NAMED_LIST


def lease_token(lease_id: int) -> int:
    """The token of one person's sight of one thing for a time; negative, so that none meets it."""
    return -lease_id


@dataclass(frozen=True, slots=True)
class TokenMeaning:
    """What a token stands for: a post, unit or named list by key, or a role reaching an agency."""

    token: int
    kind: TokenKind | None
    key: int
    role: Role | None = None


def meaning_of(token: int) -> TokenMeaning:
    """What the token was computed from; `kind` is None for an emergency's."""
    if token < 0:
        return TokenMeaning(token, None, -token)
    key, kind = divmod(token, _KINDS)
    if kind != TokenKind.ROLE:
        return TokenMeaning(token, TokenKind(kind), key)
    agency_id, role = divmod(key, _ROLES)
    return TokenMeaning(token, TokenKind.ROLE, agency_id, Role(role))


class Line(IntEnum):
    """The lines of the table of rights; printed and quoted in refusals: never change or reuse one.

    Source: security.md 8.
    """

    RECEIVE_INCOMING = 1
    SEE_INCOMING_REGISTER = 2
    OPEN_CONTENT = 3
    OPEN_SECRET = 4
    DIRECT = 5
    DRAFT = 6
    REVIEW = 7
    SIGN = 8
    ASSIGN_NUMBER = 9
    SEAL = 10
    DISPATCH = 11
    RECALL = 12
    VOID_NUMBER = 13
    ASSIGN_TASK = 14
    REPORT_PROGRESS = 15
    CONFIRM_TASK = 16
    SCHEDULE = 17
    MEETING_PAPERS = 18
    REPORTS = 19
    MASTER_DATA = 20
    DOSSIER = 21
    ARCHIVE = 22
    DISPOSAL = 23
    SECRECY = 24
    ACCOUNTS = 25
    CONFIGURATION = 26
    READ_RECORD = 27
    EMERGENCY = 28
    STATISTICS = 29


class Mark(StrEnum):
    """How far a right reaches."""

    YES = "●"
    RELATED = "◐"
    STEP_UP = "✍"
    NO = "–"


MARK_WORDS: Final[Mapping[Mark, str]] = {
    Mark.YES: "có quyền",
    Mark.RELATED: "chỉ trong phạm vi của mình",
    Mark.STEP_UP: "có quyền, phải xác nhận lại bằng mã",
    Mark.NO: "không có quyền",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What one column has in one line: the mark, whether a second person is needed, and how far."""

    mark: Mark
    needs_second: bool = False
    words: str = ""

    @property
    def is_granted(self) -> bool:
        """Whether the column has the act at all."""
        return self.mark is not Mark.NO


def cell_of(text: str) -> Cell:
    """The cell written as `◐ đơn vị`, `✍ 2 (≠ người ký)` or `–`. Raises: ValueError."""
    mark, _, rest = text.partition(" ")
    parts = rest.split()
    return Cell(Mark(mark), "2" in parts, " ".join(part for part in parts if part != "2"))


#: Columns of the table, the roles each stands for and its heading.
COLUMNS: Final[Mapping[str, tuple[frozenset[Role], str]]] = {
    "leaders": (frozenset({Role.SECRETARY, Role.DEPUTY_SECRETARY}), "Bí thư, Thường trực"),
    "chief": (frozenset({Role.CHIEF_OF_OFFICE}), "Chánh VP"),
    "deputy_chief": (frozenset({Role.DEPUTY_CHIEF}), "Phó CVP"),
    "head": (frozenset({Role.HEAD_OF_DIVISION}), "Trưởng phòng"),
    "specialist": (frozenset({Role.SPECIALIST}), "Chuyên viên"),
    "clerk": (frozenset({Role.CLERK}), "Văn thư"),
    "archivist": (frozenset({Role.ARCHIVIST}), "Lưu trữ"),
    "sysadmin": (frozenset({Role.SYSADMIN}), "Quản trị hệ thống"),
    "external": (frozenset({Role.EXTERNAL_AGENCY}), "Cơ quan ngoài"),
}
