"""The data sets as the apps declare them in `datasets.toml`, read once a process."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.utils.module_loading import import_string

from nhactruong.foundation.access.rules import Line
from nhactruong.kernel.findings import Check as Finder
from nhactruong.kernel.states import Role

_FILE: Final = "datasets.toml"
_DATA: Final = Path(__file__).parent / "data"

KINDS: Final[Mapping[str, str]] = {
    "missing": "Thiếu",
    "doubtful": "Nghi sai",
    "duplicate": "Trùng",
    "stale": "Cũ",
}
CATEGORIES: Final[Mapping[str, str]] = {"basic": "Cơ bản", "sensitive": "Nhạy cảm"}

#: What a kind of field holds, in words; the first class that fits decides.
_TYPES: Final[Sequence[tuple[type[models.Field[Any, Any]], str]]] = (
    (models.ForeignKey, "Dẫn đến bảng khác"),
    (models.BooleanField, "Có hoặc không"),
    (models.DateTimeField, "Thời điểm"),
    (models.DateField, "Ngày"),
    (models.UUIDField, "Mã nhận diện"),
    (models.JSONField, "Dữ liệu có cấu trúc"),
    (models.FloatField, "Số"),
    (models.IntegerField, "Số"),
    (models.CharField, "Chữ"),
    (models.TextField, "Chữ"),
)


@dataclass(frozen=True, slots=True)
class FieldCard:
    """One field: its name in the store, what it means, what it holds, whence it comes."""

    name: str
    meaning: str
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One table of a data set."""

    label: str
    meaning: str
    fields: Sequence[FieldCard]


@dataclass(frozen=True, slots=True)
class Check:
    """Something that may be wrong with the data, who mends it and how."""

    code: str
    dataset: str
    kind: str
    name: str
    mend: Role
    how: str
    path: str

    def find(self) -> Finder:
        """The function that finds it."""
        finder: Finder = import_string(self.path)
        return finder


@dataclass(frozen=True, slots=True)
class Link:
    """How the rows of a table belong to a person: by the person, or by the account."""

    model: str
    field: str
    by: str
    show: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Personal:
    """What the record of processing says of a data set about people. Source: security.md 5."""

    category: str
    purpose: str
    retention: str
    recipients: str
    links: Sequence[Link]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """One data set: who answers for it, what it means, who reads it, on what basis."""

    slug: str
    name: str
    owner: Role
    meaning: str
    basis: str
    lines: Sequence[Line]
    reading: str
    models: Sequence[ModelCard]
    checks: Sequence[Check] = ()
    personal: Personal | None = field(default=None)


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as told:
        return tomllib.load(told)


def _files() -> Sequence[Path]:
    """The declarations of all apps: the office's own data first, those of the foundation last."""
    found = [path for one in apps.get_app_configs() if (path := Path(one.path) / _FILE).is_file()]
    return sorted(found, key=lambda path: path.parent.parent.name == "foundation")


@lru_cache(maxsize=1)
def datasets() -> Mapping[str, Dataset]:
    """Every declared data set by slug, the office's own first. A twin slug is our mistake."""
    found: dict[str, Dataset] = {}
    common = _read(_DATA / "common.toml")["fields"]
    for path in _files():
        for told in _read(path)["set"]:
            one = _dataset(told, common)
            if one.slug in found:
                raise ValueError(f"two data sets are called {one.slug}")
            found[one.slug] = one
    return found


@lru_cache(maxsize=1)
def technical_tables() -> Mapping[str, str]:
    """Tables that hold no data of the office, each with the reason."""
    tables: dict[str, str] = _read(_DATA / "technical.toml")["tables"]
    return tables


def checks() -> Sequence[Check]:
    """Every check of every data set."""
    return [check for one in datasets().values() for check in one.checks]


def check_of(code: str) -> Check | None:
    """The check of that code."""
    return next((check for check in checks() if check.code == code), None)


def _dataset(told: dict[str, Any], common: Mapping[str, str]) -> Dataset:
    personal = told.get("personal")
    return Dataset(
        slug=told["slug"],
        name=told["name"],
        owner=_role(told["owner"]),
        meaning=told["meaning"],
        basis=told["basis"],
        lines=[Line(number) for number in told["lines"]],
        reading=told["reading"],
        models=[_model(one, told["source"], common) for one in told["model"]],
        checks=[
            Check(
                code=one["code"],
                dataset=told["slug"],
                kind=one["kind"],
                name=one["name"],
                mend=_role(one["mend"]),
                how=one["how"],
                path=one["find"],
            )
            for one in told.get("check", ())
        ],
        personal=_personal(personal) if personal else None,
    )


def _role(code: str) -> Role:
    return Role[code.upper()]


def _personal(told: dict[str, Any]) -> Personal:
    links = [Link(**{**link, "show": tuple(link.get("show", ()))}) for link in told["links"]]
    return Personal(**{**told, "links": links})


def _model(told: dict[str, Any], source: str, common: Mapping[str, str]) -> ModelCard:
    model = apps.get_model(told["model"])
    said: Mapping[str, str] = {**common, **told["fields"]}
    known = {one.name: one for one in model._meta.concrete_fields}
    return ModelCard(
        label=told["model"],
        meaning=told["meaning"],
        fields=[
            _field(known[name], said.get(name, ""), "" if name in common else source)
            for name in known
        ],
    )


def _field(one: models.Field[Any, Any], told: str, source: str) -> FieldCard:
    meaning, _, own_source = told.partition(" | ")
    kind = next((words for base, words in _TYPES if isinstance(one, base)), "")
    whence = "" if one.generated else own_source or source
    return FieldCard(one.name, meaning, kind or _kind_of_others(one), whence)


def _kind_of_others(one: models.Field[Any, Any]) -> str:
    name = type(one).__name__
    if "Range" in name:
        return "Khoảng thời gian"
    return "Danh sách" if name == "ArrayField" else "Hệ thống tự tính"


def undescribed() -> Iterator[str]:
    """Fields of declared tables without a meaning, and meanings of fields that are not there."""
    for path in _files():
        for told in (table for one in _read(path)["set"] for table in one["model"]):
            known = {f.name for f in apps.get_model(told["model"])._meta.concrete_fields}
            yield from (f"{told['model']}.{name}?" for name in set(told["fields"]) - known)
    for one in datasets().values():
        for card in one.models:
            yield from (f"{card.label}.{f.name}" for f in card.fields if not f.meaning)
