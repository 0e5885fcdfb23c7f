"""The form fields of every revision of a file, and how each differs from the revision before.

Being signed is no change of a signature field. Everything else is one: a value, a place, a look.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.reader import PdfFileReader

from nhactruong.records.signing.engine.covering import Rect
from nhactruong.records.signing.engine.pdfdict import entries, entry
from nhactruong.records.signing.engine.structure import digest_of, page_numbers

#: What filling a field writes; all else says where it stands, how it behaves, and who may see it.
_VALUE_KEYS: Final = ("/V", "/AP", "/AS", "/RV", "/I", "/DA", "/Q")
_SHAPE_KEYS: Final = ("/FT", "/Rect", "/F", "/MK", "/DV", "/A", "/AA", "/MaxLen", "/Opt")
_NOTHING: Final = frozenset({"", "/Off", "Off"})
_LONGEST_WORDS: Final = 300


class ChangeKind(Enum):
    """How a field differs from the revision before; an unseen field made to sign in is no addition."""

    FILLED = auto()
    SIGNED = auto()
    ADDED = auto()
    REMOVED = auto()
    RESHAPED = auto()


@dataclass(frozen=True)
class FieldState:
    """One field, or one widget of it, in one revision."""

    number: int
    is_signature: bool
    is_signed: bool
    is_blank: bool
    value: bytes
    shape: bytes
    rect: Rect | None
    #: What was typed into it, as far as a person can read it.
    words: str = ""

    @property
    def is_visible(self) -> bool:
        """Whether it takes up any room on a page."""
        return self.rect is not None


@dataclass(frozen=True)
class FieldChange:
    """A field that differs from the revision before; `label` tells its widgets apart."""

    revision: int
    label: str
    kind: ChangeKind

    @property
    def name(self) -> str:
        """The name of the field."""
        return self.label.partition("#")[0]


class FieldHistory:
    """The form fields of every revision, so that each change has its revision and its name."""

    def __init__(self, reader: PdfFileReader) -> None:
        self._reader = reader
        self._states: dict[int, dict[str, FieldState]] = {}

    def changes_after(self, revision: int) -> list[FieldChange]:
        """All changes of form fields in the revisions after `revision`, oldest first."""
        found: list[FieldChange] = []
        for later in range(revision + 1, int(self._reader.xrefs.total_revisions)):
            before, after = self.state(later - 1), self.state(later)
            for label in sorted(before.keys() | after.keys()):
                kind = _difference(before.get(label), after.get(label))
                if kind is not None:
                    found.append(FieldChange(later, label, kind))
        return found

    def state(self, revision: int) -> dict[str, FieldState]:
        """The fields of one revision by their labels."""
        if revision not in self._states:
            root = self._reader.get_historical_resolver(revision).root
            self._states[revision] = dict(_field_states(root))
        return self._states[revision]

    def signed_names(self, revision: int) -> frozenset[str]:
        """The names of the fields signed in one revision."""
        states = self.state(revision)
        return frozenset(label for label, one in states.items() if one.is_signed and one.value)


def _difference(old: FieldState | None, new: FieldState | None) -> ChangeKind | None:
    if new is None:
        return ChangeKind.REMOVED
    if old is None:
        ready = new.is_signature and not new.is_visible
        return ChangeKind.SIGNED if new.is_signed or ready else ChangeKind.ADDED
    if old.value == new.value and old.shape == new.shape:
        return None
    if new.is_signed and not old.is_signed:
        moved = old.is_visible and old.rect != new.rect
        return ChangeKind.RESHAPED if moved else ChangeKind.SIGNED
    if old.is_signed and not new.is_signed:
        return ChangeKind.REMOVED
    filled = not new.is_signature and old.shape == new.shape
    return ChangeKind.FILLED if filled else ChangeKind.RESHAPED


def _field_states(root: generic.DictionaryObject) -> Iterator[tuple[str, FieldState]]:
    widgets = list(_widgets(root))
    closed = page_numbers(root) | {widget.number for widget in widgets}
    labels: set[str] = set()
    for widget in widgets:
        # A widget without a name of its own belongs to its parent: told apart by its number.
        own = widget.has_name and widget.name not in labels
        label = widget.name if own else f"{widget.name}#{widget.number}"
        labels.add(label)
        yield label, _state(widget, closed)


@dataclass(frozen=True)
class _Widget:
    name: str
    has_name: bool
    number: int
    field: Any
    kind: Any
    value: Any


def _widgets(root: generic.DictionaryObject) -> Iterator[_Widget]:
    """Every field and widget below the form, with what it inherits."""
    stack: list[tuple[str, Any, Any, Any]] = [
        ("", item, None, None) for item in entries(entry(root, "/AcroForm"), "/Fields")
    ]
    seen: set[int] = set()
    while stack:
        prefix, item, inherited_kind, inherited_value = stack.pop()
        number = item.idnum if isinstance(item, generic.IndirectObject) else 0
        if number and number in seen:
            raise misc.PdfReadError("a form field contains itself")
        seen.add(number)
        field = item.get_object()
        partial = entry(field, "/T")
        name = prefix if partial is None else f"{prefix}.{partial}" if prefix else str(partial)
        kind = entry(field, "/FT") or inherited_kind
        value = entry(field, "/V")
        value = inherited_value if value is None else value
        yield _Widget(name, partial is not None, number, field, kind, value)
        stack.extend((name, kid, kind, value) for kid in entries(field, "/Kids"))


def _state(widget: _Widget, closed: frozenset[int]) -> FieldState:
    field = widget.field
    if widget.kind == "/Sig":
        return FieldState(
            number=widget.number,
            is_signature=True,
            is_signed=widget.value is not None,
            is_blank=widget.value is None,
            value=_signature_value(field),
            shape=digest_of(field, (*_SHAPE_KEYS, "/AP"), closed),
            rect=_rect(field),
        )
    return FieldState(
        number=widget.number,
        is_signature=False,
        is_signed=False,
        # Of an unnamed widget the named parent tells whether the field was filled.
        is_blank=not widget.has_name or _is_blank(widget.value, entry(field, "/DV")),
        value=digest_of(field, _VALUE_KEYS, closed),
        shape=digest_of(field, _SHAPE_KEYS, closed),
        rect=_rect(field),
        words=_words(widget.value),
    )


def _words(value: Any) -> str:
    if isinstance(value, (generic.TextStringObject, generic.NameObject)):
        return str(value).lstrip("/")[:_LONGEST_WORDS]
    return ""


def _signature_value(field: Any) -> bytes:
    """Which object is the signature; what it holds is proven by the signature itself."""
    if not isinstance(field, generic.DictionaryObject) or entry(field, "/V") is None:
        return b""
    value = field.raw_get("/V")
    if isinstance(value, generic.IndirectObject):
        return b"%d %d R" % (value.idnum, value.generation)
    return hashlib.sha256(repr(value).encode()).digest()


def _is_blank(value: Any, default: Any) -> bool:
    return value is None or str(value).strip() in _NOTHING or value == default


def _rect(field: Any) -> Rect | None:
    edges = entries(field, "/Rect")
    if len(edges) != 4:
        return None
    x1, y1, x2, y2 = (float(edge.get_object()) for edge in edges)
    if x1 == x2 or y1 == y2:
        return None
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
