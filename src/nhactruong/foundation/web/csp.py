"""Headers that keep a page from loading or running anything that is not ours."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

CONNECT_SELF = "'self'"


def let_connect(request: HttpRequest, origin: str) -> None:
    """The page that answers `request` may also ask `origin`; every other page our own alone."""
    request.csp_connect = f"{CONNECT_SELF} {origin}"  # type: ignore[attr-defined]


class ContentSecurityMiddleware:
    """A fresh nonce a request and the strict policy on every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]  # see ActorRequest
        response = self.get_response(request)
        response.headers.setdefault(
            "Content-Security-Policy",
            "default-src 'none'; "
            f"script-src 'self' 'nonce-{nonce}'; "
            "style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src "
            f"{getattr(request, 'csp_connect', CONNECT_SELF)}; "
            "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
        )
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"
        )
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
