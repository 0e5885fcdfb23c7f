"""What is not ours: every file listed with origin and licence, unchanged, and the page of it true."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "third_party_licences.py"
#: Kinds of files that nobody writes by hand: whatever of them is in git came from elsewhere.
BROUGHT = re.compile(r"\.(ttf|otf|woff2?|traineddata|min\.js|min\.css|icc|wasm)$")
#: Licences that may be distributed together with AGPL-3.0-or-later.
TOGETHER = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "LGPL-3.0-only", "MIT"),
    *("MIT-0", "MIT-CMU", "MPL-2.0", "OFL-1.1", "PSF-2.0", "PostgreSQL"),
}
#: Beside the files of others in their own folders: what says where they came from.
ABOUT = re.compile(r"(MANIFEST\.toml|LICENSE|OFL.*\.txt|\.LICENSE\.txt|\.md)$")


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=True
    )
    return [name for name in listed.stdout.split("\0") if name]


@pytest.fixture(scope="module")
def components() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(
        (ROOT / "vendor" / "MANIFEST.toml").read_text(encoding="utf-8")
    )["component"]
    return found


@pytest.fixture(scope="module")
def licences() -> ModuleType:
    spec = importlib.util.spec_from_file_location("third_party_licences", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_file_of_others_is_as_it_came(components: list[dict[str, Any]]) -> None:
    changed = [
        file["file"]
        for part in components
        for file in part["file"]
        if hashlib.sha256((ROOT / file["file"]).read_bytes()).hexdigest() != file["sha256"]
    ]
    assert changed == []


def test_every_file_of_others_is_listed(components: list[dict[str, Any]]) -> None:
    listed = {file["file"] for part in components for file in part["file"]}
    found = {
        name
        for name in tracked()
        if BROUGHT.search(name)
        or (name.startswith(("vendor/", "tests/vendor/")) and not ABOUT.search(name))
    }
    assert found == listed


def test_every_licence_lies_beside_its_files(components: list[dict[str, Any]]) -> None:
    for part in components:
        text = ROOT / part["licence_text"]
        assert text.parent in (ROOT / part["file"][0]["file"]).parents
        assert len(text.read_text(encoding="utf-8")) > 1_000
        assert part["licence"] in TOGETHER


def test_the_page_of_licences_is_true(licences: ModuleType) -> None:
    """`make docs` writes it anew after a change of uv.lock or of the manifest."""
    assert licences.page() == (ROOT / "docs/third-party-licences.md").read_text(encoding="utf-8")


def test_no_library_forbids_its_place_in_a_free_product(licences: ModuleType) -> None:
    packages = licences.locked_packages(licences.read_lock(), groups=False)
    assert len(packages) > 40
    foreign = {
        package.name: licences.licence_of(package.name)
        for package in packages
        if set(re.findall(r"[\w.-]+", licences.licence_of(package.name)))
        - TOGETHER
        - {"AND", "OR", "WITH"}
    }
    assert foreign == {}


def test_the_licence_is_the_whole_agpl() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.splitlines()[0].strip() == "GNU AFFERO GENERAL PUBLIC LICENSE"
    assert "13. Remote Network Interaction" in text
    assert text.rstrip().endswith("<https://www.gnu.org/licenses/>.")
