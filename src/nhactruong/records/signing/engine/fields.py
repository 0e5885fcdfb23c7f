"""Filling the two reserved fields, number and date, without touching what is signed."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from fontTools import subset, ttLib
from fontTools.ttLib.scaleUpem import scale_upem
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.kernel.text import one_line
from nhactruong.records.signing.engine.appearance import numbers
from nhactruong.records.signing.engine.pdfdict import entries, entry
from nhactruong.records.signing.engine.reserved import DATE_FIELD, NUMBER_FIELD

PDF_UNITS: Final = 1000
#: Latin with marks, Vietnamese, punctuation.
_REPERTOIRE: Final = (*range(0x20, 0x250), *range(0x1E00, 0x1F00), *range(0x2010, 0x2030))

FONT_SIZE: Final = 14.0
REGULAR_FONT_FILE: Final = "Tinos_400Regular.ttf"
ITALIC_FONT_FILE: Final = "Tinos_400Regular_Italic.ttf"


def fill_number_and_date(pdf: bytes, *, number_line: str, date_line: str, font_path: Path) -> bytes:
    """The file with number (upright) and date (italic) written in their fields, as an update.

    `font_path` is the folder of the Tinos fonts. Each line stands centred at 14 pt, smaller only
    when the field is too narrow; values already there are replaced. The glyphs used are embedded
    with their Unicode values, so that readers extract the very text.
    Raises: InvalidInput `signing.line_empty`; RuleBroken `signing.field_missing`.
    Source: signatures.md 2, step 3.
    """
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    _fill(writer, NUMBER_FIELD, number_line, font_path / REGULAR_FONT_FILE)
    _fill(writer, DATE_FIELD, date_line, font_path / ITALIC_FONT_FILE)
    filled = io.BytesIO()
    writer.write(filled)
    return filled.getvalue()


def _fill(writer: IncrementalPdfFileWriter, name: str, line: str, font_file: Path) -> None:
    line = one_line(line)
    if not line:
        raise InvalidInput(
            "signing.line_empty",
            "Dòng số hoặc dòng ngày tháng còn trống. Nhập đủ rồi làm lại.",
            fields={name: "Chưa có nội dung."},
        )
    field = _text_field(writer, name)
    widget = _widget(field)
    left, bottom, right, top = (float(edge) for edge in widget["/Rect"])
    font = _compact_font(font_file)
    if not set(line) <= font.letters:
        raise InvalidInput(
            "signing.letter_unknown",
            "Dòng số hoặc dòng ngày tháng có ký tự không viết được. Xóa ký tự lạ rồi làm lại.",
            fields={name: "Có ký tự lạ."},
        )
    appearance = _appearance(
        writer, line, abs(right - left), abs(top - bottom), io.BytesIO(font.program)
    )
    field[pdf_name("/V")] = generic.TextStringObject(line)
    widget[pdf_name("/AP")] = generic.DictionaryObject(
        {pdf_name("/N"): writer.add_object(appearance)}
    )
    writer.update_container(field)
    writer.update_container(widget)


@dataclass(frozen=True)
class _CompactFont:
    program: bytes
    letters: frozenset[str]


@lru_cache(maxsize=8)
def _compact_font(font_file: Path) -> _CompactFont:
    """The font reduced to what Vietnamese office lines need, on a grid of 1000 units.

    Reduced, because the whole font costs a quarter of a second a line; only the letters used
    reach the file. On 1000 units, because pyHanko 0.38 writes widths as if every font had them,
    and Tinos has 2048: its letters would stand twice as far apart.
    """
    options = subset.Options(
        layout_features=["kern", "mark", "mkmk", "ccmp"], name_IDs=["*"], hinting=False
    )
    reducer = subset.Subsetter(options)
    reducer.populate(unicodes=_REPERTOIRE)
    with ttLib.TTFont(font_file) as font:
        reducer.subset(font)
        scale_upem(font, PDF_UNITS)
        letters = frozenset(map(chr, font.getBestCmap() or ()))
        program = io.BytesIO()
        font.save(program)
    return _CompactFont(program.getvalue(), letters)


def _appearance(
    writer: IncrementalPdfFileWriter, line: str, width: float, height: float, font: io.BytesIO
) -> generic.StreamObject:
    glyphs = GlyphAccumulator(writer, font, font_size=FONT_SIZE, bcp47_lang_code="vi-VN")
    shaped = glyphs.shape(line)
    size = min(FONT_SIZE, FONT_SIZE * width / (shaped.x_advance * FONT_SIZE))
    scale = size / FONT_SIZE
    x = (width - shaped.x_advance * size) / 2
    # The capital letters of Tinos are about 0.66 em high: this puts them at the middle.
    y = max((height - 0.66 * size) / 2, 0.22 * size)
    content = b"/Tx BMC q 0 0 %g %g re W n BT 0 g /F0 %g Tf %g 0 0 %g %g %g Tm %s ET Q EMC" % (
        width,
        height,
        FONT_SIZE,
        scale,
        scale,
        x,
        y,
        shaped.graphics_ops,
    )
    stream = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): numbers(0, 0, width, height),
            pdf_name("/Resources"): generic.DictionaryObject(
                {
                    pdf_name("/Font"): generic.DictionaryObject(
                        {pdf_name("/F0"): glyphs.as_resource()}
                    )
                }
            ),
        },
        stream_data=content,
    )
    stream.compress()
    return stream


def _text_field(writer: IncrementalPdfFileWriter, name: str) -> generic.DictionaryObject:
    for item in entries(entry(writer.root, "/AcroForm"), "/Fields"):
        field = item.get_object()
        if entry(field, "/T") == name and entry(field, "/FT") == "/Tx":
            found: generic.DictionaryObject = field
            return found
    raise RuleBroken(
        "signing.field_missing",
        "Bản trình ký không có ô “%(field)s” để ghi số, ngày. Lập lại bản trình ký từ bản thảo.",
        field=name,
    )


def _widget(field: generic.DictionaryObject) -> generic.DictionaryObject:
    kids = entries(field, "/Kids")
    widget: generic.DictionaryObject = kids[0].get_object() if kids else field
    return widget
