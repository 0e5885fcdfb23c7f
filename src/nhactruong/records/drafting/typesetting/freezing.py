"""A typeset letter made ready to sign: fields for number and date, places for signatures."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from nhactruong.kernel.errors import OutsideFailure, RuleBroken
from nhactruong.kernel.text import one_line
from nhactruong.records.drafting.typesetting.embedding import FieldFont, field_font
from nhactruong.records.drafting.typesetting.letter import (
    AGENCY_FIELD,
    DATE_FIELD,
    NUMBER_FIELD,
    PERSON_FIELD,
    Box,
    Typeset,
    date_line,
)
from nhactruong.records.drafting.typesetting.pdfa import pdfa_faults
from nhactruong.records.drafting.typesetting.setting import FONT_FOLDER, typeset_without_slots

_PRINT, _LOCKED = 4, 128
_CENTRED: Final = 1


def freeze_for_signing(
    typeset: Typeset, *, seal_mm: float = 36.0, fonts: Path = FONT_FOLDER
) -> bytes:
    """The letter as PDF/A-2b whose number and date stand in the text fields `so` and `ngay` only.

    `SIG_PERSON_1` and `SIG_AGENCY` are empty signature fields at their places. `seal_mm` is the
    seal's diameter. Raises: RuleBroken `drafting.draft_mark_left`; OutsideFailure
    `drafting.not_pdfa` when the result is no PDF/A-2b.
    Source: signatures.md 2, 3.
    """
    letter = typeset.letter
    if letter.draft_mark:
        raise RuleBroken(
            "drafting.draft_mark_left",
            "Văn bản còn dấu “%(mark)s” nên chưa đem ký được. Bỏ dấu dự thảo rồi trình ký lại.",
            mark=letter.draft_mark,
        )
    anchors = typeset.anchors
    bare = typeset_without_slots(letter, fonts=fonts)
    with pikepdf.open(io.BytesIO(bare.pdf)) as pdf:
        number, day = one_line(letter.number_line), one_line(date_line(letter))
        form = _Form(
            pdf,
            {
                "TinosR": field_font(fonts, "regular", number),
                "TinosI": field_font(fonts, "italic", day),
            },
        )
        form.text_field(
            NUMBER_FIELD,
            "Số và ký hiệu",
            number,
            anchors.number,
            ("TinosR", anchors.number_size),
        )
        form.text_field(
            DATE_FIELD,
            "Địa danh, ngày tháng năm",
            day,
            anchors.date,
            ("TinosI", anchors.date_size),
        )
        form.signature_field(PERSON_FIELD, "Chữ ký của người ký", anchors.signature)
        form.signature_field(AGENCY_FIELD, "Chữ ký số của cơ quan", anchors.seal(seal_mm))
        form.finish()
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    frozen = out.getvalue()
    faults = pdfa_faults(frozen)
    if faults:
        raise OutsideFailure(
            "drafting.not_pdfa",
            "Bản in chưa đạt chuẩn lưu trữ nên chưa đem ký được."
            " Báo quản trị hệ thống mã %(faults)s.",
            faults="; ".join(faults[:3]),
        )
    return frozen


class _Form:
    """The interactive form of one PDF while it is being made, its fields also in the tag tree."""

    def __init__(self, pdf: Pdf, fonts: dict[str, FieldFont]) -> None:
        self._pdf = pdf
        self._fonts = fonts
        self._font_objects = {name: font.embed(pdf) for name, font in fonts.items()}
        self._fields = Array()
        self._tags: list[Object] = []

    def text_field(
        self, name: str, tooltip: str, value: str, box: Box, face: tuple[str, float]
    ) -> None:
        font_name, size = face
        appearance = self._appearance(box)
        appearance.Resources = Dictionary(
            Font=Dictionary({f"/{font_name}": self._font_objects[font_name]})
        )
        appearance.write(self._fonts[font_name].line(font_name, value, size, box))
        self._add(
            box,
            Dictionary(
                FT=Name.Tx,
                T=String(name),
                TU=String(tooltip),
                V=String(value),
                Ff=0,
                Q=_CENTRED,
                F=_PRINT,
                DA=String(f"/{font_name} {size:g} Tf 0 g"),
                BS=Dictionary(W=0),
                AP=Dictionary(N=appearance),
            ),
        )

    def signature_field(self, name: str, tooltip: str, box: Box) -> None:
        self._add(
            box,
            Dictionary(
                FT=Name.Sig,
                T=String(name),
                TU=String(tooltip),
                F=_PRINT | _LOCKED,
                AP=Dictionary(N=self._appearance(box)),
            ),
        )

    def finish(self) -> None:
        self._pdf.Root.AcroForm = self._pdf.make_indirect(
            Dictionary(
                Fields=self._fields,
                SigFlags=1,
                DA=String("/TinosR 14 Tf 0 g"),
                DR=Dictionary(Font=Dictionary({f"/{n}": o for n, o in self._font_objects.items()})),
            )
        )
        # typst writes "no suspects" in a way that readers complain of; absent means the same.
        mark_info = self._pdf.Root.get("/MarkInfo", Dictionary())
        if "/Suspects" in mark_info:
            del mark_info["/Suspects"]
        self._tag()

    def _appearance(self, box: Box) -> pikepdf.Stream:
        return pikepdf.Stream(
            self._pdf,
            b"",
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, round(box.width, 3), round(box.height, 3)]),
            Resources=Dictionary(),
        )

    def _add(self, box: Box, field: Dictionary) -> None:
        page = self._pdf.pages[box.page]
        field.Type = Name.Annot
        field.Subtype = Name.Widget
        field.Rect = Array([round(corner, 3) for corner in box.corners])
        field.P = page.obj
        widget = self._pdf.make_indirect(field)
        if "/Annots" not in page.obj:
            page.obj.Annots = Array()
        page.obj.Annots.append(widget)
        page.obj.Tabs = Name.S
        self._fields.append(widget)

    def _tag(self) -> None:
        """Each field as a Form element at the head of the tag tree, so that readers find it."""
        root = self._pdf.Root
        if "/StructTreeRoot" not in root:
            return
        tree = root.StructTreeRoot
        document = tree.K[0] if isinstance(tree.K, Array) else tree.K
        next_key = int(tree.get("/ParentTreeNextKey", 0))
        numbers = tree.ParentTree
        while "/Nums" not in numbers:
            numbers = numbers.Kids[-1]
        keys = [int(numbers.Nums[n]) for n in range(0, len(numbers.Nums), 2)]
        next_key = max([next_key, *(key + 1 for key in keys)])
        elements = []
        for widget in self._fields:
            element = self._pdf.make_indirect(
                Dictionary(
                    Type=Name.StructElem,
                    S=Name.Form,
                    P=document,
                    Pg=widget.P,
                    Alt=widget.TU,
                    K=Dictionary(Type=Name.OBJR, Obj=widget, Pg=widget.P),
                )
            )
            widget.StructParent = next_key
            numbers.Nums.append(next_key)
            numbers.Nums.append(element)
            next_key += 1
            elements.append(element)
        if "/Limits" in numbers:
            numbers.Limits[1] = next_key - 1
        tree.ParentTreeNextKey = next_key
        kids = list(document.K) if isinstance(document.K, Array) else [document.K]
        document.K = Array([*elements[:2], *kids, *elements[2:]])
