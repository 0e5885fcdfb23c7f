"""Forgeries of what a signed paper shows: shadow attacks, incremental saving, overlays, swaps."""

from __future__ import annotations

import io

import pikepdf
from pyhanko.pdf_utils.reader import PdfFileReader

from nhactruong.records.signing.tests.attacks import papers
from nhactruong.records.signing.tests.attacks.papers import stream
from nhactruong.records.signing.tests.attacks.updates import (
    appended,
    body_of,
    exchanged,
    fresh_number,
    numbers_of_signature,
    replaced,
)

_OTHER_TEXT = stream(b"BT /F1 14 Tf 60 700 Td (Payment of 900 million is approved) Tj ET")
_WHITE_BOX = b"1 1 1 rg 0 0 240 30 re f 0 g BT /F1 14 Tf 5 8 Td (900 million) Tj ET"


def look(data: bytes = _WHITE_BOX) -> bytes:
    """An appearance: a white box with other words."""
    return stream(
        data,
        b"/Type /XObject /Subtype /Form /BBox [0 0 240 30] /Resources << /Font << /F1 5 0 R >> >>",
    )


# Incremental saving (CCS 2019) ---------------------------------------------------------------


def text_of_the_page_replaced(pdf: bytes) -> bytes:
    """Incremental saving: the page's text is written anew."""
    return appended(pdf, {papers.CONTENT: _OTHER_TEXT})


def text_replaced_without_a_table(pdf: bytes) -> bytes:
    """Incremental saving: new objects behind the end, no table and no trailer."""
    return pdf + b"%d 0 obj\n%s\nendobj\n" % (papers.CONTENT, _OTHER_TEXT)


def text_replaced_with_a_trailer_only(pdf: bytes) -> bytes:
    """Incremental saving: new objects and a trailer without a table."""
    size = fresh_number(pdf)
    return text_replaced_without_a_table(pdf) + (
        b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n0\n%%%%EOF\n" % size
    )


def signature_repeated_over_the_forgery(pdf: bytes) -> bytes:
    """Incremental saving: the signature's objects are repeated in the forged revision."""
    value, field = numbers_of_signature(pdf)
    return appended(
        pdf,
        {
            papers.CONTENT: _OTHER_TEXT,
            value: body_of(pdf, value),
            field: body_of(pdf, field),
        },
    )


def page_added(pdf: bytes) -> bytes:
    """Added page."""
    number = fresh_number(pdf)
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>"
    )
    pages = b"<< /Type /Pages /Kids [3 0 R %d 0 R] /Count 2 >>" % number
    return appended(pdf, {number: page, papers.PAGES: pages})


def page_taken_away(pdf: bytes) -> bytes:
    """Catalog swap: the page tree is emptied."""
    return appended(pdf, {papers.PAGES: b"<< /Type /Pages /Kids [] /Count 0 >>"})


def page_turned(pdf: bytes) -> bytes:
    """Incremental saving: the page stands on its head."""
    return replaced(pdf, papers.PAGE, b"/Type /Page ", b"/Type /Page /Rotate 180 ")


def page_cropped(pdf: bytes) -> bytes:
    """Shadow attack, hide: the page shows its lower half only."""
    return replaced(pdf, papers.PAGE, b"/Type /Page ", b"/Type /Page /CropBox [0 0 595 400] ")


# Overlays ------------------------------------------------------------------------------------


def text_laid_over_the_page(pdf: bytes) -> bytes:
    """Overlay: a second stream is added to the page's text."""
    number = fresh_number(pdf)
    page = exchanged(
        body_of(pdf, papers.PAGE), b"/Contents 4 0 R", b"/Contents [4 0 R %d 0 R]" % number
    )
    overlay = stream(
        b"1 1 1 rg 50 690 400 30 re f 0 g " + b"BT /F1 14 Tf 60 700 Td (Refused) Tj ET"
    )
    return appended(pdf, {papers.PAGE: page, number: overlay})


def field_over_the_text_added(pdf: bytes) -> bytes:
    """Overlay: a new text field with a white look covers the sum."""
    form, page, number = _form_and_page(pdf)
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (extra) /V (900) /Rect [60 690 300 720] /F 4 "
        b"/P 3 0 R /AP << /N %d 0 R >> >>" % (number + 1)
    )
    return appended(
        pdf,
        {
            papers.CATALOG: exchanged(form, b" 10 0 R", b" 10 0 R %d 0 R" % number),
            papers.PAGE: exchanged(page, b" 10 0 R", b" 10 0 R %d 0 R" % number),
            number: field,
            number + 1: look(),
        },
    )


