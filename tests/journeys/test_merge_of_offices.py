"""Three communes become one: proposed, approved and carried out by three people on the pages."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from nhactruong.kernel import clock
from tests.journeys.conftest import Person, SignIn
from tests.journeys.new_commune import NAME
from tests.journeys.office import Installation

pytestmark = pytest.mark.journey

_OLD = ("Đảng ủy xã Vạn Chuồn", "Đảng ủy phường Chợ Gốm", "Đảng ủy xã Làng Dó")
_BASIS = "Nghị quyết 12-NQ/TU về sắp xếp xã"


def _choose(page: Page, label: str, *agencies: str) -> None:
    page.get_by_role("button", name=label).click()
    dialog = page.get_by_role("dialog")
    for agency in agencies:
        dialog.get_by_role("searchbox").fill(agency)
        dialog.get_by_role("checkbox", name=re.compile(f"^{agency}")).first.check()
    dialog.get_by_role("button", name="Xong").click()


def _from_inbox(person: Person, act: str) -> Page:
    page = person.open("/hop-viec/")
    row = page.locator(".work-row").filter(has_text=_BASIS).first
    row.locator(".row-side a.btn", has_text=act).first.click()
    page.wait_for_url(re.compile("/xem-truoc/"))
    return page


def _with_code(person: Person, button: str) -> None:
    """The act of force: its dialog repeats the fact and asks for the code."""
    page = person.page
    page.locator("main .btn--force", has_text=button).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Mã xác nhận").fill(person.password)
    dialog.get_by_role("button", name=button, exact=True).click()


def _codes_in_register(person: Person) -> set[str]:
    """The addresses of all papers in the clerk's list."""
    page = person.open("/van-ban-den/")
    return set(
        page.locator("tbody tr .row-cell-link").evaluate_all(
            "links => links.map((link) => link.getAttribute('href'))"
        )
    )


def test_three_communes_become_one_and_the_new_clerk_goes_on(
    sign_in: SignIn, office: Installation
) -> None:
    office.command("manage", "shell", "-c", "from tests.journeys.new_commune import found; found()")
    last_clerk = sign_in("xoan.bui")
    of_lang_do = _codes_in_register(last_clerk)
    assert of_lang_do

    author = sign_in("quan.ngo")
    page = author.open("/to-chuc/")
    author.check()
    page.locator("main").get_by_role("link", name="Đề nghị sắp xếp").click()
    _choose(page, "Chọn cơ quan kết thúc", *_OLD)
    _choose(page, "Chọn cơ quan kế tục", NAME)
    page.get_by_label("Căn cứ").fill(_BASIS)
    page.get_by_label("Có hiệu lực từ ngày").fill(_words(clock.today()))
    author.check()
    page.get_by_role("button", name="Lập đề nghị").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sáp nhập")
    # Every post has been matched by its title already.
    assert (
        page.locator("main select").evaluate_all("all => all.filter(one => !one.value).length") == 0
    )
    author.check()
    page.get_by_role("button", name="Lưu và xem trước").click()
    expect(page.get_by_text("Không có vướng mắc")).to_be_visible()
    author.check()
    page.get_by_role("button", name="Gửi duyệt").click()
    expect(page.locator("#toasts")).to_contain_text("Đã gửi")

    chief = sign_in("khue.do")
    page = _from_inbox(chief, "Xem xét")
    _with_code(chief, "Duyệt")
    expect(page.locator("#toasts")).to_contain_text("Đã duyệt")
    chief.check()

    deputy = sign_in("le.trinh")
    page = _from_inbox(deputy, "Xem trước")
    deputy.check()
    _with_code(deputy, "Thực hiện")
    expect(page.locator("#toasts")).to_contain_text("Đã thực hiện")
    expect(page.get_by_role("heading", name="Đã chuyển")).to_be_visible()
    deputy.check()

    _the_new_office_goes_on(sign_in, of_lang_do)


def _the_new_office_goes_on(sign_in: SignIn, of_lang_do: set[str]) -> None:
    clerk = sign_in("coi.pham")
    page = clerk.open("/to-chuc/")
    page.get_by_role("searchbox", name="Tìm tên").fill("van gom do")
    page.keyboard.press("Enter")
    page.locator("main").get_by_role("link", name=NAME).click()
    for name in _OLD:
        expect(page.locator("main").get_by_role("link", name=name)).to_be_visible()
    clerk.check()
    # What came to Làng Dó is in the hands of the new clerk, its number and agency unchanged.
    paper = sorted(of_lang_do)[0]
    page = clerk.open(paper)
    expect(page.get_by_text("Số đến").first).to_be_visible()
    secretary = sign_in("sa.tran")
    page = secretary.open("/hop-viec/")
    waiting = page.locator(".work-row").filter(has_text="Bút phê")
    assert waiting.count() >= len(_OLD)
    secretary.check()
    stranger = sign_in("xoan.bui")
    stranger.open(paper)
    expect(stranger.page.get_by_role("heading", name="Không tìm thấy")).to_be_visible()


def _words(day: date) -> str:
    return f"{day:%d/%m/%Y}"
