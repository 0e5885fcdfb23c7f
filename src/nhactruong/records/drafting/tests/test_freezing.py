"""The letter that goes to be signed: fields, signature places, PDF/A kept."""

from __future__ import annotations

import io
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from nhactruong.kernel.errors import RuleBroken
from nhactruong.records.drafting.rules import body_from_plain
from nhactruong.records.drafting.tests.letters import CONCLUSION, SENTENCE
from nhactruong.records.drafting.tests.printed import lines
from nhactruong.records.drafting.typesetting import (
    DATE_FIELD,
    NUMBER_FIELD,
    Typeset,
    freeze_for_signing,
    pdfa_faults,
    typeset,
)

NUMBER = "Số ........-TB/TU"
DAY = "Sông Lam, ngày ..... tháng 11 năm 2026"


@pytest.fixture(scope="module")
def typed() -> Typeset:
    return typeset(replace(CONCLUSION, body=body_from_plain("\n".join([SENTENCE] * 14))))


@pytest.fixture(scope="module")
def frozen(typed: Typeset) -> bytes:
    return freeze_for_signing(typed)


@dataclass(frozen=True)
class _Field:
    kind: str
    value: str | None
    flags: int
    alignment: int
    look: str
    rect: list[float]


def _fields(pdf: bytes) -> dict[str, _Field]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {
            str(field.T): _Field(
                kind=str(field.FT),
                value=str(field.V) if "/V" in field else None,
                flags=int(field.get("/Ff", 0)),
                alignment=int(field.get("/Q", 0)),
                look=str(field.get("/DA", "")),
                rect=[float(edge) for edge in field.Rect],
            )
            for field in document.Root.AcroForm.Fields
        }


def test_number_and_date_stand_in_their_fields_and_nowhere_else(frozen: bytes) -> None:
    printed = [line.text for line in lines(frozen)]
    assert not any("Số ." in text or "tháng 11" in text for text in printed)
    fields = _fields(frozen)
    assert fields[NUMBER_FIELD].value == NUMBER
    assert fields[DATE_FIELD].value == DAY
    for name in (NUMBER_FIELD, DATE_FIELD):
        assert fields[name].flags == 0
        assert fields[name].alignment == 1
        assert fields[name].look.endswith(" 14 Tf 0 g")


def test_the_rest_of_the_letter_stands_where_it_stood(typed: Typeset, frozen: bytes) -> None:
    def rest(pdf: bytes) -> list[tuple[int, str, float, float]]:
        return [
            (line.page, line.text, round(line.left, 2), round(line.base, 2))
            for line in lines(pdf)
            if line.text not in (NUMBER, DAY)
        ]

    assert rest(frozen) == rest(typed.pdf)


def test_fields_and_signature_places_lie_on_their_anchors(typed: Typeset, frozen: bytes) -> None:
    fields = _fields(frozen)
    expected = {
        "so": typed.anchors.number,
        "ngay": typed.anchors.date,
        "SIG_PERSON_1": typed.anchors.signature,
        "SIG_AGENCY": typed.anchors.seal(36),
    }
    assert fields.keys() == expected.keys()
    for name, box in expected.items():
        assert fields[name].rect == pytest.approx(list(box.corners), abs=0.01)
    with pikepdf.open(io.BytesIO(frozen)) as document:
        pages = [[str(a.T) for a in page.obj.get("/Annots", [])] for page in document.pages]
    assert pages == [["so", "ngay"], ["SIG_PERSON_1", "SIG_AGENCY"]]
    for name in ("SIG_PERSON_1", "SIG_AGENCY"):
        assert fields[name].kind == "/Sig"
        assert fields[name].value is None


def test_the_fields_print_what_the_page_printed(typed: Typeset, frozen: bytes) -> None:
    def picture(pdf: bytes) -> bytes:
        document = pypdfium2.PdfDocument(pdf)
        document.init_forms()
        try:
            drawn = document[0].render(scale=1).to_pil().convert("L")
        finally:
            document.close()
        return drawn.crop((85, 80, 560, 115)).point(lambda value: 255 * (value > 160)).tobytes()

    before, after = picture(typed.pdf), picture(frozen)
    assert 0 in after
    different = sum(a != b for a, b in zip(before, after, strict=True))
    assert different < before.count(0) * 0.6


def test_readers_extract_the_text_of_the_fields(frozen: bytes, tmp_path: Path) -> None:
    file = tmp_path / "frozen.pdf"
    file.write_bytes(frozen)
    text = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
    )
    assert NUMBER in text.stdout
    assert DAY in text.stdout
    assert text.stderr == ""


def test_the_frozen_letter_is_still_pdfa_with_tags(frozen: bytes) -> None:
    assert pdfa_faults(frozen) == []
    with pikepdf.open(io.BytesIO(frozen)) as document:
        root = document.Root
        assert str(root.Lang) == "vi-VN"
        assert bool(root.MarkInfo.Marked)
        tree = root.StructTreeRoot
        numbers = list(tree.ParentTree.Nums)
        by_key = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
        for field in root.AcroForm.Fields:
            element = by_key[int(field.StructParent)]
            assert pikepdf.Name.Form == element.S
            assert element.K.Obj.objgen == field.objgen
        assert int(tree.ParentTreeNextKey) > max(by_key)


def test_a_letter_with_a_draft_mark_is_not_frozen() -> None:
    with pytest.raises(RuleBroken) as refusal:
        freeze_for_signing(typeset(replace(CONCLUSION, draft_mark="Dự thảo lần 2")))
    assert refusal.value.code == "drafting.draft_mark_left"


def test_a_symbol_in_other_letters_is_still_frozen() -> None:
    letter = replace(CONCLUSION, number_line="Số ....№-TB/TU")
    frozen = freeze_for_signing(typeset(letter))
    assert _fields(frozen)[NUMBER_FIELD].value == "Số ....№-TB/TU"


def _spoilt(frozen: bytes, spoil: str) -> bytes:
    with pikepdf.open(io.BytesIO(frozen)) as document:
        root = document.Root
        field = root.AcroForm.Fields[0]
        if spoil == "metadata":
            del root.Metadata
        elif spoil == "intent":
            del root.OutputIntents
        elif spoil == "appearance":
            del field.AP
        elif spoil == "print":
            field.F = 2
        elif spoil == "appearances":
            root.AcroForm.NeedAppearances = True
        elif spoil == "font":
            font = field.AP.N.Resources.Font["/TinosR"]
            del font.DescendantFonts[0].FontDescriptor["/FontFile2"]
        elif spoil == "script":
            root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="1")
        out = io.BytesIO()
        lock = pikepdf.Encryption(owner="x", user="") if spoil == "encryption" else None
        document.save(out, encryption=lock) if lock else document.save(out)
        return out.getvalue()


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        ("metadata", "metadata: none"),
        ("intent", "output intent"),
        ("appearance", "no appearance"),
        ("print", "not printed"),
        ("appearances", "NeedAppearances"),
        ("font", "not embedded"),
        ("script", "JavaScript"),
        ("encryption", "encrypted"),
    ],
)
def test_what_spoils_pdfa_is_found(frozen: bytes, spoil: str, fault: str) -> None:
    assert any(fault in found for found in pdfa_faults(_spoilt(frozen, spoil)))


def test_what_is_no_pdf_is_a_fault() -> None:
    assert pdfa_faults(b"nothing")[0].startswith("unreadable")
