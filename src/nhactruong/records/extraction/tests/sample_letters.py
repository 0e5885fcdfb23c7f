"""Documents of an invented office, made from values that serve as the oracle of the tests."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import docx
import pypdfium2
import typst
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from PIL import Image, ImageFilter

FONTS = next(
    parent / "vendor" / "fonts" / "tinos"
    for parent in Path(__file__).resolve().parents
    if (parent / "vendor" / "fonts" / "tinos").is_dir()
)


@dataclass(frozen=True)
class Letter:
    """The values printed on one document."""

    name: str
    reference_code: str
    issued_on: date
    place: str
    superior: tuple[str, ...]
    issuer: tuple[str, ...]
    kind: str
    type_name: str
    subject: str
    capacity: str
    position: str
    form: str
    signer: str
    recipients: tuple[str, ...]
    is_party: bool = True
    body: tuple[str, ...] = ()
    addressed_to: tuple[str, ...] = ()
    urgency: str = ""
    secrecy: str = ""
    due: tuple[date, date] | None = None
    number_line: str = ""
    signature_text: tuple[str, ...] = field(default=())

    @property
    def is_letter(self) -> bool:
        return self.kind == "cong-van"

    @property
    def printed_number(self) -> str:
        return self.number_line or f"{'Số' if self.is_party else 'Số:'} {self.reference_code}"

    @property
    def printed_date(self) -> str:
        day = f"{self.issued_on.day:02d}"
        month = self.issued_on.month
        shown = f"{month:02d}" if month < 3 else str(month)
        return f"{self.place}, ngày {day} tháng {shown} năm {self.issued_on.year}"


PROSE = (
    "Thực hiện Chương trình công tác toàn khóa, trong thời gian qua cấp ủy các cấp đã tập trung "
    "lãnh đạo, chỉ đạo triển khai đồng bộ các nhiệm vụ, giải pháp; tình hình kinh tế - xã hội tiếp "
    "tục ổn định, quốc phòng, an ninh được giữ vững, đời sống Nhân dân từng bước được nâng lên.",
    "Tuy nhiên, việc triển khai ở một số nơi còn chậm, công tác phối hợp giữa các cơ quan, đơn vị "
    "chưa chặt chẽ, chất lượng tham mưu có mặt còn hạn chế; số liệu báo cáo chưa thống nhất.",
)

REPORT = Letter(
    name="bao-cao",
    reference_code="45-BC/ĐU",
    issued_on=date(2026, 11, 18),
    place="Suối Ngân",
    superior=("ĐẢNG BỘ TỈNH KHÁNH SƠN",),
    issuer=("ĐẢNG ỦY XÃ SUỐI NGÂN",),
    kind="bao-cao",
    type_name="BÁO CÁO",
    subject="kết quả thực hiện công tác xây dựng Đảng quý III và nhiệm vụ trọng tâm quý IV "
    "năm 2026",
    capacity="T/M BAN THƯỜNG VỤ",
    position="PHÓ BÍ THƯ",
    form="TM",
    signer="Trần Thị Thúy Hằng",
    recipients=(
        "Ban Thường vụ Tỉnh ủy (báo cáo)",
        "Các đồng chí Đảng ủy viên",
        "Lưu Văn phòng Đảng ủy.",
    ),
    body=PROSE,
)
LETTER = Letter(
    name="cong-van",
    reference_code="278-CV/TU",
    issued_on=date(2026, 11, 5),
    place="Khánh Sơn",
    superior=(),
    issuer=("TỈNH ỦY KHÁNH SƠN",),
    kind="cong-van",
    type_name="",
    subject="về việc góp ý dự thảo Nghị quyết về chuyển đổi số trong các cơ quan Đảng",
    capacity="T/L BAN THƯỜNG VỤ",
    position="CHÁNH VĂN PHÒNG",
    form="TL",
    signer="Nguyễn Đức Khoa",
    recipients=("Như trên", "Thường trực Tỉnh ủy (báo cáo)", "Lưu Văn phòng Tỉnh ủy."),
    body=(
        *PROSE,
        "Ban Thường vụ Tỉnh ủy đề nghị các đồng chí nghiên cứu, góp ý bằng văn bản, gửi về "
        "Văn phòng Tỉnh ủy trước ngày 27/11/2026 để tổng hợp, báo cáo.",
    ),
    addressed_to=("Các đảng ủy trực thuộc Tỉnh ủy", "Các ban xây dựng Đảng của Tỉnh ủy"),
    urgency="HỎA TỐC",
    due=(date(2026, 11, 26), date(2026, 11, 27)),
)
RESOLUTION = Letter(
    name="nghi-quyet",
    reference_code="05-NQ/TU",
    issued_on=date(2026, 2, 9),
    place="Khánh Sơn",
    superior=(),
    issuer=("TỈNH ỦY KHÁNH SƠN",),
    kind="nghi-quyet",
    type_name="NGHỊ QUYẾT",
    subject="về phát triển kinh tế tập thể, nâng cao đời sống Nhân dân vùng đồng bào dân tộc thiểu "
    "số giai đoạn 2026 - 2030",
    capacity="T/M TỈNH ỦY",
    position="BÍ THƯ",
    form="TM",
    signer="Lê Quốc Bảo",
    recipients=(
        "Bộ Chính trị, Ban Bí thư (báo cáo)",
        "Các đồng chí Tỉnh ủy viên",
        "Lưu Văn phòng.",
    ),
    body=(
        *PROSE,
        "Cấp ủy các cấp xây dựng kế hoạch thực hiện, hoàn thành chậm nhất ngày 31 tháng 3 năm "
        "2026.",
    ),
    due=(date(2026, 3, 31), date(2026, 3, 31)),
)
STATE_LETTER = Letter(
    name="cong-van-uy-ban",
    reference_code="1203/UBND-VX",
    issued_on=date(2026, 10, 21),
    place="Khánh Sơn",
    superior=(),
    issuer=("ỦY BAN NHÂN DÂN", "TỈNH KHÁNH SƠN"),
    kind="cong-van",
    type_name="",
    subject="về việc triển khai Ngày Văn hóa Việt Nam năm 2026 trên địa bàn tỉnh",
    capacity="KT. CHỦ TỊCH",
    position="PHÓ CHỦ TỊCH",
    form="KT",
    signer="Phạm Hồng Sơn",
    recipients=("Như trên", "Thường trực Tỉnh ủy (báo cáo)", "Lưu: VT, VX (05)."),
    is_party=False,
    body=(
        *PROSE,
        "Báo cáo kết quả gửi Sở Văn hóa, Thể thao và Du lịch trước 17 giờ 00 ngày 30/11/2026.",
    ),
    addressed_to=("Ủy ban nhân dân các xã, phường",),
    due=(date(2026, 11, 30), date(2026, 11, 30)),
)
OFFICE_NOTICE = Letter(
    name="thong-bao-van-phong",
    reference_code="07-TB/VPĐU",
    issued_on=date(2026, 1, 7),
    place="Suối Ngân",
    superior=("ĐẢNG ỦY XÃ SUỐI NGÂN",),
    issuer=("VĂN PHÒNG",),
    kind="thong-bao",
    type_name="THÔNG BÁO",
    subject="về lịch trực Tết Nguyên đán Bính Ngọ năm 2026",
    capacity="K/T CHÁNH VĂN PHÒNG",
    position="PHÓ CHÁNH VĂN PHÒNG",
    form="KT",
    signer="Vũ Ngọc Lâm",
    recipients=("Các cơ quan tham mưu, giúp việc Đảng ủy", "Lưu VPĐU."),
    body=PROSE,
)
STATE_DECISION = Letter(
    name="quyet-dinh-uy-ban",
    reference_code="88/QĐ-UBND",
    issued_on=date(2026, 9, 15),
    place="Suối Ngân",
    superior=("ỦY BAN NHÂN DÂN", "TỈNH KHÁNH SƠN"),
    issuer=("ỦY BAN NHÂN DÂN", "XÃ SUỐI NGÂN"),
    kind="quyet-dinh",
    type_name="QUYẾT ĐỊNH",
    subject="Về việc thành lập Tổ công tác kiểm tra, rà soát thủ tục hành chính năm 2026",
    capacity="TM. ỦY BAN NHÂN DÂN",
    position="CHỦ TỊCH",
    form="TM",
    signer="Đặng Thị Ánh Tuyết",
    recipients=("Như Điều 3", "Lưu: VT."),
    is_party=False,
    body=PROSE,
)
PLAN = replace(
    REPORT,
    name="ke-hoach",
    reference_code="112-KH/ĐU",
    issued_on=date(2026, 8, 3),
    kind="ke-hoach",
    type_name="KẾ HOẠCH",
    subject="kiểm tra, giám sát chuyên đề việc thực hiện quy chế làm việc của cấp ủy năm 2026",
    position="BÍ THƯ",
    signer="Hoàng Văn Út",
    urgency="KHẨN",
)
PROGRAMME = replace(
    RESOLUTION,
    name="chuong-trinh",
    reference_code="12-CTr/TU",
    issued_on=date(2026, 7, 30),
    kind="chuong-trinh",
    type_name="CHƯƠNG TRÌNH",
    subject="công tác của Ban Chấp hành Đảng bộ tỉnh 6 tháng cuối năm 2026",
    capacity="T/M BAN THƯỜNG VỤ",
    position="PHÓ BÍ THƯ THƯỜNG TRỰC",
    signer="Huỳnh Thị Mỹ Duyên",
    body=PROSE,
    due=None,
)
ALL = (REPORT, LETTER, RESOLUTION, STATE_LETTER, OFFICE_NOTICE, STATE_DECISION, PLAN, PROGRAMME)


def escape(text: str) -> str:
    return "".join("\\" + sign if sign in "\\#*_-/$@<>[]=~`" else sign for sign in text)


def typst_source(letter: Letter, *, number_and_date_as_fields: bool = False) -> str:
    """The document as typst markup in the Party's or the State's form."""
    e = escape
    left = [e(line) for line in letter.superior]
    left += [f"*{e(line)}*" for line in letter.issuer]
    left.append("\\*" if letter.is_party else "#line(length: 30%, stroke: 0.7pt)")
    number = letter.printed_number
    if number_and_date_as_fields:
        rest = letter.reference_code.lstrip("0123456789")
        number_markup = f"Số #h(2.2em){e(rest)}"
        date_markup = ""
    else:
        number_markup, date_markup = e(number), e(letter.printed_date)
    left.append(number_markup)
    if letter.is_letter:
        v = letter.subject if letter.is_party else letter.subject.replace("về việc", "V/v", 1)
        size = "12pt" if letter.is_party else "13pt"
        style = "italic" if letter.is_party else "normal"
        left.append(f'#text(size: {size}, style: "{style}")[{e(v)}]')
    for mark in (letter.secrecy, letter.urgency):
        if mark:
            left.append(f"#box(stroke: 0.8pt, inset: 4pt)[*{e(mark)}*]")
    if letter.is_party:
        right = ["#text(size: 15pt)[*#underline[ĐẢNG CỘNG SẢN VIỆT NAM]*]"]
    else:
        right = [
            "#text(size: 12pt)[*CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM*]",
            "*#underline[Độc lập \\- Tự do \\- Hạnh phúc]*",
        ]
    right.append(f"#v(4pt)_{date_markup}_" if date_markup else "#v(18pt)")
    parts = [
        '#set page(paper: "a4", margin: (top: 20mm, bottom: 20mm, left: 30mm, right: 15mm))',
        '#set text(font: "Tinos", size: 14pt, lang: "vi", hyphenate: false)',
        "#set par(justify: true, first-line-indent: (amount: 10mm, all: true), leading: 0.65em)",
        "#let plain(body) = par(first-line-indent: 0mm, justify: false, body)",
        "#grid(columns: (77mm, 88mm), align: center, "
        + ", ".join(
            "[#set text(size: 13pt)\n" + "\n".join(f"#plain[{one}]" for one in column) + "]"
            for column in (left, right)
        )
        + ")",
        "#v(10pt)",
    ]
    if letter.type_name:
        rule = "\\-\\-\\-\\-\\-" if letter.is_party else "#line(length: 20%, stroke: 0.7pt)"
        parts.append(
            f"#align(center)[#plain[#text(size: 15pt)[*{e(letter.type_name)}*]] "
            f"#plain[*{e(letter.subject)}*] #plain[{rule}]]"
        )
    if letter.addressed_to:
        if len(letter.addressed_to) == 1:
            parts.append(f"#align(center)[_Kính gửi:_ {e(letter.addressed_to[0])}]")
        else:
            entries = [f"\\- {e(one)}," for one in letter.addressed_to]
            entries[-1] = entries[-1][:-1] + "."
            parts.append(
                "#pad(left: 25mm)[#plain[_Kính gửi:_ #h(2mm) " + " \\\n".join(entries) + "]]"
            )
    parts += [f"{e(paragraph)}\n" for paragraph in letter.body]
    listing = [f"\\- {e(one)}{'' if one.endswith('.') else ','}" for one in letter.recipients]
    label = "#underline[Nơi nhận]:" if letter.is_party else "_*Nơi nhận:*_"
    position = e(letter.position) if letter.is_party else f"*{e(letter.position)}*"
    stamp = "".join(f"#plain[#text(size: 8pt)[{e(one)}]]" for one in letter.signature_text)
    parts.append(
        "#v(10pt)\n#grid(columns: (80mm, 85mm), "
        f"[#plain[{label}]\n#set text(size: 12pt)\n"
        + "\n".join(f"#plain[{one}]" for one in listing)
        + f"], align(center)[#plain[*{e(letter.capacity)}*]\n#plain[{position}]\n"
        f"#v(14pt){stamp}#v(40pt)\n#plain[*{e(letter.signer)}*]])"
    )
    return "\n".join(parts)


def text_pdf(letter: Letter, path: Path) -> Path:
    """A PDF with a text layer."""
    path.write_bytes(
        typst.compile(
            typst_source(letter).encode(), font_paths=[str(FONTS)], ignore_system_fonts=True
        )
    )
    return path


def scan_of(
    pdf: Path, *, dpi: int = 300, turn: float = 0.0, noise: float = 18.0, seed: int = 1
) -> list[Image.Image]:
    """Grey pictures of the pages as an office scanner gives them: turned, soft, speckled."""
    shots: list[Image.Image] = []
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        shot = page.render(scale=dpi / 72, grayscale=True).to_pil()
        shot = shot.filter(ImageFilter.GaussianBlur(0.9)).rotate(
            turn, resample=Image.Resampling.BICUBIC, fillcolor=250
        )
        grain = Image.effect_noise(shot.size, noise)
        shot = Image.blend(shot, grain, 0.14)
        pixels = random.Random(seed)  # noqa: S311 - dust on glass, no secret
        for _ in range(600):
            shot.putpixel((pixels.randrange(shot.width), pixels.randrange(shot.height)), 60)
        shots.append(shot)
    document.close()
    return shots


def scanned_pdf(pdf: Path, path: Path, *, dpi: int = 300, turn: float = 0.0) -> Path:
    """A PDF that holds only pictures of the pages."""
    shots = scan_of(pdf, dpi=dpi, turn=turn)
    shots[0].save(path, "PDF", resolution=dpi, save_all=True, append_images=shots[1:], quality=70)
    return path


def word_file(letter: Letter, path: Path) -> Path:
    """The document as DOCX: header and signature block in borderless tables."""
    document = docx.Document()
    document.styles["Normal"].font.name = "Times New Roman"
    document.styles["Normal"].font.size = Pt(14)

    def put(cell, text, *, bold=False, italic=False, centre=True):
        first = cell.paragraphs[0]
        paragraph = first if not first.text else cell.add_paragraph()
        run = paragraph.add_run(text)
        run.bold, run.italic = bold, italic
        if centre:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    head = document.add_table(rows=2, cols=2)
    for line in letter.superior:
        put(head.cell(0, 0), line)
    for line in letter.issuer:
        put(head.cell(0, 0), line, bold=True)
    if letter.is_party:
        put(head.cell(0, 0), "*")
        put(head.cell(0, 1), "ĐẢNG CỘNG SẢN VIỆT NAM", bold=True)
    else:
        put(head.cell(0, 1), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True)
        put(head.cell(0, 1), "Độc lập - Tự do - Hạnh phúc", bold=True)
    put(head.cell(1, 0), letter.printed_number)
    put(head.cell(1, 1), letter.printed_date, italic=True)
    if letter.is_letter:
        put(head.cell(1, 0), letter.subject, italic=True)
    for mark in (letter.secrecy, letter.urgency):
        if mark:
            put(head.cell(1, 0), mark, bold=True)
    if letter.type_name:
        for text in (letter.type_name, letter.subject):
            paragraph = document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.add_run(text).bold = True
        document.add_paragraph("-----").alignment = WD_ALIGN_PARAGRAPH.CENTER
    if letter.addressed_to:
        document.add_paragraph(
            "Kính gửi: " + ("" if len(letter.addressed_to) > 1 else letter.addressed_to[0])
        )
        if len(letter.addressed_to) > 1:
            for one in letter.addressed_to:
                document.add_paragraph(f"- {one},")
    for text in letter.body:
        document.add_paragraph(text)
    foot = document.add_table(rows=1, cols=2)
    put(foot.cell(0, 0), "Nơi nhận:", centre=False)
    for one in letter.recipients:
        put(foot.cell(0, 0), f"- {one}{'' if one.endswith('.') else ','}", centre=False)
    put(foot.cell(0, 1), letter.capacity, bold=True)
    put(foot.cell(0, 1), letter.position)
    put(foot.cell(0, 1), letter.signer, bold=True)
    document.save(path)
    return path


def picture_bytes(shot: Image.Image, form: str) -> bytes:
    """The picture in a file format, with its resolution stated."""
    out = io.BytesIO()
    shot.save(out, form, dpi=(300, 300))
    return out.getvalue()
