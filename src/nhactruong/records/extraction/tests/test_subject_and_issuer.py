"""Where the subject ends, and who issued it: scans without weights, Word files of any layout."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from PIL import Image

from nhactruong.kernel.text import fold
from nhactruong.records.extraction.engine.docx_text import docx_page
from nhactruong.records.extraction.engine.page_reading import read_pdf_here
from nhactruong.records.extraction.engine.reading import read_text
from nhactruong.records.extraction.rules import NoDirectory, ReadDocument, propose
from nhactruong.records.extraction.rules.page import Line
from nhactruong.records.extraction.tests import office_letters as office
from nhactruong.records.extraction.tests.office_letters import Form
from nhactruong.records.extraction.tests.sample_letters import Letter
from nhactruong.records.extraction.tests.test_proposing_fields import right_fields

TODAY = date(2026, 11, 22)


def subject_of(read: ReadDocument) -> str:
    found = propose(read, NoDirectory(), TODAY).subject
    return found.value.lower() if found else ""


def word_words(path: Path) -> ReadDocument:
    return ReadDocument((docx_page(path),), "docx")


class NoOcr:
    """For files that have their words."""

    def lines(self, picture: Image.Image, dpi: int) -> tuple[Line, ...]:
        raise AssertionError("a file with its words was looked at as a picture")


def same_words(found: str, printed: str) -> bool:
    """Whether a recognised text has the printed words, a lost accent or letter aside."""
    a, b = fold(found), fold(printed)
    return len(a.split()) == len(b.split()) and SequenceMatcher(None, a, b).ratio() > 0.95


def without_weights(read: ReadDocument) -> ReadDocument:
    """What a perfect recognition would give: words and places, but no bold."""
    return replace(
        read,
        pages=tuple(
            replace(
                page,
                lines=tuple(replace(line, bold=None, confidence=0.95) for line in page.lines),
            )
            for page in read.pages
        ),
    )


@pytest.mark.parametrize("letter", office.TEMPLATES, ids=lambda letter: letter.name)
def test_a_scan_of_our_own_letters_at_200_dpi(tmp_path: Path, letter: Letter) -> None:
    pdf = office.typeset_pdf(letter, tmp_path / "in.pdf")
    scan = office.scanned_png(pdf, tmp_path / "quet.png", turn=0.5)
    read = read_text(scan, "image")
    assert same_words(subject_of(read), letter.subject)
    right = right_fields(letter, propose(read, NoDirectory(), TODAY))
    wrong = [field for field, is_right in right.items() if not is_right and field != "subject"]
    assert len(wrong) <= 1, wrong


_TIGHT = Form(leading_em=0.5)
_FLUSH = Form(indent_mm=0, leading_em=0.8)
_AIRY = Form(leading_em=0.8, gap_pt=8)
_RULED = Form(has_rule=True)
_WIDE_OPENING = ("Đảng ủy xã Nà Sương báo cáo Ban Thường vụ Tỉnh ủy kết quả như sau:",)
_FULL_LINES = (office.PROSE_REPORT.body[0],)
_HEADING = ("I- KẾT QUẢ THỰC HIỆN",)
_SHORT = ("Đảng ủy xã báo cáo kết quả như sau:",)
_TWO_ROWS = "kết quả thực hiện công tác xây dựng Đảng quý III và nhiệm vụ trọng tâm quý IV năm 2026"


@pytest.mark.parametrize(
    ("letter", "form"),
    [
        (replace(office.REPORT, subject=_TWO_ROWS, body=_WIDE_OPENING), _TIGHT),
        (replace(office.RESOLUTION, body=_WIDE_OPENING), _AIRY),
        (replace(office.PROSE_REPORT, body=_FULL_LINES), _FLUSH),
        (replace(office.SHORT_REQUEST, body=_HEADING), _TIGHT),
        (replace(office.SHORT_REQUEST, body=_SHORT), _TIGHT),
    ],
    ids=["one-wide-row", "full-row-after-four", "no-indent", "heading", "short-row"],
)
def test_a_scan_from_elsewhere_ends_its_subject_where_the_text_begins(
    tmp_path: Path, letter: Letter, form: Form
) -> None:
    pdf = office.foreign_pdf(letter, form, tmp_path / "in.pdf")
    scan = office.scanned_png(pdf, tmp_path / "quet.png")
    assert same_words(subject_of(read_text(scan, "image")), letter.subject)


@pytest.mark.parametrize(
    "form", [_TIGHT, _FLUSH, _AIRY, _RULED], ids=["tight", "flush", "airy", "ruled"]
)
@pytest.mark.parametrize(
    "opening",
    [_WIDE_OPENING, _FULL_LINES, _HEADING, _SHORT],
    ids=["wide", "full", "heading", "short"],
)
@pytest.mark.parametrize(
    "subject",
    [
        "về việc cử cán bộ tập huấn",
        "về việc sơ kết 5 năm thực hiện Nghị quyết số 05-NQ/TU ngày 09/02/2021 của Ban Chấp hành "
        "Đảng bộ tỉnh về phát triển kinh tế rừng",
        "về việc tổ chức Đại hội Đảng bộ xã Nà Sương và Đại hội các chi bộ trực thuộc Đảng ủy xã "
        "Nà Sương nhiệm kỳ 2025 - 2030, hướng tới Đại hội Đảng bộ tỉnh Sông Lam",
        "về việc góp ý Báo cáo tổng kết công tác xây dựng Đảng theo Kế hoạch số 12-KH/TU",
    ],
    ids=["one-row", "of-the-committee", "congress", "symbol"],
)
def test_names_and_symbols_within_a_subject_do_not_end_it(
    tmp_path: Path, subject: str, opening: tuple[str, ...], form: Form
) -> None:
    for base in (office.REPORT, office.SHORT_REQUEST):
        letter = replace(base, subject=subject, body=opening)
        pdf = office.foreign_pdf(letter, form, tmp_path / "in.pdf")
        read = read_pdf_here(pdf, NoOcr(), max_ocr_pages=1)
        for seen in (read, without_weights(read)):
            assert subject_of(seen) == subject.lower(), base.name


@pytest.mark.parametrize("layout", office.LAYOUTS, ids=lambda layout: layout.name)
def test_a_word_file_of_any_layout_gives_every_field_as_printed(
    tmp_path: Path, layout: office.Layout
) -> None:
    for letter in office.OURS:
        read = word_words(office.word_file(letter, layout, tmp_path / "a.docx"))
        right = right_fields(letter, propose(read, NoDirectory(), TODAY))
        assert [field for field, is_right in right.items() if not is_right] == [], letter.name


def test_an_issuer_on_a_line_of_its_own_is_not_lost_under_its_superior(tmp_path: Path) -> None:
    letter, layout = office.UNDER_THE_PROVINCE, office.BESIDE_THE_HEADING
    read = word_words(office.word_file(letter, layout, tmp_path / "a.docx"))
    found = propose(read, NoDirectory(), TODAY)
    assert found.issuer is not None and found.superior is not None
    assert found.issuer.value == "ĐẢNG ỦY XÃ NÀ SƯƠNG"
    assert found.superior.value == "ĐẢNG BỘ TỈNH SÔNG LAM"


def test_a_title_in_capitals_above_the_number_is_no_issuer(tmp_path: Path) -> None:
    letter = replace(office.REPORT, issuer=("TÀI LIỆU HỌC TẬP",))
    layout = next(layout for layout in office.LAYOUTS if layout.name == "dong-rieng")
    read = word_words(office.word_file(letter, layout, tmp_path / "a.docx"))
    assert propose(read, NoDirectory(), TODAY).issuer is None
