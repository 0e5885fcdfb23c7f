from __future__ import annotations

import json

from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from nhactruong.foundation.web.errors import DomainErrorMiddleware, server_error


def said(method: str) -> str:
    """The sentence of an incident in the middle of a request."""
    middleware = DomainErrorMiddleware(lambda request: HttpResponse())
    request = RequestFactory().generic(method, "/viec/", headers={"accept": "application/json"})
    answer = middleware.process_exception(request, RuntimeError("the database went away"))
    assert answer is not None and answer.status_code == 500
    return str(json.loads(answer.content)["title"])


def test_an_incident_never_says_of_a_write_that_it_was_not_done() -> None:
    assert "việc chưa được thực hiện" in said("GET")
    assert "chưa rõ việc đã xong hay chưa" in said("POST")
    assert "chưa được thực hiện" not in said("POST")


def test_while_the_database_starts_again_people_are_asked_to_wait() -> None:
    middleware = DomainErrorMiddleware(lambda request: HttpResponse())
    for accept, kind in (
        ("application/json", "application/problem+json"),
        ("text/html", "text/html"),
    ):
        request = RequestFactory().post("/viec/", headers={"accept": accept})
        answer = middleware.process_exception(request, OperationalError("terminating connection"))
        assert answer is not None and answer.status_code == 503
        assert answer["Content-Type"].startswith(kind) and answer["Retry-After"] == "5"
        assert "hai lần" in answer.content.decode("unicode-escape" if "json" in kind else "utf-8")


def test_a_fault_before_any_view_tells_the_database_from_our_own() -> None:
    for fault, status in ((OperationalError("server closed"), 503), (ValueError("ours"), 500)):
        try:
            raise fault
        except (OperationalError, ValueError):
            answer = server_error(RequestFactory().get("/"))
        assert answer.status_code == status
