"""One small office a test, the sample keys once a run."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from nhactruong.masterdata.organization.tests.scenarios import SmallOffice, small_office


@pytest.fixture
def office(db: None) -> SmallOffice:
    """Tỉnh ủy, its office and one commune."""
    return small_office()


@pytest.fixture
def desk(office: SmallOffice) -> Callable[[str], Client]:
    """`desk("nhan")` is that person's browser."""

    def open_desk(person: str) -> Client:
        client = Client()
        client.force_login(office.user(person))
        return client

    return open_desk
