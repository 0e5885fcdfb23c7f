"""Sight tokens: integers computed from what they stand for; never stored apart, never persons."""

from __future__ import annotations

from enum import IntEnum
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
