"""Letters as offices send them: set by our own typesetter, or written in Word their own way.

Beside `sample_letters` (one form, many fields) these differ in form: five templates of ours, what
stands right under the subject, and where a Word file puts its name block.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import docx
import typst
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from nhactruong.records.drafting.rules import body_from_plain
from nhactruong.records.drafting.typesetting import Letter as Printed
from nhactruong.records.drafting.typesetting import typeset
from nhactruong.records.extraction.tests import sample_letters as samples
from nhactruong.records.extraction.tests.sample_letters import Letter, scan_of

_COMMUNE: Final = Letter(
    name="",
    reference_code="",
    issued_on=date(2026, 11, 18),
    place="Nà Sương",
    superior=(),
    issuer=("ĐẢNG ỦY XÃ NÀ SƯƠNG",),
    kind="",
    type_name="",
    subject="",
    capacity="T/M BAN THƯỜNG VỤ",
    position="PHÓ BÍ THƯ",
    form="TM",
    signer="Trần Thị Thúy Hằng",
    recipients=("Như trên", "Các đồng chí Đảng ủy viên", "Lưu Văn phòng Đảng ủy."),
)
REQUEST = replace(
    _COMMUNE,
    name="cong-van",
    reference_code="278-CV/ĐU",
    kind="cong-van",
    subject="về việc đề nghị hỗ trợ kinh phí sửa chữa trụ sở làm việc",
    addressed_to=("Văn phòng Tỉnh ủy",),
    body=(
        "Trụ sở Đảng ủy xã xây dựng năm 1998, nay đã xuống cấp.",
        "Đảng ủy xã đề nghị Văn phòng Tỉnh ủy xem xét, hỗ trợ kinh phí sửa chữa trong năm 2027.",
    ),
)
SHORT_REQUEST = replace(
    REQUEST,
    name="cong-van-khong-kinh-gui",
    reference_code="281-CV/ĐU",
    subject="về việc cử cán bộ tập huấn",
    addressed_to=(),
    body=(
        "Đảng ủy xã Nà Sương cử 03 đồng chí có tên sau đây tham gia lớp tập huấn nghiệp vụ văn "
        "thư, lưu trữ do Văn phòng Tỉnh ủy tổ chức.",
        "1. Đồng chí Lò Văn Pành, Chánh Văn phòng Đảng ủy.",
    ),
)
REPORT = replace(
    _COMMUNE,
    name="bao-cao",
    reference_code="45-BC/ĐU",
    kind="bao-cao",
    type_name="BÁO CÁO",
    subject="kết quả công tác xây dựng Đảng tháng 11 năm 2026",
    body=(
        "Thực hiện Chương trình công tác năm 2026, Đảng ủy xã báo cáo kết quả tháng 11 như sau:",
        "I- Kết quả thực hiện",
        "1. Công tác tư tưởng",
        "Đã tổ chức 04 buổi học tập, quán triệt nghị quyết cho 312 đảng viên.",
    ),
)
PETITION = replace(
    _COMMUNE,
    name="to-trinh",
    reference_code="27-TTr/ĐU",
    kind="to-trinh",
    type_name="TỜ TRÌNH",
    subject="về việc xin chủ trương di dời các hộ dân khỏi vùng sạt lở",
    addressed_to=("Ban Thường vụ Tỉnh ủy",),
    body=(
        "I- Sự cần thiết",
        "Mưa lớn từ ngày 10/11/2026 làm sạt lở bờ sông Con đoạn qua hai bản.",
        "II- Nội dung xin chủ trương",
        "1. Di dời 41 hộ dân đến khu tái định cư Nà Pục.",
    ),
)
NOTICE = replace(
    _COMMUNE,
    name="thong-bao",
    reference_code="19-TB/ĐU",
    kind="thong-bao",
    type_name="THÔNG BÁO",
    subject="kết luận của Ban Thường vụ Đảng ủy về công tác chuẩn bị Đại hội các chi bộ trực "
    "thuộc nhiệm kỳ 2027 - 2030",
    body=(
        "Ngày 16/11/2026, Ban Thường vụ Đảng ủy đã họp, nghe báo cáo và kết luận như sau:",
        "1. Cơ bản nhất trí với báo cáo.",
        "2. Giao Văn phòng Đảng ủy chủ trì, hoàn thành kế hoạch trong tháng 12.",
    ),
)
RESOLUTION = replace(
    _COMMUNE,
    name="nghi-quyet",
    reference_code="05-NQ/ĐU",
    kind="nghi-quyet",
    type_name="NGHỊ QUYẾT",
    subject="về lãnh đạo phát triển kinh tế rừng, nâng cao thu nhập và đời sống Nhân dân các bản "
    "vùng cao trên địa bàn xã giai đoạn 2026 - 2030, định hướng đến năm 2035",
    body=(
        "I- Tình hình, hạn chế và nguyên nhân",
        "1. Tình hình",
        "Toàn xã có 4.120 ha rừng, trong đó 2.610 ha rừng trồng.",
    ),
)
PROSE_REPORT = replace(
    REPORT,
    name="bao-cao-van-xuoi",
    reference_code="46-BC/ĐU",
    subject="tình hình thiệt hại do mưa lũ",
    body=(
        "Từ ngày 10 đến ngày 14/11/2026, trên địa bàn xã có mưa rất to, nước sông Con dâng cao, "
        "gây ngập úng 12 ha lúa mùa và làm hư hỏng 03 công trình thủy lợi nhỏ tại các bản ven sông.",
        "Ước thiệt hại 1,2 tỉ đồng.",
    ),
)
UNDER_THE_PROVINCE = replace(REPORT, name="bao-cao-cap-tren", superior=("ĐẢNG BỘ TỈNH SÔNG LAM",))
TEMPLATES: Final = (REQUEST, REPORT, PETITION, NOTICE, RESOLUTION)
#: The templates, and what else stands under a subject: no address, a full paragraph.
OURS: Final = (*TEMPLATES, SHORT_REQUEST, PROSE_REPORT)


def typeset_pdf(letter: Letter, path: Path) -> Path:
    """The letter as our own drafting prints it."""
    made = typeset(
        Printed(
            superior_line=" ".join(letter.superior),
            issuer_lines=letter.issuer,
            number_line=letter.printed_number,
            place=letter.place,
            date=letter.issued_on,
            type_name=letter.type_name or None,
            subject=letter.subject,
            body=body_from_plain("\n".join(letter.body)),
            capacity_line=letter.capacity,
            title_lines=(letter.position,),
            signer_name=letter.signer,
            addressee_label=_label(letter),
            addressees=letter.addressed_to,
            recipients=letter.recipients,
        )
    )
    path.write_bytes(made.pdf)
    return path


def _label(letter: Letter) -> str:
    if not letter.addressed_to:
        return ""
    return "Kính trình" if letter.kind == "to-trinh" else "Kính gửi"


def scanned_png(pdf: Path, path: Path, *, turn: float = 0.0, dpi: int = 200) -> Path:
    """The first page as a scanner at the clerk's desk gives it."""
    scan_of(pdf, dpi=dpi, turn=turn)[0].save(path, dpi=(dpi, dpi))
    return path


