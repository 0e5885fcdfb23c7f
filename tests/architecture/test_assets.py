"""Scripts and styles: modules without circles, and names that carry a hash for all of them."""

from __future__ import annotations

import os
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

HOUSE = Path(__file__).resolve().parents[2] / "src" / "nhactruong"
IMPORT = re.compile(r"""^(?:import|export)\b[^"'\n]*["'](\.[^"']+)["']""", re.MULTILINE)


def test_modules_do_not_import_each_other_in_circles() -> None:
    """The hash in a name covers what is imported: a circle would never come to an end."""
    modules = {
        path.relative_to(path.parents[len(path.parts) - path.parts.index("static") - 2]): path
        for path in HOUSE.rglob("static/**/*.js")
    }
    graph = {}
    for name, path in modules.items():
        wanted = IMPORT.findall(path.read_text(encoding="utf-8"))
        graph[name] = {Path(os.path.normpath(name.parent / one)) for one in wanted}
        assert graph[name] <= modules.keys(), f"{name} imports what is not there"
    assert len(list(TopologicalSorter(graph).static_order())) == len(modules) > 10


def test_every_asset_gets_its_lasting_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "nhactruong.assembly.statics.HashedStorage"},
    }
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / "staticfiles.json").is_file()
    capsys.readouterr()
