from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from nhactruong.foundation.audit.tests import harming

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(tmp_path: Path, settings: Any) -> Path:
    """A shelf and a key of this test's own."""
    settings.AUDIT_SHELF = tmp_path / "shelf"
    settings.AUDIT_KEY = tmp_path / "root-key.pem"
    return tmp_path


def test_every_kind_of_harm_is_named_by_the_product_and_by_the_verifier_that_stands_alone(
    shelf: Path,
) -> None:
    chance = random.Random(4)  # noqa: S311 (no secret)
    tool = harming.stand_alone()
    harming.keep_record(days=4, rows_a_day=30, chance=chance)
    assert harming.named_by_both(shelf / "export", tool) == (set(), set())
    thief = harming.harmer(chance)
    silent = []
    for kind in [*thief.kinds] * 3:
        with thief.harmed(kind) as names:
            ours, alone = harming.named_by_both(shelf / "export", tool)
            silent += [(kind, names, found) for found in (ours, alone) if not names & found]
    assert silent == []
    assert harming.named_by_both(shelf / "export", tool) == (set(), set())


def test_a_signature_written_in_capitals_is_a_change_too(shelf: Path) -> None:
    harming.keep_record(days=1, rows_a_day=3, chance=random.Random(1))  # noqa: S311 (no secret)
    (path,) = (shelf / "shelf" / "roots").glob("*.json")
    content = path.read_bytes()
    path.unlink()
    place = content.index(b'"signature":"') + 13
    path.write_bytes(content[:place] + content[place:-3].upper() + content[-3:])
    ours, alone = harming.named_by_both(shelf / "export", harming.stand_alone())
    assert ours == alone == {("root_altered", 0)}
