"""Whatever the description allows, the interface answers as described and never breaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from nhactruong.foundation.accounts.commands import issue_api_token
from nhactruong.masterdata.organization.tests.scenarios import FOUNDER
from tests.sight.walk import Walk, walked

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
EXAMPLES = 4
MANY_EXAMPLES = 300


@pytest.fixture
def walk(db: None) -> Iterator[Walk]:
    """An office with some papers, so that lists are not empty; its transaction stays open."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield walked(7, 30)
    for signal in signals:
        signal.connect(close_old_connections)


def ending_each_answer(application: Any) -> Any:
    """`application` as a server runs it: when an answer is sent, the files of its request close."""

    def answered(environ: Any, start_response: Any) -> list[bytes]:
        answer = application(environ, start_response)
        try:
            return [b"".join(answer)]
        finally:
            answer.close()

    return answered


def answer_as_described(walk: Walk, examples: int) -> None:
    application = ending_each_answer(get_wsgi_application())
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    key = issue_api_token(FOUNDER, walk.office.user("khue"), "máy thử")
    asked = 0
    for found in described.get_all_operations():
        cases = found.ok().as_strategy()

        @hypothesis_settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=cases)
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)

        ask()
    assert asked >= 45


def test_every_operation_answers_as_described(walk: Walk, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    answer_as_described(walk, EXAMPLES)


@pytest.mark.long
def test_the_same_with_many_more_calls(walk: Walk, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    answer_as_described(walk, MANY_EXAMPLES)
