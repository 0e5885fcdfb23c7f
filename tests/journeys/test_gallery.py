"""Every state of every component, at both widths."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import DESK, PHONE, axe_faults, too_wide
from tests.journeys.office import Installation

pytestmark = pytest.mark.journey


def test_no_component_in_any_state_breaks_wcag(browser: Browser, office: Installation) -> None:
    context = browser.new_context(viewport=DESK, locale="vi-VN")
    page = context.new_page()
    page.goto(f"{office.url}/_ui/")
    found = page.eval_on_selector_all(
        "a[href^='/_ui/']", "links => links.map(a => a.getAttribute('href'))"
    )
    addresses = sorted({address.split("#")[0] for address in found})
    assert len(addresses) >= 28
    faults = []
    for address in addresses:
        page.goto(f"{office.url}{address}")
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            # Wherever the other size had scrolled to, a field half under the bar is no fault.
            page.evaluate("scrollTo(0, 0)")
            told = [*axe_faults(page), *too_wide(page)]
            faults += [f"{address} at {size['width']}: {fault}" for fault in told]
    context.close()
    assert faults == []
