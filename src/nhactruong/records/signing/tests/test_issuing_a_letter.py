"""The normal way of a letter: signed, numbered, sealed, verified by us and by others."""

from __future__ import annotations

import io
import subprocess
from datetime import timedelta
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.records.signing.engine import acts, images
from nhactruong.records.signing.engine.certificates import Holder
from nhactruong.records.signing.engine.geometry import A4, Box, seal_box
from nhactruong.records.signing.engine.testpki import Variant
from nhactruong.records.signing.engine.validation import verify
from nhactruong.records.signing.engine.verdicts import FileOutcome, SignatureVerdict
from nhactruong.records.signing.tests import samples, tampering
from nhactruong.records.signing.tests.conftest import CHECKED_AT, SEALED_AT, SIGNED_AT, Office

NUMBER = "Số 188-TB/TU"
DATE = "Sông Lam, ngày 23 tháng 11 năm 2026"


def test_a_signed_letter_is_valid_before_it_has_a_number(office: Office, signed: bytes) -> None:
    verdict = office.check(signed)
    assert verdict.verdict is FileOutcome.VALID
    (report,) = verdict.signatures
    assert (report.level, report.certifies, report.changes) == ("B-T", True, ("none",))
    assert report.trusted_time == SIGNED_AT
    assert report.subject_identifier == "TU-0001"


def test_number_and_date_do_not_break_the_personal_signature(
    office: Office, numbered: bytes
) -> None:
    (report,) = office.check(numbered).signatures
    assert report.verdict is SignatureVerdict.VALID
    assert set(report.changed_fields) == {"so", "ngay"}


def test_a_sealed_letter_verifies_with_nothing_but_the_root(office: Office, sealed: bytes) -> None:
    trust = office.pki.trust_list()
    verdict = verify(sealed, trust=type(trust)(trust.version, trust.roots), now=CHECKED_AT, crls=())
    assert verdict.verdict is FileOutcome.VALID
    assert [report.purpose for report in verdict.signatures] == [Holder.PERSON, Holder.AGENCY]
    assert [report.level for report in verdict.signatures] == ["B-LTA", "B-LTA"]
    assert all(stamp.trusted for stamp in verdict.document_timestamps)


def test_a_sealed_letter_is_still_valid_when_its_revocation_lists_are_old(
    office: Office, sealed: bytes
) -> None:
    verdict = office.check(sealed, now=SEALED_AT + timedelta(days=400), crls=())
    assert verdict.verdict is FileOutcome.VALID


def test_every_act_leaves_the_earlier_bytes_as_they_were(
    blank: bytes, signed: bytes, numbered: bytes, sealed: bytes
) -> None:
    for earlier, later in ((signed, numbered), (numbered, sealed)):
        assert later.startswith(earlier)
    assert signed.startswith(blank)


def test_poppler_finds_two_valid_signatures(sealed_file: Path) -> None:
    shown = subprocess.run(
        ["pdfsig", "-nocert", str(sealed_file)], capture_output=True, text=True, check=False
    ).stdout
    assert shown.count("Signature Validation: Signature is Valid.") == 2


