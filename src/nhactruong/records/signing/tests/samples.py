"""A one-page sample letter with the fields that the drafting room provides."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import pikepdf
import typst
from pikepdf import Array, Dictionary, Name, String

import nhactruong

FONTS = Path(nhactruong.__file__).parents[2] / "vendor" / "fonts" / "tinos"

#: Name, page, and rectangle (left, bottom, right, top).
NUMBER_RECT = (70.0, 700.0, 260.0, 722.0)
DATE_RECT = (280.0, 700.0, 545.0, 722.0)
PERSON_RECT = (360.0, 200.0, 488.0, 257.0)
AGENCY_RECT = (300.0, 177.0, 403.0, 280.0)
SECOND_PERSON_RECT = (90.0, 200.0, 218.0, 257.0)

_LETTER = """
#set page(paper: "a4", margin: (top: 20mm, bottom: 20mm, left: 30mm, right: 15mm))
#set text(font: "Tinos", size: 14pt, lang: "vi")
#v(60mm)
Kính gửi: Các ban, cơ quan trực thuộc Tỉnh ủy,

Thường trực Tỉnh ủy thông báo kết quả cuộc họp giao ban tháng 11. Đề nghị các đồng chí thực hiện.
"""


def letter(
    *,
    signature_fields: Iterable[tuple[str, tuple[float, float, float, float]]] = (
        ("SIG_PERSON_1", PERSON_RECT),
        ("SIG_AGENCY", AGENCY_RECT),
    ),
    dotted: bool = True,
) -> bytes:
    """The letter, PDF/A-2b from typst, with text fields and empty signature fields added."""
    plain = typst.compile(
        _LETTER.encode(),
        format="pdf",
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        pdf_standards=["a-2b"],
    )
    pdf = pikepdf.open(io.BytesIO(plain))
    page = pdf.pages[0]
    fields = []
    for name, rect, value in (
        ("so", NUMBER_RECT, "Số ....-TB/TU"),
        ("ngay", DATE_RECT, "Sông Lam, ngày ... tháng ... năm 2026"),
        ("ghichu", (70.0, 60.0, 260.0, 80.0), ""),
    ):
        body = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String(name),
            Rect=Array([int(edge) for edge in rect]),
            F=4,
            P=page.obj,
            DA=String("/Helv 14 Tf 0 g"),
        )
        if dotted and value:
            body.V = String(value)
        fields.append(pdf.make_indirect(body))
    for name, rect in signature_fields:
        fields.append(
            pdf.make_indirect(
                Dictionary(
                    Type=Name.Annot,
                    Subtype=Name.Widget,
                    FT=Name.Sig,
                    T=String(name),
                    Rect=Array([int(edge) for edge in rect]),
                    F=132,
                    P=page.obj,
                )
            )
        )
    page.obj.Annots = Array(fields)
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array(fields), SigFlags=3))
    out = io.BytesIO()
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()
