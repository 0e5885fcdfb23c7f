"""Frozen shapes that views may hand to the tags; every tag takes a dict with the same keys as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple


class Badge(NamedTuple):
    """A state as (label, tone, icon); tones: ok, soon, info, late, neutral."""

    label: str
    tone: str = "neutral"
    icon: str = ""


class Option(NamedTuple):
    """One choice of a list: (value, label)."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Due:
    """How much time is left. `remaining` counts working days, below 0 when late."""

    remaining: int | None
    due_on: date | None = None
    rule: str = ""
    immediate: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: a link with an optional count."""

    label: str
    url: str
    count: int | None = None
    current: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class FilterTag:
    """An active filter and the address of the same list without it."""

    label: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class LifeStep:
    """A knot of a document's life. `state`: done, now, next, off (not needed), wrong."""

    label: str
    state: str = "next"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A choice of the picker: a person, post, unit or agency."""

    value: str
    label: str
    meta: str = ""
    recent: bool = False
    absent: str = ""
    selected: bool = False


@dataclass(frozen=True, slots=True)
class SourceMark:
    """A box over a page picture; x, y, width, height are fractions (0 … 1) of the page."""

    key: str
    x: float
    y: float
    width: float
    height: float
    on: bool = False


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page of the viewer. `text` is its text layer, read by screen readers and by search."""

    url: str
    width: int
    height: int
    text: str = ""
    marks: Sequence[SourceMark] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of form: the rule, where, what is wrong, and where it can be mended."""

    sentence: str
    rule: str = ""
    place: str = ""
    fix_url: str = ""


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One line of a story: when, what, who; `state` is empty, here or next (expected)."""

    when: str
    what: str
    who: str = ""
    url: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a register. `kind`: code, subject, state, date, number, text, nowrap."""

    key: str
    label: str
    kind: str = "text"
    shown: bool = True
    sort: str = ""


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A row of a register; `cells` maps a column key to a value, a `Badge` or safe HTML."""

    cells: Mapping[str, Any]
    url: str = ""
    void: bool = False


@dataclass(frozen=True, slots=True)
class NavEntry:
    """An entry of the main navigation; `section` is the heading it stands under."""

    label: str
    url: str
    icon: str
    current: bool = False
    count: int | None = None
    section: str = ""


@dataclass(frozen=True, slots=True)
class Me:
    """The signed-in person as the app bar names them."""

    name: str
    post_title: str = ""
    initials: str = ""


@dataclass(frozen=True, slots=True)
class Shell:
    """What the page shell shows around every page."""

    me: Me | None = None
    navigation: Sequence[NavEntry] = field(default_factory=tuple)
    agency_name: str = ""
    term: str = ""
    version: str = ""
    source_url: str = ""
    notices_count: int = 0
    search_query: str = ""
    shortcuts_off: bool = False
