"""Whatever the description allows, the interface answers as described and never breaks."""

from __future__ import annotations

import random
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
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
EXAMPLES = 12
MANY_EXAMPLES = 300


@pytest.fixture
def walk(db: None) -> Walk:
    """An office with some papers, so that lists are not empty."""
    return walked(7, 30)


def answer_as_described(walk: Walk, examples: int) -> None:
    application = get_wsgi_application()
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    key = issue_api_token(FOUNDER, walk.office.user("khue"), "máy thử")
    asked = 0
    for found in described.get_all_operations():
        operation = found.ok()
        strategy = operation.as_strategy()

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @schemathesis.hypothesis.given(case=strategy)  # type: ignore[attr-defined]
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)

        ask()
    assert asked >= 9


def test_every_operation_answers_as_described(walk: Walk) -> None:
    answer_as_described(walk, EXAMPLES)


@pytest.mark.long
def test_the_same_with_many_more_calls(walk: Walk, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    answer_as_described(walk, MANY_EXAMPLES)
