"""A pytest plug-in: a throw-away PostgreSQL and state folder for each process of the run.

It is named in `pyproject.toml` (`-p`), so it is loaded before Django reads its settings.
A given `DATABASE_URL` is used as it stands.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from nhactruong.assembly.supervision.postgres import temporary_cluster

_opened = ExitStack()

#: Begun first when several processes share the work, so that none is left alone with them.
_LONGEST: Final = ("tests/journeys/", "src/nhactruong/assembly/sample/")


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


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Keep what shares an office in one process: all journeys, and else the tests of one file.

    The groups must stand before xdist names the tests by them; the order is settled after all.
    """
    for item in items:
        path = item.nodeid.partition("::")[0]
        group = _LONGEST[0] if path.startswith(_LONGEST[0]) else path
        item.add_marker(pytest.mark.xdist_group(group))
    yield
    items.sort(key=lambda item: not item.nodeid.startswith(_LONGEST))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and remove the folder when the run is over."""
    _opened.close()
