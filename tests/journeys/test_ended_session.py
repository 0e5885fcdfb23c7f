"""A session that ends in the middle of a sentence: nothing typed is lost, nothing is done twice."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import acts
from tests.journeys.conftest import PHONE, Person, SignIn
from tests.journeys.doorstep import end_session, within

pytestmark = pytest.mark.journey

KEPT_HERE = "Nội dung vừa nhập được giữ trên máy này"
RESTORED = re.compile(r"Đã khôi phục nội dung đồng chí nhập lúc \d\d:\d\d\.")


def _end(person: Person) -> None:
    """The session is gone from the store; the browser knows nothing of it."""
    cookies = {one["name"]: one["value"] for one in person.page.context.cookies()}
    end_session(person.office, cookies["sessionid"])


def _sign_in_again(person: Person, page: Page | None = None) -> None:
    at, account = page or person.page, person.office.accounts[person.username]
    expect(at.get_by_text("Phiên làm việc đã hết.")).to_be_visible()
    at.get_by_label("Tên đăng nhập").fill(account.username)
    at.get_by_label("Mật khẩu").fill(account.password)
    at.get_by_role("button", name="Đăng nhập").click()


def _kept(page: Page) -> dict[str, Any]:
    """What lies in the tab of typed text, by the address of its form."""
    return page.evaluate(
        "Object.fromEntries(Object.entries(sessionStorage).filter(([name]) => name.startsWith('nt-kept:'))"
        ".map(([name, entry]) => [name.split(':')[2], JSON.parse(entry).typed]))"
    )


def _draft_under_review(sign_in: SignIn, subject: str) -> Person:
    """Its drafter, after the draft has gone to the head of the division."""
    drafter = sign_in("mien.dinh", afresh=True)
    acts.open_draft(drafter, "Ban Thường vụ Tỉnh ủy Sông Lam", "Công văn", subject)
    acts.write_text(drafter.page, "Đề nghị các đảng ủy báo cáo kết quả.")
    acts.address(drafter.page, "Đảng ủy xã Đồng Mơ")
    acts.choose_signer(drafter.page, "Phan Thị Hoài Thư")
    acts.submit(drafter.page)
    return drafter


def test_a_remark_and_a_reason_outlive_the_session_and_are_sent_once(sign_in: SignIn) -> None:
    subject = f"việc giữ lại lời góp ý {time.time():.0f}"
    _draft_under_review(sign_in, subject)
    head = sign_in("lam.vu", afresh=True)
    page = acts.open_from_inbox(head, "Duyệt", subject)
    draft = page.url
    remark = f"Nêu rõ thời hạn báo cáo {time.time():.0f}."
    page.get_by_label("Nội dung góp ý").fill(remark)
    _end(head)
    page.get_by_role("button", name="Gửi góp ý").click()
    expect(page.get_by_text(KEPT_HERE)).to_be_visible()
    head.check()
    _sign_in_again(head)
    # Back on the page itself, not on the address of the act.
    page.wait_for_url(draft)
    expect(page.get_by_text(RESTORED)).to_be_visible()
    expect(page.get_by_label("Nội dung góp ý")).to_have_value(remark)
    head.check()
    page.get_by_role("button", name="Gửi góp ý").click()
    expect(page.locator("#toasts")).to_contain_text("Đã gửi góp ý")
    expect(page.locator(".comment", has_text=remark)).to_have_count(1)
    assert _kept(page) == {}
    page.reload()
    expect(page.get_by_label("Nội dung góp ý")).to_have_value("")
    expect(page.get_by_text(RESTORED)).to_have_count(0)

    # The reason in a dialog, refused once: the page then stands at an address that takes POST alone.
    _refused_for_an_empty_reason(page)
    page.get_by_role("dialog").get_by_role("textbox").fill("Sửa lại nơi nhận.")
    _end(head)
    page.get_by_role("dialog").get_by_role("button", name="Trả lại", exact=True).click()
    _sign_in_again(head)
    page.wait_for_url(draft)
    dialog = page.get_by_role("dialog", name="Trả lại dự thảo")
    expect(dialog.get_by_role("textbox")).to_have_value("Sửa lại nơi nhận.")
    dialog.get_by_role("button", name="Trả lại", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("Đã trả lại")
    assert _kept(page) == {}


def _refused_for_an_empty_reason(page: Page) -> None:
    page.evaluate("document.querySelector('#d-tra-lai form').submit()")
    page.wait_for_url(re.compile("/tra-lai/$"))
    expect(page.get_by_role("dialog", name="Trả lại dự thảo")).to_be_visible()


def test_a_refused_sending_says_why_and_offers_nothing_the_page_already_shows(
    sign_in: SignIn,
) -> None:
    drafter = sign_in("mien.dinh", afresh=True)
    subject = f"việc thiếu nơi gửi {time.time():.0f}"
    acts.open_draft(drafter, "Ban Thường vụ Tỉnh ủy Sông Lam", "Công văn", subject)
    page = drafter.page
    acts.write_text(page, "Đề nghị báo cáo kết quả.")
    block = page.locator("nt-editor .txt").first
    block.fill("Đề nghị báo cáo kết quả trước ngày 05.")
    # At once, before it saves by itself: sending saves the text first, then is refused.
    page.get_by_role("button", name=re.compile("^Gửi ")).first.click()
    expect(page.get_by_text("Chưa gửi duyệt được: thiếu Kính gửi")).to_be_visible()
    expect(block).to_have_text("Đề nghị báo cáo kết quả trước ngày 05.")
    expect(page.get_by_text("và văn bản đã thay đổi từ lúc đó")).to_have_count(0)
    assert _kept(page) == {}
    drafter.check()


def test_restored_text_can_be_given_up(sign_in: SignIn) -> None:
    chief = sign_in("khue.do", size=PHONE)
    page = chief.open("/hop-viec/")
    page.locator(".work-row", has_text="Bút phê").first.locator(".row-title").click()
    opinion = page.get_by_label("Ý kiến", exact=True)
    before = opinion.input_value()
    due = page.locator(".pick", has_text="Hạn").locator("label.chip-choice").last
    due.click()
    opinion.fill("Khẩn trương kiểm tra thực địa.")
    page.reload()
    expect(opinion).to_have_value("Khẩn trương kiểm tra thực địa.")
    expect(due.locator("input")).to_be_checked()
    chief.check()
    page.get_by_role("button", name="Bỏ nội dung này").click()
    expect(opinion).to_have_value(before)
    expect(page.get_by_text(RESTORED)).to_have_count(0)
    page.reload()
    expect(opinion).to_have_value(before)
    assert _kept(page) == {}


def test_saving_goes_on_after_signing_in_in_another_tab(sign_in: SignIn) -> None:
    drafter = sign_in("suong.hoang", afresh=True)
    subject = f"việc lưu tiếp {time.time():.0f}"
    acts.open_draft(drafter, "Ban Thường vụ Tỉnh ủy Sông Lam", "Công văn", subject)
    page = drafter.page
    acts.write_text(page, "Câu viết khi còn phiên làm việc.")
    _end(drafter)
    block = page.locator("nt-editor .txt").first
    block.fill("Câu viết khi phiên đã hết.")
    block.blur()
    expect(page.get_by_text("Phiên làm việc đã hết; nội dung còn nguyên")).to_be_visible()
    drafter.check()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Đăng nhập ở thẻ mới").click()
    _sign_in_again(drafter, opened.value)
    opened.value.wait_for_url(f"{drafter.office.url}/")
    opened.value.close()
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"^Đã lưu \d\d:\d\d$"))
    page.reload()
    expect(block).to_have_text("Câu viết khi phiên đã hết.")
    expect(page.get_by_text(RESTORED)).to_have_count(0)

    # Sent off before anything was saved: the text comes back, is saved, and goes on its way once.
    acts.address(page, "Đảng ủy xã Đồng Mơ")
    acts.choose_signer(page, "Phan Thị Hoài Thư")
    expect(page.locator("[data-saved]")).to_have_text(re.compile("^Đã lưu"))
    _end(drafter)
    block.fill("Câu viết cuối cùng.")
    page.get_by_role("button", name=re.compile("^Gửi ")).first.click()
    _sign_in_again(drafter)
    expect(page.get_by_text(RESTORED)).to_be_visible()
    expect(block).to_have_text("Câu viết cuối cùng.")
    acts.submit(page)
    head = sign_in("lam.vu")
    acts.row_in_inbox(head, subject)
    expect(head.page.locator(".work-row").filter(has_text=subject)).to_have_count(1)


def test_nothing_is_saved_in_the_name_of_another(sign_in: SignIn) -> None:
    drafter = sign_in("mien.dinh", afresh=True)
    acts.open_draft(
        drafter, "Ban Thường vụ Tỉnh ủy Sông Lam", "Công văn", f"việc hai người {time.time():.0f}"
    )
    page = drafter.page
    _end(drafter)
    block = page.locator("nt-editor .txt").first
    block.fill("Chữ của người thứ nhất.")
    block.blur()
    expect(page.get_by_text("Phiên làm việc đã hết; nội dung còn nguyên")).to_be_visible()
    assert within(5, lambda: "Chữ của người thứ nhất." in str(_kept(page)))
    drafter.username = "lam.vu"
    other = page.context.new_page()
    other.goto(f"{drafter.office.url}/dang-nhap/?vi-sao=het-phien")
    _sign_in_again(drafter, other)
    other.wait_for_url(f"{drafter.office.url}/")
    expect(page.get_by_text("Người khác đã đăng nhập trên máy này")).to_be_visible()
    page.on("dialog", lambda asked: asked.accept())
    page.goto(f"{drafter.office.url}/hop-viec/")
    assert _kept(page) == {}


def test_signing_out_leaves_nothing_behind_in_any_tab(sign_in: SignIn) -> None:
    person = sign_in("nghiem.le", afresh=True)
    page = person.open("/ho-so/moi/")
    page.get_by_label("Tiêu đề hồ sơ").fill("Hồ sơ chưa lập")
    page.reload()
    assert "Hồ sơ chưa lập" in str(_kept(page))
    other = page.context.new_page()
    other.goto(f"{person.office.url}/toi/")
    other.get_by_label("Mật khẩu hiện tại").fill("khong-bao-gio-giu")
    other.get_by_label("Mật khẩu mới", exact=True).fill("khong-bao-gio-giu")
    other.reload()
    assert _kept(other) == {}, "a form that asks for a password is never kept"
    other.locator(".card").get_by_role("button", name="Đăng xuất").click()
    expect(other.get_by_text("Đồng chí đã đăng xuất.")).to_be_visible()
    assert within(5, lambda: _kept(page) == {})
    assert "Hồ sơ chưa lập" not in page.evaluate(
        "JSON.stringify({...sessionStorage, ...localStorage})"
    )
