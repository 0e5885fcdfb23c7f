"""The record's pages speak the office's words: no code of an act is ever shown."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import nhactruong
from nhactruong.oversight.inspection import words

_PROGRAM = Path(nhactruong.__file__).parent
_ACTS = Path(words.__file__).parent / "data" / "acts.csv"
_CODE = re.compile(r"[a-z_]+\.[a-z_]+")


def recorded() -> Iterator[str]:
    """The codes of acts that the program hands to the record."""
    for file in _PROGRAM.rglob("*.py"):
        if "tests" in file.parts or "migrations" in file.parts:
            continue
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and _name(call.func) in ("record", "record_reading"):
                for argument in call.args[1:2]:
                    for part in ast.walk(argument):
                        if isinstance(part, ast.Constant) and _CODE.fullmatch(str(part.value)):
                            yield str(part.value)


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def test_every_act_that_is_recorded_has_words() -> None:
    with _ACTS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    known = {row["action"] for row in rows}
    found = set(recorded())
    assert len(found) > 50
    assert found - known == set()
    assert len(known) == len(rows)
    assert {row["kind"] for row in rows} <= set(words.KINDS)
