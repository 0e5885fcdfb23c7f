"""What every page and every view of a page keeps to."""

from __future__ import annotations

from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2] / "src" / "nhactruong"


def test_views_say_in_one_way_that_they_take_post_alone() -> None:
    """Django's own decorator leaves no mark: somebody could be sent to such an address."""
    marks = HOUSE / "foundation" / "web" / "views.py"
    found = [
        str(path.relative_to(HOUSE))
        for path in HOUSE.rglob("*.py")
        if path != marks and "require_POST" in path.read_text(encoding="utf-8")
    ]
    assert found == []
