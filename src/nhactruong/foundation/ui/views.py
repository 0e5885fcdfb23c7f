"""The gallery of components, for developers and for the browser tests."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from nhactruong.foundation.ui.gallery import SHELL, SPECIMENS, sample
from nhactruong.foundation.web.errors import not_signed_in
from nhactruong.foundation.web.views import public
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import Role

_BY_SLUG = {specimen.slug: specimen for specimen in SPECIMENS}


def for_builders(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """`view`, open to everybody where people try and build, elsewhere to administrators alone."""

    @public
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.DEBUG or settings.ENVIRONMENT == "sample":
            return view(request, *args, **kwargs)
        actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
        if actor.user_id is None:
            return not_signed_in(request)
        if not actor.agencies_with(Role.SYSADMIN):
            raise Http404
        return view(request, *args, **kwargs)

    return shown


@for_builders
def index(request: HttpRequest) -> HttpResponse:
    """The list of all components."""
    groups: dict[str, list[object]] = {}
    for specimen in SPECIMENS:
        groups.setdefault(specimen.group, []).append(specimen)
    return render(request, "ui/gallery/index.html", {"shell": SHELL, "groups": groups.items()})


@for_builders
def component(request: HttpRequest, slug: str) -> HttpResponse:
    """One component in every state."""
    specimen = _BY_SLUG.get(slug)
    if specimen is None:
        raise Http404
    context = {"shell": SHELL, "specimen": specimen, **sample(slug)}
    return render(request, f"ui/gallery/{slug}.html", context)


@for_builders
def error(request: HttpRequest, status: int) -> HttpResponse:
    """The error page as it looks for `status`; answered with 200, since it is only a picture."""
    for code, title, sentence in sample("error")["error_samples"]:
        if code == status:
            context = {"status": code, "title": title, "sentence": sentence, "back_url": "/_ui/"}
            return render(request, "ui/error.html", context)
    raise Http404
