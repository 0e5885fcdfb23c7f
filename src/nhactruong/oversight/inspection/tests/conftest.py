"""The watched office with a file store of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.oversight.inspection.tests.watchers import watched_office
from nhactruong.records.incoming import handlers
from nhactruong.records.incoming.selectors import pages


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path) -> SmallOffice:
    settings.STATE_FOLDER = tmp_path
    settings.FILE_STORE = tmp_path / "files"
    pages._agencies_by_name.cache_clear()
    pages._desks.cache_clear()
    handlers._known_agencies.cache_clear()
    return watched_office()
