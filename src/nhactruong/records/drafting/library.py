"""The templates that ship with the product, read once a process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from nhactruong.records.drafting.rules import Template, parse_templates


@cache
def templates() -> Mapping[str, Template]:
    """The shipped templates by document type slug, in the order they are offered.

    Source: documents.md 4.6.
    """
    source = files("nhactruong.records.drafting").joinpath("data", "templates.toml")
    return parse_templates(source.read_text(encoding="utf-8"))
