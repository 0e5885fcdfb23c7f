"""The faces of the form fields, embedded: fields print and read without a system font."""

from __future__ import annotations

import io
import string
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from nhactruong.records.drafting.typesetting.letter import Box
from nhactruong.records.drafting.typesetting.metrics import FACE_FILES

_VOWELS: Final = "aăâeêioôơuưy"
_TONED: Final = "àáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
#: Whatever a number or a date line may come to hold, so that the field can be filled later.
FIELD_CHARACTERS: Final = "".join(
    sorted(
        set(string.ascii_letters + string.digits + " .,-–/():;'…")
        | {letter for base in (_VOWELS + _TONED + "đ") for letter in (base, base.upper())}
    )
)


@dataclass(frozen=True, slots=True)
class FieldFont:
    """A subset of one face as a composite font whose codes are glyph numbers."""

    name: str
    program: bytes
    glyphs: dict[str, int]
    #: Advances by glyph number in thousandths of the size.
    advances: tuple[int, ...]
    #: Ascent, descent, cap height, italic angle, then the box of all glyphs, in thousandths.
    ascent: int
    descent: int
    cap_height: int
    italic_angle: float
    bounds: tuple[int, int, int, int]

    def width(self, text: str, size: float) -> float:
        """The width of `text` in points."""
        return sum(self.advances[self.glyphs[letter]] for letter in text) * size / 1000

    def line(self, resource: str, text: str, size: float, box: Box) -> bytes:
        """The content of a field's appearance: `text` on one line in the middle of `box`.

        Capitals (0.66 of the size) stand in the middle of its height, as `letter.typ` has it.
        """
        codes = "".join(f"{self.glyphs[letter]:04X}" for letter in text)
        left = (box.width - self.width(text, size)) / 2
        base = (box.height - 0.66 * size) / 2
        return (
            f"/Tx BMC\nq\nBT\n/{resource} {size:g} Tf\n0 g\n"
            f"{left:.3f} {base:.3f} Td\n<{codes}> Tj\nET\nQ\nEMC"
        ).encode("ascii")

    def embed(self, pdf: Pdf) -> Object:
        """The font as an object of `pdf`."""
        file = pikepdf.Stream(pdf, self.program, Length1=len(self.program))
        descriptor = pdf.make_indirect(
            Dictionary(
                Type=Name.FontDescriptor,
                FontName=Name(f"/{self.name}"),
                Flags=4 | 2 | (64 if self.italic_angle else 0),
                FontBBox=Array(list(self.bounds)),
                ItalicAngle=self.italic_angle,
                Ascent=self.ascent,
                Descent=self.descent,
                CapHeight=self.cap_height,
                StemV=80,
                FontFile2=file,
            )
        )
        descendant = pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.CIDFontType2,
                BaseFont=Name(f"/{self.name}"),
                CIDSystemInfo=Dictionary(
                    Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
                ),
                FontDescriptor=descriptor,
                DW=0,
                W=Array([0, Array(list(self.advances))]),
                CIDToGIDMap=Name.Identity,
            )
        )
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=Name(f"/{self.name}"),
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([descendant]),
                ToUnicode=pikepdf.Stream(pdf, self._to_unicode()),
            )
        )

    def _to_unicode(self) -> bytes:
        pairs = sorted((glyph, letter) for letter, glyph in self.glyphs.items())
        lines = [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<0000> <FFFF>",
            "endcodespacerange",
        ]
        for start in range(0, len(pairs), 100):
            part = pairs[start : start + 100]
            lines.append(f"{len(part)} beginbfchar")
            lines += [
                f"<{glyph:04X}> <{letter.encode('utf-16-be').hex()}>" for glyph, letter in part
            ]
            lines.append("endbfchar")
        lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
        return "\n".join(lines).encode("ascii")


def field_font(folder: Path, style: str, text: str) -> FieldFont:
    """The face of `style` in `folder` reduced to FIELD_CHARACTERS and the characters of `text`."""
    return _reduced(folder, style, "".join(sorted(set(text) - set(FIELD_CHARACTERS))))


@lru_cache(maxsize=16)
def _reduced(folder: Path, style: str, more: str) -> FieldFont:
    characters = FIELD_CHARACTERS + more
    options = subset.Options(
        hinting=False, layout_features=[], name_IDs=[], notdef_outline=True, glyph_names=False
    )
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "kern", "DSIG", "STAT", "name", "OS/2", "post"]
    with TTFont(folder / FACE_FILES[style], lazy=True) as font:
        units = int(font["head"].unitsPerEm)

        def thousandths(value: float) -> int:
            return round(value * 1000 / units)

        head, hhea = font["head"], font["hhea"]
        post_script_name = font["name"].getDebugName(6)
        italic_angle = float(font["post"].italicAngle)
        cap_height = thousandths(getattr(font["OS/2"], "sCapHeight", 0) or 1341)
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=characters)
        subsetter.subset(font)
        order = font.getGlyphOrder()
        numbers = {name: number for number, name in enumerate(order)}
        glyphs = {
            chr(code): numbers[name]
            for code, name in font.getBestCmap().items()
            if chr(code) in characters
        }
        advances = tuple(thousandths(font["hmtx"][name][0]) for name in order)
        out = io.BytesIO()
        font.save(out, reorderTables=None)
    return FieldFont(
        name=f"NHTRGF+{post_script_name}",
        program=out.getvalue(),
        glyphs=glyphs,
        advances=advances,
        ascent=thousandths(hhea.ascent),
        descent=thousandths(hhea.descent),
        cap_height=cap_height,
        italic_angle=italic_angle,
        bounds=(
            thousandths(head.xMin),
            thousandths(head.yMin),
            thousandths(head.xMax),
            thousandths(head.yMax),
        ),
    )
