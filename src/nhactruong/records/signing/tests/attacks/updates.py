"""Incremental updates written byte by byte: a forger is bound by no library."""

from __future__ import annotations

import io
import re

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields

from nhactruong.records.signing.tests.attacks.papers import table


def appended(
    pdf: bytes,
    content: dict[int, bytes],
    *,
    freed: tuple[int, ...] = (),
    places: dict[int, int] | None = None,
    trailer: bytes = b"",
    root: int | None = None,
) -> bytes:
    """The file with a further revision; `places` point at objects that stand in it already."""
    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    out = bytearray(pdf if pdf.endswith(b"\n") else pdf + b"\n")
    found = dict(places or {}) | dict.fromkeys(freed, -1)
    for number, body in sorted(content.items()):
        found[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += table(found)
    size = max(int(reader.trailer["/Size"]), *(number + 1 for number in found))
    root = reader.root_ref.idnum if root is None else root
    out += b"trailer\n<< /Size %d /Root %d 0 R /Prev %d " % (size, root, reader.last_startxref)
    out += b"/ID [<%s> <%s>] %s >>\n" % (b"ab" * 16, b"ab" * 16, trailer)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def fresh_number(pdf: bytes) -> int:
    """An object number that the file does not use."""
    return int(PdfFileReader(io.BytesIO(pdf), strict=False).trailer["/Size"]) + 10


def body_of(pdf: bytes, number: int) -> bytes:
    """The body of an object that stands uncompressed in the file, as last written."""
    found = list(re.finditer(rb"(?:^|[\r\n])%d 0 obj\s*(.*?)\s*endobj" % number, pdf, re.DOTALL))
    body: bytes = found[-1].group(1)
    if b"stream" in body or b"/Contents <" in body:
        return body
    # Tools differ in their blanks; here every dictionary is written in one way.
    return re.sub(rb"\s*\]", b"]", re.sub(rb"\[\s*", b"[", b" ".join(body.split())))


def exchanged(body: bytes, old: bytes, new: bytes) -> bytes:
    """`body` with its only `old` written anew; a forgery that does nothing would prove nothing."""
    if body.count(old) != 1:
        raise ValueError(f"{old!r} stands {body.count(old)} times in {body!r}")
    return body.replace(old, new)


def replaced(pdf: bytes, number: int, old: bytes, new: bytes) -> bytes:
    """A further revision in which one object reads `new` where it read `old`."""
    return appended(pdf, {number: exchanged(body_of(pdf, number), old, new)})


def signature_values(pdf: bytes) -> list[re.Match[bytes]]:
    """Where the signature values stand, oldest first."""
    return list(re.finditer(rb"/Contents\s*(<[0-9a-fA-F]{1000,}>)", pdf))


def byte_ranges(pdf: bytes) -> list[re.Match[bytes]]:
    """Where the byte ranges stand, oldest first."""
    return list(re.finditer(rb"/ByteRange\s*\[[^\]]*\]", pdf))


def numbers_of_signature(pdf: bytes) -> tuple[int, int]:
    """The object numbers of the last signature's value and of its field."""
    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    fields = list(enumerate_sig_fields(reader, filled_status=True))
    _, _, field = fields[-1]
    return field.get_object().raw_get("/V").idnum, field.idnum


def without_value(pdf: bytes, old: bytes, new: bytes) -> bytes:
    """The file with one mark of the last signature overwritten in place, no byte moved."""
    place = pdf.rindex(old)
    if len(new) > len(old):
        raise ValueError(f"{new!r} is longer than {old!r}")
    return pdf[:place] + new.ljust(len(old)) + pdf[place + len(old) :]
