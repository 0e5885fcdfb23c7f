"""Signed-in people of a running office, over HTTP, one connection each."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

_TIMEOUT_SECONDS: Final = 30
_TOKEN: Final = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class UnexpectedAnswer(RuntimeError):
    """The office answered something else than the page that was asked for."""


@dataclass(slots=True)
class Caller:
    """One connection to the office, kept open between questions."""

    host: str
    port: int
    _connection: http.client.HTTPConnection | None = field(default=None)

    def get(self, path: str, cookie: str) -> tuple[int, int]:
        """(status, bytes of the whole page)."""
        response, body = self._ask("GET", path, {"Cookie": cookie}, "")
        return response.status, len(body)

    def sign_in(self, username: str, password: str) -> str:
        """The cookie of a fresh session. Raises: UnexpectedAnswer."""
        response, body = self._ask("GET", "/dang-nhap/", {}, "")
        found = _TOKEN.search(body.decode("utf-8", "replace"))
        if found is None:
            raise UnexpectedAnswer(f"/dang-nhap/: {response.status}, no form")
        cookies = _cookies(response.headers.get_all("Set-Cookie") or [])
        form = {"csrfmiddlewaretoken": found[1], "username": username, "password": password}
        headers = {
            "Cookie": _line(cookies),
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"http://{self.host}:{self.port}/dang-nhap/",
        }
        response, _ = self._ask("POST", "/dang-nhap/", headers, urlencode(form))
        cookies |= _cookies(response.headers.get_all("Set-Cookie") or [])
        if response.status not in (302, 303) or "sessionid" not in cookies:
            raise UnexpectedAnswer(f"sign-in of {username}: {response.status}")
        return _line(cookies)

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(
        self, method: str, path: str, headers: dict[str, str], body: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        for attempt in (1, 2):
            if self._connection is None:
                self._connection = http.client.HTTPConnection(
                    self.host, self.port, timeout=_TIMEOUT_SECONDS
                )
            try:
                self._connection.request(method, path, body or None, headers)
                response = self._connection.getresponse()
                return response, response.read()
            except (OSError, http.client.HTTPException):
                # The server may have closed an idle connection; once more on a fresh one.
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")


def timed_get(caller: Caller, path: str, cookie: str) -> float:
    """Seconds until the whole page was there. Raises: UnexpectedAnswer unless it was 200."""
    begun = time.perf_counter()
    status, _ = caller.get(path, cookie)
    took = time.perf_counter() - begun
    if status != 200:
        raise UnexpectedAnswer(f"{path}: {status}")
    return took


def _cookies(lines: Iterable[str]) -> dict[str, str]:
    pairs = (line.split(";", 1)[0].split("=", 1) for line in lines)
    return {name.strip(): value for name, value in pairs}


def _line(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())