# Word files -------------------------------------------------------------------------------------


class _Sheet:
    """A Word file written line by line, centred unless said otherwise."""

    def __init__(self) -> None:
        self.document = docx.Document()
        self.document.styles["Normal"].font.name = "Times New Roman"
        self.document.styles["Normal"].font.size = Pt(14)

    def line(self, text: str, *, bold: bool = False, centred: bool = True) -> None:
        self._write(self.document.add_paragraph(), text, bold=bold, centred=centred)

    def table(self, *rows: tuple[list[tuple[str, bool]], ...]) -> None:
        """A borderless table; a cell is its lines, each with its weight."""
        made = self.document.add_table(rows=len(rows), cols=len(rows[0]))
        for number, row in enumerate(rows):
            for place, lines in enumerate(row):
                cell = made.cell(number, place)
                for count, (text, bold) in enumerate(lines):
                    paragraph = cell.paragraphs[0] if count == 0 else cell.add_paragraph()
                    self._write(paragraph, text, bold=bold, centred=True)

    @staticmethod
    def _write(paragraph: Any, text: str, *, bold: bool, centred: bool) -> None:
        paragraph.add_run(text).bold = bold
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


_HEADING: Final = "ĐẢNG CỘNG SẢN VIỆT NAM"


def _two_columns(sheet: _Sheet, letter: Letter) -> None:
    """One table, one row, everything of a side in one cell: as most offices do it."""
    left = [(text, False) for text in letter.superior]
    left += [(text, True) for text in (*letter.issuer, "*")]
    left.append((letter.printed_number, False))
    if letter.is_letter:
        left.append((letter.subject, False))
    sheet.table((left, [(_HEADING, True), ("", False), (letter.printed_date, False)]))


def _row_by_row(sheet: _Sheet, letter: Letter) -> None:
    """A row of the table for each line, the issuer alone in its cell."""
    sheet.table(
        ([(" ".join(letter.issuer), True)], [(_HEADING, True)]),
        ([("*", False)], [("", False)]),
        ([(letter.printed_number, False)], [(letter.printed_date, False)]),
    )
    if letter.is_letter:
        sheet.table(([(letter.subject, False)], [("", False)]))


def _issuer_on_a_line(sheet: _Sheet, letter: Letter) -> None:
    """No table for the names: heading and issuer are lines of their own."""
    sheet.line(_HEADING, bold=True)
    for text in letter.issuer:
        sheet.line(text, bold=True)
    sheet.line("*")
    sheet.table(([(letter.printed_number, False)], [(letter.printed_date, False)]))
    if letter.is_letter:
        sheet.line(letter.subject)


def _issuer_in_a_wide_cell(sheet: _Sheet, letter: Letter) -> None:
    """Each name in a table of one cell over the whole width, number and date by a tab."""
    sheet.table(([(" ".join(letter.issuer), True)],))
    sheet.table(([(_HEADING, True)],))
    sheet.line(f"{letter.printed_number}\t{letter.printed_date}", centred=False)
    if letter.is_letter:
        sheet.line(letter.subject)


