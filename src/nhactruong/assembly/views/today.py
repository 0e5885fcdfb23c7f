"""Hôm nay: what to sign, what to decide, what is late, what is new."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from nhactruong.assembly import today as page
from nhactruong.assembly.navigation import may_enter
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.masterdata.reorganization import selectors as reorganization


@require_safe
def today(request: ActorRequest) -> HttpResponse:
    """The page of the signed-in person; technical roles go to their own."""
    actor = request.actor
    if not may_enter(actor, "today") and may_enter(actor, "administration"):
        return redirect("administration")
    inbox = reverse("workitems:inbox")
    return render(
        request,
        "assembly/today.html",
        {
            "now": page.of(actor),
            "why_no_post": reorganization.why_no_post(actor),
            "sign_url": f"{inbox}?loai={page.SIGN}",
            "fresh_url": reverse("today"),
            "overdue_url": f"{reverse('incoming:list')}?qua-han=1",
        },
    )
