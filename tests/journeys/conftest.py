"""One running installation for all journeys, a browser page a person, axe on every page."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    StorageState,
    ViewportSize,
    expect,
    sync_playwright,
)

from nhactruong.foundation.accounts.tests.provider import running_provider
from nhactruong.records.signing.tests import softhsm
from tests.journeys.office import (
    PROJECT,
    Installation,
    already_running,
    free_port,
    installation,
)
from tests.upgrade import stage_one

#: The shell is the same browser without windows and menus: it costs a third less.
_CHROMIUM: Final = (
    "/usr/bin/chromium-headless-shell",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
)
_ARGUMENTS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_AXE: Final = (PROJECT / "tests" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
#: Long enough for a busy machine; a fault shows at once all the same.
ACT_TIMEOUT: Final = 30_000
_WCAG: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESK: Final[ViewportSize] = {"width": 1366, "height": 768}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
TABLET: Final[ViewportSize] = {"width": 820, "height": 1180}


@pytest.fixture(scope="package")
def provider() -> Iterator[str]:
    """A provider of identities, running; anybody may sign in there."""
    with running_provider() as address:
        yield address


@pytest.fixture(scope="package")
def office(tmp_path_factory: pytest.TempPathFactory, provider: str) -> Iterator[Installation]:
    """The sample office of stage 1, brought up to date, up and well.

    `NHACTRUONG_JOURNEYS_AT` names one that already runs; its state folder is
    `NHACTRUONG_JOURNEYS_VAR`, else `var/`.
    """
    running_at = os.environ.get("NHACTRUONG_JOURNEYS_AT")
    if running_at:
        yield already_running(running_at)
        return
    settings = {
        "NHACTRUONG_OIDC_URL": provider,
        "NHACTRUONG_OIDC_CLIENT_ID": "nhac-truong",
        "NHACTRUONG_OIDC_CLIENT_SECRET": "bi-mat-cua-ung-dung",
        "NHACTRUONG_OIDC_NAME": "tài khoản của tỉnh",
        # Tokens are plugged in by the journey that needs them.
        "NHACTRUONG_PKCS11_MODULE": str(softhsm.module()),
        "NHACTRUONG_SIGN_AGENT": f"http://127.0.0.1:{free_port()}",
        softhsm.SETTINGS: str(tmp_path_factory.mktemp("tokens") / softhsm.FILE),
    }
    state = tmp_path_factory.mktemp("office") / "var"
    packed = stage_one.restore(state)
    with installation(state, **settings) as running:
        running.lost_in_upgrade = packed.lost(stage_one.kept(state))
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    path = next((path for path in _CHROMIUM if Path(path).exists()), None)
    assert path is not None, "Chromium is missing: tests/system-packages.txt names it."
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield opened
        opened.close()


class Person:
    """Somebody at a browser, signed in."""

    def __init__(self, page: Page, office: Installation, username: str) -> None:
        self.page = page
        self.office = office
        self.username = username
        self.password = office.accounts[username].password
        self.faults: list[str] = []
        self.taps = 0
        #: Reports of styles that axe itself sets (each names the hash of its style): the policy
        #: rightly refuses them, and some arrive when axe is long done.
        self.styles_of_axe: set[str] = set()
        self.is_measuring = False
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))

    def _console(self, message: Any) -> None:
        if message.type != "error" or "status of 4" in message.text:
            return
        if "Applying inline style" in message.text:
            if self.is_measuring:
                self.styles_of_axe.add(message.text)
            if message.text in self.styles_of_axe:
                return
        self.faults.append(f"console: {message.text}")

    def open(self, path: str) -> Page:
        """The page at that address of the office."""
        self.page.goto(f"{self.office.url}{path}")
        return self.page

    def tap(self, target: Locator) -> None:
        """Press something, and count it."""
        self.taps += 1
        target.click()

    @contextmanager
    def at_most(self, taps: int) -> Iterator[None]:
        """What is done inside takes no more taps than promised (a typed code is no tap)."""
        before = self.taps
        yield
        used = self.taps - before
        assert used <= taps, f"{used} taps instead of {taps} at {self.page.url}"

    def check(self) -> None:
        """No script fault so far; here, at desk and phone width, no accessibility fault and nothing
        wider than the window."""
        assert self.faults == []
        wide = self.page.viewport_size
        assert wide is not None
        self.is_measuring = True
        for size in (wide, PHONE):
            self.page.set_viewport_size(size)
            where = f"{self.page.url} at {size['width']}"
            faults = axe_faults(self.page)
            assert faults == [], f"{where}: {faults}"
            assert too_wide(self.page) == [], where
        self.page.set_viewport_size(wide)
        self.is_measuring = False


def axe_faults(page: Page) -> list[str]:
    """What axe finds by WCAG 2.2 A and AA, with no rule off."""
    # Evaluated by the test's own protocol, so the page's policy stays as strict as it is.
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(_AXE)
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"
        ".then(result => result.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 160))]))",
        _WCAG,
    )
    return [json.dumps(fault, ensure_ascii=False) for fault in found]


def too_wide(page: Page) -> list[str]:
    """What makes the page wider than its window, so that it slides sideways under the thumb."""
    found: list[str] = page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            const sticksOut = (one) => one.getBoundingClientRect().right > width + 1;
            const found = [...document.body.querySelectorAll("*")].filter(sticksOut);
            return found.map((one) => one.outerHTML.slice(0, 120));
        }"""
    )
    return found


class SignIn(Protocol):
    """Signs a sample account in, in a browser of its own."""

    def __call__(
        self, username: str, *, size: ViewportSize = DESK, afresh: bool = False
    ) -> Person: ...


@pytest.fixture(scope="package")
def sessions() -> dict[str, StorageState]:
    """The cookies of who has signed in, so that the code is asked once a person."""
    return {}


@pytest.fixture
def sign_in(
    browser: Browser, office: Installation, sessions: dict[str, StorageState], tmp_path: Path
) -> Iterator[SignIn]:
    """See `SignIn`; `afresh` goes by the sign-in page to a session nobody else uses."""
    contexts: list[BrowserContext] = []

    def enter(username: str, *, size: ViewportSize = DESK, afresh: bool = False) -> Person:
        known = None if afresh else sessions.get(username)
        context = browser.new_context(
            viewport=size,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            storage_state=known,
        )
        context.set_default_timeout(ACT_TIMEOUT)
        contexts.append(context)
        account = office.accounts[username]
        person = Person(context.new_page(), office, username)
        if known is None:
            page = person.open("/dang-nhap/")
            page.get_by_label("Tên đăng nhập").fill(account.username)
            page.get_by_label("Mật khẩu").fill(account.password)
            page.get_by_role("button", name="Đăng nhập").click()
            # Who administers begins elsewhere.
            page.wait_for_url(re.compile(rf"^{re.escape(office.url)}/(quan-tri/)?$"))
            if not afresh:
                sessions[username] = context.storage_state()
        return person

    expect.set_options(timeout=ACT_TIMEOUT)
    yield enter
    for number, context in enumerate(contexts):
        for page in context.pages:
            # journey_picture: what each person saw last, for whoever looks for the fault.
            page.screenshot(path=str(tmp_path / f"person-{number}.png"))
        context.close()
