"""Whatever the code says a rule rests on is a source we know, at a place it has."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES: dict[str, Any] = tomllib.loads(
    (ROOT / "docs" / "legal" / "sources.toml").read_text(encoding="utf-8")
)

#: From `Source:` to the end of its sentence or paragraph.
LINE = re.compile(r"\bSources?:\s*(.+?)(?=\.(?:\s|$)|\n\s*\n|$)", re.DOTALL)
PLACE = re.compile(
    r"(?:§?\d+[a-z]?(?:\.\d+[a-z]?)*(?:[-–]\d+(?:\.\d+)*)?|A{1,3}"
    r"|Điều \d+[a-z]?(?:[-–]\d+)?|Phụ lục [IVX]+|mục [IVX\d.]+"
    r"|[PSV]\d{1,2}(?:[-–][PSV]\d{1,2})?"
    r"|rows? Q|(?:steps?|number|sentence|part) \d+|(?<!\S)Q)"
)
SECTION = re.compile(r"§?(\d+[a-z]?(?:\.\d+[a-z]?)*)(?:[-–](\d+(?:\.\d+)*))?")
LAW_NUMBER = re.compile(r"\b(?:NĐ|TT|Luật|HD ?\d|\d+-(?:QĐ|QĐi|HD|QC|NQ)/)[^\s,;)]*(?: \d+/\d{4})?")


@dataclass(frozen=True)
class Known:
    """The aliases of everything in sources.toml, longest first."""

    names: tuple[str, ...]
    sections: dict[str, tuple[str, ...]]

    def split(self, piece: str) -> tuple[str, str] | None:
        """(alias, place) of a reference that begins with an alias."""
        decision = re.match(r"docs/(?:adr/(\d{4})|\S+\.md)(?:\s|$)", piece)
        if decision:
            path = decision[0].strip()
            found = list((ROOT / "docs" / "adr").glob(f"{decision[1]}-*.md"))
            is_there = len(found) == 1 if decision[1] else (ROOT / path).is_file()
            return (path, piece[len(path) :].strip()) if is_there else None
        for name in self.names:
            if piece == name or piece.startswith((f"{name} ", f"{name}, ")):
                return name, piece[len(name) :].strip(" ,")
        return None


def known() -> Known:
    names = [alias for law in SOURCES["law"] for alias in law["aliases"]]
    names += [entry["id"] for kind in ("paper", "norm") for entry in SOURCES[kind]]
    return Known(
        tuple(sorted(names, key=len, reverse=True)),
        {paper["id"]: tuple(paper["sections"]) for paper in SOURCES["paper"]},
    )


def faults_of(line: str, sources: Known) -> list[str]:
    """What is wrong with the text of one `Source:` line."""
    faults = []
    for remark in re.findall(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)", line):
        for law in LAW_NUMBER.findall(remark):
            if not any(law.startswith(name) for name in sources.names):
                faults.append(f"unknown law in a remark: {law!r}")
    bare = re.sub(r"\s*\([^()]*(?:\([^()]*\)[^()]*)*\)", "", " ".join(line.split()))
    bare = re.sub(r"[\"“][^\"”]*[\"”]( and [\"“][^\"”]*[\"”])*|`[^`]*`", "Q", bare)
    alias = ""
    for piece in re.split(r"\s*[,;]\s*|\s+and\s+", bare):
        named = sources.split(piece)
        if named is None and not alias:
            return [*faults, f"unknown source: {piece!r}"]
        alias, place = named or (alias, piece)
        if PLACE.sub("", place).strip():
            faults.append(f"{alias}: not a place: {place!r}")
            continue
        faults += [f"{alias}: no section {s}" for s in missing_sections(alias, place, sources)]
    return faults


def missing_sections(alias: str, place: str, sources: Known) -> list[str]:
    """Sections of a reference paper that it does not have; items below a section may be named."""
    have = sources.sections.get(alias)
    first = SECTION.match(place)
    if not have or first is None:
        return []
    return [
        section
        for section in first.groups()
        if section and not any(section == own or section.startswith(f"{own}.") for own in have)
    ]


def said_in(source: str) -> Iterator[str]:
    """Docstrings and blocks of comments of a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            yield ast.get_docstring(node) or ""
    block, last = "", -2
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            follows = token.start[0] == last + 1
            if not follows:
                yield block
            block = f"{block if follows else ''}\n{token.string.lstrip('#: ')}"
            last = token.start[0]
    yield block


def lines() -> list[tuple[str, str]]:
    """(module, text) of every `Source:` line of the product."""
    return [
        (str(path.relative_to(ROOT)), found[1])
        for path in sorted((ROOT / "src").rglob("*.py"))
        if "tests" not in path.parts
        for said in said_in(path.read_text(encoding="utf-8"))
        for found in LINE.finditer(said)
    ]


def test_every_source_is_known_and_has_that_place() -> None:
    sources, said = known(), lines()
    assert len(said) > 80
    faults = {f"{module}: {line}": faults_of(line, sources) for module, line in said}
    assert {line: found for line, found in faults.items() if found} == {}


@pytest.mark.parametrize(
    ("line", "is_right"),
    [
        ("documents.md 3.1, 3.3; NĐ 30/2020 Điều 15", True),
        ('security.md 8, rows "content" and "register"', True),
        ("signatures.md 3.2 (NĐ 30/2020 Phụ lục I, mục II.8)", True),
        ("docs/adr/0001 (fetch if breadth ≤ min(8,000, N/100))", True),
        ("documents.md 4.5b.13", True),
        ("documents.md 77", False),
        ("docs/adr/0999", False),
        ("NĐ 31/2020 Điều 15", False),
        ("documents.md 3.1 (NĐ 99/2031 Điều 2)", False),
        ("from memory", False),
        ("documents.md 3.1; the last one from memory", False),
    ],
)
def test_the_eye_for_sources(line: str, is_right: bool) -> None:
    assert (faults_of(line, known()) == []) is is_right


def test_every_law_says_how_sure_we_are() -> None:
    ids = [law["id"] for law in SOURCES["law"]]
    aliases = [alias for law in SOURCES["law"] for alias in law["aliases"]]
    assert len(ids) == len(set(ids)) and len(aliases) == len(set(aliases))
    for law in SOURCES["law"]:
        assert law["certainty"] in {"read", "found", "secondary", "memory"}
        assert law["title"] and law["fixes"]
        assert len(law["date"]) == 4 or date.fromisoformat(law["date"])
