"""What changed in a file between its revisions, judged by our own rules.

The library classifies changes by kind; it does not know which fields are reserved, what a seal
forbids, or that nothing may follow the end of the file. Source: signatures.md 6.1 step 3, 6.2.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.reader import PdfFileReader

from nhactruong.records.signing.engine.pdfdict import entries, entry

_END_OF_FILE: Final = re.compile(rb"startxref[\x00\t\n\x0c\r ]+(\d+)[\x00\t\n\x0c\r ]+%%EOF")
_BLANK: Final = b"\x00\t\n\x0c\r "
#: Entries that lead back up the tree or number its structure, and show nothing.
_BACKWARD: Final = frozenset({"/Parent", "/P", "/StructParent", "/StructParents", "/Popup"})
_PAGE_KEYS: Final = (
    "/Contents",
    "/Resources",
    "/MediaBox",
    "/CropBox",
    "/Rotate",
    "/UserUnit",
    "/Group",
    "/AA",
)
_CATALOG_KEYS: Final = ("/OpenAction", "/AA", "/OCProperties", "/Names", "/Dests", "/Collection")
_FORM_KEYS: Final = ("/NeedAppearances", "/XFA", "/DR", "/DA", "/CO")


@dataclass(frozen=True)
class FieldChange:
    """A form field whose value, place or look differs from the revision before."""

    revision: int
    name: str


def bytes_follow_the_end(pdf: bytes, reader: PdfFileReader) -> bool:
    """Whether anything but blanks stands behind the end mark of the last revision."""
    marks = list(_END_OF_FILE.finditer(pdf))
    if not marks or int(marks[-1].group(1)) != reader.last_startxref:
        return True
    last = marks[-1]
    return bool(pdf[last.end() :].strip(_BLANK))


class FieldHistory:
    """The form fields of every revision, so that each change has its revision and its name."""

    def __init__(self, reader: PdfFileReader) -> None:
        self._reader = reader
        self._states: dict[int, dict[str, bytes]] = {}

    def changes_after(self, revision: int) -> list[FieldChange]:
        """All changes of form fields in the revisions after `revision`, oldest first.

        Being signed is not a change of a signature field; a new look of an unsigned one is.
        """
        found: list[FieldChange] = []
        for later in range(revision + 1, int(self._reader.xrefs.total_revisions)):
            before, after = self._state(later - 1), self._state(later)
            for name in sorted(before.keys() | after.keys()):
                old, new = before.get(name, _ABSENT), after.get(name, _ABSENT)
                if old != new and new != _SIGNED and not (old == _ABSENT and new == _EMPTY):
                    found.append(FieldChange(later, name))
        return found

    def _state(self, revision: int) -> dict[str, bytes]:
        if revision not in self._states:
            root = self._reader.get_historical_resolver(revision).root
            self._states[revision] = dict(_field_states(root))
        return self._states[revision]


#: States of a field that need no digest.
_ABSENT: Final = b""
_EMPTY: Final = b"empty signature field"
_SIGNED: Final = b"signed"


def _field_states(root: generic.DictionaryObject) -> Iterator[tuple[str, bytes]]:
    stack = [("", item, None) for item in entries(entry(root, "/AcroForm"), "/Fields")]
    seen: set[tuple[int, int]] = set()
    while stack:
        prefix, item, inherited_type = stack.pop()
        if isinstance(item, generic.IndirectObject):
            if (item.idnum, item.generation) in seen:
                raise misc.PdfReadError("a form field contains itself")
            seen.add((item.idnum, item.generation))
        field = item.get_object()
        partial = entry(field, "/T")
        name = prefix if partial is None else f"{prefix}.{partial}" if prefix else str(partial)
        kind = entry(field, "/FT") or inherited_type
        # A widget without a name of its own belongs to its parent: told apart by its number.
        label = name if partial is not None else f"{name}#{len(seen)}"
        yield label, _field_state(field, kind)
        stack.extend((name, kid, kind) for kid in entries(field, "/Kids"))


def _field_state(field: Any, kind: Any) -> bytes:
    if kind == "/Sig":
        if entry(field, "/V") is not None:
            return _SIGNED
        if entry(field, "/AP") is None and not any(float(edge) for edge in entries(field, "/Rect")):
            return _EMPTY
        return _digest(field, ("/Rect", "/AP", "/MK", "/F"))
    return _digest(field, ("/V", "/AP", "/AS", "/Rect", "/F", "/MK", "/DV", "/RV", "/A", "/AA"))


def visible_content(reader: PdfFileReader, revision: int) -> bytes:
    """A digest of all a reader sees or runs, form fields and signatures apart."""
    root = reader.get_historical_resolver(revision).root
    whole = hashlib.sha256()
    whole.update(_digest(root, _CATALOG_KEYS))
    whole.update(_digest(entry(root, "/AcroForm"), _FORM_KEYS))
    for page, inherited in _pages(entry(root, "/Pages"), {}, set()):
        whole.update(b"page")
        for key in _PAGE_KEYS:
            value = page.raw_get(key) if key in page else inherited.get(key)
            _feed(whole, value, set())
        for item in entries(page, "/Annots"):
            if entry(item.get_object(), "/Subtype") != "/Widget":
                _feed(whole, item, set())
    return whole.digest()


def _pages(
    node: Any, inherited: dict[str, Any], seen: set[tuple[int, int]]
) -> Iterator[tuple[generic.DictionaryObject, dict[str, Any]]]:
    if not isinstance(node, generic.DictionaryObject):
        return
    if "/Kids" not in node:
        yield node, inherited
        return
    own = {key: node.raw_get(key) for key in _PAGE_KEYS if key in node}
    for kid in entries(node, "/Kids"):
        mark = (kid.idnum, kid.generation)
        if mark in seen:
            raise misc.PdfReadError("a page tree contains itself")
        seen.add(mark)
        yield from _pages(kid.get_object(), {**inherited, **own}, seen)


def _digest(dictionary: Any, keys: tuple[str, ...]) -> bytes:
    whole = hashlib.sha256()
    if isinstance(dictionary, generic.DictionaryObject):
        for key in keys:
            if key in dictionary:
                whole.update(key.encode())
                _feed(whole, dictionary.raw_get(key), set())
    return whole.digest()


def _feed(whole: Any, value: Any, seen: set[tuple[int, int]]) -> None:
    """Add `value` with all it refers to; a cycle is closed by its mark."""
    if isinstance(value, generic.IndirectObject):
        mark = (value.idnum, value.generation)
        if mark in seen:
            whole.update(b"again")
            return
        seen.add(mark)
        value = value.get_object()
    if isinstance(value, generic.DictionaryObject):
        whole.update(b"<<")
        for key in sorted(value):
            if key not in _BACKWARD:
                whole.update(key.encode())
                _feed(whole, value.raw_get(key), seen)
        if isinstance(value, generic.StreamObject):
            whole.update(b"stream")
            whole.update(value.encoded_data)
        whole.update(b">>")
    elif isinstance(value, generic.ArrayObject):
        whole.update(b"[")
        for item in value:
            _feed(whole, item, seen)
        whole.update(b"]")
    elif isinstance(value, (generic.TextStringObject, generic.ByteStringObject)):
        whole.update(b"(" + value.original_bytes + b")")
    else:
        whole.update(repr(value).encode() + b" ")
