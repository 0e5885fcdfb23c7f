"""What followed a signature, page by page: told to people, never asked for a verdict.

The signed revision is compared with the last one, which is what a reader shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

from pyhanko.pdf_utils.reader import PdfFileReader

from nhactruong.records.signing.engine.fieldhistory import ChangeKind, FieldChange, FieldHistory
from nhactruong.records.signing.engine.pagewords import words_of_pages
from nhactruong.records.signing.engine.structure import (
    FileView,
    file_view,
    pages_with_annotations,
)
from nhactruong.records.signing.engine.verdicts import PageChange, PageChangeKind

#: Pages told one by one, and words of each; the file itself shows the rest.
MOST_PAGES: Final = 40
_MOST_LINES: Final = 12
_LONGEST_LINE: Final = 200
_KINDS: Final = {
    ChangeKind.FILLED: PageChangeKind.FILLED,
    ChangeKind.ADDED: PageChangeKind.ADDED,
    ChangeKind.RESHAPED: PageChangeKind.RESHAPED,
    ChangeKind.REMOVED: PageChangeKind.REMOVED,
    ChangeKind.SIGNED: PageChangeKind.SIGNED,
}


@dataclass
class _Page:
    """What is found of one page; `signed_at` is its place in the signed revision."""

    kinds: list[PageChangeKind] = field(default_factory=list)
    fields: list[tuple[PageChangeKind, str]] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    signed_at: int | None = None
    now_at: int | None = None


def compared(
    pdf: bytes,
    reader: PdfFileReader,
    history: FieldHistory,
    revision: int,
    end: int,
) -> tuple[PageChange, ...]:
    """How each page of the file differs from the signed `revision`, whose bytes end at `end`.

    The words of changed pages are read by a child process.
    """
    last = int(reader.xrefs.total_revisions) - 1
    old = file_view(reader, revision, _numbers(history, revision))
    new = file_view(reader, last, _numbers(history, last))
    found: dict[tuple[bool, int], _Page] = {}
    _compare_pages(old, new, found)
    for change in history.changes_after(revision):
        _note_field(reader, history, change, revision, last, found)
    _tell_words(pdf, end, found)
    return tuple(_told(key, page) for key, page in sorted(found.items()))[:MOST_PAGES]


def _numbers(history: FieldHistory, revision: int) -> frozenset[int]:
    return frozenset(one.number for one in history.state(revision).values())


def _told(key: tuple[bool, int], page: _Page) -> PageChange:
    _, number = key
    return PageChange(
        page=number,
        kinds=tuple(page.kinds),
        fields=tuple(dict.fromkeys(page.fields)),
        before=tuple(page.before),
        after=tuple(page.after),
    )


def _compare_pages(old: FileView, new: FileView, found: dict[tuple[bool, int], _Page]) -> None:
    """Pages are known by their object; `found` is keyed by (is gone, page as now counted)."""
    before = {page.number: at for at, page in enumerate(old.pages)}
    after = {page.number: at for at, page in enumerate(new.pages)}
    if old.whole != new.whole:
        _page(found, 0).kinds.append(PageChangeKind.CONTENT)
    kept = [page.number for page in new.pages if page.number in before]
    backwards = {two for one, two in pairwise(kept) if before[two] < before[one]}
    for at, page in enumerate(new.pages):
        signed_at = before.get(page.number)
        kinds = []
        if signed_at is None:
            kinds.append(PageChangeKind.ADDED)
        else:
            if page.number in backwards:
                kinds.append(PageChangeKind.MOVED)
            if page.content != old.pages[signed_at].content:
                kinds.append(PageChangeKind.CONTENT)
            if page.comments != old.pages[signed_at].comments:
                kinds.append(PageChangeKind.COMMENTS)
        if kinds:
            one = _page(found, at + 1)
            notes = () if signed_at is None else old.pages[signed_at].notes
            one.before, one.after = _different(notes, page.notes)
            one.kinds += kinds
            one.signed_at, one.now_at = signed_at, at
    for number, at in before.items():
        if number not in after:
            gone = found.setdefault((True, at + 1), _Page())
            gone.kinds.append(PageChangeKind.REMOVED)
            gone.signed_at = at


def _page(found: dict[tuple[bool, int], _Page], number: int) -> _Page:
    return found.setdefault((False, number), _Page())


def _note_field(
    reader: PdfFileReader,
    history: FieldHistory,
    change: FieldChange,
    revision: int,
    last: int,
    found: dict[tuple[bool, int], _Page],
) -> None:
    """The page on which a field changed; an invisible signature changes none."""
    new = history.state(last).get(change.label)
    old = history.state(revision).get(change.label)
    state = new or old or history.state(change.revision).get(change.label)
    if state is None or (change.kind is ChangeKind.SIGNED and not state.is_visible):
        return
    root = reader.get_historical_resolver(last if new else revision).root
    places: Sequence[frozenset[int]] = pages_with_annotations(root)
    at = next((at + 1 for at, one in enumerate(places) if state.number in one), 0)
    page = _page(found, at)
    is_first = all(name != change.name for _, name in page.fields)
    page.fields.append((_kind(history, change), change.name))
    was, now = (old.words if old else ""), (new.words if new else "")
    if is_first and was != now:
        page.before += [was] if was else []
        page.after += [now] if now else []


def _kind(history: FieldHistory, change: FieldChange) -> PageChangeKind:
    """A field filled with the same words as before has only got another look."""
    if change.kind is ChangeKind.FILLED:
        was = history.state(change.revision - 1)[change.label]
        if was.words == history.state(change.revision)[change.label].words:
            return PageChangeKind.REDRAWN
    return _KINDS[change.kind]


def _tell_words(pdf: bytes, end: int, found: dict[tuple[bool, int], _Page]) -> None:
    """Add the lines of text that went and came on pages whose content changed."""
    changed = [one for one in found.values() if one.signed_at is not None or one.now_at is not None]
    if not changed:
        return
    before = words_of_pages(
        pdf[:end], [one.signed_at for one in changed if one.signed_at is not None]
    )
    after = words_of_pages(pdf, [one.now_at for one in changed if one.now_at is not None])
    for one in changed:
        old = before.get(one.signed_at, []) if one.signed_at is not None else []
        new = after.get(one.now_at, []) if one.now_at is not None else []
        gone, come = _different(old, new)
        one.before += gone
        one.after += come


def _different(old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[str]]:
    gone: list[str] = []
    come: list[str] = []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if kind != "equal":
            gone += old[old_from:old_to]
            come += new[new_from:new_to]
    return list(_clipped(gone)), list(_clipped(come))


def _clipped(lines: Sequence[str]) -> Iterator[str]:
    for line in lines[:_MOST_LINES]:
        yield line if len(line) <= _LONGEST_LINE else line[:_LONGEST_LINE] + "…"
    if len(lines) > _MOST_LINES:
        yield "…"
