"""The lines of a register table: fifty rows of ten cells, hence built here and not by a template."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from .page import value_html
from .registry import part_of

#: What a phone still shows; the other columns fold into `<details>`.
PHONE_KINDS: Final = ("code", "subject", "state")
_CELL_CLASSES: Final = {
    "state": "cell-state",
    "text": "cell-other cell-text",
    "number": "cell-other n",
    "date": "cell-other nowrap num",
    "nowrap": "cell-other nowrap",
}


@dataclass(frozen=True, slots=True)
class Head:
    """A column as the table shows it; `off` is printed only."""

    key: str
    label: str
    kind: str
    off: bool
    sort: str

    @property
    def folds(self) -> bool:
        """Whether a phone folds the column away."""
        return self.kind not in PHONE_KINDS


def heads_of(columns: Iterable[Any]) -> list[Head]:
    """The columns (`Column`s or dicts) with what they leave out filled in."""
    return [
        Head(
            key=part_of(column, "key"),
            label=part_of(column, "label"),
            kind=part_of(column, "kind", "text"),
            off=not part_of(column, "shown", True),
            sort=part_of(column, "sort", ""),
        )
        for column in columns
    ]


@dataclass(frozen=True, slots=True)
class _Cell:
    """What stands around the value of one column: in its cell, and folded away on a phone."""

    key: str
    kind: str
    opening: str
    fold: str


def _cells_of(heads: Sequence[Head]) -> list[_Cell]:
    cells = []
    for head in heads:
        off = " col-off" if head.off else ""
        if head.kind == "code":
            opening = f'<th scope="row" class="code cell-code{off}">'
        elif head.kind == "subject":
            opening = f'<td class="subj cell-subject{off}">'
        else:
            opening = f'<td class="{_CELL_CLASSES.get(head.kind, "cell-other")}{off}">'
        fold = f"<dt>{escape(head.label)}</dt><dd>" if head.folds else ""
        cells.append(_Cell(head.key, head.kind, opening, fold))
    return cells


def lines_html(heads: Sequence[Head], rows: Iterable[Any]) -> SafeString:
    """The `tr`s of the rows (`RegisterRow`s or dicts), every value escaped."""
    cells = _cells_of(heads)
    return mark_safe("".join(_line(cells, row) for row in rows))  # noqa: S308 (joined of safe parts)


def _line(cells: Sequence[_Cell], row: Any) -> str:
    given = part_of(row, "cells") or {}
    values = [_shown(given.get(cell.key, "")) for cell in cells]
    is_void = bool(part_of(row, "void", False))
    url = "" if is_void else escape(part_of(row, "url", ""))
    drawn = ['<tr class="is-void">' if is_void else "<tr>"]
    for cell, value in zip(cells, values, strict=True):
        if cell.kind == "code":
            if is_void:
                value = f"<s>{value}</s>"
            elif url:
                value = f'<a class="row-cell-link" href="{url}">{value}</a>'
            drawn.append(f"{cell.opening}{value}</th>")
        elif cell.kind == "subject":
            drawn.append(f"{cell.opening}{value}{_folded(cells, values)}</td>")
        else:
            drawn.append(f"{cell.opening}{value}</td>")
    drawn.append("</tr>")
    return "".join(drawn)


def _shown(value: Any) -> str:
    """The value as escaped words; numbers as the language writes them."""
    if isinstance(value, SafeString):
        return value
    if type(value) is str:
        return escape(value)
    shown = value_html(value)
    return conditional_escape("" if shown is None else localize(shown))


def _folded(cells: Sequence[_Cell], values: Sequence[str]) -> str:
    """What a phone shows under "Xem thêm"; nothing when every folded column is empty."""
    facts = "".join(
        f"{cell.fold}{value}</dd>"
        for cell, value in zip(cells, values, strict=True)
        if cell.fold and value
    )
    if not facts:
        return ""
    return (
        '<details class="fold"><summary>Xem thêm</summary>'
        f'<dl class="facts-list">{facts}</dl></details>'
    )
