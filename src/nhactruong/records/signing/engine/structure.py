"""What changed in a file between its revisions, judged by our own rules.

The library classifies changes by kind; it does not know which fields are reserved, what a seal
forbids, or that nothing may follow the end of the file. Source: signatures.md 6.1 step 3, 6.2.
"""

from __future__ import annotations

import hashlib
import io
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
_BACKWARD: Final = frozenset({"/Parent", "/StructParent", "/StructParents", "/Popup", "/SD"})
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
_FORM_KEYS: Final = ("/XFA", "/CO")
#: What a reader draws a field with when it draws it anew.
_FORM_DEFAULTS: Final = ("/DA", "/Q")


def bytes_follow_the_end(pdf: bytes, reader: PdfFileReader) -> bool:
    """Whether anything but blanks stands behind the end mark of the last revision."""
    marks = list(_END_OF_FILE.finditer(pdf))
    if not marks or int(marks[-1].group(1)) != reader.last_startxref:
        return True
    last = marks[-1]
    return bool(pdf[last.end() :].strip(_BLANK))


def value_fills_the_gap(pdf: bytes, byte_range: list[int], contents: bytes) -> bool:
    """Whether `byte_range` leaves out exactly the signature value written in hexadecimal.

    The library compares lengths only: a value packed elsewhere would leave room for other bytes.
    """
    if len(byte_range) != 4:
        return False
    start, length, resume, rest = (int(place) for place in byte_range)
    if start != 0 or not 0 < length < resume or rest <= 0 or resume + rest > len(pdf):
        return False
    gap = pdf[length:resume]
    if gap[:1] != b"<" or gap[-1:] != b">":
        return False
    try:
        return bytes.fromhex(gap[1:-1].decode("ascii")) == contents
    except ValueError:
        return False


def table_and_stream_agree(reader: PdfFileReader) -> bool:
    """Whether no hybrid file gives one object two places, so that readers would differ."""
    for revision in range(int(reader.xrefs.total_revisions)):
        table = reader.xrefs.get_xref_data(revision)
        if table.hybrid is None:
            continue
        stream = table.hybrid.xref_data
        for number, place in stream.standard_xrefs.items():
            if table.standard_xrefs.get(number, place) != place:
                return False
        if stream.xrefs_in_objstm.keys() & table.standard_xrefs.keys():
            return False
    return True


@dataclass(frozen=True)
class Shown:
    """Digests of all a reader sees or runs in one revision, form fields apart."""

    pages: bytes
    comments: bytes
    #: What fields are drawn with; more may come, nothing of it may change.
    form_resources: frozenset[tuple[str, bytes]]
    fields_are_drawn_anew: bool
    #: Certificates, revocation data: of no look, but a reason for a revision.
    validation_data: bytes


class Views:
    """What each revision of a file shows; each is digested once."""

    def __init__(self, reader: PdfFileReader) -> None:
        self._reader = reader
        self._shown: dict[int, Shown] = {}

    def of(self, revision: int, fields: frozenset[int]) -> Shown:
        """What `revision` shows apart from its form fields, whose object numbers are `fields`."""
        if revision not in self._shown:
            seen = self._reader.get_historical_resolver(revision)
            self._shown[revision] = _shown(seen.root, seen.trailer_view, fields)
        return self._shown[revision]


def _shown(
    root: generic.DictionaryObject, trailer: generic.DictionaryObject, fields: frozenset[int]
) -> Shown:
    pages = _all_pages(root)
    # Links and actions name pages and fields: what those hold is digested where it stands.
    closed = fields | page_numbers(root)
    whole, comments = _Digest(closed), _Digest(closed)
    _feed_file(whole, root, trailer)
    for page, inherited, number in pages:
        whole.mark(f"page {number}")
        comments.mark(f"page {number}")
        _feed_page(whole, page, inherited)
        _feed_comments(comments, page, fields)
    form = entry(root, "/AcroForm")
    return Shown(
        pages=whole.result(),
        comments=comments.result(),
        form_resources=_form_resources(form),
        fields_are_drawn_anew=bool(entry(form, "/NeedAppearances")),
        validation_data=digest_of(root, ("/DSS",)),
    )


def _feed_file(
    whole: _Digest, root: generic.DictionaryObject, trailer: generic.DictionaryObject
) -> None:
    # An encryption added later makes other words of the same bytes.
    whole.mark(repr(trailer.raw_get("/Encrypt")) if "/Encrypt" in trailer else "in clear")
    for key in _CATALOG_KEYS:
        whole.entry(root, key)
    form = entry(root, "/AcroForm")
    for key in _FORM_KEYS:
        whole.entry(form, key)


def _feed_page(whole: _Digest, page: generic.DictionaryObject, inherited: dict[str, Any]) -> None:
    for key in _PAGE_KEYS:
        whole.mark(key)
        whole.feed(page.raw_get(key) if key in page else inherited.get(key))


def _feed_comments(
    comments: _Digest, page: generic.DictionaryObject, fields: frozenset[int]
) -> None:
    for item in entries(page, "/Annots"):
        if getattr(item, "idnum", 0) not in fields:
            comments.feed(item)


@dataclass(frozen=True)
class PageView:
    """One page of one revision: its object number, and digests of what it shows, fields apart.

    `notes` are the words of its comments.
    """

    number: int
    content: bytes
    comments: bytes
    notes: tuple[str, ...]


