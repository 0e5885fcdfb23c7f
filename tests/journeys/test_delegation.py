"""A leader delegates with his code; the delegate sees and acts under both names; taken back, it is gone."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from tests.journeys import acts
from tests.journeys.conftest import SignIn

pytestmark = pytest.mark.journey

DELEGATE = "Trịnh Thu Lệ"
NAMED = "TL. Chánh Văn phòng Tỉnh ủy"


def test_delegated_with_a_code_done_under_both_names_and_gone_when_taken_back(
    sign_in: SignIn,
) -> None:
    subject = f"đề nghị hỗ trợ khắc phục lũ ống lúc {time.time():.0f}"
    report = _a_report_reaches_the_chief(sign_in, subject)

    chief = sign_in("khue.do")
    page = chief.open("/toi/")
    page.get_by_role("link", name="Ủy quyền", exact=True).click()
    page.get_by_role("link", name="Lập ủy quyền").first.click()
    chief.check()
    page.get_by_role("button", name="Chọn người được ủy quyền").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("searchbox").fill("Thu Lệ")
    dialog.get_by_role("radio", name=re.compile(f"^{DELEGATE}")).first.click()
    page.get_by_label("Căn cứ").fill("12-GUQ/VPTU")
    page.get_by_label("Đến hết ngày").fill(
        time.strftime("%d/%m/%Y", time.localtime(time.time() + 86400))
    )
    page.get_by_label("Bút phê, trình lãnh đạo").check(force=True)
    page.locator("[name=step_up_code]").fill(chief.password)
    page.get_by_role("button", name="Ủy quyền", exact=True).click()
    expect(page.get_by_role("heading", name=f"{DELEGATE} ({NAMED})")).to_be_visible()
    chief.check()

    deputy = sign_in("le.trinh")
    work = deputy.open("/hop-viec/")
    expect(work.locator(".lent-bar")).to_contain_text(NAMED)
    expect(work.locator("li", has_text=subject[3:]).first).to_contain_text(f"({NAMED})")
    deputy.check()
    paper = acts.open_from_inbox(deputy, "Bút phê", subject)
    address = paper.url
    paper.locator("label.chip-choice", has_text="Tổng hợp").first.click()
    paper.get_by_role("button", name="Gửi bút phê").click()
    expect(paper.locator("#toasts")).to_contain_text("bút phê")

    page.reload()
    expect(page.locator("table")).to_contain_text(f"{DELEGATE} ({NAMED})")
    expect(page.locator("table")).to_contain_text(report)
    page.get_by_role("link", name="Thu hồi ngay").click()
    page.locator("#d-thu-hoi").get_by_role("button", name="Thu hồi").click()
    expect(page.get_by_text("Đã thu hồi").first).to_be_visible()

    gone = deputy.page.goto(address)
    assert gone is not None and gone.status == 404
    expect(deputy.open("/hop-viec/").locator(".lent-bar")).to_have_count(0)


def _a_report_reaches_the_chief(sign_in: SignIn, subject: str) -> str:
    """A paper of the commune in the province's register; its number."""
    clerk = sign_in("nhan.bui")
    drafter = sign_in("khoi.dam")
    acts.open_draft(drafter, "Ban Thường vụ Đảng ủy xã Đồng Mơ", "Báo cáo", subject)
    acts.write_text(drafter.page, "Lũ ống cuốn trôi hai cầu treo; xã đề nghị hỗ trợ.")
    acts.choose_recipient(drafter.page, "Tỉnh ủy")
    acts.choose_signer(drafter.page, "Mạc Văn Trầm")
    acts.submit(drafter.page)
    acts.approve(sign_in("thuan.nong"), subject)
    acts.sign(sign_in("tram.mac"), subject)
    report = acts.number_seal_issue(sign_in("chuyen.hoang"), subject)
    page = acts.open_from_inbox(clerk, "Vào sổ", subject)
    expect(page.get_by_text("2 chữ ký")).to_be_visible(timeout=acts.CARRIED_TIMEOUT)
    page.get_by_role("button", name=re.compile("Vào sổ và trình")).click()
    expect(page.locator("#toasts")).to_contain_text("số đến")
    return report
