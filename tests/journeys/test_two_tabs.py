"""One draft open twice: the later page never overwrites in silence, and never loses what it holds."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.journeys import acts
from tests.journeys.conftest import SignIn

pytestmark = pytest.mark.journey

_ORGAN = "Ban Thường vụ Tỉnh ủy Sông Lam"


def test_the_page_that_came_too_late_asks_before_it_overwrites(sign_in: SignIn) -> None:
    first, second = sign_in("mien.dinh"), sign_in("mien.dinh")
    here = acts.open_draft(first, _ORGAN, "Công văn", f"về việc thử hai thẻ {time.time():.0f}")
    second.page.goto(here)
    early = first.page.locator("nt-editor .txt").first
    late = second.page.locator("nt-editor .txt").first
    early.fill("Chữ của thẻ thứ nhất.")
    early.blur()
    expect(first.page.locator("[data-saved]")).to_contain_text("Đã lưu")

    late.fill("Chữ của thẻ thứ hai.")
    late.blur()
    overwrite = second.page.get_by_role("button", name="Lưu đè bằng nội dung trang này")
    expect(overwrite).to_be_visible()
    second.check()
    # Sending is refused too, and the refused page still does not save over the newer text.
    second.page.get_by_role("button", name="Gửi Trưởng phòng duyệt").click()
    expect(overwrite).to_be_visible()
    expect(late).to_have_text("Chữ của thẻ thứ hai.")
    late.fill("Chữ của thẻ thứ hai, gõ thêm.")
    late.blur()
    expect(second.page.locator("[data-saved]")).to_have_text("Chưa lưu")
    first.page.reload()
    expect(early).to_have_text("Chữ của thẻ thứ nhất.")

    overwrite.click()
    expect(second.page.locator("#toasts")).to_contain_text("Đã lưu")
    first.page.reload()
    expect(early).to_have_text("Chữ của thẻ thứ hai, gõ thêm.")
