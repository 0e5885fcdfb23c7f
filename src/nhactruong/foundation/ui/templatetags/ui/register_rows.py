"""The lines of a register table: fifty rows of ten cells, hence built here and not by a template."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html
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


def lines_html(heads: Sequence[Head], rows: Iterable[Any]) -> SafeString:
    """The `tr`s of the rows (`RegisterRow`s or dicts), every value escaped."""
    return mark_safe("".join(_line(heads, row) for row in rows))  # noqa: S308 (joined of safe parts)


def _line(heads: Sequence[Head], row: Any) -> SafeString:
    cells = part_of(row, "cells") or {}
    values = [_shown(cells.get(head.key, "")) for head in heads]
    is_void = bool(part_of(row, "void", False))
    drawn = []
    for head, value in zip(heads, values, strict=True):
        if head.kind == "code":
            drawn.append(_code(head, value, "" if is_void else part_of(row, "url", ""), is_void))
        elif head.kind == "subject":
            drawn.append(_subject(head, value, _folded(heads, values)))
        else:
            classes = _CELL_CLASSES.get(head.kind, "cell-other")
            drawn.append(format_html('<td class="{}{}">{}</td>', classes, _off(head), value))
    return format_html(
        "<tr{}>{}</tr>",
        mark_safe(' class="is-void"') if is_void else "",
        mark_safe("".join(drawn)),  # noqa: S308 (joined of safe parts)
    )


def _shown(value: Any) -> str:
    """The value as escaped words; numbers as the language writes them."""
    shown = value_html(value)
    return conditional_escape("" if shown is None else localize(shown))


def _off(head: Head) -> str:
    return " col-off" if head.off else ""


def _code(head: Head, value: str, url: str, is_void: bool) -> SafeString:
    if is_void:
        value = format_html("<s>{}</s>", value)
    elif url:
        value = format_html('<a class="row-cell-link" href="{}">{}</a>', url, value)
    return format_html('<th scope="row" class="code cell-code{}">{}</th>', _off(head), value)


def _subject(head: Head, value: str, folded: str) -> SafeString:
    return format_html('<td class="subj cell-subject{}">{}{}</td>', _off(head), value, folded)


def _folded(heads: Sequence[Head], values: Sequence[str]) -> SafeString:
    """What a phone shows under "Xem thêm"; nothing when every folded column is empty."""
    facts = [
        format_html("<dt>{}</dt><dd>{}</dd>", head.label, value)
        for head, value in zip(heads, values, strict=True)
        if head.folds and value
    ]
    if not facts:
        return SafeString("")
    return format_html(
        '<details class="fold"><summary>Xem thêm</summary><dl class="facts-list">{}</dl></details>',
        mark_safe("".join(facts)),  # noqa: S308 (joined of safe parts)
    )
