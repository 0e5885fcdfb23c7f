"""A person at a browser without a screen: signs in, reads forms, presses until told what became.

It speaks HTTP itself, so that a repeated request is byte for byte the first one.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final, TypeVar

from tests.long.journal import Acknowledged, Answer, Journal

T = TypeVar("T")

#: A person waits so long for one answer before the request counts as lost.
_ANSWER_SECONDS: Final = 60.0
#: And so long for the office to be back, or for a job to be done.
PATIENCE_SECONDS: Final = 600.0
_SIGN_IN: Final = "/dang-nhap/"


class Refused(AssertionError):
    """The office refused an act that was in order: something was lost or done twice."""


class GaveUp(AssertionError):
    """What was waited for did not come."""


@dataclass(frozen=True, slots=True)
class Got:
    """One answer of the server."""

    status: int
    headers: Mapping[str, str]
    text: str


def eventually(what: str, holds: Callable[[], T | None], *, every: float = 0.5) -> T:
    """What `holds` returns once it is something. Raises: GaveUp."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    pause = threading.Event()
    while time.monotonic() < deadline:
        found = holds()
        if found is not None:
            return found
        pause.wait(every)
    raise GaveUp(f"{what}: not within {PATIENCE_SECONDS:.0f} s")


@dataclass(slots=True)
class Desk:
    """One person, signed in at the office under `host:port`."""

    port: int
    username: str
    password: str
    journal: Journal
    _cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Got | None:
        """The page, signed in; None when the office did not give it."""
        got = self._ask("GET", path, headers=headers)
        if got is not None and _wants_sign_in(got):
            self._sign_in()
            got = self._ask("GET", path, headers=headers)
        return got if got is not None and got.status == 200 else None

    def api(self, path: str) -> Any:
        """The JSON there, None when the office did not give it."""
        got = self.get(path, Accept="application/json")
        return json.loads(got.text) if got is not None else None

    def form(self, page: str, action: str) -> dict[str, list[str]]:
        """The filled fields of the form on `page` that is sent to `action`, once it is there."""

        def shown() -> dict[str, list[str]] | None:
            got = self.get(page)
            return _forms_of(got.text, page).get(action) if got is not None else None

        return eventually(f"form {action} on {page} for {self.username}", shown)

    def press(
        self, act: str, subject: str, url: str, fields: Mapping[str, str | list[str]]
    ) -> Answer:
        """The acknowledgement of the act: the same request is sent until there is one."""
        operation_id = str(fields["operation_id"])
        pairs = [
            (name, value)
            for name, values in fields.items()
            if name != "csrfmiddlewaretoken"
            for value in (values if isinstance(values, list) else [values])
        ]
        body = urllib.parse.urlencode(pairs)

        def acknowledged() -> Answer | None:
            answer = self.send(url, body)
            if answer is None:
                self.journal.note_lost(act)
            return answer

        answer = eventually(f"{act} of {subject!r}", acknowledged)
        self.journal.note(
            Acknowledged(act, subject, self.username, url, operation_id, body, answer)
        )
        return answer

    def send(self, url: str, body: str) -> Answer | None:
        """The answer to one POST; None when it says nothing about the act. Raises: Refused."""
        got = self._ask("POST", url, body=body)
        if got is None or got.status >= 500:
            return None
        if _wants_sign_in(got):
            self._sign_in()
            return None
        if got.status >= 400:
            raise Refused(f"{self.username} at {url}: {got.status} {_words(got.text)}")
        is_json = got.headers.get("content-type", "").startswith("application/json")
        return Answer(got.status, got.headers.get("location", ""), got.text if is_json else "")

    def _sign_in(self) -> None:
        """A session, if the office gives one just now."""
        if self._ask("GET", _SIGN_IN) is None:
            return
        body = urllib.parse.urlencode({"username": self.username, "password": self.password})
        got = self._ask("POST", _SIGN_IN, body=body)
        if got is not None and 400 <= got.status < 500:
            raise Refused(f"sign-in of {self.username}: {got.status} {_words(got.text)}")

    def _ask(
        self, method: str, path: str, *, body: str | None = None, headers: Mapping[str, str] = {}
    ) -> Got | None:
        sent = {**headers, "Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            # Beside the body, so that the body can be repeated in another session.
            sent["X-CSRFToken"] = self._cookies.get("csrftoken", "")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_ANSWER_SECONDS)
        try:
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self._cookies[key] = rest.partition(";")[0]
        return Got(answer.status, {k.lower(): v for k, v in answer.getheaders()}, text)


def _wants_sign_in(got: Got) -> bool:
    """Whether the office does not know who asks: pages lead to the sign-in, the interface says so."""
    leads_there = got.status == 302 and got.headers.get("location", "").startswith(_SIGN_IN)
    return leads_there or got.status == 401


def _words(page: str) -> str:
    """The sentences of a refusing page, shortened."""
    main = page.partition("<main")[2] or page
    reader = _Text()
    reader.feed(main)
    return " ".join(" ".join(reader.said).split())[:600]


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)


class _Forms(HTMLParser):
    """Forms of a page as a browser would send them without touching anything."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.found: dict[str, dict[str, list[str]]] = {}
        self._form: dict[str, list[str]] | None = None
        self._select = self._area = ""
        self._first_option: str | None = None
        self._is_single = True
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = self.found.setdefault(given.get("action") or self.page, {})
        if self._form is None:
            return
        if tag == "input" and given.get("name") and "disabled" not in given:
            kind = given.get("type", "text")
            if kind not in ("radio", "checkbox") or "checked" in given:
                self._add(given["name"], given.get("value", ""))
        elif tag == "select":
            # A list of several choices sends nothing by itself, a single one its first line.
            self._select, self._first_option = given.get("name", ""), None
            self._is_single = "multiple" not in given
        elif tag == "option" and self._select:
            if self._first_option is None:
                self._first_option = given.get("value", "")
            if "selected" in given:
                self._add(self._select, given.get("value", ""))
                self._select = self._select if not self._is_single else ""
        elif tag == "textarea":
            self._area, self._text = given.get("name", ""), ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select:
            if self._is_single:
                self._add(self._select, self._first_option or "")
            self._select = ""
        elif tag == "textarea" and self._area:
            self._add(self._area, self._text.removeprefix("\n"))
            self._area = ""

    def _add(self, name: str, value: str) -> None:
        if self._form is not None and name:
            self._form.setdefault(name, []).append(value)


def _forms_of(page: str, address: str) -> dict[str, dict[str, list[str]]]:
    reader = _Forms(address)
    reader.feed(page)
    return reader.found
