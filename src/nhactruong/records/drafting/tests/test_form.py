"""The printed page is the Party's form: measured from the PDF in millimetres."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.states import Urgency
from nhactruong.records.drafting.library import templates
from nhactruong.records.drafting.rules import (
    Body,
    Cell,
    Kind,
    Run,
    Table,
    TextBlock,
    body_from_plain,
)
from nhactruong.records.drafting.tests.letters import CONCLUSION, SENTENCE
from nhactruong.records.drafting.tests.printed import MM, Line, line_with, lines
from nhactruong.records.drafting.typesetting import (
    Box,
    Letter,
    date_line,
    pdfa_faults,
    preview,
    typeset,
    unprintable,
)

LEFT, RIGHT, TOP, BOTTOM = 30.0, 195.0, 20.0, 277.0
LEFT_MIDDLE, RIGHT_MIDDLE, TEXT_MIDDLE = 68.5, 151.0, 112.5
PITCH = 18 / MM

LONG = replace(CONCLUSION, body=body_from_plain("\n".join([SENTENCE] * 24)))


def _middle(line: Line) -> float:
    return (line.left + line.right) / 2


def _holds(box: Box, line: Line) -> bool:
    return (
        line.page == box.page
        and box.x0 - 0.5 <= line.left * MM
        and line.right * MM <= box.x1 + 0.5
        and box.y0 <= (297 - line.base) * MM <= box.y1
    )


@pytest.fixture(scope="module")
def conclusion() -> list[Line]:
    return lines(typeset(CONCLUSION).pdf)


@pytest.fixture(scope="module")
def long_letter() -> list[Line]:
    return lines(typeset(LONG).pdf)


def test_the_head_stands_in_two_columns_with_the_sizes_of_the_form(conclusion: list[Line]) -> None:
    title = line_with(conclusion, "ĐẢNG CỘNG SẢN VIỆT NAM")
    issuer = line_with(conclusion, "TỈNH ỦY SÔNG LAM")
    star = line_with(conclusion, "*")
    number = line_with(conclusion, "Số ........-TB/TU")
    day = line_with(conclusion, "Sông Lam, ngày ..... tháng 11 năm 2026")
    assert (title.size, title.face) == (15, "Tinos-Bold")
    assert (issuer.size, issuer.face) == (14, "Tinos-Bold")
    assert (number.size, number.face) == (14, "Tinos-Regular")
    assert (day.size, day.face) == (14, "Tinos-Italic")
    assert title.top == pytest.approx(TOP, abs=1)
    for line in (issuer, star, number):
        assert _middle(line) == pytest.approx(LEFT_MIDDLE, abs=0.5)
    for line in (title, day):
        assert _middle(line) == pytest.approx(RIGHT_MIDDLE, abs=0.5)
    assert issuer.base < star.base < number.base
    assert number.base == pytest.approx(day.base, abs=0.1)


def test_the_rule_under_the_title_is_as_long_as_the_title() -> None:
    import pypdfium2

    pdf = typeset(CONCLUSION).pdf
    title = line_with(lines(pdf), "ĐẢNG CỘNG SẢN VIỆT NAM")
    scale = 10
    document = pypdfium2.PdfDocument(pdf)
    picture = document[0].render(scale=scale).to_pil().convert("L")
    document.close()
    # The row of pixels under the title that holds the rule.
    rows = range(round((title.base + 0.4) * MM * scale), round((title.base + 3) * MM * scale))
    columns = range(round(100 * MM * scale), round(200 * MM * scale))
    dark = {y: [x for x in columns if picture.getpixel((x, y)) < 128] for y in rows}
    rule = [y for y, found in dark.items() if len(found) > 400]
    assert len(rule) / scale == pytest.approx(0.75, abs=0.25)
    drawn = dark[rule[0]]
    assert drawn[0] / MM / scale == pytest.approx(title.left, abs=1)
    assert drawn[-1] / MM / scale == pytest.approx(title.right, abs=1)


def test_type_and_subject_stand_in_the_middle_with_five_dashes_below(
    conclusion: list[Line],
) -> None:
    name = line_with(conclusion, "THÔNG BÁO")
    subject = line_with(conclusion, "kết luận của Ban Thường vụ")
    dashes = line_with(conclusion, "-----")
    assert (name.size, name.face) == (15, "Tinos-Bold")
    assert (subject.size, subject.face) == (14, "Tinos-Bold")
    assert dashes.text == "-----"
    for line in (name, subject, dashes):
        assert _middle(line) == pytest.approx(TEXT_MIDDLE, abs=0.5)


def test_the_text_keeps_margins_indent_pitch_and_size(long_letter: list[Line]) -> None:
    body = [line for line in long_letter if line.face == "Tinos-Regular" and line.size == 14]
    first = [line for line in body if line.text.startswith("Ngày 20/11/2026, tại")]
    after = [line for line in body if line.text.startswith("Đảng ủy xã Đồng Mơ báo cáo")]
    assert len(first) == 24
    for line in first:
        assert line.left == pytest.approx(LEFT + 10, abs=0.3)
        assert line.right == pytest.approx(RIGHT, abs=0.4)
    for line in after:
        assert line.left == pytest.approx(LEFT, abs=0.3)
    second = after[0]
    assert second.base - first[0].base == pytest.approx(PITCH, abs=0.02)
    assert all(line.left >= LEFT - 0.1 and line.right <= RIGHT + 0.1 for line in long_letter)
    assert max(line.base for line in long_letter) <= BOTTOM


def test_a_full_page_reaches_from_margin_to_margin(long_letter: list[Line]) -> None:
    page = [line for line in long_letter if line.page == 1 and line.size == 14][1:]
    # Between the margin and the base line stand 14 of the 18 points of a line.
    assert page[0].base - 14 / MM == pytest.approx(TOP, abs=0.1)
    # A single line of the next paragraph is not left alone at the foot.
    assert 0 <= BOTTOM - (page[-1].base + 4 / MM) < 2 * PITCH + 6 / MM


def test_page_numbers_stand_over_the_text_from_the_second_page_on(long_letter: list[Line]) -> None:
    tops = {
        page: [line for line in long_letter if line.page == page and line.base < 19]
        for page in range(3)
    }
    assert tops[0] == []
    for page in (1, 2):
        (number,) = tops[page]
        assert number.text == str(page + 1)
        assert number.size == 14
        assert _middle(number) == pytest.approx(TEXT_MIDDLE, abs=0.5)
        assert number.top == pytest.approx(11, abs=1)


def test_the_foot_has_recipients_left_and_the_signature_right(conclusion: list[Line]) -> None:
    heading = line_with(conclusion, "Nơi nhận:")
    capacity = line_with(conclusion, "T/M BAN THƯỜNG VỤ")
    title = line_with(conclusion, "PHÓ BÍ THƯ")
    name = line_with(conclusion, "Phan Thị Hoài Thư")
    assert (heading.size, heading.left) == (14, pytest.approx(LEFT, abs=0.3))
    listed = [line for line in conclusion if line.size == 12]
    assert [line.text for line in listed] == [
        "- Đảng ủy Ủy ban nhân dân tỉnh;",
        "- Đảng ủy các xã Đồng Mơ, Hạ Tân;",
        "- Lưu Văn phòng Tỉnh ủy.",
    ]
    assert capacity.face == name.face == "Tinos-Bold"
    assert title.face == "Tinos-Regular"
    for line in (capacity, title, name):
        assert _middle(line) == pytest.approx(RIGHT_MIDDLE, abs=0.5)
    assert heading.base == pytest.approx(capacity.base, abs=0.2)


def test_a_head_of_office_signs_under_his_title_alone_in_bold() -> None:
    letter = replace(CONCLUSION, capacity_line="", title_lines=("CHÁNH VĂN PHÒNG",))
    assert line_with(lines(typeset(letter).pdf), "CHÁNH VĂN PHÒNG").face == "Tinos-Bold"


def test_a_letter_shows_no_type_name_and_its_subject_small_under_the_number() -> None:
    letter = replace(
        CONCLUSION,
        type_name=None,
        subject="về việc báo cáo kết quả khắc phục hậu quả thiên tai",
        addressee_label="Kính gửi",
        addressees=("Đảng ủy các xã Đồng Mơ, Hạ Tân", "Văn phòng Tỉnh ủy;"),
    )
    found = lines(typeset(letter).pdf)
    subject = line_with(found, "về việc báo cáo")
    assert (subject.size, subject.face) == (12, "Tinos-Italic")
    assert _middle(subject) == pytest.approx(LEFT_MIDDLE, abs=0.5)
    assert subject.base > line_with(found, "Số ").base
    assert "-----" not in [line.text for line in found]
    first = line_with(found, "- Đảng ủy các xã Đồng Mơ, Hạ Tân;")
    assert line_with(found, "Kính gửi:").base == pytest.approx(first.base, abs=0.2)
    last = line_with(found, "- Văn phòng Tỉnh ủy.")
    assert last.left == pytest.approx(LEFT + 44 + 6 / MM, abs=0.5)


def test_one_addressee_stands_on_the_line_of_its_label() -> None:
    letter = replace(CONCLUSION, addressee_label="Kính trình", addressees=("Thường trực Tỉnh ủy",))
    text = " ".join(line.text for line in lines(typeset(letter).pdf))
    assert "Kính trình: Thường trực Tỉnh ủy " in text


def test_marks_stand_under_the_number() -> None:
    letter = replace(
        CONCLUSION,
        urgency=Urgency.URGENT,
        circulation_mark="LƯU HÀNH NỘI BỘ",
        draft_mark="Dự thảo lần 2",
    )
    found = lines(typeset(letter).pdf)
    marks = [line_with(found, words) for words in ("Dự thảo lần 2", "KHẨN", "LƯU HÀNH NỘI BỘ")]
    assert all(_middle(mark) == pytest.approx(LEFT_MIDDLE, abs=0.5) for mark in marks)
    bases = [line_with(found, "Số ").base, *(mark.base for mark in marks)]
    assert bases == sorted(bases)


@pytest.mark.parametrize(
    ("issued", "hint", "printed"),
    [
        (date(2026, 2, 5), None, "Sông Lam, ngày 05 tháng 02 năm 2026"),
        (date(2026, 3, 12), None, "Sông Lam, ngày 12 tháng 3 năm 2026"),
        (None, date(2026, 1, 9), "Sông Lam, ngày ..... tháng 01 năm 2026"),
        (None, None, "Sông Lam, ngày ..... tháng ..... năm ........"),
    ],
)
def test_the_date_line_pads_day_and_first_months_only(
    issued: date | None, hint: date | None, printed: str
) -> None:
    assert date_line(replace(CONCLUSION, date=issued, date_hint=hint)) == printed


def test_anchors_hold_what_is_printed_there() -> None:
    typed = typeset(LONG)
    found = lines(typed.pdf)
    anchors = typed.anchors
    assert typed.pages == max(line.page for line in found) + 1
    assert _holds(anchors.number, line_with(found, "Số ........"))
    assert _holds(anchors.date, line_with(found, "Sông Lam, ngày"))
    name = line_with(found, "Phan Thị Hoài Thư")
    assert _holds(anchors.name, name)
    assert _holds(anchors.recipients, line_with(found, "Nơi nhận:"))
    assert _holds(anchors.recipients, line_with(found, "- Lưu Văn phòng"))
    signature = anchors.signature
    assert (signature.width / MM, signature.height / MM) == pytest.approx((45, 20))
    assert (signature.x0 + signature.x1) / 2 / MM == pytest.approx(_middle(name), abs=0.5)
    assert (signature.y0 - anchors.name.y1) / MM == pytest.approx(2)
    title = line_with(found, "PHÓ BÍ THƯ")
    assert signature.y1 / MM < 297 - title.base
    seal = anchors.seal(36)
    assert seal.x1 == pytest.approx(signature.x0 + signature.width / 3)
    assert (seal.width / MM, seal.height / MM) == pytest.approx((36, 36))


def _signature_page_text(letter: Letter) -> tuple[list[Line], int]:
    typed = typeset(letter)
    found = lines(typed.pdf)
    foot = line_with(found, "T/M BAN THƯỜNG VỤ")
    above = [
        line
        for line in found
        if line.page == foot.page and 19 < line.base < foot.base - 1 and line.text != "Nơi nhận:"
    ]
    assert typed.anchors.name.page == foot.page
    return above, typed.pages


@pytest.mark.parametrize("ending", ["paragraph", "line", "table"])
def test_the_signature_is_never_without_two_lines_of_text(ending: str) -> None:
    pages = set()
    last = {
        "paragraph": [TextBlock("z", Kind.PARAGRAPH, (Run(SENTENCE),))],
        "line": [
            TextBlock("y", Kind.PARAGRAPH, (Run(SENTENCE),)),
            TextBlock("z", Kind.ITEM, (Run("Lưu hồ sơ."),), marker="-"),
        ],
        "table": [
            Table("z", tuple((Cell((Run(f"Việc {n}"),)), Cell((Run("x"),))) for n in range(6)))
        ],
    }[ending]
    for count in range(12, 40, 1):
        filler = body_from_plain("Một dòng.\n" * count).blocks
        letter = replace(CONCLUSION, body=Body((*filler, *last)))
        above, length = _signature_page_text(letter)
        assert len(above) >= 2, f"{count} lines before the end"
        pages.add(length)
    assert pages == {1, 2}


def test_many_recipients_run_on_to_the_next_page_but_the_signature_does_not() -> None:
    letter = replace(
        CONCLUSION, recipients=tuple(f"Ban Thường vụ Đảng ủy xã thứ {n}" for n in range(80))
    )
    typed = typeset(letter)
    found = lines(typed.pdf)
    assert line_with(found, "xã thứ 0;").page == line_with(found, "Phan Thị Hoài Thư").page
    assert line_with(found, "xã thứ 79.").page == typed.pages - 1 > 0


def test_a_table_repeats_its_header_and_fills_the_width() -> None:
    rows = [("TT", "Nội dung", "Thời hạn")] + [(str(n), SENTENCE, "15/4/2027") for n in range(12)]
    table = Table("t", tuple(tuple(Cell((Run(text),)) for text in row) for row in rows))
    typed = typeset(replace(CONCLUSION, body=Body((table,))))
    heads = [line for line in lines(typed.pdf) if line.text == "Nội dung"]
    assert [line.page for line in heads][: typed.pages - 1] == list(range(typed.pages - 1))
    assert typed.pages >= 2


HOSTILE = (
    '#let x = 1 #panic() $x^2$ \\u{41} [a] `raw` *b* _c_ @ref <label> // no /* no */ "q" = -- ...'
)


def test_markup_typed_by_a_person_is_printed_as_it_is() -> None:
    letter = replace(
        CONCLUSION,
        issuer_lines=("#TỈNH $ỦY",),
        place="[Sông] Lam",
        subject="*về* _việc_ #let",
        signer_name="`Phan` #Thư",
        capacity_line="T/M \\BAN",
        recipients=("#Lưu;",),
        addressee_label="Kính gửi",
        addressees=("$Văn phòng$",),
        draft_mark="#1",
        body=Body((TextBlock("a", Kind.PARAGRAPH, (Run(HOSTILE),)),)),
    )
    text = " ".join(line.text for line in lines(typeset(letter).pdf))
    for words in ("#TỈNH $ỦY", "[Sông] Lam, ngày", "*về* _việc_ #let", "`Phan` #Thư"):
        assert words in text
    for words in ("T/M \\BAN", "- #Lưu.", "$Văn phòng$", "#1", HOSTILE):
        assert words in text


def test_a_word_of_a_hundred_thousand_letters_breaks_inside_and_stays_on_the_page() -> None:
    letter = replace(CONCLUSION, body=body_from_plain("x" * 100_000))
    typed = typeset(letter)
    found = lines(typed.pdf)
    assert sum(len(line.text) for line in found if set(line.text) == {"x"}) == 100_000
    assert all(line.right <= RIGHT + 0.1 for line in found)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text_gives_a_page_or_a_clear_refusal(words: str, name: str) -> None:
    letter = replace(CONCLUSION, body=body_from_plain(words), signer_name=name, subject=name)
    assert preview(letter).startswith(b"%PDF")
    if unprintable(letter):
        with pytest.raises(InvalidInput) as refusal:
            typeset(letter)
        assert refusal.value.code == "drafting.unprintable"
    else:
        assert pdfa_faults(typeset(letter).pdf) == []


def test_every_vietnamese_letter_is_printed_whole() -> None:
    capitals = "ẮẰẲẴẶẤẦẨẪẬẾỀỂỄỆỐỒỔỖỘỚỜỞỠỢỨỪỬỮỰỲÝỶỸỴĐ"
    letter = replace(CONCLUSION, body=body_from_plain(f"{capitals}{capitals.lower()}"))
    assert unprintable(letter) == ()
    line = line_with(lines(typeset(letter).pdf), capitals)
    # The highest mark stays inside its line: no neighbour covers it, no margin cuts it.
    assert line.base - line.top < 14 / MM


def test_long_names_break_evenly_and_keep_to_their_column() -> None:
    letter = replace(
        CONCLUSION,
        superior_line="ĐẢNG BỘ THÀNH PHỐ HỒ CHÍ MINH KHU VỰC TRUNG TÂM",
        issuer_lines=("ĐẢNG ỦY PHƯỜNG NGUYỄN BỈNH KHIÊM",),
        place="Phường Nguyễn Bỉnh Khiêm",
        signer_name="Công Tằng Tôn Nữ Nguyễn Thị Quỳnh Hương Giang Ngọc Anh",
    )
    typed = typeset(letter)
    found = lines(typed.pdf)
    assert typed.anchors.date_size < 14
    assert _holds(typed.anchors.date, line_with(found, "Phường Nguyễn Bỉnh Khiêm, ngày"))
    head = [line for line in found if line.page == 0 and line.base < 50 and line.left < 100]
    assert all(line.left >= LEFT and line.right <= LEFT + 77 for line in head)


@pytest.mark.parametrize("slug", list(templates()))
def test_every_type_is_printed_from_its_template(slug: str) -> None:
    template = templates()[slug]
    letter = replace(
        CONCLUSION,
        type_name=template.printed_name,
        addressee_label=template.addressing.label,
        addressees=("Thường trực Tỉnh ủy",),
        body=template.body,
    )
    typed = typeset(letter)
    text = [line.text for line in lines(typed.pdf)]
    assert pdfa_faults(typed.pdf) == []
    assert (template.printed_name in text) is (template.printed_name is not None)
    assert any("Kính" in line for line in text) is bool(template.addressing.label)


@pytest.mark.parametrize("type_name", ["Thông báo", None])
def test_no_line_breaks_inside_the_signers_name_or_the_place(type_name: str | None) -> None:
    name, place = CONCLUSION.signer_name, CONCLUSION.place
    for filling in (
        "",
        "và nhiệm vụ ",
        "và nhiệm vụ, giải pháp ",
        "và nhiệm vụ, giải pháp trọng tâm ",
    ):
        letter = replace(
            CONCLUSION,
            type_name=type_name,
            subject=f"kết luận của đồng chí {name} về di dời dân vùng sạt lở {filling}"
            f"của tỉnh {place} năm 2027 theo đề nghị của đồng chí {name} tại huyện",
        )
        typed = typeset(letter)
        texts = [line.text for line in lines(typed.pdf)]
        # Twice in the subject, once under the signature.
        assert sum(text.count(name) for text in texts) == 3, texts
        # Once in the subject, once before the date.
        assert sum(text.count(place) for text in texts) == 2, texts
        with pikepdf.open(io.BytesIO(typed.pdf)) as pdf:
            assert "\u00a0" not in str(pdf.open_metadata().get("dc:title"))


def test_the_same_letter_gives_the_same_bytes() -> None:
    letter = replace(CONCLUSION, date=date(2026, 11, 22))
    assert typeset(letter).pdf == typeset(letter).pdf
