"""Lists as people use them: filters in the address, pages by key, chosen columns, keyboard."""

from __future__ import annotations

import io
import re
import time
from urllib.parse import parse_qs, urlsplit

import pypdfium2
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.journeys import acts
from tests.journeys.conftest import Person, SignIn

pytestmark = pytest.mark.journey

#: The sample clerk's list holds some forty documents; so many more make a second page sure.
_MORE = 16


def _note(number: int) -> bytes:
    """A small picture nobody else has, as a scanner sends it by mistake."""
    picture = Image.new("L", (240, 80), 255)
    ImageDraw.Draw(picture).text((10, 30), f"{time.time_ns()} {number}", fill=0)
    out = io.BytesIO()
    picture.save(out, "PNG", dpi=(100, 100))
    return out.getvalue()


#: The form each page offers, sent for every file of the batch; as quick as the server.
_SEND_BACK = """async (batch) => {
    const parse = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");
    const queue = await parse(await fetch(location.pathname));
    const rows = [...queue.querySelectorAll(".row")].filter((row) => row.textContent.includes(batch));
    for (const row of rows) {
        const address = row.querySelector("a[href*='/tiep-nhan/']").getAttribute("href");
        const page = await parse(await fetch(address));
        const form = page.querySelector("form[action$='/tra-lai/']");
        const body = new FormData(form);
        body.set("reason", "Gửi nhầm tệp.");
        const answer = await fetch(form.getAttribute("action"), { method: "POST", body });
        if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    }
    return rows.length;
}"""


def _codes(page: Page) -> list[str]:
    return page.locator("tbody tr .row-cell-link").evaluate_all(
        "links => links.map((link) => link.getAttribute('href'))"
    )


def test_filters_live_in_the_address_and_pages_are_walked_by_key(sign_in: SignIn) -> None:
    clerk = sign_in("nhan.bui")
    page = clerk.open("/van-ban-den/tiep-nhan/")
    batch = f"nham-{time.time():.0f}"
    acts.drop(page, *((f"{batch}-{n}.png", "image/png", _note(n)) for n in range(_MORE)))
    page.wait_for_url(re.compile("/tiep-nhan/[0-9a-f-]{36}/"), timeout=2 * acts.CARRIED_TIMEOUT)
    page = clerk.open("/van-ban-den/tiep-nhan/")
    assert page.evaluate(_SEND_BACK, batch) == _MORE

    page = clerk.open("/van-ban-den/")
    clerk.check()
    newest = _codes(page)
    assert len(newest) == 50
    _turn(page, "Cũ hơn")
    assert "trang" in parse_qs(urlsplit(page.url).query)
    clerk.check()
    older = _codes(page)
    assert older and not set(older) & set(newest)
    page.reload()
    assert _codes(page) == older
    _turn(page, "Mới hơn")
    assert _codes(page) == newest

    # A filter is part of the address: it survives a reload and can be sent to a colleague.
    bar = page.get_by_role("form", name="Bộ lọc")
    bar.locator("summary").click()
    state = bar.get_by_label("Trạng thái", exact=True)
    state.select_option(state.locator("option", has_text="rả lại").get_attribute("value"))
    page.wait_for_url(re.compile("trang-thai="))
    kept = page.url
    returned = _codes(page)
    assert len(returned) >= _MORE
    page.reload()
    assert page.url == kept and _codes(page) == returned
    _turn(page, re.compile("^Bỏ lọc"))
    assert "trang-thai" not in page.url


@pytest.mark.parametrize("book", ["/van-ban-den/", "/van-ban-di/so/"])
def test_chosen_columns_come_back_after_signing_in_again(sign_in: SignIn, book: str) -> None:
    clerk = sign_in("nga.la", afresh=True)
    page = clerk.open(book)
    clerk.check()
    before = _heads(page)
    _choose_columns(page, flip=True)
    chosen = _heads(page)
    assert abs(len(chosen) - len(before)) == 1
    again = sign_in("nga.la", afresh=True)
    assert _heads(again.open(book)) == chosen
    _choose_columns(again.page, flip=True)
    assert _heads(again.page) == before


def _turn(page: Page, name: str | re.Pattern[str]) -> None:
    """Follow a link of that name to the page it leads to, drawn to its end."""
    with page.expect_navigation():
        page.get_by_role("link", name=name).first.click()


def _heads(page: Page) -> list[str]:
    return [head.strip() for head in page.locator("thead th:visible").all_inner_texts()]


def _choose_columns(page: Page, *, flip: bool) -> None:
    page.get_by_role("button", name="Chọn cột").click()
    box = page.locator(".column-choice input[type=checkbox]:not([disabled])").last
    box.set_checked(not box.is_checked() if flip else True)
    page.get_by_role("button", name="Áp dụng").click()
    page.wait_for_load_state()


def test_the_keyboard_finds_its_way(sign_in: SignIn) -> None:
    person: Person = sign_in("khue.do")
    page = person.open("/")
    page.keyboard.press("/")
    expect(page.locator("#tim")).to_be_focused()
    page.keyboard.type("gv")
    expect(page.locator("#tim")).to_have_value("gv")
    page.locator("#tim").fill("đê bao")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/tim/\?q="))
    person.check()
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("v")
    page.wait_for_url(re.compile("/hop-viec/"))
    page.wait_for_load_state()
    rows = page.locator(".work-row .row-title")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Phím tắt")).to_be_visible()
    person.check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Phím tắt")).to_be_hidden()
    wanted = rows.nth(0).get_attribute("href")
    rows.nth(0).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{wanted}")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url(f"{person.office.url}/")


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/van-ban-den/", "DANH SÁCH VĂN BẢN ĐẾN"),
        ("/van-ban-den/so/", "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN"),
        ("/van-ban-di/", "DANH SÁCH VĂN BẢN ĐI"),
    ],
)
def test_a_printed_list_begins_under_its_heading_and_counts_its_pages(
    sign_in: SignIn, address: str, title: str
) -> None:
    page = sign_in("nhan.bui").open(address)
    sheets = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    texts = [sheet.get_textpage().get_text_range() for sheet in sheets]
    width, height = sheets[0].get_size()
    assert width > height
    for words in ("TỈNH ỦY SÔNG LAM", title, "In ngày", "Trích yếu"):
        assert words.casefold() in texts[0].casefold(), words
    for number, text in enumerate(texts, start=1):
        assert f"Trang {number}/{len(texts)}" in text
