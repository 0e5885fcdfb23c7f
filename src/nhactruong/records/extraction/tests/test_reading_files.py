"""Reading: text layers, form fields, scans, Word; all come out as the same kind of document."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pikepdf
import pytest
from docx.oxml import parse_xml

from nhactruong.records.extraction.engine.extraction import extract_file
from nhactruong.records.extraction.engine.limits import Limits
from nhactruong.records.extraction.engine.page_reading import is_garbage, is_without_marks
from nhactruong.records.extraction.engine.pictures import render_page, thumbnail
from nhactruong.records.extraction.engine.reading import read_text
from nhactruong.records.extraction.rules import NoDirectory, ReadDocument, propose
from nhactruong.records.extraction.tests import sample_letters as samples

TODAY = date(2026, 11, 22)


def with_fields(letter: samples.Letter, path: Path) -> Path:
    """An issued PDF whose number and date live in the form fields `so` and `ngay` only."""
    blank = path.with_suffix(".blank.pdf")
    blank.write_bytes(
        samples.typst.compile(
            samples.typst_source(letter, number_and_date_as_fields=True).encode(),
            font_paths=[str(samples.FONTS)],
            ignore_system_fonts=True,
        )
    )
    rows = read_text(blank, "pdf").pages[0].lines
    stub = next(line for line in rows if line.text.startswith("Số"))
    heading = next(line for line in rows if "CỘNG SẢN" in line.text)
    assert stub.box is not None
    assert heading.box is not None
    number = letter.reference_code.split("-")[0]
    after = stub.words[0].box
    assert after is not None
    with pikepdf.open(blank) as pdf:
        page = pdf.pages[0]
        width, height = (float(v) for v in page.mediabox[2:])
        fonts = pikepdf.Dictionary(F=pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name("/Times-Roman"),
        ))  # fmt: skip
        places = {
            "so": (number, after.x1 + 0.005, after.x1 + 0.04, stub.box.y0, stub.box.y1),
            "ngay": (
                letter.printed_date, heading.box.x0, heading.box.x1,
                heading.box.y1 + 0.01, heading.box.y1 + 0.03,
            ),
        }  # fmt: skip
        fields = [
            pdf.make_indirect(pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx,
                T=name, V=value, DA="/F 13 Tf 0 g", F=4, P=page.obj,
                Rect=[x0 * width, (1 - y1) * height, x1 * width, (1 - y0) * height],
            ))
            for name, (value, x0, x1, y0, y1) in places.items()
        ]  # fmt: skip
        page.obj.Annots = pikepdf.Array(fields)
        pdf.Root.AcroForm = pikepdf.Dictionary(
            Fields=fields,
            DR=pikepdf.Dictionary(Font=fonts),
            DA="/F 13 Tf 0 g",
            NeedAppearances=True,
        )
        pdf.save(path)
    return path


def test_number_and_date_in_form_fields_are_read_at_their_places(tmp_path: Path) -> None:
    issued = with_fields(samples.REPORT, tmp_path / "phat-hanh.pdf")
    assert "18 tháng 11" not in read_text(tmp_path / "phat-hanh.blank.pdf", "pdf").text

    document = read_text(issued, "pdf")
    found = propose(document, NoDirectory(), TODAY)

    assert document.source == "text_layer"
    assert found.reference_code is not None
    assert found.reference_code.value == "45-BC/ĐU"
    assert found.issued_on is not None
    assert found.issued_on.value == date(2026, 11, 18)
    assert found.place is not None
    assert found.place.value == "Suối Ngân"


@pytest.mark.parametrize(("quadding", "share"), [(0, 0.0), (1, 0.5), (2, 1.0)])
def test_a_value_set_in_the_middle_of_its_field_is_found_there(
    tmp_path: Path, quadding: int, share: float
) -> None:
    issued = with_fields(samples.REPORT, tmp_path / "phat-hanh.pdf")
    with pikepdf.open(issued, allow_overwriting_input=True) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            if "11" in str(field.V):
                field.Q = quadding
                left, low, right, high = (float(side) for side in field.Rect)
                left, right = left - 30, right + 30
                field.Rect = [left, low, right, high]
        width = float(pdf.pages[0].mediabox[2])
        pdf.save(issued)
    line = next(
        line for line in read_text(issued, "pdf").pages[0].lines if "tháng 11 năm" in line.text
    )
    assert line.box is not None
    empty = (right - left) / width - (line.box.x1 - line.box.x0)
    assert empty > 0.05
    assert line.box.x0 == pytest.approx(left / width + empty * share, abs=0.005)


def test_form_fields_show_in_the_picture_without_highlight(tmp_path: Path) -> None:
    issued = with_fields(samples.REPORT, tmp_path / "phat-hanh.pdf")
    picture = samples.Image.open(samples.io.BytesIO(render_page(issued, 0, width_px=1200)))
    assert picture.size[0] == 1200
    empty = samples.Image.open(
        samples.io.BytesIO(render_page(tmp_path / "phat-hanh.blank.pdf", 0, width_px=1200))
    )
    assert picture.tobytes() != empty.tobytes()
    colours = picture.convert("RGB").getcolors(1 << 24)
    tinted = sum(count for count, pixel in colours if max(pixel) - min(pixel) > 12)
    # Two highlighted fields would tint a hundredth of the page; soft edges of letters do not.
    assert tinted < 0.002 * picture.width * picture.height


def test_lines_carry_places_weight_and_size(report_pdf: Path) -> None:
    page = read_text(report_pdf, "pdf").pages[0]
    assert (round(page.width_pt), round(page.height_pt)) == (595, 842)
    by_text = {line.text: line for line in page.lines}
    title = by_text["BÁO CÁO"]
    assert title.box is not None
    assert (title.bold, title.italic, title.size_pt) == (True, False, 15.0)
    assert 0.49 < title.box.centre_x < 0.58
    number, place = by_text["Số 45-BC/ĐU"], by_text["Suối Ngân, ngày 18 tháng 11 năm 2026"]
    assert number.box is not None
    assert place.box is not None
    assert number.box.x1 < 0.5 < place.box.x0
    assert place.italic
    assert [word.text for word in number.words] == ["Số", "45-BC/ĐU"]
    assert all(0 <= edge <= 1 for line in page.lines if line.box for edge in
               (line.box.x0, line.box.y0, line.box.x1, line.box.y1))  # fmt: skip


def test_a_page_on_its_side_reads_like_an_upright_one(tmp_path: Path, report_pdf: Path) -> None:
    upright = read_text(report_pdf, "pdf")
    with pikepdf.open(report_pdf) as pdf:
        page = pdf.pages[0]
        width, height = (float(v) for v in page.mediabox[2:])
        page.contents_coalesce()
        turned = f"q 0 1 -1 0 {height} 0 cm\n".encode() + page.Contents.read_bytes() + b"\nQ"
        page.Contents = pdf.make_stream(turned)
        page.mediabox = [0, 0, height, width]
        page.rotate(90, relative=False)
        pdf.save(tmp_path / "nam.pdf")
    read = read_text(tmp_path / "nam.pdf", "pdf")
    assert read.text == upright.text


def test_everything_read_is_nfc_and_survives_json(report_docx: Path) -> None:
    document = docx.Document(str(report_docx))
    document.add_paragraph(unicodedata.normalize("NFD", "Tiếng Việt tổ hợp"))
    document.save(str(report_docx))
    read = read_text(report_docx, "docx")
    assert "Tiếng Việt tổ hợp" in read.text
    assert unicodedata.is_normalized("NFC", read.text)
    assert ReadDocument.from_json(json.loads(json.dumps(read.as_json()))) == read


def test_word_files_are_read_with_boxes_controls_and_insertions(report_docx: Path) -> None:
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    box = "<w:txbxContent><w:p><w:r><w:t>KHẨN</w:t></w:r></w:p></w:txbxContent>"
    pieces = (
        f"<w:p {w} {mc}><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{box}"
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>",
        f"<w:sdt {w}><w:sdtContent><w:p><w:r><w:t>trong ô nội dung</w:t></w:r></w:p>"
        "</w:sdtContent></w:sdt>",
        f"<w:p {w}><w:del><w:r><w:delText>đã xóa</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>chèn thêm</w:t></w:r></w:ins></w:p>",
        f"<w:p {w}><w:r><w:t>Số 09-TB/ĐU</w:t><w:tab/><w:t>Suối Ngân, ngày 01</w:t></w:r></w:p>",
    )
    document = docx.Document(str(report_docx))
    for piece in pieces:
        document.element.body.insert(len(document.element.body) - 1, parse_xml(piece))
    document.save(str(report_docx))
    lines = read_text(report_docx, "docx").pages[0].lines
    texts = [line.text for line in lines]
    assert texts.count("KHẨN") == 1
    assert "trong ô nội dung" in texts
    assert "chèn thêm" in texts
    assert not any("đã xóa" in text for text in texts)
    assert [line.side for line in lines[-2:]] == ["left", "right"]


def test_a_broken_text_layer_is_told_from_a_good_one() -> None:
    good = "Thực hiện Nghị quyết số 05-NQ/TU, ngày 09/02/2026 của Tỉnh ủy “về chuyển đổi số” …"
    old_font = "Thùc hiÖn NghÞ quyÕt sè 05-NQ/TU ngµy 09/02/2026 cña TØnh ñy vÒ chuyÓn ®æi sè µ¸¶"
    assert not is_garbage(good)
    assert is_garbage("\ufffd\ue012\ue013 \ue020\ue021" + good[:20])
    assert is_garbage(old_font)
    assert is_without_marks("Thuc hien Nghi quyet so 05-NQ/TU ve chuyen doi so")
    assert not is_without_marks(good)


def test_a_few_words_over_a_scan_do_not_hide_the_scan(tmp_path: Path) -> None:
    text = samples.text_pdf(samples.OFFICE_NOTICE, tmp_path / "a.pdf")
    stamp = samples.text_pdf(replace(samples.REPORT, body=()), tmp_path / "dau.pdf")
    scan = samples.scanned_pdf(text, tmp_path / "b.pdf", dpi=200)
    with pikepdf.open(scan) as pdf, pikepdf.open(stamp) as over:
        page = over.pages[0]
        page.contents_coalesce()
        words = page.Contents.read_bytes().split(b"ET")[0] + b"ET"
        page.Contents = over.make_stream(words + b"\nQ" * (words.count(b"q\n")))
        pdf.pages[0].add_overlay(page, pikepdf.Rectangle(0, 0, 60, 80))
        pdf.save(tmp_path / "c.pdf")
    read = read_text(tmp_path / "c.pdf", "pdf")
    assert read.pages[0].source == "ocr"
    assert "Vũ Ngọc Lâm" in read.text


def test_scanned_pages_beyond_the_limit_are_named_as_skipped(tmp_path: Path) -> None:
    pdf = samples.text_pdf(samples.REPORT, tmp_path / "a.pdf")
    shot = samples.scan_of(pdf, dpi=120)[0].crop((0, 0, 992, 250))
    shot.save(tmp_path / "a.tif", save_all=True, append_images=[shot], dpi=(120, 120))
    read = read_text(tmp_path / "a.tif", "image", limits=Limits(max_ocr_pages=1))
    assert [page.source for page in read.pages] == ["ocr", "skipped"]


def test_a_thumbnail_is_a_small_png(tmp_path: Path, report_pdf: Path) -> None:
    picture = samples.Image.open(samples.io.BytesIO(thumbnail(report_pdf)))
    assert (picture.format, picture.width) == ("PNG", 240)


def test_one_call_gives_everything_as_json_and_a_bad_file_gives_its_reason(
    tmp_path: Path, report_pdf: Path
) -> None:
    answer = json.loads(json.dumps(extract_file(report_pdf, today=TODAY), ensure_ascii=False))
    assert answer["proposals"]["reference_code"]["value"] == "45-BC/ĐU"
    assert answer["proposals"]["issued_on"]["value"] == "2026-11-18"
    assert answer["proposals"]["urgency"]["value"] == "normal"
    assert answer["source"] == "text_layer"
    (tmp_path / "hong.pdf").write_bytes(b"%PDF-1.7 hong")
    assert extract_file(tmp_path / "hong.pdf")["error"]["code"] == "file.broken"


def test_extraction_starts_fast_and_loads_no_framework(report_pdf: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from nhactruong.records.extraction.engine.extraction import extract_file\n"
        "assert extract_file(Path(sys.argv[1]))['proposals']['reference_code']\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}\n"
        "             & {'django', 'pypdfium2', 'tesserocr', 'docx'}))"
    )
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script, str(report_pdf)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_a_scanned_picture_is_read(tmp_path: Path, form: str) -> None:
    pdf = samples.text_pdf(samples.OFFICE_NOTICE, tmp_path / "a.pdf")
    shot = samples.scan_of(pdf, turn=-1.2)[0]
    picture = tmp_path / f"a.{form.lower()}"
    picture.write_bytes(samples.picture_bytes(shot, form))
    read = read_text(picture, "image")
    found = propose(read, NoDirectory(), TODAY)
    assert read.source == "ocr"
    assert found.reference_code is not None
    assert found.reference_code.value == "07-TB/VPĐU"
    assert found.issued_on is not None
    assert found.issued_on.value == date(2026, 1, 7)
    assert all(line.confidence < 1 for line in read.pages[0].lines)
