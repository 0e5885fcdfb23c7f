"""What the register is offered, checked against the values the documents were made from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhactruong.kernel.states import Secrecy, Urgency
from nhactruong.kernel.text import one_line
from nhactruong.records.extraction.engine.reading import read_text
from nhactruong.records.extraction.rules import KnownAgency, NoDirectory, Proposals, propose
from nhactruong.records.extraction.rules.dates import find_due_dates, find_issue_date
from nhactruong.records.extraction.rules.kinds import printed_kind
from nhactruong.records.extraction.rules.marks import mark_on
from nhactruong.records.extraction.rules.restoring import with_office_words
from nhactruong.records.extraction.rules.symbols import (
    PARTY_CODES,
    find_reference,
    parse_reference,
)
from nhactruong.records.extraction.tests import sample_letters as samples

TODAY = date(2026, 11, 22)
_URGENCY = {"": Urgency.NORMAL, "KHẨN": Urgency.URGENT, "HỎA TỐC": Urgency.EXPRESS}


def right_fields(letter: samples.Letter, found: Proposals) -> dict[str, bool]:
    """Field by field: is the proposal what was printed?"""

    def value(proposal: object) -> object:
        return getattr(proposal, "value", None)

    due = found.due.value if found.due else None
    subject = one_line(str(value(found.subject))).lower()
    return {
        "reference_code": value(found.reference_code) == letter.reference_code,
        "issued_on": value(found.issued_on) == letter.issued_on,
        "place": value(found.place) == letter.place,
        "issuer": value(found.issuer) == " ".join(letter.issuer),
        "superior": (value(found.superior) or "") == " ".join(letter.superior),
        "document_type": value(found.document_type) == letter.kind,
        "subject": subject == letter.subject.lower(),
        "signer_name": value(found.signer_name) == letter.signer,
        "signer_position": value(found.signer_position) == letter.position,
        "signing_capacity": value(found.signing_capacity) == letter.capacity,
        "signing_form": value(found.signing_form) == letter.form,
        "urgency": found.urgency.value == _URGENCY[letter.urgency],
        "secrecy": found.secrecy is None,
        "due": ((due.last_day, due.stated_on) if due else None) == letter.due,
        "recipients": value(found.recipients) == letter.recipients,
        "addressed_to": (value(found.addressed_to) or ()) == letter.addressed_to,
    }


@pytest.mark.parametrize("letter", samples.ALL, ids=lambda letter: letter.name)
def test_a_pdf_with_text_gives_every_field_as_printed(
    tmp_path: Path, letter: samples.Letter
) -> None:
    read = read_text(samples.text_pdf(letter, tmp_path / "a.pdf"), "pdf")
    right = right_fields(letter, propose(read, NoDirectory(), TODAY))
    assert [field for field, is_right in right.items() if not is_right] == []


@pytest.mark.parametrize("letter", samples.ALL, ids=lambda letter: letter.name)
def test_a_word_file_gives_every_field_as_printed(tmp_path: Path, letter: samples.Letter) -> None:
    read = read_text(samples.word_file(letter, tmp_path / "a.docx"), "docx")
    right = right_fields(letter, propose(read, NoDirectory(), TODAY))
    assert [field for field, is_right in right.items() if not is_right] == []


def test_scans_give_nearly_every_field_as_printed(tmp_path: Path) -> None:
    right: dict[str, list[bool]] = defaultdict(list)
    for letter, turn in zip(
        (samples.REPORT, samples.LETTER, samples.STATE_LETTER, samples.PLAN), (0.8, 0.0, -1.2, 2.0),
        strict=True,
    ):  # fmt: skip
        text = samples.text_pdf(letter, tmp_path / "a.pdf")
        scan = samples.scanned_pdf(text, tmp_path / "b.pdf", turn=turn)
        read = read_text(scan, "pdf")
        assert read.source == "ocr"
        for field, is_right in right_fields(letter, propose(read, NoDirectory(), TODAY)).items():
            right[field].append(is_right)
    for field in ("reference_code", "issued_on", "document_type", "signer_name", "urgency"):
        assert sum(right[field]) >= 3, field
    every = [is_right for answers in right.values() for is_right in answers]
    assert sum(every) >= 0.9 * len(every)


@pytest.mark.parametrize(
    ("mark", "level"),
    [("MẬT", Secrecy.CONFIDENTIAL), ("TỐI MẬT", Secrecy.SECRET), ("TUYỆT MẬT", Secrecy.TOP_SECRET)],
)
def test_a_secrecy_mark_is_seen_in_text_in_word_and_in_its_frame_on_a_scan(
    tmp_path: Path, mark: str, level: Secrecy
) -> None:
    letter = replace(samples.REPORT, secrecy=mark, urgency="")
    text = samples.text_pdf(letter, tmp_path / "a.pdf")
    scan = samples.scanned_pdf(text, tmp_path / "b.pdf", turn=0.7)
    word = samples.word_file(letter, tmp_path / "a.docx")
    for path, kind in ((text, "pdf"), (word, "docx"), (scan, "pdf")):
        found = propose(read_text(path, kind), NoDirectory(), TODAY)  # type: ignore[arg-type]
        assert found.secrecy is not None, kind
        assert (found.secrecy.value, found.secrecy.needs_look) == (level, True)


def test_words_about_secrecy_are_not_a_mark(tmp_path: Path) -> None:
    letter = replace(
        samples.REPORT,
        subject="công tác bảo vệ bí mật nhà nước năm 2026",
        body=("Ban Chỉ đạo giao Ban Cơ yếu quản lý mật mã, tài liệu mật theo quy định.",),
    )
    read = read_text(samples.text_pdf(letter, tmp_path / "a.pdf"), "pdf")
    assert propose(read, NoDirectory(), TODAY).secrecy is None
    assert mark_on("BÍ MẬT") is None


class Book:
    """A directory of three agencies."""

    def agencies(self) -> tuple[KnownAgency, ...]:
        return (
            KnownAgency("tinh", ("Tỉnh ủy Khánh Sơn",), ("TU",)),
            KnownAgency("xa", ("Đảng ủy xã Suối Ngân",), ("ĐU",)),
            KnownAgency("vp-xa", ("Văn phòng Đảng ủy xã Suối Ngân",), ("VPĐU",)),
        )


@pytest.mark.parametrize(
    ("letter", "key"),
    [
        (samples.REPORT, "xa"),
        (samples.OFFICE_NOTICE, "vp-xa"),
        (samples.LETTER, "tinh"),
        (samples.STATE_LETTER, None),
    ],
)
def test_the_issuer_is_found_among_known_agencies(
    tmp_path: Path, letter: samples.Letter, key: str | None
) -> None:
    read = read_text(samples.word_file(letter, tmp_path / "a.docx"), "docx")
    agency = propose(read, Book(), TODAY).agency
    assert (agency.value if agency else None) == key


def test_a_commune_of_a_similar_name_is_not_taken_for_a_known_one(tmp_path: Path) -> None:
    for name, key in (("SUỐI TRĂNG", None), ("SUỐI NGAN", "xa"), ("SUỔI NGÂN", "xa")):
        letter = replace(samples.REPORT, issuer=(f"ĐẢNG ỦY XÃ {name}",))
        read = read_text(samples.word_file(letter, tmp_path / "a.docx"), "docx")
        agency = propose(read, Book(), TODAY).agency
        assert (agency.value if agency else None) == key, name


def test_a_date_after_today_is_doubted(tmp_path: Path) -> None:
    read = read_text(samples.word_file(samples.REPORT, tmp_path / "a.docx"), "docx")
    issued_on = propose(read, NoDirectory(), date(2026, 11, 17)).issued_on
    assert issued_on is not None
    assert issued_on.needs_look
    assert issued_on.confidence < 0.5


def test_a_draft_without_number_offers_its_symbol_only(tmp_path: Path) -> None:
    letter = replace(samples.REPORT, number_line="Số        -BC/ĐU")
    read = read_text(samples.text_pdf(letter, tmp_path / "a.pdf"), "pdf")
    found = propose(read, NoDirectory(), TODAY)
    assert found.reference_code is not None
    assert (found.reference_code.value, found.reference_code.needs_look) == ("BC/ĐU", True)
    assert found.document_type is not None
    assert found.document_type.value == "bao-cao"


def test_words_over_the_signature_are_not_the_signer(tmp_path: Path) -> None:
    letter = replace(
        samples.REPORT,
        signature_text=("Người ký: Trần Văn Khác", "Email: a@b.vn", "Thời gian ký: 18.11.2026"),
    )
    read = read_text(samples.text_pdf(letter, tmp_path / "a.pdf"), "pdf")
    signer = propose(read, NoDirectory(), TODAY).signer_name
    assert signer is not None
    assert signer.value == "Trần Thị Thúy Hằng"


@pytest.mark.parametrize(
    ("printed", "text", "is_exact"),
    [
        ("Số 05-NQ/ĐU", "05-NQ/ĐU", True),
        ("Số: 05 -NQ/TU", "05-NQ/TU", True),
        ("Số 278 – CV / TU", "278-CV/TU", True),
        ("Số: 123/QĐ-UBND", "123/QĐ-UBND", True),
        ("Số: 15/2026/NĐ-CP", "15/2026/NĐ-CP", True),
        ("Số: 12/UBND-VX", "12/UBND-VX", True),
        ("Luật số: 117/2025/QH15", "117/2025/QH15", True),
        ("Số: 117/2025/QH15", "117/2025/QH15", True),
        ("Số 6-BC/\u00d0U", "6-BC/ĐU", True),
        ("Sô 05-NQ/DU", "05-NQ/ĐU", False),
        ("S6: O5-NQ/TU", "05-NQ/TU", False),
        ("Số 8-CTR/TU", "8-CTr/TU", False),
        ("Số: 88/QD-UBND", "88/QĐ-UBND", False),
        ("Số: 1203UBND-VX", "1203/UBND-VX", False),
        ("Số liệu 05 năm", None, True),
        ("Sở Nội vụ", None, True),
    ],
)
def test_number_lines_clean_and_dirty(printed: str, text: str | None, is_exact: bool) -> None:
    found = find_reference(printed)
    assert (found.text if found else None) == text
    assert found is None or found.is_exact is is_exact


@given(st.integers(1, 9999), st.sampled_from(PARTY_CODES), st.sampled_from(["TU", "ĐU", "VPTW"]))
def test_a_party_symbol_taken_apart_and_put_together_is_the_same(
    number: int, code: str, organ: str
) -> None:
    printed = f"{number:02d}-{code}/{organ}"
    found = parse_reference(f"Số {printed}")
    assert found is not None
    assert f"{found.number}-{found.code}/{found.organ}" == printed == found.text


@pytest.mark.parametrize(
    ("sentence", "last_day", "stated_on", "at", "needs_look"),
    [
        ("gửi về Văn phòng trước ngày 27/11/2026.", "2026-11-26", "2026-11-27", "", True),
        ("trước 17 giờ ngày 27/11/2026", "2026-11-27", "2026-11-27", "17:00", False),
        ("trước 11h30, ngày 4/12/2026", "2026-12-04", "2026-12-04", "11:30", False),
        ("chậm nhất ngày 05 tháng 12 năm 2026", "2026-12-05", "2026-12-05", "", False),
        ("chậm nhất là đến hết ngày 15/12/2026", "2026-12-15", "2026-12-15", "", False),
        ("báo cáo trong ngày 30/11/2026", "2026-11-30", "2026-11-30", "", False),
        ("góp ý trước ngày 10/01 để tổng hợp", "2027-01-09", "2027-01-10", "", True),
        ("xong trước 31/12/2026", "2026-12-30", "2026-12-31", "", True),
    ],
)
def test_deadlines_as_offices_write_them(
    sentence: str, last_day: str, stated_on: str, at: str, needs_look: bool
) -> None:
    (found,) = [due for due, _ in find_due_dates(sentence, date(2026, 11, 20))]
    assert (found.last_day.isoformat(), found.stated_on.isoformat()) == (last_day, stated_on)
    assert (found.at, found.needs_look) == (at, needs_look)


@pytest.mark.parametrize(
    "sentence",
    [
        "trước ngày 15 hằng tháng",
        "trước 1/3 số đại biểu được triệu tập",
        "kết quả đạt được trong tháng 12/2026",
        "Nghị quyết số 05-NQ/TU, ngày 09/02/2026",
        "trước ngày 31/02/2027",
    ],
)
def test_dates_that_are_no_deadline(sentence: str) -> None:
    assert list(find_due_dates(sentence, date(2026, 11, 20))) == []


def test_misread_dates_and_titles_are_put_right() -> None:
    misread = find_issue_date("Suối Ngân, ngày l8 thúng 11 năm 2O26")
    assert misread is not None
    assert (misread.on, misread.is_corrected) == (date(2026, 11, 18), True)
    assert find_issue_date("ngày 31 tháng 02 năm 2026") is None
    assert with_office_words("TÍNH ỦY KHÁNH SƠN") == "TỈNH ỦY KHÁNH SƠN"
    assert with_office_words("XÃ UY NỖ") == "XÃ UY NỖ"


def test_type_names_need_capitals() -> None:
    assert printed_kind("THÔNG BÁO KẾT LUẬN") == "thong-bao"
    assert printed_kind("Báo cáo kết quả") is None
    assert printed_kind("THÔNG TƯ LIÊN TỊCH") == "thong-tu-lien-tich"
