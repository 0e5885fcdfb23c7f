"""Forms sent half empty: the fault stands at its field, in our words, in a browser that speaks English."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import DESK, SignIn
from tests.journeys.office import Installation

pytestmark = pytest.mark.journey


def test_the_door_names_what_is_missing(browser: Browser, office: Installation) -> None:
    context = browser.new_context(viewport=DESK, locale="en-US")
    page = context.new_page()
    page.goto(f"{office.url}/dang-nhap/")
    page.get_by_label("Mật khẩu").fill("x")
    page.get_by_role("button", name="Đăng nhập").click()
    field = page.get_by_label("Tên đăng nhập")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description("Đồng chí nhập tên đăng nhập.")
    expect(page.get_by_label("Mật khẩu")).to_have_value("x")
    assert page.url == f"{office.url}/dang-nhap/"
    field.fill("khue.do")
    expect(page.get_by_text("Đồng chí nhập tên đăng nhập.")).to_have_count(0)
    context.close()


def test_every_missing_field_of_a_page_is_said_at_once(sign_in: SignIn) -> None:
    person = sign_in("khue.do")
    page = person.open("/ho-so/moi/")
    page.get_by_role("button", name="Lập hồ sơ").click()
    code, title = page.get_by_label("Số, ký hiệu hồ sơ"), page.get_by_label("Tiêu đề hồ sơ")
    expect(code).to_be_focused()
    for field, label in ((code, "Số, ký hiệu hồ sơ"), (title, "Tiêu đề hồ sơ")):
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(re.compile(f"^Thiếu {label}\\. Đồng chí nhập"))
    person.check()
    # What one field asks of another is found by the server.
    code.fill("07.TH")
    title.fill("Hồ sơ chưa ghi số năm")
    page.get_by_role("button", name="Lập hồ sơ").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Thiếu Số năm.")
    expect(title).to_have_value("Hồ sơ chưa ghi số năm")
    person.check()


def test_a_new_draft_without_type_and_a_return_without_reason(sign_in: SignIn) -> None:
    drafter = sign_in("mien.dinh")
    page = drafter.open("/du-thao/moi/")
    page.get_by_role("textbox", name="Trích yếu").fill("việc chưa chọn loại")
    page.get_by_role("button", name="Mở bản soạn").click()
    expect(page.get_by_text(re.compile("^Thiếu Loại văn bản"))).to_be_visible()
    expect(page.get_by_role("radio", name=re.compile("^Công văn"))).to_be_focused()
    drafter.check()
    page.get_by_role("radio", name=re.compile("^Công văn")).check()
    expect(page.get_by_text(re.compile("^Thiếu Loại văn bản"))).to_have_count(0)

    clerk = sign_in("nhan.bui")
    page = clerk.open("/hop-viec/")
    page.locator(".work-row", has_text="Cấp số").first.locator("a.btn").click()
    page.get_by_role("button", name="Cấp số", exact=True).click()
    code = page.locator("#ma-cap-so")
    expect(code).to_be_focused()
    expect(code).to_have_accessible_description(re.compile("^Thiếu Mã xác nhận"))
    clerk.check()
