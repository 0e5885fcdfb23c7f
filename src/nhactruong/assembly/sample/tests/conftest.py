"""The sample office on an ordinary Monday afternoon, loaded once and taken back at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

import pytest
from django.db import transaction

from nhactruong.assembly.sample.loading import load_office
from nhactruong.assembly.sample.stage import Stage
from nhactruong.kernel import clock
from nhactruong.masterdata.workdays.selectors import forget_calendars
from nhactruong.records.incoming import handlers

MONDAY: Final = datetime(2026, 11, 23, 16, 45, tzinfo=clock.OFFICE_ZONE)
#: One question to the office of the committee, answered and filed; a scan; two unfinished drafts.
SLICE: Final = frozenset(
    {
        "cv-tcd",
        "den.cv-tcd",
        "cv-gop-y-tcd",
        "hs-tcd",
        "den.mttq-quy",
        "den.thuy-loi",
        "cv-phong-hop",
        "ctr-cong-tac-thang",
    }
)


def _quiet(line: str) -> None:
    assert line


@contextmanager
def loaded(only: frozenset[str] | None) -> Iterator[Stage]:
    """The office loaded inside a transaction that is rolled back."""
    with transaction.atomic(), clock.frozen_at(MONDAY):
        yield load_office(_quiet, only)
        transaction.set_rollback(True)
    # What the process remembers for a minute went with the office.
    forget_calendars()
    handlers._known_agencies.cache_clear()


@pytest.fixture(scope="module")
def small_story(django_db_setup: None, django_db_blocker: object) -> Iterator[Stage]:
    with django_db_blocker.unblock(), loaded(SLICE) as stage:  # type: ignore[attr-defined]
        yield stage


@pytest.fixture(scope="module")
def whole_story(django_db_setup: None, django_db_blocker: object) -> Iterator[Stage]:
    with django_db_blocker.unblock(), loaded(None) as stage:  # type: ignore[attr-defined]
        yield stage
