"""Stories B and C on one thread: from a commune's draft to the answer on its desk."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from nhactruong.kernel import clock
from tests.journeys import acts, issued_file
from tests.journeys.conftest import TABLET, Person, SignIn

pytestmark = pytest.mark.journey

ASKED_IN = "Đê bao thôn Vạn Chài sạt 40 m; xã đề nghị cho ý kiến chỉ đạo."
ANSWER = (
    "Ban Thường vụ Tỉnh ủy đồng ý chủ trương hỗ trợ gia cố đê bao thôn Vạn Chài; giao Đảng ủy xã "
    "Đồng Mơ lãnh đạo việc huy động lực lượng tại chỗ, bảo đảm an toàn tính mạng của Nhân dân."
)
TERM_ADDED = f"{ANSWER} Báo cáo kết quả về Văn phòng Tỉnh ủy."
NOT_APPROVED = "Chưa ký được: văn bản chưa được Chánh Văn phòng duyệt."


def test_a_report_of_a_five_person_commune_is_answered_by_the_province(
    sign_in: SignIn, tmp_path: Path
) -> None:
    now = f"{time.time():.0f}"
    asked, answered = f"tình hình đê bao thôn Vạn Chài lúc {now}", f"về việc gia cố đê bao {now}"
    dossier = f"Đê bao thôn Vạn Chài {now}"

    commune, report = _commune_reports(sign_in, asked)
    clerk = sign_in("nhan.bui")
    _province_registers(clerk, asked, report)
    sent = commune.page
    sent.reload()
    expect(sent.locator("tbody tr", has_text="Tỉnh ủy")).to_contain_text(
        re.compile(r"Đã xác nhận.*\d\d:\d\d", re.DOTALL)
    )
    commune.check()

    _chief_directs_and_head_assigns(sign_in, asked)
    specialist = sign_in("suong.hoang")
    incoming = _specialist_drafts_the_reply(specialist, asked, answered)
    _reviewed_and_given_back(sign_in, specialist, answered)
    _approved_and_signed_on_the_tablet(sign_in, answered)
    reply = acts.number_seal_issue(clerk, answered)
    assert re.fullmatch(r"\d+-CV/TU", reply)
    clerk.check()

    _signatures_in_plain_words(clerk)
    file = _download(clerk, tmp_path)
    _seen_by_others(file, answered, reply, tmp_path)
    _sent_back_through_another_intake(sign_in, file, answered, reply)

    # Answered, filed with its answer, on one thread, seen from both ends.
    page = specialist.open(incoming)
    expect(page.get_by_text("Đã trả lời").first).to_be_visible(timeout=acts.CARRIED_TIMEOUT)
    _filed_in_one_dossier(specialist, clerk, incoming, dossier)
    _thread_tells_the_whole_story(specialist, incoming, report, reply, dossier)
    page = acts.open_from_inbox(commune, "Vào sổ", answered)
    page.get_by_role("button", name=re.compile("Vào sổ và trình")).click()
    expect(page.locator("#toasts")).to_contain_text("số đến")


def _commune_reports(sign_in: SignIn, subject: str) -> tuple[Person, str]:
    """The commune of five: one drafts, one approves, one signs, the clerk does the rest."""
    drafter = sign_in("khoi.dam")
    acts.open_draft(drafter, "Ban Thường vụ Đảng ủy xã Đồng Mơ", "Báo cáo", subject)
    acts.write_text(drafter.page, ASKED_IN)
    acts.choose_recipient(drafter.page, "Tỉnh ủy")
    acts.choose_signer(drafter.page, "Mạc Văn Trầm")
    drafter.check()
    acts.submit(drafter.page)
    acts.approve(sign_in("thuan.nong"), subject)
    acts.sign(sign_in("tram.mac"), subject)
    clerk = sign_in("chuyen.hoang")
    report = acts.number_seal_issue(clerk, subject)
    assert re.fullmatch(r"\d+-BC/ĐU", report)
    return clerk, report


def _province_registers(clerk: Person, subject: str, report: str) -> None:
    with clerk.at_most(acts.TAPS_REGISTER):
        page = acts.open_from_inbox(clerk, "Vào sổ", subject)
        expect(page.get_by_text("2 chữ ký")).to_be_visible(timeout=acts.CARRIED_TIMEOUT)
        expect(page.locator(".verdict b").first).to_have_text("HỢP LỆ.")
        expect(page.get_by_label("Số, ký hiệu")).to_have_value(report)
        clerk.check()
        clerk.tap(page.get_by_role("button", name=re.compile("Vào sổ và trình")))
    expect(page.locator("#toasts")).to_contain_text("số đến")


def _chief_directs_and_head_assigns(sign_in: SignIn, subject: str) -> None:
    chief = sign_in("khue.do")
    with chief.at_most(acts.TAPS_DIRECT):
        page = acts.open_from_inbox(chief, "Bút phê", subject)
        chief.check()
        chief.tap(page.locator("label.chip-choice", has_text="Tổng hợp").first)
        chief.tap(page.locator("label.chip-choice", has_text=re.compile("ngày|thứ|Thứ")).first)
        chief.tap(page.get_by_role("button", name="Gửi bút phê"))
    expect(page.locator("#toasts")).to_contain_text("bút phê")

    head = sign_in("lam.vu")
    page = acts.open_from_inbox(head, "Giao", subject)
    head.check()
    page.get_by_label(re.compile("Hoàng Mai Sương")).check(force=True)
    page.get_by_role("button", name="Giao", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("giao")


def _specialist_drafts_the_reply(specialist: Person, asked: str, answered: str) -> str:
    """The address of the incoming document that is being answered."""
    page = acts.open_from_inbox(specialist, "Xử lý", asked)
    incoming = page.url
    page.get_by_role("link", name="Soạn trả lời").click()
    page.get_by_label("Ban Thường vụ Tỉnh ủy Sông Lam", exact=True).check(force=True)
    specialist.check()
    # The day it is due is today, so that it stands first on the signer's desk.
    page.get_by_label(re.compile("^Hạn")).fill(f"{clock.today():%d/%m/%Y}")
    acts.fill_new_draft(page, "Công văn", answered)
    acts.write_text(page, ANSWER)
    acts.choose_signer(page, "Phan Thị Hoài Thư")
    acts.submit(page)
    specialist.check()
    return incoming.removeprefix(specialist.office.url)


def _reviewed_and_given_back(sign_in: SignIn, specialist: Person, subject: str) -> None:
    """The head remarks and approves, the signer gives it back; until approved again nobody signs."""
    head = sign_in("lam.vu")
    page = acts.open_from_inbox(head, "Duyệt", subject)
    page.get_by_label("Nội dung góp ý").fill("Nêu rõ nơi nhận báo cáo.")
    page.get_by_role("button", name="Gửi góp ý").click()
    expect(page.get_by_text("Nêu rõ nơi nhận báo cáo.").first).to_be_visible()
    head.check()
    page.get_by_role("button", name="Duyệt", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("duyệt")
    acts.approve(sign_in("khue.do"), subject)
    signer = sign_in("thu.phan")
    page = acts.open_from_inbox(signer, "Đọc và ký", subject)
    acts.expect_pages_drawn(page)
    signer.check()
    to_sign = page.url
    acts.give_back(page, "Ghi thêm nơi nhận báo cáo kết quả.")

    page = acts.open_from_inbox(specialist, "", subject)
    expect(page.get_by_text("Ghi thêm nơi nhận báo cáo kết quả.")).to_be_visible()
    page.get_by_role("button", name="Đã tiếp thu").first.click()
    expect(page.get_by_role("button", name="Đã tiếp thu")).to_have_count(0)
    acts.write_text(page, TERM_ADDED)
    acts.submit(page)

    page = signer.page
    page.goto(to_sign)
    expect(page.get_by_text(NOT_APPROVED)).to_be_visible()
    expect(page.locator("main [aria-disabled=true]", has_text="Ký")).to_be_visible()
    expect(page.get_by_label("Mã xác nhận")).to_have_count(0)
    signer.check()
    acts.approve(head, subject)
    acts.approve(sign_in("khue.do"), subject)


def _approved_and_signed_on_the_tablet(sign_in: SignIn, subject: str) -> None:
    """From Hôm nay: Đọc và ký, Ký, and the code."""
    leader = sign_in("thu.phan", size=TABLET)
    page = leader.open("/")
    leader.check()
    with leader.at_most(acts.TAPS_SIGN):
        desk = page.locator(".hero, .row").filter(has_text=subject).first
        leader.tap(desk.get_by_role("link", name="Đọc và ký"))
        acts.expect_pages_drawn(page)
        acts.sign_here(leader)
    expect(page.locator("#toasts")).to_contain_text("Đã ký")


def _signatures_in_plain_words(person: Person) -> None:
    page = person.page
    page.goto(f"{page.url.rstrip('/')}/chu-ky/")
    expect(page.get_by_role("heading", name="Phan Thị Hoài Thư")).to_be_visible()
    verdicts = page.locator(".verdict")
    assert verdicts.count() >= 3
    for place in range(verdicts.count()):
        expect(verdicts.nth(place).locator("b").first).to_have_text("HỢP LỆ.")
    person.check()


def _download(person: Person, folder: Path) -> Path:
    with person.page.expect_download() as started:
        person.page.get_by_role("link", name="Tải tệp đã ký").click()
    file = folder / "van-ban-di.pdf"
    started.value.save_as(file)
    return file


def _printed(subject: str, reply: str) -> dict[str, str]:
    today = clock.today()
    month = f"{today.month:02d}" if today.month < 3 else str(today.month)
    return {
        "issuer": "TỈNH ỦY SÔNG LAM",
        "title": "ĐẢNG CỘNG SẢN VIỆT NAM",
        "number": f"Số {reply}",
        "day": f"Sông Lam, ngày {today.day:02d} tháng {month} năm {today.year}",
        "subject": subject,
        "signer": "Phan Thị Hoài Thư",
    }


def _seen_by_others(file: Path, subject: str, reply: str, folder: Path) -> None:
    issued_file.expect_valid_signatures(file, ("Phan Thị Hoài Thư", "Tỉnh ủy Sông Lam"))
    issued_file.expect_archival(file)
    first, *_ = issued_file.pictures(file, folder)
    issued_file.expect_in_form(file, first, _printed(subject, reply))
    issued_file.expect_seal_over_signature(file, first)


def _sent_back_through_another_intake(
    sign_in: SignIn, file: Path, subject: str, reply: str
) -> None:
    """An agency that did not get it inside drops the file: everything is read from its pages."""
    clerk = sign_in("dien.vo")
    page = clerk.open("/van-ban-den/tiep-nhan/")
    clerk.check()
    with clerk.at_most(acts.TAPS_REGISTER - 1):
        acts.drop(page, ("cong-van.pdf", "application/pdf", file.read_bytes()))
        expect(page.get_by_label("Số, ký hiệu")).to_have_value(reply, timeout=acts.CARRIED_TIMEOUT)
        for label, value in (
            ("Ngày văn bản", f"{clock.today():%d/%m/%Y}"),
            ("Cơ quan ban hành", "Tỉnh ủy Sông Lam"),
            ("Trích yếu", subject),
            ("Người ký", "Phan Thị Hoài Thư"),
        ):
            expect(page.get_by_label(label, exact=True)).to_have_value(value)
        expect(page.get_by_label("Loại", exact=True)).to_have_value("cong-van")
        expect(page.get_by_text("2 chữ ký")).to_be_visible()
        _number_and_date_are_drawn(page, clerk, reply)
        clerk.check()
        clerk.tap(page.get_by_role("button", name=re.compile("Vào sổ và trình")))
    expect(page.locator("#toasts")).to_contain_text("số đến")


def _number_and_date_are_drawn(page: Page, clerk: Person, reply: str) -> None:
    """What stands at the marked places of the page's picture, read by eye of a machine."""
    acts.expect_pages_drawn(page)
    address = page.locator(".viewer .sheet img").first.get_attribute("src")
    picture = clerk.page.request.get(f"{clerk.office.url}{address}").body()
    marked = {
        key: page.locator(f"rect[data-mark-key={key}]").first
        for key in ("reference_code", "issued_on")
    }
    words = {
        key: issued_file.read_picture(
            picture,
            *(float(mark.get_attribute(side) or 0) for side in ("x", "y", "width", "height")),
        )
        for key, mark in marked.items()
    }
    assert reply.split("-")[0] in words["reference_code"], words
    assert f"ngày {clock.today().day:02d}" in words["issued_on"], words


