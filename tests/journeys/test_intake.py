"""Story C at the door: files of every kind are dropped, read, corrected and registered."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import holidays
import pytest
from playwright.sync_api import Locator, Page, expect

from nhactruong.kernel import clock
from nhactruong.records.extraction.tests import sample_letters
from nhactruong.records.extraction.tests.sample_letters import Letter
from tests.journeys import acts
from tests.journeys.conftest import Person, SignIn

pytestmark = pytest.mark.journey

_PDF: Final = "application/pdf"
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _numbered(letter: Letter, number: int, subject: str) -> Letter:
    """The letter as nobody has received it before, dated the day before yesterday."""
    rest = letter.reference_code.lstrip("0123456789")
    return replace(
        letter,
        reference_code=f"{number}{rest}",
        issued_on=clock.today() - timedelta(days=2),
        subject=f"{subject} {number}",
        due=None,
        body=sample_letters.REPORT.body,
        urgency="",
    )


def test_a_pdf_a_word_file_and_a_scan_are_read_corrected_and_registered(
    sign_in: SignIn, tmp_path: Path
) -> None:
    number = 10_000 + int(time.time()) % 80_000
    report = _numbered(sample_letters.REPORT, number, "kết quả xây dựng Đảng đợt")
    word = _numbered(sample_letters.STATE_LETTER, number + 1, "về việc triển khai Ngày Văn hóa đợt")
    plan = _numbered(sample_letters.PLAN, number + 2, "kiểm tra, giám sát chuyên đề đợt")
    text_file = sample_letters.text_pdf(report, tmp_path / "bao-cao.pdf").read_bytes()
    word_file = sample_letters.word_file(word, tmp_path / "cong-van.docx").read_bytes()
    printed = sample_letters.text_pdf(plan, tmp_path / "in.pdf")
    scanned = sample_letters.scanned_pdf(printed, tmp_path / "quet.pdf", turn=0.4).read_bytes()

    clerk = sign_in("nhan.bui")
    page = clerk.open("/van-ban-den/tiep-nhan/")
    clerk.check()
    acts.drop(
        page,
        (f"{number}-bao-cao.pdf", _PDF, text_file),
        (f"{number}-cong-van.docx", _WORD, word_file),
        (f"{number}-quet.pdf", _PDF, scanned),
    )
    # The one dropped last opens by itself; a scan is read by its letters.
    expect(page.get_by_label("Số, ký hiệu")).to_have_value(
        plan.reference_code, timeout=acts.CARRIED_TIMEOUT
    )
    _expect_read(page, plan, "ke-hoach")
    _source_is_marked(page)
    clerk.check()
    _registered(clerk, page.get_by_label("Chức vụ"), "Bí thư Đảng ủy xã")

    _open_waiting(page, f"{number}-cong-van.docx")
    _expect_read(page, word, "cong-van")
    expect(page.locator(".viewer .paper")).to_contain_text(word.subject)
    _due_in_working_days(page)
    clerk.check()
    _registered(clerk, page.get_by_label("Ghi chú"), "Bản Word nơi gửi chuyển")

    _open_waiting(page, f"{number}-bao-cao.pdf")
    _expect_read(page, report, "bao-cao")
    _source_is_marked(page)
    _due_in_working_days(page)
    corrected = f"{report.subject}, lần 2"
    arrival = _registered(clerk, page.get_by_label("Trích yếu"), corrected)

    _same_again_needs_a_reason(clerk, text_file, arrival)
    _directed(sign_in("khue.do"), corrected)


def _open_waiting(page: Page, file_name: str) -> None:
    page.goto(f"{page.url.split('/van-ban-den/')[0]}/van-ban-den/tiep-nhan/")
    page.locator(".row", has_text=file_name).get_by_role("link", name="Vào sổ").click()
    expect(page.get_by_label("Số, ký hiệu")).to_be_visible(timeout=acts.CARRIED_TIMEOUT)


def _expect_read(page: Page, letter: Letter, kind: str) -> None:
    """Every field is filled from the file and says where it was read."""
    for label, value in (
        ("Số, ký hiệu", letter.reference_code),
        ("Ngày văn bản", f"{letter.issued_on:%d/%m/%Y}"),
        ("Trích yếu", letter.subject),
        ("Người ký", letter.signer),
    ):
        expect(page.get_by_label(label, exact=True)).to_have_value(value)
    issuer = page.get_by_label("Cơ quan ban hành", exact=True).input_value()
    assert issuer.casefold() == " ".join(letter.issuer).casefold()
    expect(page.get_by_label("Loại", exact=True)).to_have_value(kind)
    expect(page.locator(".src-note--ok").first).to_be_visible()


def _source_is_marked(page: Page) -> None:
    """The line a field was read from lights up beside it while she stands in the field."""
    acts.expect_pages_drawn(page)
    for label, key in (("Trích yếu", "subject"), ("Ngày văn bản", "issued_on")):
        page.get_by_label(label, exact=True).focus()
        lit = page.locator(".viewer rect.mark.is-on")
        expect(lit.first).to_have_attribute("data-mark-key", key)
        expect(lit.first).to_be_visible()


def _due_in_working_days(page: Page) -> None:
    """The proposed term counted by hand: no weekend, no public holiday."""
    field = page.get_by_label("Hạn trả lời", exact=True)
    words = page.locator("#id_due_on_note").inner_text()
    counted = re.search(r"(\d+) ngày làm việc", words)
    assert counted, words
    off = holidays.country_holidays("VN", language="vi")
    day, left = clock.today(), int(counted[1])
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in off
    assert field.input_value() == f"{day:%d/%m/%Y}"


def _registered(clerk: Person, field: Locator, corrected: str) -> str:
    """The arrival number, after one field was put right: one press for the field, one to register."""
    page = clerk.page
    with clerk.at_most(acts.TAPS_REGISTER - 1 + 1):
        clerk.tap(field)
        field.fill(corrected)
        clerk.tap(page.get_by_role("button", name="Vào sổ và trình"))
    # Its words stand still once it has been announced; one that comes or goes is not drawn.
    said = page.locator("nt-toast[data-said]", has_text=re.compile(r"Đã vào sổ số đến \d+"))
    number = re.search(r"số đến (\d+)", said.text_content() or "")
    assert number
    return number[1]


def _same_again_needs_a_reason(clerk: Person, file: bytes, arrival: str) -> None:
    page = clerk.open("/van-ban-den/tiep-nhan/")
    acts.drop(page, ("gui-lai.pdf", _PDF, file))
    warning = page.get_by_text(re.compile("Văn bản này có thể đã vào sổ"))
    expect(warning).to_be_visible(timeout=acts.CARRIED_TIMEOUT)
    expect(page.get_by_role("link", name=f"số đến {arrival}")).to_be_visible()
    clerk.check()
    page.get_by_role("button", name="Vào sổ và trình").click()
    expect(page.get_by_text(re.compile(f"đã vào sổ: số đến {arrival}"))).to_be_visible()
    expect(page.locator("#toasts")).not_to_contain_text("Đã vào sổ")
    page.get_by_label("Lý do vào sổ lần nữa").fill("Nơi gửi gửi lại bản đính chính.")
    clerk.check()
    page.get_by_role("button", name="Vào sổ và trình").click()
    expect(page.locator("#toasts")).to_contain_text("Đã vào sổ số đến")


def _directed(chief: Person, subject: str) -> None:
    """Bút phê with lead, supporter, for information left as proposed: four presses at most."""
    with chief.at_most(acts.TAPS_DIRECT):
        page = acts.open_from_inbox(chief, "Bút phê", subject)
        chief.tap(page.locator(".pick", has_text="Chủ trì").locator("label.chip-choice").first)
        chief.tap(page.locator(".pick", has_text="Hạn").locator("label.chip-choice").last)
        chief.tap(page.get_by_role("button", name="Gửi bút phê"))
    expect(page.locator("#toasts")).to_contain_text("Đã gửi bút phê")
    expect(page.get_by_text("Chánh Văn phòng").first).to_be_visible()
    chief.check()


def test_an_empty_file_is_told_as_such_at_once_and_not_sent(sign_in: SignIn) -> None:
    clerk = sign_in("nhan.bui")
    page = clerk.open("/van-ban-den/tiep-nhan/")
    sent: list[str] = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    acts.drop(page, ("rong.pdf", _PDF, b""))
    line = page.locator(".upload-list li", has_text="rong.pdf")
    expect(line.locator(".hint")).to_have_text("0 byte")
    expect(line).to_contain_text("Tệp không có nội dung (0 byte). Đồng chí chọn lại tệp")
    assert sent == []
    clerk.check()
