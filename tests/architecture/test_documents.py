"""What the project's documents name exists: files, functions, targets, commands, settings, words."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nhactruong.assembly.cli import COMMANDS
from tests.architecture.test_sources import faults_of, known

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "src" / "nhactruong"
PAGES = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "docs/status.md"]
MOST_LINES = {"README.md": 150, "ARCHITECTURE.md": 200}

CODE_SPAN = re.compile(r"`([^`\n]+)`")
FILE = re.compile(
    r"^([\w.<>/-]+\.(?:py|toml|md|csv|typ|json|lock|txt)|(?:src|docs|tests|scripts|vendor|\.ci)/[\w./-]*)"
    r"(?:::(\w+))?$"
)
MAKE = re.compile(r"(?:^\s*|`)make ([a-z][a-z-]*)", re.MULTILINE)
COMMAND = re.compile(r"\bnhactruong ([a-z]+)\b")
SETTING = re.compile(r"\b(NHACTRUONG_[A-Z_]+|DATABASE_(?:OWNER_)?URL|SECRECY_MODE)\b")


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def spans(page: str) -> list[str]:
    fences = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
    return CODE_SPAN.findall(fences.sub("", text_of(page)))


def find(name: str) -> Path | None:
    """The file a document means: from the root, or from the source folder."""
    return next((base / name for base in (ROOT, HOUSE) if (base / name).exists()), None)


@pytest.mark.parametrize("page", PAGES)
def test_every_file_and_function_named_is_there(page: str) -> None:
    missing = []
    for span in spans(page):
        named = FILE.match(span)
        if named is None or "<" in span or "/" not in named[1]:
            continue
        path = find(named[1])
        if path is None or (named[2] and named[2] not in functions_of(path)):
            missing.append(span)
    assert missing == []


def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}


@pytest.mark.parametrize("page", PAGES)
def test_every_command_named_is_there(page: str) -> None:
    listed = subprocess.run(
        ["make", "-s", "-C", str(ROOT), "help"], capture_output=True, text=True, check=True
    ).stdout
    targets = set(MAKE.findall(listed))
    assert len(targets) > 10
    assert set(MAKE.findall(text_of(page))) <= targets
    assert set(COMMAND.findall(text_of(page))) <= set(COMMANDS)


def test_every_target_says_in_vietnamese_what_it_does() -> None:
    makefile = text_of("Makefile")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony is not None
    described = dict(re.findall(r"^([a-z-]+):.*?## (.+)$", makefile, re.MULTILINE))
    silent = set(phony[1].split()) - set(described)
    assert silent == {"setup-run", "test-packages"}, "only the steps of other targets are silent"
    assert all(re.search(r"[à-ỹđ]", words) for words in described.values())


@pytest.mark.parametrize("page", PAGES)
def test_every_setting_named_is_read(page: str) -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for path in HOUSE.rglob("*.py")
        if "tests" not in path.parts
    )
    assert [name for name in SETTING.findall(text_of(page)) if f'"{name}"' not in code] == []


def test_every_setting_read_is_in_the_readme() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in (HOUSE / "assembly").rglob("*.py")
    )
    read = set(re.findall(r'"(NHACTRUONG_[A-Z_]+)"', code))
    told_by_the_supervisor = {"NHACTRUONG_SUPERVISED"}
    assert read - set(SETTING.findall(text_of("README.md"))) - told_by_the_supervisor == set()


@pytest.mark.parametrize(("page", "most"), MOST_LINES.items())
def test_short_enough_to_be_read(page: str, most: int) -> None:
    assert len(text_of(page).splitlines()) <= most


def test_the_glossary_knows_the_words_of_the_code() -> None:
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in text_of("docs/glossary.md").splitlines()
        if line.startswith("| `")
    ]
    assert len(rows) >= 60
    words = {
        word
        for path in HOUSE.rglob("*.py")
        if "tests" not in path.parts
        for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))
    }
    unknown = [code for row in rows for code in CODE_SPAN.findall(row[0]) if code not in words]
    assert unknown == []
    sources = known()
    assert [row[2] for row in rows if faults_of(row[2], sources)] == []


def test_the_drawn_states_are_those_of_the_tables() -> None:
    """`make docs` draws them anew."""
    path = ROOT / "scripts" / "state_diagrams.py"
    spec = importlib.util.spec_from_file_location("state_diagrams", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    assert module.page() == text_of("docs/how-it-works/states.md")
