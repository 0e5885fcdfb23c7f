"""The five templates of stage 1, each opened in the editor beside its true page."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.journeys import acts
from tests.journeys.conftest import SignIn

pytestmark = pytest.mark.journey

_TEMPLATES = ("Công văn", "Báo cáo", "Tờ trình", "Thông báo", "Nghị quyết")


def test_each_template_opens_with_its_own_blocks_and_a_living_preview(sign_in: SignIn) -> None:
    drafter = sign_in("mien.dinh")
    drafter.open("/du-thao/moi/")
    drafter.check()
    page = drafter.open("/du-thao/")
    drafter.check()
    opened = {}
    for name in _TEMPLATES:
        subject = f"về công tác quý I năm 2027, bản {name} {time.time():.0f}"
        acts.open_draft(drafter, "Ban Thường vụ Tỉnh ủy Sông Lam", name, subject)
        expect(page.locator("h1")).to_have_text(f"{name} {subject}")
        picture = page.locator("nt-preview .sheet img").first
        before = picture.get_attribute("src") or ""
        # The page beside follows the subject as it is typed.
        field = page.get_by_label("Trích yếu")
        field.fill(f"{subject}, sửa")
        field.blur()
        expect(picture).not_to_have_attribute("src", before)
        acts.expect_pages_drawn(page)
        drafter.check()
        opened[name] = page.locator("nt-editor .txt").all_inner_texts()
    assert len({tuple(blocks) for blocks in opened.values()}) == len(_TEMPLATES)
