"""A pytest plug-in: a throw-away PostgreSQL and state folder for the whole run.

It is named in `pyproject.toml` (`-p`), so it is loaded before Django reads its settings.
A given `DATABASE_URL` is used as it stands.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from nhactruong.assembly.supervision.postgres import temporary_cluster

_opened = ExitStack()


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


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and remove the folder when the run is over."""
    _opened.close()