def _superior_beside_the_heading(sheet: _Sheet, letter: Letter) -> None:
    """Only the superior stands beside the Party's heading; the issuer is a line below."""
    sheet.table(([(text, False) for text in letter.superior], [(_HEADING, True)]))
    for text in letter.issuer:
        sheet.line(text, bold=True)
    sheet.table(([(letter.printed_number, False)], [(letter.printed_date, False)]))
    if letter.is_letter:
        sheet.line(letter.subject)


def _three_columns(sheet: _Sheet, letter: Letter) -> None:
    """An empty column between the two sides."""
    issuer = [(text, True) for text in letter.issuer]
    sheet.table(
        (issuer, [("", False)], [(_HEADING, True)]),
        ([(letter.printed_number, False)], [("", False)], [(letter.printed_date, False)]),
    )
    if letter.is_letter:
        sheet.line(letter.subject)


@dataclass(frozen=True)
class Layout:
    """A way of writing the header in Word."""

    name: str
    head: Callable[[_Sheet, Letter], None]


LAYOUTS: Final = (
    Layout("hai-cot", _two_columns),
    Layout("tung-dong", _row_by_row),
    Layout("dong-rieng", _issuer_on_a_line),
    Layout("o-rieng", _issuer_in_a_wide_cell),
    Layout("ba-cot", _three_columns),
)
BESIDE_THE_HEADING: Final = Layout("cap-tren", _superior_beside_the_heading)


def word_file(letter: Letter, layout: Layout, path: Path) -> Path:
    """The letter as DOCX with its header in that layout."""
    sheet = _Sheet()
    layout.head(sheet, letter)
    if letter.type_name:
        sheet.line(letter.type_name, bold=True)
        sheet.line(letter.subject, bold=True)
        sheet.line("-----")
    if letter.addressed_to:
        sheet.line(f"{_label(letter)}: {letter.addressed_to[0]}")
    for text in letter.body:
        sheet.line(text, centred=False)
    listing = [f"- {one}{'' if one.endswith('.') else ','}" for one in letter.recipients]
    sheet.table(
        (
            [(text, False) for text in ("Nơi nhận:", *listing)],
            [(letter.capacity, True), (letter.position, False), ("", False), (letter.signer, True)],
        )
    )
    sheet.document.save(str(path))
    return path


# Letters of other offices -----------------------------------------------------------------------


@dataclass(frozen=True)
class Form:
    """How a typist elsewhere sets a letter: indent, line spacing, what parts subject and text."""

    indent_mm: float = 10
    leading_em: float = 0.65
    gap_pt: float = 0
    has_rule: bool = False


def foreign_pdf(letter: Letter, form: Form, path: Path) -> Path:
    """The letter in that form, with a slanted "V/v" under the number of a công văn."""
    left = [f"*{samples.escape(line)}*" for line in letter.issuer]
    left += ["\\*", samples.escape(letter.printed_number)]
    if letter.is_letter:
        spoken = letter.subject.replace("về việc", "V/v", 1)
        left.append(f'#text(size: 12pt, style: "italic")[{samples.escape(spoken)}]')
    right = [f"*#underline[{_HEADING}]*", f"#v(4pt)_{samples.escape(letter.printed_date)}_"]
    columns = ", ".join(
        "[#set text(size: 13pt)\n#set par(leading: 0.5em, spacing: 0.6em)\n"
        + "\n".join(f"#plain[{one}]" for one in column)
        + "]"
        for column in (left, right)
    )
    parts = [
        '#set page(paper: "a4", margin: (top: 20mm, bottom: 20mm, left: 30mm, right: 15mm))',
        '#set text(font: "Tinos", size: 14pt, lang: "vi", hyphenate: false)',
        f"#set par(justify: true, leading: {form.leading_em}em, spacing: {form.leading_em}em,"
        f" first-line-indent: (amount: {form.indent_mm}mm, all: true))",
        "#let plain(body) = par(first-line-indent: 0mm, justify: false, body)",
        f"#grid(columns: (77mm, 88mm), align: center, {columns})",
        "#v(10pt)",
    ]
    if letter.type_name:
        rule = "#plain[\\-\\-\\-\\-\\-]" if form.has_rule else ""
        parts.append(
            f"#align(center)[#plain[#text(size: 15pt)[*{samples.escape(letter.type_name)}*]]"
            f" #plain[*{samples.escape(letter.subject)}*] {rule}]"
        )
    parts.append(f"#v({form.gap_pt}pt)")
    if letter.addressed_to:
        parts.append(
            f"#align(center)[_{_label(letter)}:_ {samples.escape(letter.addressed_to[0])}]"
        )
    parts += [f"{samples.escape(paragraph)}\n" for paragraph in (*letter.body, *samples.PROSE)]
    source = "\n".join(parts).encode()
    path.write_bytes(
        typst.compile(source, font_paths=[str(samples.FONTS)], ignore_system_fonts=True)
    )
    return path
