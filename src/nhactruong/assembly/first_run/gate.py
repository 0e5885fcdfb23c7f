"""Every page of an empty office leads to its first-run page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from nhactruong.assembly.first_run.commands import is_founded

_OPEN: Final = ("first_run", "healthz", "source_code")


class FirstRunMiddleware:
    """Leads to the first-run page while no account exists; after that it asks no more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if settings.ENVIRONMENT != "production":
            raise MiddlewareNotUsed
        self.get_response = get_response
        self._is_founded = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._is_founded:
            self._is_founded = is_founded()
            open_pages = {reverse(name) for name in _OPEN}
            if not self._is_founded and request.path not in open_pages:
                return HttpResponseRedirect(reverse("first_run"))
        return self.get_response(request)
