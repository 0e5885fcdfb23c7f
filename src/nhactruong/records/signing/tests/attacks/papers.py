"""Plain PDF files of other offices, written by hand so that every object has a known number."""

from __future__ import annotations

import io
import zlib

import pikepdf

CATALOG, PAGES, PAGE, CONTENT, FONT, PICTURE, LAYER = range(1, 8)
BLANK_FIELD, FILLED_FIELD, COVERING_FIELD, INFO, TO_UNICODE = range(8, 13)
#: Named by the page, defined nowhere: a reader shows nothing there until somebody defines it.
DANGLING = 40

_TEXT = b"""/OC /Draft BDC BT /F1 18 Tf 60 640 Td (Draft, not valid) Tj ET EMC
BT /F1 14 Tf 60 700 Td (Payment of 100 million is approved) Tj ET
q 100 0 0 100 300 300 cm /Im1 Do Q
BT /F1 14 Tf 60 500 Td (Signed in two copies) Tj ET
"""


def objects(*, dangling: bool = False) -> dict[int, bytes]:
    """The objects of a one-page paper with a form of three text fields."""
    contents = b"[4 0 R %d 0 R]" % DANGLING if dangling else b"4 0 R"

    def field(name: bytes, rect: bytes, extra: bytes = b"") -> bytes:
        return (
            b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (%s) /Rect [%s] /F 4 /P 3 0 R "
            b"/DA (/Helv 12 Tf 0 g) %s >>" % (name, rect, extra)
        )

    return {
        CATALOG: b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [8 0 R 9 0 R 10 0 R] "
        b"/DR << /Font << /Helv 5 0 R >> >> /DA (/Helv 12 Tf 0 g) >> /OCProperties << /OCGs [7 0 R]"
        b" /D << /ON [] /OFF [7 0 R] /Order [7 0 R] >> >> >>",
        PAGES: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %s /Resources << "
        b"/Font << /F1 5 0 R >> /XObject << /Im1 6 0 R >> /Properties << /Draft 7 0 R >> >> "
        b"/Annots [8 0 R 9 0 R 10 0 R] >>" % contents,
        CONTENT: stream(_TEXT),
        FONT: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding "
        b"/ToUnicode %d 0 R >>" % TO_UNICODE,
        PICTURE: stream(
            b"\xff" * 3,
            b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceRGB "
            b"/BitsPerComponent 8",
        ),
        LAYER: b"<< /Type /OCG /Name (Draft) >>",
        BLANK_FIELD: field(b"receiver", b"60 400 260 420"),
        FILLED_FIELD: field(b"amount", b"60 360 260 380", b"/V (100)"),
        COVERING_FIELD: field(b"remark", b"60 690 300 720"),
        INFO: b"<< /Producer (Another office) >>",
        TO_UNICODE: stream(b"/CIDInit /ProcSet findresource begin begincmap endcmap end"),
    }


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def written(content: dict[int, bytes], hidden: bytes = b"") -> bytes:
    """The objects as a file with a cross-reference table; `hidden` bytes stand in no table."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + hidden)
    places = {}
    for number, body in sorted(content.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += table(places, with_zero=True)
    size = max(content) + 1
    out += (
        b"trailer\n<< /Size %d /Root 1 0 R /Info 11 0 R /ID [<%s> <%s>] >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, b"ab" * 16, b"ab" * 16, start)
    )
    return bytes(out)


def table(places: dict[int, int], *, with_zero: bool = False) -> bytes:
    """A cross-reference table; a place of -1 frees the object."""
    out = b"xref\n"
    if with_zero:
        out += b"0 1\n0000000000 65535 f \n"
    for number, place in sorted(places.items()):
        row = b"0000000000 00001 f \n" if place < 0 else b"%010d 00000 n \n" % place
        out += b"%d 1\n%s" % (number, row)
    return out


def paper(*, dangling: bool = False) -> bytes:
    """The paper with a cross-reference table, and a second text that nothing names."""
    hidden = stream(b"BT /F1 14 Tf 60 700 Td (Payment of 700 million is approved) Tj ET")
    return written(objects(dangling=dangling), b"%d 0 obj\n%s\nendobj\n" % (CONTENT, hidden))


def with_object_streams() -> bytes:
    """The paper with object streams and a cross-reference stream."""
    return _saved(object_stream_mode=pikepdf.ObjectStreamMode.generate)


def linearized() -> bytes:
    """The paper arranged for reading page by page."""
    return _saved(linearize=True)


def locked_against_copying() -> bytes:
    """The paper encrypted without a password for reading."""
    return _saved(encryption=pikepdf.Encryption(user="", owner="keeper"))


def _saved(**how: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper())) as pdf:
        pdf.save(out, **how)  # type: ignore[arg-type]
    return out.getvalue()


def hybrid(*, contradictory: bool = False) -> bytes:
    """The paper as word processors write it: table and stream of places side by side.

    A contradictory one gives the page's text two places: readers differ in what they show.
    """
    content = objects()
    packed = content.pop(LAYER)
    out = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in sorted(content.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    pack, places_stream = 20, 21
    places[pack] = len(out)
    body = b"%d 0 " % LAYER + packed
    out += b"%d 0 obj\n" % pack
    out += stream(body, b"/Type /ObjStm /N 1 /First %d" % len(b"%d 0 " % LAYER)) + b"\nendobj\n"
    other = len(out)
    if contradictory:
        out += b"%d 0 obj\n%s\nendobj\n" % (CONTENT, stream(b"BT /F1 9 Tf (Other) Tj ET"))
    rows = {LAYER: (2, pack, 0)}
    if contradictory:
        rows[CONTENT] = (1, other, 0)
    start = len(out)
    data = b"".join(
        bytes([kind]) + where.to_bytes(4, "big") + bytes([index])
        for _, (kind, where, index) in sorted(rows.items())
    )
    index = b" ".join(b"%d 1" % number for number in sorted(rows))
    packed_rows = zlib.compress(data)
    out += b"%d 0 obj\n" % places_stream + stream(
        packed_rows,
        b"/Type /XRef /Size 22 /W [1 4 1] /Index [%s] /Filter /FlateDecode /Root 1 0 R" % index,
    )
    out += b"\nendobj\n"
    places[places_stream] = start
    begin = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number in range(1, 22):
        place = places.get(number)
        row = b"0000000000 65535 f \n" if place is None else b"%010d 00000 n \n" % place
        out += b"%d 1\n%s" % (number, row)
    out += (
        b"trailer\n<< /Size 22 /Root 1 0 R /Info 11 0 R /ID [<%s> <%s>] /XRefStm %d >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (b"ab" * 16, b"ab" * 16, start, begin)
    )
    return bytes(out)
