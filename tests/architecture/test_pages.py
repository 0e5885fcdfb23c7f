"""What every page and every view of a page keeps to."""

from __future__ import annotations

import re
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


def templates() -> list[tuple[str, str]]:
    return [
        (str(path.relative_to(HOUSE)), path.read_text(encoding="utf-8"))
        for path in [*HOUSE.rglob("templates/**/*.html")]
    ]


def test_no_form_speaks_the_language_of_the_browser() -> None:
    """The checks of the browser are off; ours are said by the server and by `faults.js`."""
    forms = [
        (name, form) for name, text in templates() for form in re.findall(r"<form\b.*?>", text)
    ]
    assert len(forms) > 30
    assert [one for one in forms if " novalidate" not in one[1]] == []
    built = [
        str(path.relative_to(HOUSE))
        for kind in ("py", "js")
        for path in HOUSE.rglob(f"*.{kind}")
        if "/tests/" not in str(path)
        and re.search(r"""<form\b|["']form["'], \{""", path.read_text(encoding="utf-8"))
    ]
    assert built == []


def test_what_must_be_filled_has_its_words() -> None:
    """A field that is required carries the sentence that is said when it is empty."""
    fields = [
        (name, field)
        for name, text in templates()
        for field in re.findall(r"<(?:input|select|textarea)\b[^>]* required\b[^>]*>", text)
    ]
    assert fields
    assert [one for one in fields if "data-missing=" not in one[1]] == []
