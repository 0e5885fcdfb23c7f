"""What the product shows is what security.md 8 says, after any story of acts."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.sight import oracle
from tests.sight.comparing import both_forms, differences
from tests.sight.walk import walked

STEPS = 90
SHORT = range(3)
LONG = range(3, 60)


def test_the_oracle_knows_nothing_of_the_product() -> None:
    tree = ast.parse(Path(oracle.__file__).read_text(encoding="utf-8"))
    imported = {
        name
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported == {"__future__", "collections.abc", "dataclasses"}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SHORT)
def test_everybody_sees_what_the_law_of_the_office_says(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = walked(seed, STEPS)
    assert len({deed.verb for deed in walk.deeds}) >= 10, "the story is too thin to prove anything"
    assert both_forms(monkeypatch, walk) == []
    assert differences(walk) == []


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("seed", LONG)
def test_the_same_over_many_longer_stories(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = walked(seed, 3 * STEPS)
    assert both_forms(monkeypatch, walk) == []
    assert differences(walk, pages=120) == []