def widget_outside_the_form(pdf: bytes) -> bytes:
    """Overlay: a widget that belongs to no field covers the sum."""
    _, page, number = _form_and_page(pdf)
    widget = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (stray) /Rect [60 690 300 720] /F 4 "
        b"/AP << /N %d 0 R >> >>" % (number + 1)
    )
    page = exchanged(page, b" 10 0 R", b" 10 0 R %d 0 R" % number)
    return appended(pdf, {papers.PAGE: page, number: widget, number + 1: look()})


def blank_field_over_text_filled(pdf: bytes) -> bytes:
    """Overlay: a field that lay unseen over the sum gets a white look with other words."""
    number = fresh_number(pdf)
    body = body_of(pdf, papers.COVERING_FIELD)
    body = body[:-2] + b"/V (900 million) /AP << /N %d 0 R >> >>" % number
    return appended(pdf, {papers.COVERING_FIELD: body, number: look()})


def field_grown_over_the_text(pdf: bytes) -> bytes:
    """Overlay: a field is filled and spread over the text."""
    number = fresh_number(pdf)
    body = exchanged(body_of(pdf, papers.BLANK_FIELD), b"60 400 260 420", b"60 690 460 720")
    body = body[:-2] + b"/V (Refused) /AP << /N %d 0 R >> >>" % number
    return appended(pdf, {papers.BLANK_FIELD: body, number: look()})


def _form_and_page(pdf: bytes) -> tuple[bytes, bytes, int]:
    return body_of(pdf, papers.CATALOG), body_of(pdf, papers.PAGE), fresh_number(pdf)


# Shadow attacks (NDSS 2021) ------------------------------------------------------------------


def picture_that_hid_the_text_taken_away(pdf: bytes) -> bytes:
    """Shadow attack, hide: the covering picture is freed."""
    return appended(pdf, {}, freed=(papers.PICTURE,))


def picture_exchanged(pdf: bytes) -> bytes:
    """Shadow attack, hide: the covering picture becomes another."""
    body = exchanged(body_of(pdf, papers.PICTURE), b"\xff\xff\xff", b"\x00\x00\x00")
    return appended(pdf, {papers.PICTURE: body})


def promised_text_delivered(pdf: bytes) -> bytes:
    """Shadow attack, hide: the page named an object that nobody had defined (dangling papers)."""
    return appended(pdf, {papers.DANGLING: stream(b"BT /F1 14 Tf 60 600 Td (Not valid) Tj ET")})


def font_exchanged(pdf: bytes) -> bytes:
    """Shadow attack, replace: the same codes in a font of other letters."""
    return replaced(pdf, papers.FONT, b"/Helvetica", b"/Symbol")


def font_mapped_to_other_letters(pdf: bytes) -> bytes:
    """Shadow attack, replace: what is copied or read aloud differs from what is seen."""
    return appended(
        pdf, {papers.TO_UNICODE: stream(b"begincmap 1 beginbfchar <31> <39> endbfchar")}
    )


def letters_of_the_font_moved(pdf: bytes) -> bytes:
    """Shadow attack, replace: the digit 1 is drawn as 9."""
    encoding = (
        b"/Encoding << /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [49 /nine] >>"
    )
    return replaced(pdf, papers.FONT, b"/Encoding /WinAnsiEncoding", encoding)


def font_of_the_form_exchanged(pdf: bytes) -> bytes:
    """Shadow attack, replace: the form's own font becomes another object."""
    number = fresh_number(pdf)
    catalog = exchanged(body_of(pdf, papers.CATALOG), b"/Helv 5 0 R", b"/Helv %d 0 R" % number)
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>"
    return appended(pdf, {papers.CATALOG: catalog, number: font})


def filled_field_changed(pdf: bytes) -> bytes:
    """Changed number: a value that stood in the form when it was signed."""
    return replaced(pdf, papers.FILLED_FIELD, b"/V (100)", b"/V (900)")


def look_of_a_filled_field_changed(pdf: bytes) -> bytes:
    """Shadow attack, replace: the value stays, its look is another."""
    number = fresh_number(pdf)
    body = body_of(pdf, papers.FILLED_FIELD)[:-2] + b"/AP << /N %d 0 R >> >>" % number
    return appended(pdf, {papers.FILLED_FIELD: body, number: look()})


