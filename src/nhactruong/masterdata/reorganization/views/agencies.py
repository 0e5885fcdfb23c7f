"""Agencies as of a day, and one agency with its history."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from nhactruong.foundation.persistence.paging import capped_count, keyset_page
from nhactruong.foundation.ui.fields import DATE_FORMATS
from nhactruong.foundation.ui.rules import count_words
from nhactruong.foundation.ui.shapes import Badge, FilterTag
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.kernel import clock
from nhactruong.kernel.errors import InvalidInput, NotFound
from nhactruong.masterdata.organization.models import Agency
from nhactruong.masterdata.reorganization import policies
from nhactruong.masterdata.reorganization.models import Part
from nhactruong.masterdata.reorganization.selectors import agencies as selectors

_TITLE: Final = "Tổ chức"


def _address(**values: str) -> str:
    return "?" + urlencode({key: value for key, value in values.items() if value})


def asked_day(request: ActorRequest) -> date:
    """The day of `?ngay=`, else today. Raises: InvalidInput for what is no day."""
    text = request.GET.get("ngay", "").strip()
    if not text:
        return clock.today()
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    raise InvalidInput(
        "reorganization.bad_day", "Ngày này không có trong lịch. Đồng chí ghi như 23/11/2026."
    )


def _require_post(request: ActorRequest) -> None:
    """Everybody who works in an office reads the directory. Source: security.md 8."""
    if not request.actor.posts:
        raise NotFound("reorganization.no_post", "Không tìm thấy trang này.")


@require_safe
def directory(request: ActorRequest) -> HttpResponse:
    """Agencies in force on a day, by name, level and date."""
    _require_post(request)
    get, day = request.GET, asked_day(request)
    levels = dict(Agency.Level.choices)
    level = get.get("cap", "") if get.get("cap", "") in levels else ""
    words = get.get("tim", "").strip()[:100]
    is_past = day != clock.today()
    asked = {
        "tim": words,
        "cap": level,
        "ngay": f"{day:%d/%m/%Y}" if is_past else "",
    }
    rows = selectors.directory(day, words=words, level=level)
    page = keyset_page(rows, order=("sort_key", "id"), cursor=get.get("trang", ""))
    labels = {
        "tim": f"Có chữ: {words}" if words else "",
        "cap": levels.get(level, ""),
        "ngay": f"Ngày {day:%d/%m/%Y}" if is_past else "",
    }
    return render(
        request,
        "reorganization/agencies.html",
        {
            "lines": [_line(agency, asked["ngay"]) for agency in page.rows],
            "asked": asked,
            "used_days": int(is_past),
            "levels": [("", "Mọi cấp"), *levels.items()],
            "tags": _tags(labels, asked),
            "summary": f"{count_words(capped_count(rows))} cơ quan",
            "may_propose": policies.can_propose(request.actor),
            "newer_url": _address(**asked, trang=page.newer) if page.newer else "",
            "older_url": _address(**asked, trang=page.older) if page.older else "",
        },
    )


def _tags(labels: Mapping[str, str], asked: Mapping[str, str]) -> list[FilterTag]:
    return [
        FilterTag(label, _address(**{**asked, key: ""})) for key, label in labels.items() if label
    ]


def _line(agency: Agency, day: str) -> dict[str, Any]:
    url = reverse("reorganization:agency", args=[agency.public_id])
    return {
        "title": getattr(agency, "name_then"),  # noqa: B009 (annotated)
        "url": f"{url}{_address(ngay=day)}" if day else url,
        "level": agency.get_level_display(),
        "identifier": agency.identifier,
        "place": agency.place,
        "badge": _badge(agency),
    }


def _badge(agency: Agency) -> Badge | None:
    if agency.valid_to is None:
        return None
    words = "Kết thúc" if agency.valid_to <= clock.today() else "Sẽ kết thúc"
    return Badge(f"{words} {agency.valid_to:%d/%m/%Y}", "neutral", "clock")


@require_safe
def agency(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """One agency: names, identifiers, what went before and comes after, posts and holders."""
    _require_post(request)
    day = asked_day(request)
    row = Agency.objects.filter(public_id=public_id).select_related("parent").first()
    if row is None:
        raise NotFound("reorganization.no_agency", "Không tìm thấy cơ quan.")
    if "ngay" not in request.GET and row.valid_to is not None and row.valid_to <= day:
        # Of a body that has ended its last day is shown.
        day = date.fromordinal(row.valid_to.toordinal() - 1)
    found = selectors.history(row, day)
    return render(
        request,
        "reorganization/agency.html",
        {
            "agency": row,
            "name": found.name_on(day),
            "found": found,
            "day": day,
            "badge": _badge(row),
            "names": [(one, _period(one.valid)) for one in found.names],
            "identifiers": [(one, _period(one.valid)) for one in found.identifiers],
            "predecessors": [_related(part, part.agency) for part in found.predecessors],
            "successors": [
                _related(part, part.successor) for part in found.successors if part.successor
            ],
            "crumbs": [(_TITLE, reverse("reorganization:agencies")), (row.short_name, "")],
        },
    )


def _period(valid: Any) -> str:
    since = f"từ {valid.lower:%d/%m/%Y}" if valid.lower else ""
    return f"{since} đến trước {valid.upper:%d/%m/%Y}" if valid.upper else since


def _related(part: Part, other: Agency) -> dict[str, Any]:
    made = part.reorganization
    return {
        "name": other.short_name,
        "url": reverse("reorganization:agency", args=[other.public_id]),
        "how": f"{made.as_kind_words}, {made.effective_on:%d/%m/%Y}; {made.basis}",
    }
