"""The gallery of components, for developers and for the browser tests."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from nhactruong.foundation.ui.gallery import SHELL, SPECIMENS, sample
from nhactruong.foundation.web.views import public

_BY_SLUG = {specimen.slug: specimen for specimen in SPECIMENS}


@public
def index(request: HttpRequest) -> HttpResponse:
    """The list of all components."""
    groups: dict[str, list[object]] = {}
    for specimen in SPECIMENS:
        groups.setdefault(specimen.group, []).append(specimen)
    return render(request, "ui/gallery/index.html", {"shell": SHELL, "groups": groups.items()})


@public
def component(request: HttpRequest, slug: str) -> HttpResponse:
    """One component in every state."""
    specimen = _BY_SLUG.get(slug)
    if specimen is None:
        raise Http404
    context = {"shell": SHELL, "specimen": specimen, **sample(slug)}
    return render(request, f"ui/gallery/{slug}.html", context)


@public
def error(request: HttpRequest, status: int) -> HttpResponse:
    """The error page as it looks for `status`; answered with 200, since it is only a picture."""
    for code, title, sentence in sample("error")["error_samples"]:
        if code == status:
            context = {"status": code, "title": title, "sentence": sentence, "back_url": "/_ui/"}
            return render(request, "ui/error.html", context)
    raise Http404
