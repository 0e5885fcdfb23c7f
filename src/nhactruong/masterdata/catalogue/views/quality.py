"""Chất lượng: what is missing, doubtful, duplicate, stale; the places behind each number; who mends."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from nhactruong.foundation.ui.rules import quantity
from nhactruong.foundation.ui.shapes import Badge, Column, FilterTag, RegisterRow
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.states import ROLE_LABELS
from nhactruong.kernel.text import whole_number
from nhactruong.masterdata.catalogue.datasets import KINDS, check_of, datasets
from nhactruong.masterdata.catalogue.rules import NOT_COUNTED, words_of_next_count
from nhactruong.masterdata.catalogue.selectors import quality
from nhactruong.masterdata.catalogue.selectors.quality import Standing
from nhactruong.masterdata.codelists.tabs import QUALITY, data_tabs
from nhactruong.masterdata.organization.selectors import agency_names

_TITLE: Final = "Chất lượng dữ liệu"
_SHOWN: Final = 200
_PLACE_COLUMNS: Final = (
    Column("what", "Chỗ cần sửa", "subject"),
    Column("fault", "Vì sao"),
    Column("agency", "Cơ quan"),
)


@require_safe
def listed(request: ActorRequest) -> HttpResponse:
    """Every check at the reader's agencies, those with most to mend first."""
    names = agency_names(request.actor.agency_ids)
    agency = _agency(request)
    kind = request.GET.get("loai", "")
    kind = kind if kind in KINDS else ""
    asked = {"loai": kind, "co-quan": str(agency) if agency else ""}
    agencies = quality.agencies_asked(request.actor, agency)
    standings = quality.standings(agencies)
    shown = [one for one in standings if kind in ("", one.check.kind)]
    menders = quality.menders({one.check.mend for one in shown}, agencies)
    tags = {"loai": KINDS.get(kind, ""), "co-quan": names.get(agency, "") if agency else ""}
    return render(
        request,
        "catalogue/quality.html",
        {
            "tabs": data_tabs(QUALITY),
            "lines": [
                _line(one, menders.get(one.check.mend, "chưa có người giữ"), agency)
                for one in sorted(shown, key=lambda one: (-(one.found or 0), one.check.name))
            ],
            "last_day": max((one.days[-1][0] for one in standings if one.days), default=None),
            "soon": words_of_next_count(),
            "kinds": [("", "Mọi loại"), *KINDS.items()],
            "kind": kind,
            "agencies": [
                ("", "Mọi cơ quan của tôi"),
                *((str(key), name) for key, name in names.items()),
            ],
            "agency": str(agency or ""),
            "tags": [
                FilterTag(label, _address(**{**asked, key: ""}))
                for key, label in tags.items()
                if label
            ],
            "total": sum(one.found or 0 for one in shown),
        },
    )


def _agency(request: ActorRequest) -> int | None:
    """The agency of the address when it is the reader's own."""
    chosen = whole_number(request.GET.get("co-quan", ""))
    return chosen if chosen in request.actor.agency_ids else None


def _address(**values: str) -> str:
    return "?" + urlencode({key: value for key, value in values.items() if value})


def _line(one: Standing, mender: str, agency: int | None) -> dict[str, Any]:
    check = one.check
    url = reverse("catalogue:check", args=[check.code])
    return {
        "title": check.name,
        "kind": KINDS[check.kind],
        "found": "Xem" if one.found is None else f"{quantity(one.found)} chỗ",
        "soon": words_of_next_count() if one.found is None else "",
        "trend": _trend(one),
        "mender": f"{ROLE_LABELS[check.mend]}: {mender}",
        "dataset": datasets()[check.dataset].name,
        "url": f"{url}{_address(**{'co-quan': str(agency)})}" if agency else url,
    }


def _trend(one: Standing) -> Badge:
    """How the number went in the days of the trend."""
    if not one.days:
        return Badge(NOT_COUNTED, "neutral", "clock")
    before, now = one.days[0][1], one.days[-1][1]
    change, days = now - before, f"{len(one.days)} ngày"
    if not now and not before:
        return Badge(f"{days} không có", "ok", "ok")
    if not change:
        return Badge(f"{days} không đổi", "neutral", "minus")
    words = f"{'Tăng' if change > 0 else 'Giảm'} {quantity(abs(change))}, từ {quantity(before)}, trong {days}"
    return Badge(words, "late" if change > 0 else "ok", "warn" if change > 0 else "down")


@require_safe
def detail(request: ActorRequest, check: str) -> HttpResponse:
    """The places behind a number, at the reader's agencies, and the days of its trend."""
    found = check_of(check)
    if found is None:
        raise NotFound("catalogue.no_check", "Không có phép kiểm này.")
    agency = _agency(request)
    agencies = quality.agencies_asked(request.actor, agency)
    places = quality.places(found, agencies)
    names = agency_names(request.actor.agency_ids)
    standing = next(one for one in quality.standings(agencies) if one.check.code == check)
    mender = quality.menders([found.mend], agencies).get(found.mend, "chưa có người giữ")
    rows: list[RegisterRow] = [
        RegisterRow({"what": one.what, "fault": one.fault, "agency": names.get(one.agency_id, "")})
        for one in places[:_SHOWN]
    ]
    context: dict[str, Any] = {
        "tabs": data_tabs(QUALITY),
        "crumbs": [(_TITLE, reverse("catalogue:quality")), (found.name, "")],
        "check": found,
        "kind": KINDS[found.kind],
        "mender": f"{ROLE_LABELS[found.mend]}: {mender}",
        "dataset": datasets()[found.dataset],
        "columns": _PLACE_COLUMNS,
        "rows": rows,
        "more": len(places) - len(rows),
        "total": len(places),
        "days": standing.days,
        "soon": words_of_next_count(),
        "agencies": [
            ("", "Mọi cơ quan của tôi"),
            *((str(key), name) for key, name in names.items()),
        ],
        "agency": str(agency or ""),
    }
    return render(request, "catalogue/check.html", context)