@dataclass(frozen=True)
class FileView:
    """One revision page by page; `whole` digests what belongs to no page: scripts, layers, files."""

    whole: bytes
    pages: tuple[PageView, ...]


def file_view(reader: PdfFileReader, revision: int, fields: frozenset[int]) -> FileView:
    """What `revision` shows, page by page: slower than `Views`, for files that were changed."""
    seen = reader.get_historical_resolver(revision)
    root = seen.root
    closed = fields | page_numbers(root)
    whole = _Digest(closed)
    _feed_file(whole, root, seen.trailer_view)
    pages = []
    for page, inherited, number in _all_pages(root):
        content, comments = _Digest(closed), _Digest(closed)
        _feed_page(content, page, inherited)
        _feed_comments(comments, page, fields)
        notes = tuple(
            str(words)
            for item in entries(page, "/Annots")
            if getattr(item, "idnum", 0) not in fields
            and isinstance(words := entry(item.get_object(), "/Contents"), generic.TextStringObject)
        )
        pages.append(PageView(number, content.result(), comments.result(), notes))
    return FileView(whole.result(), tuple(pages))


def _form_resources(form: Any) -> frozenset[tuple[str, bytes]]:
    defaults = {(key, digest_of(form, (key,))) for key in _FORM_DEFAULTS if entry(form, key)}
    resources = entry(form, "/DR")
    if not isinstance(resources, generic.DictionaryObject):
        return frozenset(defaults)
    return frozenset(defaults) | {
        (f"{category}{name}", digest_of(group, (name,)))
        for category in resources
        if isinstance(group := entry(resources, category), generic.DictionaryObject)
        for name in group
    }


def _pages(
    node: Any, inherited: dict[str, Any], seen: set[tuple[int, int]], number: int
) -> Iterator[tuple[generic.DictionaryObject, dict[str, Any], int]]:
    if not isinstance(node, generic.DictionaryObject):
        return
    if "/Kids" not in node:
        yield node, inherited, number
        return
    own = {key: node.raw_get(key) for key in _PAGE_KEYS if key in node}
    for kid in entries(node, "/Kids"):
        mark = (kid.idnum, kid.generation)
        if mark in seen:
            raise misc.PdfReadError("a page tree contains itself")
        seen.add(mark)
        yield from _pages(kid.get_object(), {**inherited, **own}, seen, kid.idnum)


def _all_pages(
    root: generic.DictionaryObject,
) -> list[tuple[generic.DictionaryObject, dict[str, Any], int]]:
    return list(_pages(entry(root, "/Pages"), {}, set(), 0))


def pages_with_annotations(root: generic.DictionaryObject) -> list[frozenset[int]]:
    """For each page, in order, the object numbers of its annotations."""
    return [
        frozenset(getattr(item, "idnum", 0) for item in entries(page, "/Annots"))
        for page, _, _ in _all_pages(root)
    ]


def page_numbers(root: generic.DictionaryObject) -> frozenset[int]:
    """The object numbers of all pages."""
    return frozenset(number for _, _, number in _all_pages(root) if number)


def digest_of(
    dictionary: Any, keys: tuple[str, ...], closed: frozenset[int] = frozenset()
) -> bytes:
    """A digest of some entries of a dictionary with all they refer to, objects `closed` apart."""
    whole = _Digest(closed)
    for key in keys:
        whole.entry(dictionary, key)
    return whole.result()


class _Digest:
    """A digest of objects with all they refer to; each object is followed once."""

    def __init__(self, closed: frozenset[int]) -> None:
        self._hash = hashlib.sha256()
        self._closed = closed
        self._seen: dict[tuple[int, int], int] = {}

    def result(self) -> bytes:
        return self._hash.digest()

    def mark(self, word: str) -> None:
        self._hash.update(word.encode("utf-8", "surrogateescape") + b" ")

    def entry(self, dictionary: Any, key: str) -> None:
        if isinstance(dictionary, generic.DictionaryObject) and key in dictionary:
            self.mark(key)
            self.feed(dictionary.raw_get(key))

    def feed(self, value: Any) -> None:
        """Add `value`; what was met before is named by the order in which it was met."""
        if isinstance(value, generic.IndirectObject):
            if value.idnum in self._closed:
                self.mark(f"to {value.idnum}")
                return
            mark = (value.idnum, value.generation)
            if mark in self._seen:
                self.mark(f"again {self._seen[mark]}")
                return
            self._seen[mark] = len(self._seen)
            value = value.get_object()
        if isinstance(value, generic.DictionaryObject):
            self.mark("<<")
            for key in sorted(value):
                if key not in _BACKWARD:
                    self.mark(key)
                    self.feed(value.raw_get(key))
            if isinstance(value, generic.StreamObject):
                self.mark("stream")
                self._hash.update(value.encoded_data)
            self.mark(">>")
        elif isinstance(value, generic.ArrayObject):
            self.mark("[")
            for item in value:
                self.feed(item)
            self.mark("]")
        elif isinstance(value, (generic.TextStringObject, generic.ByteStringObject)):
            self._hash.update(b"(" + value.original_bytes + b")")
        elif isinstance(value, generic.PdfObject):
            written = io.BytesIO()
            value.write_to_stream(written)
            self._hash.update(written.getvalue() + b" ")
        else:
            self.mark("nothing")
