from __future__ import annotations

import json

from django.http import HttpResponse
from django.test import RequestFactory

from nhactruong.foundation.web.errors import DomainErrorMiddleware


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
