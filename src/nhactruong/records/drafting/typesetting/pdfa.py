"""What keeps a PDF from being PDF/A-2b, as far as its structure tells."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

_PART: Final = re.compile(r"pdfaid:part(?:>|=[\"'])\s*2")
_CONFORMANCE: Final = re.compile(r"pdfaid:conformance(?:>|=[\"'])\s*[ABU]")
_PRINT, _HIDING = 4, 1 | 2 | 32 | 256
_FORBIDDEN_ACTIONS: Final = frozenset(
    (
        "/JavaScript",
        "/Launch",
        "/Sound",
        "/Movie",
        "/ResetForm",
        "/ImportData",
        "/Hide",
        "/Rendition",
    )
)


def pdfa_faults(pdf: bytes) -> list[str]:
    """Faults of structure against PDF/A-2b, in plain words; [] when none is found.

    Looks at metadata, output intent, fonts (pages and form fields), actions, annotations,
    encryption and identifiers. It does not interpret page contents.
    Source: ISO 19005-2 §6.1-6.7.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            return list(_faults(document))
    except pikepdf.PasswordError:
        return ["encrypted"]
    except pikepdf.PdfError as error:
        return [f"unreadable: {error}"]


def _faults(document: pikepdf.Pdf) -> Iterator[str]:
    if document.is_encrypted:
        yield "encrypted"
    if "/ID" not in document.trailer:
        yield "trailer: no ID"
    root = document.Root
    yield from _metadata_faults(root)
    intents = [intent for intent in root.get("/OutputIntents", []) if _is_pdfa_intent(intent)]
    if not intents:
        yield "output intent: none for PDF/A with a colour profile"
    if "/AA" in root or ("/AcroForm" in root and "/XFA" in root.AcroForm):
        yield "catalogue: additional actions or XFA"
    if "/JavaScript" in root.get("/Names", Dictionary()):
        yield "JavaScript"
    if bool(root.get("/AcroForm", Dictionary()).get("/NeedAppearances", False)):
        yield "form: NeedAppearances"
    yield from _object_faults(document)
    for number, page in enumerate(document.pages, start=1):
        for annotation in page.obj.get("/Annots", []):
            for fault in _annotation_faults(annotation):
                yield f"page {number}: annotation {annotation.get('/T', '')}: {fault}"


def _metadata_faults(root: Object) -> Iterator[str]:
    if "/Metadata" not in root:
        yield "metadata: none"
        return
    if "/Filter" in root.Metadata:
        # Allowed, but an archive should read it without a decoder.
        yield "metadata: compressed"
    packet = root.Metadata.read_bytes().decode("utf-8", "replace")
    if not _PART.search(packet) or not _CONFORMANCE.search(packet):
        yield "metadata: not marked as PDF/A-2"


def _is_pdfa_intent(intent: Object) -> bool:
    return intent.get("/S") == Name.GTS_PDFA1 and "/DestOutputProfile" in intent


def _object_faults(document: pikepdf.Pdf) -> Iterator[str]:
    for item in _dictionaries(document):
        if item.get("/Type") == Name.Font:
            yield from _font_faults(item)
        action = item.get("/S")
        if isinstance(action, Name) and str(action) in _FORBIDDEN_ACTIONS:
            yield f"action {action}"
        if isinstance(item, Stream):
            if "/LZWDecode" in str(item.get("/Filter", "")):
                yield "stream: LZW"
            if "/F" in item:
                yield "stream: external file"


def _dictionaries(document: pikepdf.Pdf) -> Iterator[Object]:
    """Every dictionary and stream of the file, those written inside others too, each once."""
    waiting = [item for item in document.objects if isinstance(item, Object)]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Array):
            inner = list(item)
        elif isinstance(item, Dictionary | Stream):
            yield item
            inner = [value for _, value in item.items()]
        else:
            continue
        waiting.extend(part for part in inner if isinstance(part, Object) and not part.is_indirect)


def _font_faults(font: Object) -> Iterator[str]:
    name = str(font.get("/BaseFont", "?"))
    subtype = font.get("/Subtype")
    if subtype == Name.Type0:
        if "/ToUnicode" not in font:
            yield f"font {name}: no ToUnicode"
        return
    if subtype == Name.Type3:
        return
    descriptor = font.get("/FontDescriptor", Dictionary())
    if not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
        yield f"font {name}: not embedded"
    if subtype == Name.CIDFontType2 and "/CIDToGIDMap" not in font:
        yield f"font {name}: no CIDToGIDMap"


def _annotation_faults(annotation: Object) -> Iterator[str]:
    if ("/A" in annotation and annotation.get("/Subtype") == Name.Widget) or "/AA" in annotation:
        yield "actions on a field"
    flags = int(annotation.get("/F", 0))
    if not flags & _PRINT or flags & _HIDING:
        yield "not printed, or hidden"
    left, bottom, right, top = (float(edge) for edge in annotation.Rect)
    if left == right or bottom == top or annotation.get("/Subtype") in (Name.Link, Name.Popup):
        return
    appearance = annotation.get("/AP")
    if appearance is None or not isinstance(appearance.get("/N"), Stream):
        yield "no appearance"
    elif set(appearance.keys()) != {"/N"}:
        yield "appearance other than N"
