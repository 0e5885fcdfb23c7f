"""Into the house by telephone, recovery code, security key, and the province's own sign-in."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from nhactruong.foundation.accounts.rules import CODE_SECONDS
from nhactruong.foundation.accounts.tests.factors import Telephone
from tests.journeys.conftest import ACT_TIMEOUT, DESK, Person
from tests.journeys.office import Installation

pytestmark = pytest.mark.journey

CLERK: Final = "nhai.duong"
SPECIALIST: Final = "tan.lai"
SUBJECT: Final = "can-bo-0417"
_A_SLOW_PRESS: Final = 5


@pytest.fixture
def people(browser: Browser, office: Installation) -> Iterator[dict[str, Person]]:
    """Two browsers of the clerk, at the name for which a security key can be made."""
    near = replace(office, url=office.url.replace("127.0.0.1", "localhost"))
    contexts = [browser.new_context(viewport=DESK, locale="vi-VN") for _ in range(2)]
    expect.set_options(timeout=ACT_TIMEOUT)
    yield {
        name: Person(context.new_page(), near, CLERK)
        for name, context in zip(("desk", "elsewhere"), contexts, strict=True)
    }
    for context in contexts:
        context.close()
    office.command("accounts", "forget-factors", CLERK)


def give_password(person: Person) -> Page:
    page = person.open("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(person.username)
    page.get_by_label("Mật khẩu").fill(person.password)
    page.get_by_role("button", name="Đăng nhập").click()
    return page


def sign_out(person: Person) -> None:
    person.open("/toi/").locator(".card").get_by_role("button", name="Đăng xuất").click()
    expect(person.page.get_by_text("Đồng chí đã đăng xuất.")).to_be_visible()


@contextmanager
def security_key(page: Page) -> Iterator[None]:
    """A key lies in the browser and is touched whenever it is asked."""
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield
    wire.detach()


def _wait_for_a_fresh_code() -> None:
    """The code before this one is taken until the next one comes: never in its last seconds."""
    left = CODE_SECONDS - time.time() % CODE_SECONDS
    if left < _A_SLOW_PRESS:
        time.sleep(left)


def test_a_clerk_comes_in_by_telephone_by_recovery_code_and_by_key(
    people: dict[str, Person],
) -> None:
    desk, elsewhere = people["desk"], people["elsewhere"]
    home = f"{desk.office.url}/"

    # The telephone is set up.
    give_password(desk).wait_for_url(home)
    page = desk.open("/toi/bao-mat/")
    desk.check()
    page.get_by_role("link", name="Thêm ứng dụng xác thực").click()
    desk.check()
    telephone = Telephone(page.locator("code").inner_text().replace(" ", ""))
    _wait_for_a_fresh_code()
    page.get_by_label("Mã đang hiện trên ứng dụng").fill(telephone.code(-1))
    page.get_by_role("button", name="Hoàn tất").click()
    lines = page.locator("li code")
    expect(lines).to_have_count(10)
    codes = lines.all_inner_texts()
    desk.check()
    page.get_by_role("link", name="Đã ghi lại").click()
    expect(page.get_by_text("Còn 10 mã.")).to_be_visible()

    # Another browser: the password is no longer enough.
    other = give_password(elsewhere)
    elsewhere.check()
    other.get_by_label("Mã xác nhận").fill(telephone.wrong())
    other.get_by_role("button", name="Xác nhận").click()
    expect(other.locator(".field-error")).to_contain_text("Còn 4 lần thử")
    other.get_by_label("Mã xác nhận").fill(telephone.code())
    other.get_by_role("button", name="Xác nhận").click()
    other.wait_for_url(home)

    # It was left open somewhere: the clerk ends it from her desk.
    page.reload()
    desk.check()
    page.get_by_role("button", name=re.compile("phiên từ")).click()
    expect(page.get_by_text("Đã kết thúc phiên làm việc.")).to_be_visible()
    other.reload()
    expect(other.get_by_role("heading", name="Đăng nhập")).to_be_visible()

    # The telephone lies at home.
    give_password(elsewhere)
    other.get_by_label("Mã xác nhận").fill(codes[0])
    other.get_by_role("button", name="Xác nhận").click()
    other.wait_for_url(home)
    sign_out(elsewhere)

    with security_key(page):
        page.goto(f"{desk.office.url}/toi/bao-mat/khoa/")
        desk.check()
        page.get_by_label("Tên khóa").fill("Khóa ở bàn làm việc")
        page.get_by_label("Mã xác nhận").fill(telephone.code(1))
        page.get_by_role("button", name="Đăng ký khóa").click()
        expect(page.get_by_text("Đã đăng ký khóa bảo mật.")).to_be_visible()
        sign_out(desk)
        give_password(desk)
        desk.check()
        page.get_by_role("button", name="Dùng khóa bảo mật").click()
        page.wait_for_url(home)

        # Taking the register out asks who is sitting there; the key answers.
        page.goto(f"{desk.office.url}/van-ban-den/so/")
        page.get_by_role("link", name=re.compile("CSV|Xuất")).first.click()
        expect(page.get_by_role("heading", name="Xác nhận trước khi làm tiếp")).to_be_visible()
        desk.check()
        page.get_by_role("button", name="Dùng khóa bảo mật").click()
        expect(page.get_by_text("Khóa bảo mật đã xác nhận.")).to_be_visible()
        with page.expect_download() as taken:
            page.get_by_role("button", name="Xác nhận").click()
        assert taken.value.suggested_filename.startswith("so-dang-ky-van-ban-den-")
    assert desk.faults == elsewhere.faults == []


def test_an_identity_of_the_province_opens_the_account_it_was_attached_to(
    browser: Browser, office: Installation
) -> None:
    office.command("accounts", "identity", SPECIALIST, SUBJECT)
    context = browser.new_context(viewport=DESK, locale="vi-VN")
    person = Person(context.new_page(), office, SPECIALIST)
    page = person.open("/dang-nhap/?next=/toi/")
    person.check()
    page.get_by_role("button", name="Vào bằng tài khoản của tỉnh").click()
    page.get_by_placeholder("sub").fill(SUBJECT)
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(f"{office.url}/toi/")
    name = office.accounts[SPECIALIST].name
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.locator(".card").get_by_role("button", name="Đăng xuất").click()
    # The provider asks whether its own session shall end as well, and sends back.
    page.wait_for_url(re.compile("/oauth2/end_session"))
    page.locator("button, input[type=submit]").first.click()
    expect(page.get_by_text("Đồng chí đã đăng xuất.")).to_be_visible()
    person.open("/toi/")
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    context.close()