def _filed_in_one_dossier(specialist: Person, clerk: Person, incoming: str, title: str) -> None:
    page = specialist.open("/ho-so/moi/")
    specialist.check()
    agency = page.get_by_label("Cơ quan", exact=True)
    province = agency.locator("option", has_text=re.compile("^Tỉnh ủy"))
    agency.select_option(province.get_attribute("value"))
    page.get_by_label("Số, ký hiệu hồ sơ").fill(title[-10:])
    page.get_by_label("Tiêu đề hồ sơ").fill(title)
    page.get_by_label("Vĩnh viễn").check(force=True)
    page.get_by_role("button", name="Lập hồ sơ").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    specialist.check()

    page = specialist.open(incoming)
    page.get_by_role("link", name="Thêm vào hồ sơ").last.click()
    page.get_by_label(re.compile(title)).check(force=True)
    specialist.check()
    page.get_by_role("button", name="Thêm vào hồ sơ").click()
    expect(page.locator("#toasts")).to_contain_text("hồ sơ")
    page.goto(f"{clerk.page.url.split('/chu-ky/')[0]}/ho-so/")
    specialist.check()
    choice = page.locator("select[name=dossier]")
    choice.select_option(choice.locator("option", has_text=title).get_attribute("value"))
    page.get_by_role("button", name="Đưa vào hồ sơ").click()
    expect(page.locator("#toasts")).to_contain_text("hồ sơ")


def _thread_tells_the_whole_story(
    person: Person, incoming: str, report: str, reply: str, dossier: str
) -> None:
    page = person.open(incoming)
    page.get_by_role("link", name="Sợi chỉ đỏ").first.click()
    picture = page.locator(".thread-map")
    for knot in (report, reply, dossier[-10:]):
        expect(picture).to_contain_text(knot)
    story = page.locator(".timeline").last
    for who in ("Bùi Thị Nhạn", "Đỗ Minh Khuê", "Vũ Ngọc Lâm", "Hoàng Mai Sương"):
        expect(story).to_contain_text(who)
    signed = story.locator("li", has_text="Phan Thị Hoài Thư").first
    expect(signed).to_contain_text("Phó Bí thư Thường trực Tỉnh ủy")
    expect(story.locator("li").first.locator(".when")).to_have_text(re.compile(r"\d\d:\d\d"))
    person.check()
