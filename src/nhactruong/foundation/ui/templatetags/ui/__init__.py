"""`{% load ui %}`: every component as a template tag; reference in docs/how-it-works/components.md."""

from __future__ import annotations

from . import (
    actions,
    choosing,
    confirming,
    document,
    fields,
    filters,
    lists,
    overlays,
    page,
    status,
    tables,
    thread,
)
from .registry import library as register

__all__ = [
    "actions",
    "choosing",
    "confirming",
    "document",
    "fields",
    "filters",
    "lists",
    "overlays",
    "page",
    "register",
    "status",
    "tables",
    "thread",
]
