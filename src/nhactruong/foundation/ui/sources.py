"""Where the value of each field of a form comes from, so that nobody types what is already known.

A form class says it in `sources`, a page that reads its fields without a form class in a
`PlainForm`. What was sent is noted here for the request and counted by whoever asked for the
notes: numbers only, the value goes no further.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class Kind(StrEnum):
    """Whence a value comes."""

    TYPED = "typed"
    KNOWN = "known"
    READ = "read"
    CODE_LIST = "code_list"
    CHOSEN = "chosen"
    WITHHELD = "withheld"
    CARRIED = "carried"


KIND_LABELS: Final[Mapping[Kind, str]] = {
    Kind.TYPED: "Chỉ người mới biết",
    Kind.KNOWN: "Điền sẵn từ dữ liệu đã có",
    Kind.READ: "Đọc từ tệp",
    Kind.CODE_LIST: "Chọn từ danh mục mã",
    Kind.CHOSEN: "Chọn trong dữ liệu đã có",
    Kind.WITHHELD: "Mật khẩu, mã xác nhận",
    Kind.CARRIED: "Nút bấm hoặc trường ẩn",
}


@dataclass(frozen=True, slots=True)
class Source:
    """Whence one field comes; `words` say more, `code_list` is the slug of a list."""

    kind: Kind
    words: str = ""
    code_list: str = ""


def typed(why: str) -> Source:
    """Only a person can know it, and why."""
    return Source(Kind.TYPED, why)


def known(whence: str) -> Source:
    """Filled in before the form is shown, from what."""
    return Source(Kind.KNOWN, whence)


def read(whence: str) -> Source:
    """Read from a file, at what place of it."""
    return Source(Kind.READ, whence)


def code_list(slug: str, words: str = "") -> Source:
    """Chosen among the entries of a code list."""
    return Source(Kind.CODE_LIST, words, slug)


def chosen(among: str) -> Source:
    """Chosen among records the office has."""
    return Source(Kind.CHOSEN, among)


def secret(words: str) -> Source:
    """A password or code: never filled in, never looked at."""
    return Source(Kind.WITHHELD, words)


def carried(words: str) -> Source:
    """A button or hidden field: nobody types it, so it counts nowhere."""
    return Source(Kind.CARRIED, words)


@dataclass(frozen=True, slots=True)
class PlainForm:
    """Fields a page reads without a form class; `*` at the end of a name stands for any ending."""

    module: str
    name: str
    sources: Mapping[str, tuple[str, Source]]

    def __post_init__(self) -> None:
        _plain.append(self)


_plain: Final[list[PlainForm]] = []


def plain_forms() -> list[PlainForm]:
    """Every `PlainForm` of the modules loaded so far."""
    return list(_plain)


@dataclass(frozen=True, slots=True)
class Entered:
    """One field of a sound form as it was sent, beside what had been filled in."""

    form: str
    field: str
    kind: Kind
    value: Any
    prefilled: Any
    has_changed: bool


_noted: ContextVar[list[Entered] | None] = ContextVar("entered_fields", default=None)


@contextmanager
def noting() -> Iterator[list[Entered]]:
    """The list to which the sound forms of the block add what was entered."""
    notes: list[Entered] = []
    token = _noted.set(notes)
    try:
        yield notes
    finally:
        _noted.reset(token)


def note(entries: list[Entered]) -> None:
    """Add to the notes of the request, if anybody asked for them; the last word of a form counts."""
    notes = _noted.get()
    if notes is None or not entries:
        return
    forms = {entry.form for entry in entries}
    notes[:] = [entry for entry in notes if entry.form not in forms] + entries
