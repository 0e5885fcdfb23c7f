"""Trợ giúp and Mã nguồn: how to use the product, and what one is entitled to know of it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from nhactruong.assembly import help_words, third_parties
from nhactruong.foundation.ui.templatetags.ui.overlays import SHORTCUTS
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.foundation.web.views import public


@require_safe
def help_page(request: ActorRequest) -> HttpResponse:
    """How to do what the person's roles do, and the keys."""
    roles = {role for role, _ in request.actor.role_reach}
    context = {"how_to": help_words.for_roles(roles), "shortcuts": SHORTCUTS}
    return render(request, "assembly/help.html", context)


@public
@require_safe
def source_code(request: ActorRequest) -> HttpResponse:
    """The licence, where the source is, and what of others is in it. Source: AGPL-3.0, 13."""
    own_page = reverse("source_code") == settings.SOURCE_URL
    return render(
        request,
        "assembly/source_code.html",
        {
            "frame": "ui/base.html" if request.actor.user_id else "ui/plain.html",
            "source_url": "" if own_page else settings.SOURCE_URL,
            "version": settings.PRODUCT_VERSION,
            "shipped": third_parties.SHIPPED,
            "libraries": third_parties.LIBRARIES,
        },
    )