def test_openssl_accepts_both_signatures(office: Office, sealed: bytes, tmp_path: Path) -> None:
    root = tmp_path / "root.pem"
    root.write_bytes(office.pki.certificate_pem("root"))
    with pikepdf.open(io.BytesIO(sealed)) as pdf:
        values = {
            str(field.T): (bytes(field.V.Contents), [int(n) for n in field.V.ByteRange])
            for field in pdf.Root.AcroForm.Fields
            if str(field.T).startswith("SIG_")
        }
    assert set(values) == {"SIG_PERSON_1", "SIG_AGENCY"}
    for name, (message, (start, length, second, rest)) in values.items():
        (tmp_path / f"{name}.der").write_bytes(message)
        covered = sealed[start : start + length] + sealed[second : second + rest]
        (tmp_path / f"{name}.bin").write_bytes(covered)
        done = subprocess.run(
            [
                *("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any"),
                *("-in", str(tmp_path / f"{name}.der"), "-content", str(tmp_path / f"{name}.bin")),
                *("-CAfile", str(root), "-out", "/dev/null"),
                *("-attime", str(int(CHECKED_AT.timestamp()))),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def test_other_readers_extract_the_very_number_and_date(sealed: bytes, sealed_file: Path) -> None:
    by_poppler = subprocess.run(
        ["pdftotext", "-layout", str(sealed_file), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert NUMBER in by_poppler
    assert DATE in by_poppler
    # pdfium leaves form fields out of its text: read the appearance as a page of its own.
    for name, line in (("so", NUMBER), ("ngay", DATE)):
        assert _appearance_text(sealed, name) == line


def _appearance_text(pdf: bytes, name: str) -> str:
    with pikepdf.open(io.BytesIO(pdf)) as source, pikepdf.new() as flat:
        field = next(field for field in source.Root.AcroForm.Fields if str(field.T) == name)
        assert str(field.V) in (NUMBER, DATE)
        page = flat.add_blank_page(page_size=(300, 40))
        form = flat.copy_foreign(field.AP.N)
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
        page.obj.Contents = flat.make_stream(b"/F Do")
        out = io.BytesIO()
        flat.save(out)
    document = pypdfium2.PdfDocument(out.getvalue())
    text = document[0].get_textpage().get_text_range()
    document.close()
    return str(text).strip()


def test_number_and_date_carry_their_own_subset_fonts(numbered: bytes) -> None:
    with pikepdf.open(io.BytesIO(numbered)) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            if str(field.T) not in ("so", "ngay"):
                continue
            font = field.AP.N.Resources.Font.F0
            descendant = font.DescendantFonts[0]
            assert "/ToUnicode" in font
            assert "+Tinos" in str(descendant.BaseFont)
            assert len(bytes(descendant.FontDescriptor.FontFile2.read_bytes())) < 40_000


def test_a_very_long_number_is_set_smaller_rather_than_cut(office: Office, signed: bytes) -> None:
    long_number = "Số 188-TB/BCĐ-PCTNTC-CCTP-ĐCS-VPTU-KTXH"
    filled = office.number(signed, number=long_number)
    with pikepdf.open(io.BytesIO(filled)) as pdf:
        field = next(field for field in pdf.Root.AcroForm.Fields if str(field.T) == "so")
        content = field.AP.N.read_bytes()
    scale = float(content.split(b" Tf ")[1].split()[0])
    assert 0.5 < scale < 1


@pytest.mark.parametrize("line", ["", "   ", "Số 188-公/TU"])
def test_an_unwritable_number_is_refused(office: Office, signed: bytes, line: str) -> None:
    with pytest.raises(InvalidInput):
        office.number(signed, number=line)


def test_a_letter_without_the_number_field_is_refused(office: Office) -> None:
    with pikepdf.open(io.BytesIO(samples.letter())) as pdf:
        del pdf.Root.AcroForm, pdf.pages[0].obj.Annots
        out = io.BytesIO()
        pdf.save(out)
    with pytest.raises(RuleBroken) as refusal:
        office.number(out.getvalue())
    assert refusal.value.code == "signing.field_missing"


def test_the_seal_waits_for_a_personal_signature(office: Office, blank: bytes) -> None:
    with pytest.raises(RuleBroken) as refusal:
        office.seal(blank)
    assert refusal.value.code == "signing.no_personal_signature"


def test_the_seal_refuses_a_letter_changed_after_signing(office: Office, signed: bytes) -> None:
    with pytest.raises(RuleBroken) as refusal:
        office.seal(tampering.updated(signed, tampering.rotate_page))
    assert refusal.value.code == "signing.no_personal_signature"


def test_the_seal_refuses_when_one_of_two_signers_was_revoked(office: Office) -> None:
    letter = samples.letter(
        signature_fields=(
            ("SIG_PERSON_1", samples.PERSON_RECT),
            ("SIG_PERSON_2", samples.SECOND_PERSON_RECT),
            ("SIG_AGENCY", samples.AGENCY_RECT),
        )
    )
    leaver = office.pki.person("Lê Văn Thôi", "Ban Tổ chức", "TU-0077")
    office.pki.revoke(leaver, SIGNED_AT - timedelta(days=1))
    both = office.sign(office.sign(letter).content, leaver, field="SIG_PERSON_2").content
    with pytest.raises(RuleBroken) as refusal:
        office.seal(office.number(both))
    assert refusal.value.code == "signing.earlier_signature_bad"
    assert refusal.value.facts["signer"] == "Lê Văn Thôi"


def test_two_signers_then_one_seal(office: Office) -> None:
    letter = samples.letter(
        signature_fields=(
            ("SIG_PERSON_1", samples.PERSON_RECT),
            ("SIG_PERSON_2", samples.SECOND_PERSON_RECT),
            ("SIG_AGENCY", samples.AGENCY_RECT),
        )
    )
    both = office.sign(office.sign(letter).content, office.deputy, field="SIG_PERSON_2").content
    verdict = office.check(office.seal(office.number(both)).content, crls=())
    assert verdict.verdict is FileOutcome.VALID
    assert [report.certifies for report in verdict.signatures] == [True, False, False]
    assert {report.level for report in verdict.signatures} == {"B-LTA"}


def test_a_signature_without_time_stamp_may_still_be_sealed(office: Office, blank: bytes) -> None:
    plain = office.sign(blank, stamped=False).content
    assert office.check(plain).verdict is FileOutcome.VALID_WITH_WARNINGS
    sealed = office.seal(office.number(plain)).content
    # The document time stamp of the seal also proves that the signature stood before it.
    assert office.check(sealed, crls=()).verdict is FileOutcome.VALID


def test_a_field_is_signed_once(office: Office, signed: bytes) -> None:
    with pytest.raises(RuleBroken) as refusal:
        office.sign(signed)
    assert refusal.value.code == "signing.field_signed"


@pytest.mark.parametrize("variant", [Variant.EXPIRED, Variant.WRONG_USAGE])
def test_an_unusable_certificate_does_not_sign(
    office: Office, blank: bytes, variant: Variant
) -> None:
    identity = office.pki.person("Trần Văn Cũ", "Văn phòng", "TU-0090", variant=variant)
    with pytest.raises(RuleBroken) as refusal:
        office.sign(blank, identity)
    assert refusal.value.code == "signing.certificate_unusable"


def test_a_damaged_file_is_not_signed(office: Office) -> None:
    with pytest.raises(RuleBroken) as refusal:
        office.sign(b"%PDF-1.7 nothing")
    assert refusal.value.code == "signing.file_unreadable"


# What is seen on the page ------------------------------------------------------------------


def test_the_seal_covers_the_left_third_of_the_signature() -> None:
    personal = Box(0, 360, 200, 128, 57)
    seal = seal_box(personal, 36, A4)
    assert seal.right == pytest.approx(360 + 128 / 3)
    assert seal.y + seal.height / 2 == pytest.approx(200 + 57 / 2)
    assert (seal.x, seal.y) == (pytest.approx(300.6, abs=0.1), pytest.approx(177.5, abs=0.1))


def test_the_seal_stays_on_the_paper() -> None:
    seal = seal_box(Box(0, 20, 5, 60, 20), 36, A4)
    assert seal.x == pytest.approx(5 * 72 / 25.4)
    assert seal.y == pytest.approx(5 * 72 / 25.4)


def test_image_and_seal_field_move_only_before_the_first_signature(
    office: Office, blank: bytes
) -> None:
    offered = Box(0, 340, 150, 140, 60)
    first = acts.sign_personal(
        blank,
        identity=office.leader,
        image_png=office.signature_image,
        image_box=offered,
        tsa=office.pki.tsa(SIGNED_AT),
        signed_at=SIGNED_AT,
        reserve={"SIG_AGENCY": Box(0, 250, 100, 150, 150)},
    )
    assert first.drawn is not None
    assert first.drawn.width / first.drawn.height == pytest.approx(45 / 20, rel=0.02)
    assert offered.x <= first.drawn.x
    assert first.drawn.right <= offered.right + 0.001
    wanted = seal_box(first.drawn, 36)
    sealed = acts.seal(
        first.content,
        identity=office.agency,
        image_png=office.seal_image,
        image_box=wanted,
        tsa=office.pki.tsa(SEALED_AT),
        validation_context_factory=lambda: office.pki.validation_context(SEALED_AT),
        sealed_at=SEALED_AT,
    )
    assert sealed.drawn is not None
    assert sealed.drawn.corners == pytest.approx(wanted.corners)
    assert office.check(sealed.content, crls=()).verdict is FileOutcome.VALID
    with pytest.raises(RuleBroken) as refusal:
        acts.seal(
            first.content,
            identity=office.agency,
            image_png=office.seal_image,
            image_box=Box(0, 20, 700, 102, 102),
            tsa=office.pki.tsa(SEALED_AT),
            validation_context_factory=lambda: office.pki.validation_context(SEALED_AT),
            sealed_at=SEALED_AT,
        )
    assert refusal.value.code == "signing.box_outside_field"


def test_signature_and_seal_are_really_inked(sealed: bytes) -> None:
    document = pypdfium2.PdfDocument(sealed)
    document.init_forms()
    picture = document[0].render(scale=2).to_pil().convert("RGB")
    document.close()
    assert _inked(picture, samples.PERSON_RECT, lambda r, g, b: b > r + 60)
    assert _inked(picture, samples.AGENCY_RECT, lambda r, g, b: r > b + 60)


def _inked(picture: Image.Image, rect: tuple[float, ...], wanted: object) -> bool:
    left, bottom, right, top = rect
    high = picture.height
    part = picture.crop(
        (int(left * 2), int(high - top * 2), int(right * 2), int(high - bottom * 2))
    )
    assert callable(wanted)
    pixels = part.tobytes()
    found = sum(bool(wanted(*pixels[place : place + 3])) for place in range(0, len(pixels), 3))
    return found > 300


def test_an_invisible_signature_writes_no_text_on_the_page(office: Office, blank: bytes) -> None:
    plain = acts.sign_personal(
        blank, identity=office.leader, tsa=office.pki.tsa(SIGNED_AT), signed_at=SIGNED_AT
    )
    assert plain.drawn is None
    with pikepdf.open(io.BytesIO(plain.content)) as pdf:
        field = next(one for one in pdf.Root.AcroForm.Fields if str(one.T) == "SIG_PERSON_1")
        assert field.AP.N.read_bytes() == b""


def test_sample_images_are_small_transparent_and_the_same_for_the_same_name() -> None:
    first = images.signature_png("Nguyễn Thị Hạnh")
    seal = images.seal_png("Tỉnh ủy Sông Lam", font_folder=samples.FONTS)
    assert images.signature_png("Nguyễn Thị Hạnh") == first
    assert images.signature_png("Vũ Minh Đức") != first
    for png in (first, seal):
        assert len(png) < 60_000
        picture = Image.open(io.BytesIO(png))
        assert picture.getpixel((0, 0))[3] == 0
    assert Image.open(io.BytesIO(seal)).size == (425, 425)


def test_a_broken_image_is_refused_in_words(office: Office, blank: bytes) -> None:
    with pytest.raises(InvalidInput) as refusal:
        acts.sign_personal(
            blank,
            identity=office.leader,
            image_png=b"not a picture",
            tsa=None,
            signed_at=SIGNED_AT,
        )
    assert refusal.value.code == "signing.image_unreadable"
