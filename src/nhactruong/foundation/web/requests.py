"""What every view receives, and the small answers every view gives."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from nhactruong.kernel.actor import Actor


class ActorRequest(HttpRequest):
    """A request after sign-in: `actor` is the person in today's posts."""

    actor: Actor
    csp_nonce: str


def see_other(url: str) -> HttpResponse:
    """A 303 to `url`, so that a reload never repeats the act."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def done(request: HttpRequest, url: str, notice: str) -> HttpResponse:
    """A 303 to `url` that shows `notice` as a toast there."""
    messages.success(request, notice)
    return see_other(url)


def render_invalid(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 422
) -> HttpResponse:
    """The page again with everything typed kept and the faults said."""
    return render(request, template, context, status=status)
