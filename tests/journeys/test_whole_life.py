"""Stories B and C on one thread: from a commune's draft to the answer on its desk."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys import acts
from tests.journeys.conftest import Person

pytestmark = pytest.mark.journey

SUBJECT = f"tình hình đê bao thôn Vạn Chài lúc {time.time():.0f}"
REPLY = f"trả lời việc gia cố đê bao lúc {time.time():.0f}"


def test_a_report_of_a_five_person_commune_is_answered_by_the_province(
    sign_in: Callable[[str], Person],
) -> None:
    # The commune of five: one drafts, one approves, one signs, the clerk does the rest.
    drafter = sign_in("khoi.dam")
    acts.open_draft(drafter, "Ban Thường vụ Đảng ủy xã Đồng Mơ", "Báo cáo", SUBJECT)
    page = drafter.page
    acts.write_text(page, "Đê bao thôn Vạn Chài sạt 40 m; xã đề nghị cho ý kiến chỉ đạo.")
    acts.choose_recipient(page, "Tỉnh ủy")
    acts.choose_signer(page, "Mạc Văn Trầm")
    drafter.check()
    acts.submit(page)
    acts.approve(sign_in("thuan.nong"), SUBJECT)
    acts.sign(sign_in("tram.mac"), SUBJECT)
    commune_clerk = sign_in("chuyen.hoang")
    report = acts.number_seal_issue(commune_clerk, SUBJECT)
    assert re.fullmatch(r"\d+-BC/ĐU", report)
    sent_at = commune_clerk.page.url

    # The province: vào sổ, bút phê, giao việc.
    clerk = sign_in("nhan.bui")
    page = acts.open_from_inbox(clerk, "Vào sổ", SUBJECT)
    expect(page.get_by_text("2 chữ ký")).to_be_visible(timeout=60_000)
    expect(page.get_by_label("Số, ký hiệu")).to_have_value(report)
    clerk.check()
    page.get_by_role("button", name=re.compile("Vào sổ và trình")).click()
    expect(page.locator("#toasts")).to_contain_text("số đến")
    commune_clerk.page.goto(sent_at)
    expect(commune_clerk.page.get_by_text("Đã xác nhận")).to_be_visible()

    chief = sign_in("khue.do")
    page = acts.open_from_inbox(chief, "Bút phê", SUBJECT)
    chief.check()
    page.get_by_label("Tổng hợp", exact=True).first.check(force=True)
    page.get_by_role("button", name="Gửi bút phê").click()
    expect(page.locator("#toasts")).to_contain_text("bút phê")

    head = sign_in("lam.vu")
    page = acts.open_from_inbox(head, "Giao", SUBJECT)
    page.get_by_label(re.compile("Hoàng Mai Sương")).check(force=True)
    page.get_by_role("button", name="Giao", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("giao")

    # The answer.
    specialist = sign_in("suong.hoang")
    page = acts.open_from_inbox(specialist, "Xử lý", SUBJECT)
    incoming = page.url
    page.get_by_role("link", name="Soạn trả lời").click()
    page.get_by_label("Ban Thường vụ Tỉnh ủy Sông Lam", exact=True).check(force=True)
    page.get_by_role("textbox", name="Trích yếu").fill(REPLY)
    page.get_by_role("radio", name=re.compile("^Công văn")).check()
    page.get_by_role("button", name="Mở bản soạn").click()
    page.wait_for_url(re.compile(r"/du-thao/[0-9a-f-]{36}/"))
    acts.write_text(page, "Ban Thường vụ Tỉnh ủy đồng ý hỗ trợ gia cố đê bao thôn Vạn Chài.")
    acts.choose_signer(page, "Phan Thị Hoài Thư")
    acts.submit(page)
    acts.approve(head, REPLY)
    acts.approve(chief, REPLY)
    leader = sign_in("thu.phan")
    leader.check()
    acts.sign(leader, REPLY)
    reply = acts.number_seal_issue(clerk, REPLY)
    assert re.fullmatch(r"\d+-CV/TU", reply)

    # Answered, on one thread, seen from both ends.
    page.goto(incoming)
    expect(page.get_by_text("Đã trả lời").first).to_be_visible(timeout=30_000)
    specialist.check()
    page.get_by_role("link", name="Sợi chỉ đỏ").first.click()
    expect(page.get_by_text(report).first).to_be_visible()
    expect(page.get_by_text(reply).first).to_be_visible()
    specialist.check()
    page = acts.open_from_inbox(commune_clerk, "Vào sổ", REPLY)
    page.get_by_role("button", name=re.compile("Vào sổ và trình")).click()
    expect(page.locator("#toasts")).to_contain_text("số đến")
