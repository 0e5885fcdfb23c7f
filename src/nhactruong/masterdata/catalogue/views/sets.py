"""Danh mục dữ liệu: every data set, and one with its fields, readers, checks and personal facts."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from nhactruong.foundation.access.matrix import rights
from nhactruong.foundation.ui.rules import quantity
from nhactruong.foundation.ui.shapes import Badge, Column, RegisterRow
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.states import ROLE_LABELS
from nhactruong.masterdata.catalogue.datasets import CATEGORIES, KINDS, Dataset, datasets
from nhactruong.masterdata.catalogue.rules import NOT_COUNTED
from nhactruong.masterdata.catalogue.selectors import quality
from nhactruong.masterdata.codelists.tabs import SETS, data_tabs

_TITLE: Final = "Danh mục dữ liệu"
_FIELD_COLUMNS: Final = (
    Column("meaning", "Nghĩa", "subject"),
    Column("kind", "Loại", "nowrap"),
    Column("source", "Lấy từ đâu"),
    Column("name", "Tên trong kho", "nowrap"),
)


@require_safe
def listed(request: ActorRequest) -> HttpResponse:
    """Every data set: what it is, who answers for it, how much of it needs mending."""
    found: dict[str, int] = {}
    for standing in quality.standings(request.actor.agency_ids):
        slug = standing.check.dataset
        found[slug] = found.get(slug, 0) + (standing.found or 0)
    lines = [
        {
            "dataset": one,
            "owner": ROLE_LABELS[one.owner],
            "badge": _personal_badge(one) if one.personal else None,
            "found": found.get(one.slug, 0),
            "url": reverse("catalogue:detail", args=[one.slug]),
        }
        for one in datasets().values()
    ]
    return render(request, "catalogue/list.html", {"tabs": data_tabs(SETS), "lines": lines})


def _personal_badge(one: Dataset) -> Badge:
    category = one.personal.category if one.personal else ""
    is_sensitive = category == "sensitive"
    return Badge(
        f"Dữ liệu cá nhân: {CATEGORIES[category].lower()}",
        "soon" if is_sensitive else "info",
        "person",
    )


@require_safe
def detail(request: ActorRequest, dataset: str) -> HttpResponse:
    """One data set: facts, readers, personal facts, checks, and every field of its tables."""
    one = datasets().get(dataset)
    if one is None:
        raise NotFound("catalogue.no_dataset", "Không có bộ dữ liệu này.")
    actions = {right.line: right.action for right in rights()}
    standings = {
        standing.check.code: NOT_COUNTED if standing.found is None else quantity(standing.found)
        for standing in quality.standings(request.actor.agency_ids)
    }
    return render(
        request,
        "catalogue/detail.html",
        {
            "tabs": data_tabs(SETS),
            "crumbs": [(_TITLE, reverse("catalogue:list")), (one.name, "")],
            "dataset": one,
            "owner": ROLE_LABELS[one.owner],
            "badge": _personal_badge(one) if one.personal else None,
            "category": CATEGORIES[one.personal.category] if one.personal else "",
            "lines": [(line.value, actions[line]) for line in one.lines],
            "rights_url": reverse("access:rights"),
            "checks": [
                (check, KINDS[check.kind], ROLE_LABELS[check.mend], standings[check.code])
                for check in one.checks
            ],
            "columns": _FIELD_COLUMNS,
            "tables": [
                (
                    card,
                    [
                        RegisterRow(
                            {
                                "name": field.name,
                                "meaning": field.meaning,
                                "kind": field.kind,
                                "source": field.source,
                            }
                        )
                        for field in card.fields
                    ],
                )
                for card in one.models
            ],
        },
    )
