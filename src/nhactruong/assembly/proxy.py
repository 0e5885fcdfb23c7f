"""Who really calls when a server in front (`NHACTRUONG_PROXY`) passes the requests on."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from typing import Any

_Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def trusting(application: _Application, proxies: Sequence[str]) -> _Application:
    """`application`, told the caller's address and scheme as the named proxies tell them.

    Only the last word of `X-Forwarded-For` was written by the proxy itself; what a caller wrote
    before it, or without a proxy, is believed by nobody.
    """
    trusted = frozenset(proxies)

    def called(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("REMOTE_ADDR") in trusted:
            caller = str(environ.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
            if _is_address(caller):
                environ["REMOTE_ADDR"] = caller
            if environ.get("HTTP_X_FORWARDED_PROTO") == "https":
                environ["wsgi.url_scheme"] = "https"
        return application(environ, start)

    return called


def _is_address(word: str) -> bool:
    try:
        ipaddress.ip_address(word)
    except ValueError:
        return False
    return True
