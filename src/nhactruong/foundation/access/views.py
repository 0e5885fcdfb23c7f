"""Bảng quyền: who may do what, and which acts need two persons; for everybody, without content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nhactruong.foundation.access.matrix import Right, extra_roles, four_eyes, rights
from nhactruong.foundation.access.rules import COLUMNS, MARK_WORDS, Cell
from nhactruong.foundation.web.requests import ActorRequest

_LEGEND: Final = tuple((mark.value, words) for mark, words in MARK_WORDS.items())


@dataclass(frozen=True, slots=True)
class _ShownCell:
    heading: str
    cell: Cell
    spoken: str
    #: Whether the reader's own roles stand in this column.
    is_mine: bool


def _shown(right: Right, mine: frozenset[str]) -> Sequence[_ShownCell]:
    return [
        _ShownCell(heading, right.cells[column], _spoken(right.cells[column]), column in mine)
        for column, (_, heading) in COLUMNS.items()
    ]


def _spoken(cell: Cell) -> str:
    second = ", cần người thứ hai" if cell.needs_second else ""
    return f"{MARK_WORDS[cell.mark]}{second}"


@require_safe
def table_of_rights(request: ActorRequest) -> HttpResponse:
    """The table with its legend, the roles beside it and the ten rules of four eyes."""
    held = {role for role, _ in request.actor.role_reach}
    mine = frozenset(column for column, (roles, _) in COLUMNS.items() if roles & held)
    return render(
        request,
        "access/rights.html",
        {
            "columns": [(heading, column in mine) for column, (_, heading) in COLUMNS.items()],
            "lines": [(right, _shown(right, mine)) for right in rights()],
            "legend": _LEGEND,
            "extra_roles": extra_roles(),
            "four_eyes": four_eyes(),
        },
    )
