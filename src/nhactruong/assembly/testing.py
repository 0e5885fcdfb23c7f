"""A pytest plug-in: a throw-away PostgreSQL and state folder for each process of the run.

It is named in `pyproject.toml` (`-p`), so it is loaded before Django reads its settings.
A given `DATABASE_URL` is used as it stands.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from nhactruong.assembly.supervision.postgres import temporary_cluster

_opened = ExitStack()

_JOURNEYS: Final = "tests/journeys/"
#: Begun first when several processes share the work, so that none is left alone with them.
_LONGEST: Final = (
    _JOURNEYS,
    "src/nhactruong/assembly/sample/",
    "tests/sight/",
    "tests/bad_input/",
)


def _prepare() -> None:
    folder = Path(_opened.enter_context(tempfile.TemporaryDirectory(prefix="nt-test-")))
    folder.chmod(0o755)
    os.environ["NHACTRUONG_ENV"] = "test"
    os.environ["NHACTRUONG_VAR"] = str(folder / "var")
    (folder / "var" / "static").mkdir(parents=True)
    if "DATABASE_URL" not in os.environ:
        cluster = _opened.enter_context(temporary_cluster(folder / "pg"))
        os.environ["DATABASE_URL"] = cluster.owner_url


_prepare()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first; what else was settled about the order stays."""

    def rank(item: pytest.Item) -> int:
        places = (n for n, place in enumerate(_LONGEST) if item.nodeid.startswith(place))
        return next(places, len(_LONGEST))

    items.sort(key=rank)


class _SharedOffices(LoadScopeScheduling):
    """Keeps what shares an office in one process: all journeys, and else the tests of one file."""

    def _split_scope(self, nodeid: str) -> str:
        return _JOURNEYS if nodeid.startswith(_JOURNEYS) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """How the processes of a run share its tests (`-n`)."""
    return _SharedOffices(config, log)


@pytest.fixture(scope="session", autouse=True)
def _record_is_emptied_between_tests() -> Iterator[None]:
    """Tests with transactions of their own leave an empty database, the record too.

    The database refuses to empty the record; its triggers rest for that moment.
    """
    from django.db import connection
    from django.test import TransactionTestCase

    empty: Any = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def emptied(case: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
        try:
            empty(case)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = DEFAULT")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptied)
        yield


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and remove the folder when the run is over."""
    _opened.close()
