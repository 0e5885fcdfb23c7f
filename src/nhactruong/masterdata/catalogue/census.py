"""Every field of every form of the running product, and whence each says its value comes.

Form classes and `PlainForm`s say it themselves. Whatever a view reads of a POST besides is found
in the code and counts as undeclared, so that no field is left out of the share.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from django import forms
from django.urls import get_resolver

import nhactruong
from nhactruong.foundation.ui.fields import OfficeForm, app_of
from nhactruong.foundation.ui.sources import Kind, Source, plain_forms

_HOUSE: Final = Path(nhactruong.__file__).parent
_LEFT_OUT: Final = frozenset({"tests", "migrations", "gallery", "templatetags"})
#: Names every form carries: the operation, the version seen, the way back.
_OF_EVERY_FORM: Final = frozenset({"operation_id", "version", "next", "csrfmiddlewaretoken"})
#: What readers of a whole form call it.
_SENT: Final = frozenset({"post", "sent"})


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field: of which app and form, what it is called, and its source, if it says one."""

    app: str
    form: str
    form_name: str
    field: str
    label: str
    source: Source | None


@lru_cache(maxsize=1)
def fields() -> Sequence[FieldLine]:
    """Every field a person can fill in; hidden ones and buttons are left out."""
    # Forms and views are loaded with the addresses.
    _ = get_resolver().url_patterns
    said = [*_of_classes(), *_of_plain_forms()]
    names = {(line.app, line.field) for line in said}
    found = [line for line in _read_in_code() if not _is_said(line.app, line.field, names)]
    told = [line for line in said if line.source is None or line.source.kind is not Kind.CARRIED]
    return sorted([*told, *found], key=lambda line: (line.app, line.form))


def share(lines: Iterable[FieldLine]) -> tuple[int, int]:
    """How many of the fields declare their source, and how many there are."""
    marks = [line.source is not None for line in lines]
    return sum(marks), len(marks)


def _classes(base: type[OfficeForm] = OfficeForm) -> Iterator[type[OfficeForm]]:
    for one in base.__subclasses__():
        yield one
        yield from _classes(one)


def _of_classes() -> Iterator[FieldLine]:
    for one in _classes():
        if not one.__module__.startswith("nhactruong.") or _LEFT_OUT & set(
            one.__module__.split(".")
        ):
            continue
        if _is_only_a_base(one):
            continue
        for name, field in one.base_fields.items():
            if not isinstance(field.widget, forms.HiddenInput):
                yield FieldLine(
                    app=app_of(one.__module__),
                    form=one.form_code(),
                    form_name=one.form_name,
                    field=name,
                    label=str(field.label or name),
                    source=one.sources.get(name),
                )


def _is_only_a_base(one: type[OfficeForm]) -> bool:
    return all(isinstance(field.widget, forms.HiddenInput) for field in one.base_fields.values())


def _of_plain_forms() -> Iterator[FieldLine]:
    for one in plain_forms():
        app = app_of(one.module)
        for name, (label, source) in one.sources.items():
            yield FieldLine(app, f"{app}.{one.name}", one.name, name, label, source)


def _is_said(app: str, name: str, said: set[tuple[str, str]]) -> bool:
    if name in _OF_EVERY_FORM or (app, name) in said:
        return True
    return any(
        known_app == app and known.endswith("*") and name.startswith(known[:-1])
        for known_app, known in said
    )


def _read_in_code() -> Iterator[FieldLine]:
    seen: set[tuple[str, str]] = set()
    for path in sorted(_HOUSE.rglob("*.py")):
        inside = path.relative_to(_HOUSE)
        if _LEFT_OUT & set(inside.parts):
            continue
        text = path.read_text(encoding="utf-8")
        reads_whole = "forms" in inside.with_suffix("").parts
        if ".POST" not in text and ".FILES" not in text and not reads_whole:
            continue
        module = ".".join(("nhactruong", *inside.with_suffix("").parts)).removesuffix(".__init__")
        app = app_of(module)
        for name in _names(ast.parse(text), module, reads_whole=reads_whole):
            if (app, name) not in seen:
                seen.add((app, name))
                yield FieldLine(app, f"{app}.", "", name, name, None)


def _names(tree: ast.Module, module: str, *, reads_whole: bool) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            is_reading = node.func.attr in ("get", "getlist")
            if is_reading and node.args and _is_post(node.func.value, reads_whole):
                yield _text(node.args[0], module)
        elif isinstance(node, ast.Subscript) and _is_post(node.value, reads_whole):
            yield _text(node.slice, module)
        elif (
            isinstance(node, ast.Compare)
            and isinstance(node.ops[0], ast.In)
            and _is_post(node.comparators[0], reads_whole)
        ):
            yield _text(node.left, module)


def _is_post(node: ast.expr, reads_whole: bool) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in ("POST", "FILES")
    return reads_whole and isinstance(node, ast.Name) and node.id in _SENT


def _text(node: ast.expr, module: str) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
        return f"{node.values[0].value!s}*"
    path = ast.unparse(node).split(".")
    known: object = importlib.import_module(module)
    for name in path:
        known = getattr(known, name, None)
    return known if isinstance(known, str) else f"?{'.'.join(path)}"
