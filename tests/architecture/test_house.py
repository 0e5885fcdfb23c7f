"""The laws of the house that an import linter cannot say."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import tomllib
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import grimp
import pytest
from django.apps import apps
from django.db import models

import nhactruong
from nhactruong.assembly.environment import PROJECT_ROOT
from nhactruong.foundation.persistence.base import Record, WriteOutsideCommand
from nhactruong.kernel.actor import Actor

STOREYS = [
    "kernel",
    "foundation",
    "masterdata",
    "records",
    "work",
    "oversight",
    "gateways",
    "assembly",
]
#: Rooms a neighbour may enter. `base` holds abstract models, `engine` and `typesetting` are pure.
DOORS = {"commands", "selectors", "events", "rules", "base", "engine", "typesetting", "library"}
#: Apps that are toolboxes: every room of theirs is a door.
TOOLBOXES = {
    "nhactruong.foundation.persistence",
    "nhactruong.foundation.web",
    "nhactruong.foundation.ui",
}
#: Further doors of single apps, each with its reason in the app's docstring.
EXTRA_DOORS = {
    "nhactruong.foundation.accounts.asking",
    "nhactruong.foundation.files.children",
    "nhactruong.foundation.files.store",
    "nhactruong.foundation.thread.cards",
    "nhactruong.foundation.workitems.kinds",
    "nhactruong.masterdata.organization.finding",
    "nhactruong.records.signing.checking",
    "nhactruong.records.signing.keys",
    "nhactruong.records.signing.ports",
    "nhactruong.records.signing.providers",
    "nhactruong.records.signing.service",
    "nhactruong.records.signing.showing",
    "nhactruong.records.signing.soft",
    "nhactruong.records.signing.surroundings",
    "nhactruong.records.signing.verifying",
    "nhactruong.records.extraction.pictures",
    "nhactruong.records.incoming.taking",
    "nhactruong.foundation.access.matrix",
    "nhactruong.masterdata.codelists.tabs",
}


def app_of(module: str) -> str | None:
    parts = module.split(".")
    if len(parts) < 4 or parts[1] not in STOREYS[1:-1]:
        return None
    return ".".join(parts[:3])


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("nhactruong", exclude_type_checking_imports=True)


def test_neighbours_enter_by_the_doors(graph: grimp.ImportGraph) -> None:
    trespasses = []
    for importer in graph.modules:
        if ".tests" in importer or ".migrations" in importer:
            continue
        home = app_of(importer)
        for imported in graph.find_modules_directly_imported_by(importer):
            other = app_of(imported)
            if home is None or other is None or other == home or other in TOOLBOXES:
                continue
            room = imported.split(".")[3]
            entered = ".".join(imported.split(".")[:4])
            # Models of lower apps are entered for foreign keys and types of results.
            if room not in DOORS | {"models"} and entered not in EXTRA_DOORS:
                trespasses.append(f"{importer} -> {imported}")
    assert trespasses == []


def test_only_the_roof_plugs_in_entrances(graph: grimp.ImportGraph) -> None:
    entrances = {"urls", "views", "api", "jobs", "handlers"}
    trespasses = [
        f"{importer} -> {imported}"
        for importer in graph.modules
        if ".tests" not in importer
        for imported in graph.find_modules_directly_imported_by(importer)
        if (other := app_of(imported)) is not None
        and other not in TOOLBOXES
        and imported.split(".")[3] in entrances
        and app_of(importer) not in (None, other)
    ]
    assert trespasses == []


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("nhactruong.")]


def floors() -> dict[str, int]:
    """How high each app stands, from the import contracts; `a | b` stand on one floor."""
    told = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = {
        container.removeprefix("nhactruong."): contract["layers"]
        for contract in told["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
        for container in contract.get("containers", ())
        if "*" not in container and "." in container
    }
    places = [
        [f"nhactruong.{storey}.{app.strip()}" for app in layer.split("|")]
        for storey in STOREYS
        for layer in reversed(layers.get(storey, ()))
    ]
    return {app: floor for floor, apps_there in enumerate(places) for app in apps_there}


FLOORS = floors()


def floor(model: type[models.Model]) -> tuple[int, str]:
    home = ".".join(model.__module__.split(".")[:3])
    return FLOORS.get(home, len(FLOORS)), home


def test_foreign_keys_point_down_and_leave_no_trace_in_other_apps() -> None:
    faults = []
    for model in our_models():
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey | models.OneToOneField):
                continue
            target: Any = field.related_model
            if not target.__module__.startswith("nhactruong."):
                faults.append(f"{model.__name__}.{field.name} leaves the house")
                continue
            (here, home), (there, other) = floor(model), floor(target)
            if there > here or (there == here and home != other):
                faults.append(f"{model.__name__}.{field.name} points up or sideways")
            is_neighbour = target._meta.app_label != model._meta.app_label
            if is_neighbour and field.remote_field.related_name != "+":
                faults.append(f"{model.__name__}.{field.name} is seen by {target.__name__}")
    assert faults == []


def test_records_are_protected_from_deletion() -> None:
    faults = [
        f"{model.__name__}.{field.name}"
        for model in our_models()
        if issubclass(model, Record)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.remote_field.on_delete is not models.PROTECT
    ]
    assert faults == []


def command_modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(nhactruong.__path__, "nhactruong."):
        if ".tests" in found.name or ".migrations" in found.name:
            continue
        if ".commands" in found.name or found.name.endswith(".handlers"):
            yield importlib.import_module(found.name)


def test_every_command_takes_the_actor_first_and_says_what_comes_out() -> None:
    faults = []
    for module in command_modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if not getattr(function, "__is_command__", False) or name.startswith("_"):
                continue
            first = next(iter(inspect.signature(function, eval_str=True).parameters.values()), None)
            if first is None or first.name != "actor" or first.annotation is not Actor:
                faults.append(f"{module.__name__}.{name} does not take the actor first")
            if not inspect.getdoc(function):
                faults.append(f"{module.__name__}.{name} has no docstring")
    assert faults == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", [m for m in our_models() if issubclass(m, Record)])
def test_a_record_written_outside_a_command_is_refused(model: type[models.Model]) -> None:
    with pytest.raises(WriteOutsideCommand):
        model().save()
    with pytest.raises(WriteOutsideCommand):
        model._default_manager.all().update(pk=1)
    with pytest.raises(WriteOutsideCommand):
        model._default_manager.bulk_create([])


def test_every_app_says_what_it_is_for() -> None:
    silent = [
        config.name
        for config in apps.get_app_configs()
        if config.name.startswith("nhactruong.")
        and not (importlib.import_module(config.name).__doc__ or "").strip()
    ]
    assert silent == []
