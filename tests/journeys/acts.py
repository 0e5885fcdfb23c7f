"""What people do on the pages, in the words on the buttons."""

from __future__ import annotations

import re
from typing import Final

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Person

SEAL_SECONDS: Final = 60_000
CARRIED_SECONDS: Final = 60_000


def open_draft(person: Person, organ: str, type_name: str, subject: str) -> str:
    """The address of a new draft."""
    page = person.open("/du-thao/moi/")
    page.get_by_label(organ, exact=True).check(force=True)
    page.get_by_role("textbox", name="Trích yếu").fill(subject)
    page.get_by_role("radio", name=re.compile(f"^{type_name}")).check()
    page.get_by_role("button", name="Mở bản soạn").click()
    page.wait_for_url(re.compile(r"/du-thao/[0-9a-f-]{36}/"))
    return page.url


def write_text(page: Page, text: str) -> None:
    """Put `text` into the first block and wait until it is saved."""
    first = page.locator("nt-editor .txt").first
    first.click()
    first.fill(text)
    first.blur()
    expect(page.get_by_text(re.compile(r"Đã lưu"))).to_be_visible()


def choose_recipient(page: Page, agency: str) -> None:
    """Add an agency to Nơi nhận by the picker."""
    page.get_by_role("button", name="Thêm cơ quan nhận").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("searchbox").fill(agency)
    dialog.get_by_role("checkbox", name=re.compile(f"^{agency}")).first.check()
    dialog.get_by_role("button", name="Xong").click()


def choose_signer(page: Page, name: str) -> None:
    """Choose the row of the signing table that names this person."""
    page.get_by_role("radio", name=re.compile(name)).first.check()


def submit(page: Page) -> None:
    """Send the draft on its way."""
    page.get_by_role("button", name=re.compile("^Gửi ")).first.click()
    page.wait_for_url(re.compile(r"/du-thao/"))
    expect(page.get_by_text(re.compile("^Chờ ")).first).to_be_visible()


def row_in_inbox(person: Person, subject: str) -> Locator:
    """The row about `subject`; when it is still on its way, the page tells when it has come."""
    page = person.open("/hop-viec/")
    row = page.locator(".work-row").filter(has_text=subject).first
    told = page.locator("nt-watch a")
    expect(row.or_(told).first).to_be_visible(timeout=CARRIED_SECONDS)
    while not row.is_visible():
        told.click()
        expect(row.or_(told).first).to_be_visible(timeout=CARRIED_SECONDS)
    return row


def open_from_inbox(person: Person, act: str, subject: str) -> Page:
    """Open the piece of work about `subject` by its button in the inbox."""
    row_in_inbox(person, subject).locator(".row-side a.btn", has_text=act).click()
    person.page.wait_for_load_state()
    return person.page


def approve(person: Person, subject: str) -> None:
    """Two taps: open, Duyệt."""
    page = open_from_inbox(person, "Duyệt", subject)
    page.get_by_role("button", name="Duyệt", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("duyệt")


def sign(person: Person, subject: str) -> None:
    """Two taps and a code: Đọc và ký, Ký."""
    page = open_from_inbox(person, "Đọc và ký", subject)
    page.get_by_label("Mã xác nhận").fill(person.password)
    page.get_by_role("button", name="Ký", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("Đã ký")


def number_seal_issue(person: Person, subject: str) -> str:
    """The reference code of the issued document: Cấp số, Đóng dấu, Phát hành."""
    page = open_from_inbox(person, "Cấp số", subject)
    page.locator("#ma-cap-so").fill(person.password)
    page.get_by_role("button", name="Cấp số", exact=True).click()
    page.locator("#ma-dong-dau").fill(person.password)
    page.get_by_role("button", name=re.compile("^Đóng dấu")).click()
    issue = page.locator("main .btn--force", has_text="Phát hành")
    expect(issue).to_be_visible(timeout=SEAL_SECONDS)
    address = page.url
    issue.click()
    page.get_by_role("dialog").get_by_role("button", name="Phát hành", exact=True).click()
    # The next piece of work opens by itself; the issued document is where it was.
    expect(page.locator("#toasts")).to_contain_text("phát hành")
    page.goto(address)
    expect(page.locator(".steps h3", has_text="Đã phát hành")).to_be_visible()
    return page.locator(".give-no strong").first.inner_text()
