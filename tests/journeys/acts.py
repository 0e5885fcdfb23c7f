"""What people do on the pages, in the words on the buttons; presses are counted."""

from __future__ import annotations

import base64
import re
from typing import Final

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Person

SEAL_TIMEOUT: Final = 60_000
CARRIED_TIMEOUT: Final = 60_000
#: Presses from the inbox, as promised (screens.md 9). The confirmation of an issue comes on top:
#: what others will see is confirmed by a dialog that repeats it (screens.md 5).
TAPS_APPROVE: Final = 2
TAPS_SIGN: Final = 2
TAPS_ISSUE: Final = 4 + 1
TAPS_REGISTER: Final = 2
TAPS_DIRECT: Final = 4


def open_draft(person: Person, organ: str, type_name: str, subject: str) -> str:
    """The address of a new draft."""
    page = person.open("/du-thao/moi/")
    page.get_by_label(organ, exact=True).check(force=True)
    fill_new_draft(page, type_name, subject)
    return page.url


def fill_new_draft(page: Page, type_name: str, subject: str) -> None:
    """Subject and type of a new draft, then the editor with its living preview."""
    page.get_by_role("textbox", name="Trích yếu").fill(subject)
    page.get_by_role("radio", name=re.compile(f"^{type_name}")).check()
    page.get_by_role("button", name="Mở bản soạn").click()
    page.wait_for_url(re.compile(r"/du-thao/[0-9a-f-]{36}/"))
    expect_pages_drawn(page)


def expect_pages_drawn(page: Page) -> None:
    """Every picture of a page in sight has really been drawn."""
    picture = page.locator(".viewer .sheet img").first
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 400


def write_text(page: Page, text: str) -> None:
    """Put `text` into the first block; it is saved and the true page follows."""
    picture = page.locator("nt-preview .sheet img").first
    before = picture.get_attribute("src")
    first = page.locator("nt-editor .txt").first
    first.click()
    first.fill(text)
    first.blur()
    expect(page.get_by_text(re.compile(r"Đã lưu"))).to_be_visible()
    expect(picture).not_to_have_attribute("src", before or "")
    if page.get_by_role("button", name="Bỏ các chỗ gợi ý còn lại").is_visible():
        _drop_placeholders(page)


def _drop_placeholders(page: Page) -> None:
    """What the template suggested and nobody wrote goes."""
    page.get_by_role("button", name="Bỏ các chỗ gợi ý còn lại").click()
    expect(page.get_by_role("button", name="Bỏ các chỗ gợi ý còn lại")).to_have_count(0)


def address(page: Page, agency: str) -> None:
    """Kính gửi of a letter; who is addressed receives it."""
    page.get_by_label("Kính gửi").fill(agency)


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
    expect(row.or_(told).first).to_be_visible(timeout=CARRIED_TIMEOUT)
    while not row.is_visible():
        told.click()
        expect(row.or_(told).first).to_be_visible(timeout=CARRIED_TIMEOUT)
    return row


def open_from_inbox(person: Person, act: str, subject: str) -> Page:
    """Open the piece of work about `subject` by its button in the inbox."""
    person.tap(row_in_inbox(person, subject).locator(".row-side a.btn", has_text=act).first)
    person.page.wait_for_load_state()
    return person.page


def approve(person: Person, subject: str) -> None:
    """Open, Duyệt."""
    with person.at_most(TAPS_APPROVE):
        page = open_from_inbox(person, "Duyệt", subject)
        person.tap(page.get_by_role("button", name="Duyệt", exact=True))
    expect(page.locator("#toasts")).to_contain_text("duyệt")


def give_back(page: Page, reason: str) -> None:
    """Return the text on the page to its drafter."""
    page.locator("main .btn", has_text="Trả lại, nêu lý do").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(reason)
    dialog.get_by_role("button", name="Trả lại", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("rả lại")


def sign(person: Person, subject: str) -> None:
    """Đọc và ký, Ký, and a code."""
    with person.at_most(TAPS_SIGN):
        page = open_from_inbox(person, "Đọc và ký", subject)
        sign_here(person)
    expect(page.locator("#toasts")).to_contain_text("Đã ký")


def sign_here(person: Person) -> None:
    """Type the code and press Ký."""
    person.page.get_by_label("Mã xác nhận").fill(person.password)
    person.tap(person.page.get_by_role("button", name="Ký", exact=True))


def number_seal_issue(person: Person, subject: str) -> str:
    """The reference code of the issued document: Cấp số, Đóng dấu, Phát hành."""
    with person.at_most(TAPS_ISSUE):
        page = open_from_inbox(person, "Cấp số", subject)
        address = page.url
        _cannot_issue_yet(page)
        page.locator("#ma-cap-so").fill(person.password)
        person.tap(page.get_by_role("button", name="Cấp số", exact=True))
        page.locator("#ma-dong-dau").fill(person.password)
        person.tap(page.get_by_role("button", name=re.compile("^Đóng dấu")))
        issue = page.locator("main .btn--force", has_text="Phát hành")
        expect(issue).to_be_visible(timeout=SEAL_TIMEOUT)
        person.tap(issue)
        dialog = page.get_by_role("dialog")
        person.tap(dialog.get_by_role("button", name="Phát hành", exact=True))
    # The next piece of work opens by itself; the issued document is where it was.
    expect(page.locator("#toasts")).to_contain_text("phát hành")
    page.goto(address)
    expect(page.locator(".steps h3", has_text="Đã phát hành")).to_be_visible()
    return page.locator(".give-no strong").first.inner_text()


def _cannot_issue_yet(page: Page) -> None:
    """A signed text without number: no seal to be pressed, and issuing says why not."""
    refused = page.locator("main [aria-disabled=true]", has_text="Phát hành")
    expect(refused).to_be_visible()
    expect(page.get_by_text("Phát hành được sau khi đóng dấu.")).to_be_visible()
    expect(page.locator("#ma-dong-dau")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("^Đóng dấu"))).to_have_count(0)


def drop(page: Page, *files: tuple[str, str, bytes]) -> None:
    """Drop files (name, media type, bytes) anywhere on the page, as from a folder."""
    carried = page.evaluate_handle(
        """files => {
            const transfer = new DataTransfer();
            for (const [name, type, data] of files) {
                const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
                transfer.items.add(new File([bytes], name, { type }));
            }
            return transfer;
        }""",
        [[name, kind, base64.b64encode(data).decode()] for name, kind, data in files],
    )
    page.dispatch_event("main", "drop", {"dataTransfer": carried})
