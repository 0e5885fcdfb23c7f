"""Nhập một lần: how many fields say whence their value comes, and what was typed all the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nhactruong.foundation.ui.rules import quantity
from nhactruong.foundation.ui.shapes import Column, RegisterRow
from nhactruong.foundation.ui.sources import KIND_LABELS, Kind
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.kernel import clock
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.text import collation_key
from nhactruong.masterdata.catalogue import census
from nhactruong.masterdata.catalogue.census import FieldLine
from nhactruong.masterdata.catalogue.rules import month_of
from nhactruong.masterdata.catalogue.selectors.typing import (
    Numbers,
    numbers_by_field,
    numbers_by_month,
)
from nhactruong.masterdata.codelists import selectors as codelists
from nhactruong.masterdata.codelists.tabs import ONCE, data_tabs

#: The share that is asked of the running product.
WANTED_PERCENT: Final = 95
_UNDECLARED: Final = "Chưa khai nguồn"
_FIELD_COLUMNS: Final = (
    Column("field", "Trường", "subject"),
    Column("kind", "Nguồn", "state"),
    Column("whence", "Lấy từ đâu, vì sao"),
    Column("sent", "Lượt nhập trong tháng", "number"),
    Column("corrected", "Sửa lại", "number"),
    Column("by_hand", "Phải nhập tay", "number"),
    Column("retyped", "Gõ lại", "number"),
)


@require_safe
def once(request: ActorRequest) -> HttpResponse:
    """The share and the forms; with `?bieu-mau=` the fields of one form and its months."""
    lines = census.fields()
    asked = request.GET.get("bieu-mau", "")
    shown = [line for line in lines if line.form == asked]
    if asked and not shown:
        raise NotFound("catalogue.no_form", "Không có biểu mẫu này.")
    declared, total = census.share(lines)
    numbers = numbers_by_field(month_of(clock.today()))
    return render(
        request,
        "catalogue/once.html",
        {
            "tabs": data_tabs(ONCE),
            "declared": declared,
            "total": total,
            "percent": round(100 * declared / total, 1) if total else 0,
            "wanted": WANTED_PERCENT,
            "form_name": _name(shown[0]) if shown else "",
            "columns": _FIELD_COLUMNS,
            "rows": _field_rows(shown, numbers),
            "forms": [] if shown else _form_lines(lines, numbers),
            "kinds": _kinds(lines),
            "months": numbers_by_month(asked),
            "crumbs": [("Nhập một lần", "?"), (_name(shown[0]), "")] if shown else [],
        },
    )


def _name(line: FieldLine) -> str:
    return line.form_name or f"Trường chưa thuộc biểu mẫu nào ({line.app})"


def _kinds(lines: Iterable[FieldLine]) -> list[tuple[str, int]]:
    """How many fields each kind of source has, the undeclared last."""
    sources = [line.source.kind if line.source else None for line in lines]
    counts = [(KIND_LABELS[kind], sources.count(kind)) for kind in Kind if kind in sources]
    return [*counts, (_UNDECLARED, sources.count(None))]


def _cells(numbers: Numbers) -> dict[str, Any]:
    return {
        "sent": quantity(numbers.sent),
        "corrected": quantity(numbers.corrected),
        "by_hand": quantity(numbers.by_hand),
        "retyped": quantity(numbers.retyped),
    }


def _sum(parts: Iterable[Numbers]) -> Numbers:
    known = list(parts)
    return Numbers(
        max((part.sent for part in known), default=0),
        sum(part.filled for part in known),
        sum(part.corrected for part in known),
        sum(part.by_hand for part in known),
        sum(part.retyped for part in known),
    )


def _form_lines(
    lines: Sequence[FieldLine], numbers: Mapping[tuple[str, str], Numbers]
) -> list[dict[str, Any]]:
    """The forms by name; the undeclared first, so that they are seen."""
    found = []
    for form, group in groupby(lines, key=lambda line: line.form):
        fields = list(group)
        declared, total = census.share(fields)
        together = _sum(numbers.get((form, line.field), Numbers()) for line in fields)
        found.append(
            {
                "name": _name(fields[0]),
                "fields": total,
                "declared": declared,
                "numbers": together,
                "url": "?" + urlencode({"bieu-mau": form}),
            }
        )
    return sorted(
        found, key=lambda one: (one["declared"] == one["fields"], collation_key(one["name"]))
    )


def _field_rows(
    lines: Sequence[FieldLine], numbers: Mapping[tuple[str, str], Numbers]
) -> list[RegisterRow]:
    rows = []
    for line in lines:
        source = line.source
        words = source.words if source else "Biểu mẫu chưa nói trường này lấy từ đâu"
        if source is not None and source.code_list:
            words = words or codelists.list_name(source.code_list)
        rows.append(
            RegisterRow(
                {
                    "field": line.label,
                    "kind": KIND_LABELS[source.kind] if source else _UNDECLARED,
                    "whence": words,
                    **_cells(numbers.get((line.form, line.field), Numbers())),
                }
            )
        )
    return rows
