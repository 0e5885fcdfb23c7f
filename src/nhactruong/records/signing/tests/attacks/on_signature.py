"""Forgeries of the signature itself: wrapping, universal forgery, byte ranges, annotations, seals."""

from __future__ import annotations

import io
import re

from pyhanko.pdf_utils.reader import PdfFileReader

from nhactruong.records.signing.tests.attacks import papers
from nhactruong.records.signing.tests.attacks.on_content import look
from nhactruong.records.signing.tests.attacks.papers import stream
from nhactruong.records.signing.tests.attacks.updates import (
    appended,
    body_of,
    byte_ranges,
    exchanged,
    fresh_number,
    numbers_of_signature,
    signature_values,
    without_value,
)

# Universal forgery (CCS 2019): the file is forged, the signature made unreadable ---------------


def _value(pdf: bytes, new: bytes) -> bytes:
    found = signature_values(pdf)[-1]
    whole = found.group(0)
    return pdf[: found.start()] + new.ljust(len(whole)) + pdf[found.end() :]


def _range(pdf: bytes, new: bytes) -> bytes:
    found = byte_ranges(pdf)[-1]
    return pdf[: found.start()] + new.ljust(len(found.group(0))) + pdf[found.end() :]


def value_missing(pdf: bytes) -> bytes:
    """Universal forgery: no /Contents."""
    return _value(pdf, b"")


def value_null(pdf: bytes) -> bytes:
    """Universal forgery: /Contents null."""
    return _value(pdf, b"/Contents null")


def value_empty(pdf: bytes) -> bytes:
    """Universal forgery: /Contents <>."""
    return _value(pdf, b"/Contents <>")


def value_one_zero_byte(pdf: bytes) -> bytes:
    """Universal forgery: /Contents <00>."""
    return _value(pdf, b"/Contents <00>")


def value_all_zeros(pdf: bytes) -> bytes:
    """Universal forgery: /Contents of zeros, of the right length."""
    length = len(signature_values(pdf)[-1].group(1)) - 2
    return _value(pdf, b"/Contents <" + b"0" * length + b">")


def value_a_number(pdf: bytes) -> bytes:
    """Universal forgery: /Contents is no string."""
    return _value(pdf, b"/Contents 42")


def range_missing(pdf: bytes) -> bytes:
    """Universal forgery: no /ByteRange."""
    return _range(pdf, b"")


def range_null(pdf: bytes) -> bytes:
    """Universal forgery: /ByteRange null."""
    return _range(pdf, b"/ByteRange null")


def range_empty(pdf: bytes) -> bytes:
    """Universal forgery: /ByteRange []."""
    return _range(pdf, b"/ByteRange []")


def range_of_zeros(pdf: bytes) -> bytes:
    """Universal forgery: /ByteRange [0 0 0 0]."""
    return _range(pdf, b"/ByteRange [0 0 0 0]")


def range_negative(pdf: bytes) -> bytes:
    """Byte range: negative numbers."""
    return _range(pdf, b"/ByteRange [0 -1 9 -9]")


def range_of_three(pdf: bytes) -> bytes:
    """Byte range: three numbers."""
    return _range(pdf, b"/ByteRange [0 9 9]")


def range_of_six(pdf: bytes) -> bytes:
    """Byte range: six numbers, the last pair empty."""
    _, first, resume, rest = _numbers(pdf)
    return _range(pdf, b"/ByteRange [0 %d %d %d 0 0]" % (first, resume, rest))


def range_beyond_the_end(pdf: bytes) -> bytes:
    """Byte range: more bytes than there are."""
    _, first, resume, rest = _numbers(pdf)
    return _range(pdf, b"/ByteRange [0 %d %d %d]" % (first, resume, rest + 9))


def range_overlapping(pdf: bytes) -> bytes:
    """Byte range: parts that overlap, with lengths that add up to the whole file."""
    _, first, resume, rest = _numbers(pdf)
    return _range(pdf, b"/ByteRange [0 %d %d %d]" % (first, resume - first, rest))


def _numbers(pdf: bytes) -> tuple[int, int, int, int]:
    found = re.findall(rb"-?\d+", byte_ranges(pdf)[-1].group(0))
    start, first, resume, rest = (int(number) for number in found)
    return start, first, resume, rest


def value_of_another_paper(pdf: bytes, other: bytes) -> bytes:
    """Byte range: the value of a good signature on another paper."""
    return _value(pdf, signature_values(other)[-1].group(0))


# Signature wrapping (CCS 2019): the signed bytes are kept, others are shown ---------------------


