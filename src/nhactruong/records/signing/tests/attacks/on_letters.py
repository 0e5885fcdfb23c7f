"""Forgeries of our own letters, signed and sealed: written with a library, for they are packed."""

from __future__ import annotations

from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from nhactruong.records.signing.tests import tampering

Writer = IncrementalPdfFileWriter


def _stream(writer: Writer, data: bytes, **entries: Any) -> Any:
    body = {pdf_name(f"/{key}"): value for key, value in entries.items()}
    return writer.add_object(generic.StreamObject(body, stream_data=data))


def _look(writer: Writer) -> generic.DictionaryObject:
    box = generic.ArrayObject(map(generic.NumberObject, (0, 0, 200, 20)))
    white = _stream(
        writer,
        b"1 1 1 rg 0 0 200 20 re f",
        Type=pdf_name("/XObject"),
        Subtype=pdf_name("/Form"),
        BBox=box,
    )
    return generic.DictionaryObject({pdf_name("/N"): white})


def _page(writer: Writer) -> generic.DictionaryObject:
    reference, _ = writer.find_page_for_modification(0)
    writer.mark_update(reference)
    page: generic.DictionaryObject = reference.get_object()
    return page


def _field(writer: Writer, name: str) -> generic.DictionaryObject:
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field: generic.DictionaryObject = reference.get_object()
        if field["/T"] == name:
            writer.update_container(field)
            return field
    raise LookupError(name)


def _font(writer: Writer) -> generic.DictionaryObject:
    fonts = _page(writer)["/Resources"]["/Font"]
    font: generic.DictionaryObject = fonts[next(iter(fonts))]
    writer.update_container(font)
    return font


def text_replaced(writer: Writer) -> None:
    """Incremental saving: other words on the page."""
    _page(writer)[pdf_name("/Contents")] = _stream(writer, b"0 0 100 100 re f")


def text_laid_over(writer: Writer) -> None:
    """Overlay: a further stream on the page."""
    page = _page(writer)
    overlay = _stream(writer, b"1 1 1 rg 0 0 500 500 re f")
    page[pdf_name("/Contents")] = generic.ArrayObject([page.raw_get("/Contents"), overlay])


def page_repeated(writer: Writer) -> None:
    """Added page."""
    pages = writer.root["/Pages"]
    page = generic.DictionaryObject(dict(pages["/Kids"][0]))
    page[pdf_name("/Contents")] = _stream(writer, b"0 0 9 9 re f")
    pages["/Kids"].append(writer.add_object(page))
    pages[pdf_name("/Count")] = generic.NumberObject(len(pages["/Kids"]))
    writer.update_container(pages)
    writer.update_container(pages["/Kids"])


def letters_read_as_others(writer: Writer) -> None:
    """Shadow attack, replace: the page's font is read as other letters."""
    _font(writer)[pdf_name("/ToUnicode")] = _stream(writer, b"begincmap endcmap")


def font_replaced(writer: Writer) -> None:
    """Shadow attack, replace: another font under the same name."""
    font = _font(writer)
    font[pdf_name("/Subtype")] = pdf_name("/Type1")
    font[pdf_name("/BaseFont")] = pdf_name("/Symbol")


def pages_swapped(writer: Writer) -> None:
    """Catalog swap: another page tree."""
    page = generic.DictionaryObject(dict(writer.root["/Pages"]["/Kids"][0]))
    page[pdf_name("/Contents")] = _stream(writer, b"0 0 9 9 re f")
    kids = generic.ArrayObject([writer.add_object(page)])
    tree = {
        pdf_name("/Type"): pdf_name("/Pages"),
        pdf_name("/Kids"): kids,
        pdf_name("/Count"): generic.NumberObject(1),
    }
    writer.root[pdf_name("/Pages")] = writer.add_object(generic.DictionaryObject(tree))
    writer.update_root()


def form_dropped(writer: Writer) -> None:
    """Catalog swap: no form, no signature."""
    del writer.root["/AcroForm"]
    writer.update_root()


def form_laid_over(writer: Writer) -> None:
    """XFA: another form."""
    form = writer.root["/AcroForm"]
    form[pdf_name("/XFA")] = _stream(writer, b"<xdp/>")
    writer.update_container(form)
    writer.update_root()


def script_added(writer: Writer) -> None:
    """Catalog swap: a script runs on opening."""
    writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject(
        {
            pdf_name("/S"): pdf_name("/JavaScript"),
            pdf_name("/JS"): generic.TextStringObject("app.beep()"),
        }
    )
    writer.update_root()


def layers_added(writer: Writer) -> None:
    """Optional content: layers that were not there."""
    layer = generic.DictionaryObject({pdf_name("/Type"): pdf_name("/OCG")})
    layers = generic.ArrayObject([writer.add_object(layer)])
    writer.root[pdf_name("/OCProperties")] = generic.DictionaryObject(
        {pdf_name("/OCGs"): layers, pdf_name("/D"): generic.DictionaryObject()}
    )
    writer.update_root()


def number_covered(writer: Writer) -> None:
    """Changed number: the field's value stays, its look is blank."""
    _field(writer, "so")[pdf_name("/AP")] = _look(writer)


def date_moved(writer: Writer) -> None:
    """Changed number: the date stands elsewhere."""
    field = _field(writer, "ngay")
    field[pdf_name("/Rect")] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 9, 9)))


def number_hidden(writer: Writer) -> None:
    """Shadow attack, hide: the number's field is hidden."""
    _field(writer, "so")[pdf_name("/F")] = generic.NumberObject(2)


def number_taken_away(writer: Writer) -> None:
    """Catalog swap: the form forgets the number."""
    fields = writer.root["/AcroForm"]["/Fields"]
    kept = [one for one in fields if one.get_object()["/T"] != "so"]
    form = writer.root["/AcroForm"]
    form[pdf_name("/Fields")] = generic.ArrayObject(kept)
    writer.update_container(form)


def signature_redrawn(writer: Writer) -> None:
    """Sneaky signature: the leader's signature has another look."""
    _field(writer, "SIG_PERSON_1")[pdf_name("/AP")] = _look(writer)


def signature_spread(writer: Writer) -> None:
    """Sneaky signature: the leader's signature covers the page."""
    field = _field(writer, "SIG_PERSON_1")
    field[pdf_name("/Rect")] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 500, 800)))


def signature_withdrawn(writer: Writer) -> None:
    """Universal forgery: the leader's field is empty again."""
    del _field(writer, "SIG_PERSON_1")["/V"]


ON_LETTERS: dict[str, tampering.Update] = {
    act.__name__: act
    for act in (
        text_replaced,
        text_laid_over,
        page_repeated,
        letters_read_as_others,
        font_replaced,
        pages_swapped,
        form_dropped,
        form_laid_over,
        script_added,
        layers_added,
        number_covered,
        date_moved,
        number_hidden,
        number_taken_away,
        signature_redrawn,
        signature_spread,
        signature_withdrawn,
        tampering.rotate_page,
        tampering.add_note,
        tampering.add_empty_visible_field,
        tampering.add_harmless_object,
    )
}
#: Between the personal signature and the seal these are how the office itself works.
NUMBER_ONLY = frozenset({"number_covered"})
#: These touch what only a letter has; the others are tried on papers of others as well.
OF_LETTERS_ONLY = (
    "text_replaced",
    "number_covered",
    "date_moved",
    "number_hidden",
    "number_taken_away",
    "signature_redrawn",
    "signature_spread",
    "signature_withdrawn",
)
