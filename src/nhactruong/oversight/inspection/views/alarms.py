"""Cảnh báo: what was found in the record, and what was concluded of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from nhactruong.foundation.persistence.paging import keyset_page
from nhactruong.foundation.ui.sources import PlainForm, typed
from nhactruong.foundation.web.requests import ActorRequest, done
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.oversight.inspection import policies
from nhactruong.oversight.inspection.commands import alarms as commands
from nhactruong.oversight.inspection.models import Alert
from nhactruong.oversight.inspection.rules import Alarm
from nhactruong.oversight.inspection.selectors import alarms as selectors
from nhactruong.oversight.inspection.selectors import record as records
from nhactruong.oversight.inspection.words import alarm_rules

PlainForm(
    __name__,
    "Kết luận cảnh báo",
    {
        "conclusion": ("Kết luận", typed("Kết luận của người xem xét")),
    },
)


def _line(alert: Alert) -> dict[str, Any]:
    rule = alarm_rules()[Alarm(alert.rule)]
    badge = ("Đã ghi nhận", "ok", "check") if alert.noted_at else ("Chưa ghi nhận", "late", "warn")
    return {"alert": alert, "rule": rule, "badge": badge}


@require_safe
def alerts(request: ActorRequest) -> HttpResponse:
    """The alarms of my agencies, newest first, with the rules that raise them."""
    policies.can_read_all(request.actor).require()
    rows = selectors.visible(request.actor).select_related("agency")
    is_open = request.GET.get("xem") != "tat-ca"
    if is_open:
        rows = rows.filter(noted_at=None)
    page = keyset_page(rows, order=("-id",), cursor=request.GET.get("trang", ""))
    kept = "" if is_open else "&xem=tat-ca"
    return render(
        request,
        "inspection/alerts.html",
        {
            "lines": [_line(alert) for alert in page.rows],
            "tabs": [
                {"label": "Chưa ghi nhận", "url": "?", "current": is_open},
                {"label": "Tất cả", "url": "?xem=tat-ca", "current": not is_open},
            ],
            "rules": alarm_rules().values(),
            "newer_url": f"?trang={page.newer}{kept}" if page.newer else "",
            "older_url": f"?trang={page.older}{kept}" if page.older else "",
        },
    )


def _page(request: ActorRequest, found: Alert, status: int = 200, **said: Any) -> HttpResponse:
    return render(
        request,
        "inspection/alert.html",
        {
            **_line(found),
            "history_url": reverse("inspection:history", args=[found.object_id])
            if found.object_id and records.histories_open_to(request.actor, [found.object_id])
            else "",
            "may_note": policies.can_note_alarms(request.actor, found.agency_id),
            "crumbs": [("Cảnh báo", reverse("inspection:alerts")), ("Chi tiết", "")],
            **said,
        },
        status=status,
    )


@require_safe
def alert(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """One alarm: who, what, when, what to do, what was concluded."""
    return _page(request, selectors.get_visible(request.actor, public_id))


@post_only
def note_alert(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The alarm noted, with the conclusion."""
    typed = request.POST.get("conclusion", "").strip()
    try:
        commands.note(request.actor, public_id, conclusion=typed)
    except (InvalidInput, RuleBroken) as refusal:
        found = selectors.get_visible(request.actor, public_id)
        return _page(request, found, refusal.http_status, error=refusal.sentence, typed=typed)
    return done(request, reverse("inspection:alerts"), "Đã ghi nhận cảnh báo.")
