"""Sợi chỉ đỏ: from any knot to all the others."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nhactruong.assembly import thread as threads
from nhactruong.foundation.web.requests import ActorRequest


@require_safe
def thread(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The picture and its twin list around one record."""
    page = threads.of(request.actor, public_id)
    return render(
        request,
        "assembly/thread.html",
        {
            "page": page,
            "columns": threads.COLUMNS,
            "crumbs": [(page.name, page.here.url), ("Sợi chỉ đỏ", "")],
        },
    )
