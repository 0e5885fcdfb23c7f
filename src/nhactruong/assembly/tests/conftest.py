"""The operator's offices, and a busy office of people who open pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client

from nhactruong.assembly.supervision.postgres import Cluster
from nhactruong.assembly.tests.busy_office import MONDAY, BusyOffice, busy_office
from nhactruong.assembly.tests.offices import Office, within
from nhactruong.kernel import clock


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Callable[..., Office]]:
    """Make an office in its own state folder; whatever still runs at the end is killed."""
    made: list[Office] = []

    def make(**environment: str) -> Office:
        made.append(Office(tmp_path / "var", **environment))
        return made[-1]

    yield make
    for one in made:
        one.kill()
        assert within(5, lambda one=one: not one.processes())  # type: ignore[misc]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster that is not created yet and is stopped at the end."""
    one = Cluster(tmp_path / "pg", durable=False)
    yield one
    one.stop()


@pytest.fixture
def busy() -> Iterator[BusyOffice]:
    """An office with papers in all hands, on a Monday morning."""
    office = busy_office()
    with clock.frozen_at(MONDAY):
        yield office


@pytest.fixture
def sit(busy: BusyOffice) -> Callable[[str], Client]:
    """The browser of a person of the office."""

    def at(person: str) -> Client:
        client = Client()
        client.force_login(busy.people.user(person))
        return client

    return at