def fields_drawn_anew(pdf: bytes) -> bytes:
    """Shadow attack, replace: readers are told to draw values that had another look."""
    return replaced(pdf, papers.CATALOG, b"/AcroForm << ", b"/AcroForm << /NeedAppearances true ")


def hidden_field_shown(pdf: bytes) -> bytes:
    """Shadow attack, hide: the marks of a field change who may see it."""
    return replaced(pdf, papers.FILLED_FIELD, b"/F 4", b"/F 2")


def layer_switched_on(pdf: bytes) -> bytes:
    """Optional content: a layer hidden at signing is shown."""
    return replaced(pdf, papers.CATALOG, b"/ON [] /OFF [7 0 R]", b"/ON [7 0 R] /OFF []")


def second_paper_brought_forward(pdf: bytes) -> bytes:
    """Shadow attack, hide and replace: a table alone, pointing at a text kept from the beginning."""
    place = pdf.index(b"\n%d 0 obj" % papers.CONTENT) + 1
    return appended(pdf, {}, places={papers.CONTENT: place})


def text_replaced_by_a_hidden_table(pdf: bytes) -> bytes:
    """Shadow attack, hide and replace: a table that lists nothing, with a stream that lists more."""
    number = fresh_number(pdf)
    out = bytearray(pdf)
    text = len(out)
    out += b"%d 0 obj\n%s\nendobj\n" % (papers.CONTENT, _OTHER_TEXT)
    rows = len(out)
    places = b"\x01" + text.to_bytes(4, "big") + b"\x00"
    size = b"/Size %d /Root 1 0 R" % (number + 1)
    kind = b"/Type /XRef /W [1 4 1] /Index [%d 1] %s" % (papers.CONTENT, size)
    out += b"%d 0 obj\n%s\nendobj\n" % (number, stream(places, kind))
    start = len(out)
    previous = PdfFileReader(io.BytesIO(pdf)).last_startxref
    out += b"xref\n0 1\n0000000000 65535 f \n"
    out += b"trailer\n<< %s /Prev %d /XRefStm %d >>\n" % (size, previous, rows)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def objects_nobody_names_added(pdf: bytes) -> bytes:
    """Shadow attack, prepared: objects are laid in that nothing names yet."""
    return appended(pdf, {fresh_number(pdf): _OTHER_TEXT})


def title_changed(pdf: bytes) -> bytes:
    """Incremental saving: the title of the file is another, its pages are the same."""
    return appended(pdf, {papers.INFO: b"<< /Title (Refused) >>"})


# Swaps in the catalogue ----------------------------------------------------------------------


def page_tree_swapped(pdf: bytes) -> bytes:
    """Catalog swap: /Pages names a tree of the forger."""
    number = fresh_number(pdf)
    page = exchanged(body_of(pdf, papers.PAGE), b"/Parent 2 0 R", b"/Parent %d 0 R" % number)
    page = exchanged(page, b"/Contents 4 0 R", b"/Contents %d 0 R" % (number + 2))
    return appended(
        pdf,
        {
            papers.CATALOG: exchanged(
                body_of(pdf, papers.CATALOG), b"/Pages 2 0 R", b"/Pages %d 0 R" % number
            ),
            number: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 1),
            number + 1: page,
            number + 2: _OTHER_TEXT,
        },
    )


def root_of_the_trailer_swapped(pdf: bytes) -> bytes:
    """Catalog swap: the trailer names another catalogue with other pages and the same form."""
    number = fresh_number(pdf)
    page = exchanged(
        body_of(pdf, papers.PAGE), b"/Contents 4 0 R", b"/Contents %d 0 R" % (number + 3)
    )
    return appended(
        pdf,
        {
            number: exchanged(
                body_of(pdf, papers.CATALOG), b"/Pages 2 0 R", b"/Pages %d 0 R" % (number + 1)
            ),
            number + 1: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 2),
            number + 2: page,
            number + 3: _OTHER_TEXT,
        },
        root=number,
    )


def form_swapped_for_an_empty_one(pdf: bytes) -> bytes:
    """Catalog swap: the form no longer knows the signature."""
    body = body_of(pdf, papers.CATALOG)
    start = body.index(b"/AcroForm")
    end = body.index(b"/OCProperties")
    return appended(
        pdf, {papers.CATALOG: body[:start] + b"/AcroForm << /Fields [] >> " + body[end:]}
    )


