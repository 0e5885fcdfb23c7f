"""Fixtures of the office's incoming papers."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from nhactruong.masterdata.organization.tests.scenarios import SmallOffice, small_office
from nhactruong.records.incoming import handlers
from nhactruong.records.incoming.selectors import pages


class Desk(Client):
    """A signed-in person's browser: every POST names its operation, as the pages do."""

    def send(self, url: str, data: dict[str, Any] | None = None, **extra: Any) -> Any:
        return self.post(url, {"operation_id": str(uuid.uuid4()), **(data or {})}, **extra)


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path) -> SmallOffice:
    settings.STATE_FOLDER = tmp_path
    settings.FILE_STORE = tmp_path / "files"
    # What a process remembers for a minute belongs to the office of another test.
    pages._agencies_by_name.cache_clear()
    pages._desks.cache_clear()
    handlers._known_agencies.cache_clear()
    return small_office()


@pytest.fixture
def sign_in(office: SmallOffice) -> Callable[[str], Desk]:
    def enter(person: str) -> Desk:
        client = Desk()
        client.force_login(office.user(person), "django.contrib.auth.backends.ModelBackend")
        return client

    return enter
