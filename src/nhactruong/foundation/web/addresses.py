"""Where a person may be sent: pages of ours that answer GET."""

from __future__ import annotations

import uuid
from functools import lru_cache
from typing import Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

#: Name and values of the parameter that tells the sign-in page why somebody stands before it.
REASON: Final = "vi-sao"
SESSION_ENDED: Final = "het-phien"
SIGNED_OUT: Final = "dang-xuat"
_HOME: Final = "/"


@lru_cache(maxsize=64)
def _around(name: str) -> tuple[str, str]:
    nobody = uuid.UUID(int=0)
    before, _, after = reverse(name, args=[nobody]).partition(str(nobody))
    return before, after


def record_url(name: str, public_id: uuid.UUID) -> str:
    """The address of a record's page; lists ask for fifty at once, so the name is resolved once."""
    before, after = _around(name)
    return f"{before}{public_id}{after}"


def page_behind(path: str) -> str:
    """The nearest address at or above `path` that answers GET; the first page when none does.

    An act lies below the page it is done on: `…/but-phe/` below the document.
    """
    while path != _HOME:
        if _answers_get(path):
            return path
        path = f"{path.rstrip('/').rpartition('/')[0]}/"
    return _HOME


def _answers_get(path: str) -> bool:
    try:
        found = resolve(path)
    except Resolver404:
        return False
    return not getattr(found.func, "post_only", False)


def is_ours(request: HttpRequest, url: str) -> bool:
    """Whether `url` leads nowhere but to this installation."""
    try:
        host = request.get_host()
    except DisallowedHost:
        return False
    return url_has_allowed_host_and_scheme(url, {host}, require_https=request.is_secure())


def page_left(request: HttpRequest) -> str:
    """The page this request was sent from, at an address that answers GET; else the first page."""
    sender = request.headers.get("Referer", "")
    if not is_ours(request, sender):
        return _HOME
    address = urlsplit(sender)
    page = page_behind(address.path or _HOME)
    return f"{page}?{address.query}" if address.query and page == address.path else page


def sign_in_address(next_page: str, reason: str = "") -> str:
    """The sign-in page that leads on to `next_page` and says why one has to sign in."""
    told = {"next": next_page, REASON: reason}
    query = urlencode({name: value for name, value in told.items() if value}, safe="/")
    return f"{resolve_url(settings.LOGIN_URL)}?{query}"


def confirmation_address(next_page: str) -> str:
    """The page that asks to confirm and leads on to `next_page`."""
    return f"{resolve_url(settings.STEP_UP_URL)}?{urlencode({'next': next_page}, safe='/')}"


def next_page(request: HttpRequest) -> str:
    """The page of ours that the form or the address names under `next`; else the first page."""
    wanted = request.POST.get("next") or request.GET.get("next") or _HOME
    return wanted if wanted.startswith("/") and is_ours(request, wanted) else _HOME