def form_taken_away(pdf: bytes) -> bytes:
    """Catalog swap: no form, hence no signature, is left."""
    body = body_of(pdf, papers.CATALOG)
    start = body.index(b"/AcroForm")
    end = body.index(b"/OCProperties")
    return appended(pdf, {papers.CATALOG: body[:start] + body[end:]})


def permissions_taken_away(pdf: bytes) -> bytes:
    """Certification attack: /Perms names no certification and other rights."""
    body = body_of(pdf, papers.CATALOG)[:-2] + b" /Perms << /UR3 << /Type /Sig >> >> >>"
    return appended(pdf, {papers.CATALOG: body})


def script_run_on_opening(pdf: bytes) -> bytes:
    """Catalog swap: a script that runs when the file is opened."""
    action = b"<< /Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> "
    return replaced(pdf, papers.CATALOG, b"<< /Type /Catalog ", action)


def file_attached(pdf: bytes) -> bytes:
    """Catalog swap: an attachment is added."""
    number = fresh_number(pdf)
    names = b"<< /Type /Catalog /Names << /EmbeddedFiles << /Names [(a) %d 0 R] >> >> " % number
    body = exchanged(body_of(pdf, papers.CATALOG), b"<< /Type /Catalog ", names)
    return appended(pdf, {papers.CATALOG: body, number: b"<< /Type /Filespec /F (a.pdf) >>"})


def forms_architecture_added(pdf: bytes) -> bytes:
    """XFA: another form is laid over the signed one."""
    number = fresh_number(pdf)
    body = exchanged(
        body_of(pdf, papers.CATALOG), b"/AcroForm << ", b"/AcroForm << /XFA %d 0 R " % number
    )
    return appended(pdf, {papers.CATALOG: body, number: stream(b"<xdp:xdp/>")})


def _locked_later(pdf: bytes, how: pikepdf.Encryption) -> bytes:
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(locked, encryption=how)
    lock = io.BytesIO()
    PdfFileReader(locked, strict=False).encrypt_dict.write_to_stream(lock)
    number = fresh_number(pdf)
    return appended(pdf, {number: lock.getvalue()}, trailer=b"/Encrypt %d 0 R" % number)


def encryption_added(pdf: bytes) -> bytes:
    """Encryption: the trailer says that what was signed in clear is to be decrypted (AES)."""
    return _locked_later(pdf, pikepdf.Encryption(user="", owner="forger", R=4, aes=True))


def old_encryption_added(pdf: bytes) -> bytes:
    """Encryption: as above by RC4, which decrypts anything to something."""
    return _locked_later(
        pdf, pikepdf.Encryption(user="", owner="forger", R=3, aes=False, metadata=False)
    )


def encryption_of_nothing_added(pdf: bytes) -> bytes:
    """Encryption: an encryption that leaves all as it is, so that the file still reads."""
    number = fresh_number(pdf)
    lock = (
        b"<< /Filter /Standard /V 4 /R 4 /Length 128 /P -4 /O <%s> /U <%s> /CF << >> "
        b"/StmF /Identity /StrF /Identity >>" % (b"00" * 32, b"00" * 32)
    )
    return appended(pdf, {number: lock}, trailer=b"/Encrypt %d 0 R" % number)


ON_ANY_PAPER = (
    text_of_the_page_replaced,
    text_replaced_without_a_table,
    text_replaced_with_a_trailer_only,
    signature_repeated_over_the_forgery,
    page_added,
    page_taken_away,
    page_turned,
    page_cropped,
    text_laid_over_the_page,
    field_over_the_text_added,
    widget_outside_the_form,
    blank_field_over_text_filled,
    field_grown_over_the_text,
    picture_that_hid_the_text_taken_away,
    picture_exchanged,
    font_exchanged,
    font_mapped_to_other_letters,
    letters_of_the_font_moved,
    font_of_the_form_exchanged,
    filled_field_changed,
    look_of_a_filled_field_changed,
    fields_drawn_anew,
    hidden_field_shown,
    layer_switched_on,
    second_paper_brought_forward,
    text_replaced_by_a_hidden_table,
    objects_nobody_names_added,
    title_changed,
    page_tree_swapped,
    root_of_the_trailer_swapped,
    form_swapped_for_an_empty_one,
    form_taken_away,
    permissions_taken_away,
    script_run_on_opening,
    file_attached,
    forms_architecture_added,
    encryption_added,
    old_encryption_added,
    encryption_of_nothing_added,
)
