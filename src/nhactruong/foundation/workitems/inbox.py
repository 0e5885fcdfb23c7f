"""The inbox as the page shows it: lines with their words, grouped by when they hurt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from nhactruong.foundation.thread.cards import RecordCard, cards
from nhactruong.foundation.ui.rules import day_words
from nhactruong.foundation.ui.shapes import Due
from nhactruong.foundation.workitems.commands import NO_TERM
from nhactruong.foundation.workitems.kinds import Kind, all_kinds, kind_of
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.foundation.workitems.places import names_of
from nhactruong.foundation.workitems.selectors import post_of
from nhactruong.foundation.workitems.terms import due_of
from nhactruong.kernel.actor import Actor

_FILE_NAME: Final = re.compile(r"\.[A-Za-z]\w{1,3}$")


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of work with everything its row says.

    `post` is said only when several are held, `agency` only when several are served.
    """

    item: WorkItem
    kind: Kind
    url: str
    due: Due | str | None
    post: str = ""
    agency: str = ""
    #: For whom, when it waits for a lent post: `TL. Chánh Văn phòng Tỉnh ủy`.
    behalf: str = ""
    is_here: bool = False

    @property
    def title(self) -> str:
        """The subject with a capital letter; the name of a file not yet read stays as it is."""
        words = self.item.title
        return words if _FILE_NAME.search(words) else f"{words[:1].upper()}{words[1:]}"

    @property
    def source(self) -> str:
        """From where it comes, as the row says it (`người ký Đỗ Minh Khuê`)."""
        return self.kind.source_form.format(self.item.source) if self.item.source else ""

    @property
    def key(self) -> str:
        """The public identifier, as `xem=` carries it."""
        return str(self.item.public_id)


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that hurt at the same time."""

    label: str
    is_late: bool
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Peek:
    """A line with what may be said of its record."""

    line: Line
    card: RecordCard | None

    @property
    def source(self) -> str:
        """The source where neither the record's agency nor whoever passed it on says it already."""
        said = (self.card.agency if self.card else "", self.line.item.opened_by)
        return "" if self.line.item.source in said else self.line.item.source

    @property
    def open_label(self) -> str:
        """The word of the button that opens the record: why one opens it."""
        act = self.line.kind.act_label
        return act if act == "Mở" else f"Mở để {act[:1].lower()}{act[1:]}"


def lines_of(actor: Actor, items: Iterable[WorkItem], today: date) -> list[Line]:
    """The rows of several pieces of work, in their order."""
    listed = list(items)
    several = len(actor.agency_ids) > 1
    names = names_of(item.agency_id for item in listed) if several else {}
    return [_line(actor, item, today, names.get(item.agency_id, "")) for item in listed]


def _line(actor: Actor, item: WorkItem, today: date, agency: str) -> Line:
    kind = kind_of(item.kind)
    post = post_of(actor, item) if len(actor.posts) > 1 else None
    lent = actor.stands_before((item.token,))
    return Line(
        item=item,
        kind=kind,
        url=kind.url(item.object_id),
        due=due_of(item, today),
        post=post.title if post else "",
        agency=agency,
        behalf=lent.named if lent else "",
    )


def _group_of(line: Line, today: date) -> tuple[str, bool]:
    due = line.item.due_on
    if due < today:
        return "Quá hạn", True
    if due == today:
        return f"Hôm nay, {day_words(today)}", False
    if due <= today + timedelta(days=6):
        return "Tuần này", False
    return ("Chưa đặt hạn" if due == NO_TERM else "Sau tuần này"), False


def grouped(lines: Iterable[Line], today: date) -> list[Group]:
    """The lines, already worst first, under their headings."""
    return [
        Group(label, is_late, list(members))
        for (label, is_late), members in groupby(lines, key=lambda line: _group_of(line, today))
    ]


def peek_of(actor: Actor, line: Line) -> Peek:
    """What the panel shows of a line; the record's card is absent when it may not be seen."""
    item = line.item
    found = cards(actor, [(item.object_type, item.object_id)])
    return Peek(line, found.get(item.object_id))


def marked(lines: Sequence[Line], wanted: str) -> list[Line]:
    """The lines with the one named by `wanted` marked, else the first."""
    if not lines:
        return []
    place = next((place for place, line in enumerate(lines) if line.key == wanted), 0)
    return [replace(line, is_here=number == place) for number, line in enumerate(lines)]


def kind_choices(present: Iterable[str]) -> list[tuple[str, str]]:
    """(code, word) of the kinds present; kinds that share a word are one choice."""
    codes = set(present)
    words: dict[str, str] = {}
    for kind in all_kinds():
        if kind.code in codes and kind.label not in words.values():
            words[kind.code] = kind.label
    return list(words.items())


def senders(present: Iterable[tuple[str, str]]) -> list[str]:
    """From whom the work of these (kind, source) pairs comes, for the filter, by name."""
    return sorted({source for code, source in present if source and kind_of(code).is_from_someone})


def codes_like(code: str) -> tuple[str, ...]:
    """Every kind that shares its word with the kind of that code; none for an unknown code."""
    label = next((kind.label for kind in all_kinds() if kind.code == code), None)
    return tuple(kind.code for kind in all_kinds() if kind.label == label)