def _wrapped(pdf: bytes, *, packed: bool) -> bytes:
    """The signed bytes moved apart, with a forged revision between them.

    The signed tail names the old place of its table: a forged table is put there. Its signature
    dictionary gives the byte range around the gap. Packed, the value is as long as half the gap: a
    check of lengths alone is content.
    """
    _, first, resume, rest = _numbers(pdf)
    number, _ = numbers_of_signature(pdf)
    original = bytes.fromhex(signature_values(pdf)[-1].group(1)[1:-1].decode())
    reader = PdfFileReader(io.BytesIO(pdf))
    begin = reader.last_startxref
    signed = reader.xrefs.get_xref_data(reader.xrefs.total_revisions - 1).standard_xrefs
    dictionary = re.sub(rb"/Contents\s*<[0-9a-fA-F]+>", b"", body_of(pdf, number))
    text = stream(b"BT /F1 14 Tf 60 700 Td (Payment of 900 million) Tj ET")
    width = len(_forged_table(pdf, dict.fromkeys({*signed, papers.CONTENT, number}, 0)))

    def gap(moved: int) -> bytes:
        value = b"<" + original.hex().encode() + b">"
        if packed:
            value = b"(" + _literal(original.ljust((moved - first - 2) // 2, b"\0")) + b")"
        new_range = b"/ByteRange [0 %d %d %d]" % (first, moved, rest)
        body = re.sub(rb"/ByteRange\s*\[[^\]]*\]", new_range, dictionary)[:-2]
        out = bytearray(b" " * (begin - first + width))
        places = {one: place for one, (_, place) in signed.items()}
        for one, written in (
            (papers.CONTENT, text),
            (number, body + b"/Contents " + value + b" >>"),
        ):
            places[one] = first + len(out)
            out += b"%d 0 obj\n%s\nendobj\n" % (one, written)
        out[begin - first : begin - first + width] = _forged_table(pdf, places)
        return bytes(out)

    moved = resume
    while first + len(filling := gap(moved)) > moved:
        moved += 2048
    return pdf[:first] + filling.ljust(moved - first) + pdf[resume:]


def _literal(value: bytes) -> bytes:
    return re.sub(rb"[()\\\r\n]", lambda found: b"\\%03o" % found.group(0)[0], value)


def _forged_table(pdf: bytes, places: dict[int, int]) -> bytes:
    previous = int(re.findall(rb"startxref\s+(\d+)", pdf)[-2])
    return papers.table(places) + (
        b"trailer\n<< /Size %d /Root 1 0 R /Prev %d >>\n" % (fresh_number(pdf), previous)
    )


def wrapped_plainly(pdf: bytes) -> bytes:
    """Signature wrapping: the second part moved, a second /Contents inside a wider gap."""
    return _wrapped(pdf, packed=False)


def wrapped_and_packed(pdf: bytes) -> bytes:
    """Signature wrapping: the value as a literal string, to make up the length of the gap."""
    return _wrapped(pdf, packed=True)


def value_in_other_words(pdf: bytes) -> bytes:
    """Signature wrapping: a second /Contents in the same dictionary."""
    return without_value(pdf, b"/Filter /Adobe.PPKLite", b"/Contents <00>")


# Annotations and seals (S&P 2021) --------------------------------------------------------------


def _annotated(pdf: bytes, kind: bytes) -> bytes:
    number = fresh_number(pdf)
    note = (
        b"<< /Type /Annot /Subtype /%s /Rect [60 690 300 720] /F 4 /Contents (900 million) "
        b"/AP << /N %d 0 R >> >>" % (kind, number + 1)
    )
    page = exchanged(body_of(pdf, papers.PAGE), b" 10 0 R", b" 10 0 R %d 0 R" % number)
    return appended(pdf, {papers.PAGE: page, number: note, number + 1: look()})


def free_text_over_the_sum(pdf: bytes) -> bytes:
    """Evil annotation: FreeText."""
    return _annotated(pdf, b"FreeText")


def stamp_over_the_sum(pdf: bytes) -> bytes:
    """Evil annotation: Stamp."""
    return _annotated(pdf, b"Stamp")


def redaction_over_the_sum(pdf: bytes) -> bytes:
    """Evil annotation: Redact."""
    return _annotated(pdf, b"Redact")


def line_through_the_sum(pdf: bytes) -> bytes:
    """Evil annotation: StrikeOut."""
    return _annotated(pdf, b"StrikeOut")


def _signature_field(number: int, extra: bytes) -> bytes:
    return (
        b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Second) /Rect [60 690 300 720] /F 132 "
        b"/P 3 0 R /AP << /N %d 0 R >> %s >>" % (number, extra)
    )


def _field_added(pdf: bytes, field: bytes, more: dict[int, bytes]) -> bytes:
    number = fresh_number(pdf)
    catalog = re.sub(rb"(/Fields \[[^\]]*)\]", rb"\g<1> %d 0 R]" % number, body_of(pdf, 1))
    page = re.sub(rb"(/Annots \[[^\]]*)\]", rb"\g<1> %d 0 R]" % number, body_of(pdf, papers.PAGE))
    return appended(pdf, {papers.CATALOG: catalog, papers.PAGE: page, number: field, **more})


def empty_signature_field_over_the_sum(pdf: bytes) -> bytes:
    """Sneaky signature: an unsigned field with a look."""
    number = fresh_number(pdf) + 1
    return _field_added(pdf, _signature_field(number, b""), {number: look()})


def false_signature_over_the_sum(pdf: bytes) -> bytes:
    """Sneaky signature: a field with a look and a signature of rubbish."""
    number = fresh_number(pdf) + 1
    false = (
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached "
        b"/ByteRange [0 10 20 10] /Contents <00> >>"
    )
    field = _signature_field(number, b"/V %d 0 R" % (number + 1))
    return _field_added(pdf, field, {number: look(), number + 1: false})


def look_of_the_signature_changed(pdf: bytes) -> bytes:
    """Sneaky signature: a signed field gets a new look."""
    _, field = numbers_of_signature(pdf)
    number = fresh_number(pdf)
    body = re.sub(rb"/AP\s*<<[^>]*>>", b"", body_of(pdf, field))[:-2]
    return appended(pdf, {field: body + b" /AP << /N %d 0 R >> >>" % number, number: look()})


def signature_moved_over_the_sum(pdf: bytes) -> bytes:
    """Sneaky signature: a signed field gets another place."""
    _, field = numbers_of_signature(pdf)
    body = re.sub(rb"/Rect\s*\[[^\]]*\]", b"/Rect [60 690 300 720]", body_of(pdf, field))
    return appended(pdf, {field: body})


def signature_emptied(pdf: bytes) -> bytes:
    """Catalog swap: the signed field forgets its signature."""
    _, field = numbers_of_signature(pdf)
    body = re.sub(rb"/V\s+\d+ 0 R", b"", body_of(pdf, field))
    return appended(pdf, {field: body})


def signature_hidden_in_null(pdf: bytes) -> bytes:
    """Universal forgery: the signature's object becomes null."""
    value, _ = numbers_of_signature(pdf)
    return appended(pdf, {value: b"null"})


def rules_of_the_certification_loosened(pdf: bytes) -> bytes:
    """Certification attack: the signature's own dictionary is written anew with other rights."""
    value, _ = numbers_of_signature(pdf)
    body = re.sub(rb"/P [123]", b"/P 3", body_of(pdf, value))
    return appended(pdf, {value: body})


# Bytes -----------------------------------------------------------------------------------------


def one_digit_changed(pdf: bytes) -> bytes:
    """Changed number: a byte inside the signed part."""
    return pdf.replace(b"(Payment of 100", b"(Payment of 900", 1)


def bytes_behind_the_end(pdf: bytes) -> bytes:
    """Incremental saving: bytes behind the last mark of the end."""
    return pdf + b"% Refused\n"


def bytes_before_the_beginning(pdf: bytes) -> bytes:
    """Byte range: bytes before the header."""
    return b"%PDF-1.7 % Refused\n" + pdf


def cut_short(pdf: bytes) -> bytes:
    """Truncated: the end is missing."""
    return pdf[:-200]


#: These need to know nothing of the file.
ON_ANY_SIGNATURE = (
    value_missing,
    value_null,
    value_empty,
    value_one_zero_byte,
    value_all_zeros,
    value_a_number,
    range_missing,
    range_null,
    range_empty,
    range_of_zeros,
    range_negative,
    range_of_three,
    range_of_six,
    range_beyond_the_end,
    range_overlapping,
    bytes_behind_the_end,
    bytes_before_the_beginning,
    cut_short,
)
ON_ANY_PAPER = (
    *ON_ANY_SIGNATURE,
    wrapped_plainly,
    wrapped_and_packed,
    value_in_other_words,
    free_text_over_the_sum,
    stamp_over_the_sum,
    redaction_over_the_sum,
    line_through_the_sum,
    empty_signature_field_over_the_sum,
    false_signature_over_the_sum,
    look_of_the_signature_changed,
    signature_moved_over_the_sum,
    signature_emptied,
    signature_hidden_in_null,
    rules_of_the_certification_loosened,
    one_digit_changed,
)
