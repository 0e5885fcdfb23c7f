"""Fixtures of the operator's side; none of them needs Django."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nhactruong.assembly.supervision.postgres import Cluster
from nhactruong.assembly.tests.offices import Office, within


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
