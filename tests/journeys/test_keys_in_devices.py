"""A letter signed by the token in the signer's own PC, and sealed by the agency's token at the server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from playwright.sync_api import Page, expect

from nhactruong.records.signing.engine.identity import SigningIdentity
from nhactruong.records.signing.engine.testpki import TestPki
from nhactruong.records.signing.tests.softhsm import (
    KEY_ID,
    PIN,
    SETTINGS,
    SoftToken,
    module,
    plugged_in,
)
from tests.journeys import acts
from tests.journeys.conftest import Person, SignIn
from tests.journeys.office import Installation

pytestmark = pytest.mark.journey

SIGNER = "Cao Xuân Đoài"
AGENCY = "Văn phòng Tỉnh ủy Sông Lam"


def test_the_signer_s_own_token_signs_and_the_agency_s_token_seals(
    sign_in: SignIn, office: Installation, tmp_path: Path
) -> None:
    if SETTINGS not in office.environment:
        pytest.skip("an office that runs already knows no tokens of ours")
    now = f"{time.time():.0f}"
    subject = f"về việc cấp thiết bị ký số đợt {now}"
    folder = Path(office.environment[SETTINGS]).parent
    pki = TestPki(office.state / "pki")
    person = pki.person(SIGNER, "", f"TOKEN-{now}")
    seal = pki.agency(_agency_name(office), f"SEAL-{now}")
    with (
        plugged_in(folder, person, label="Thiết bị 07") as signers,
        plugged_in(folder, seal, label="Dấu 07") as seals,
    ):
        keeper = sign_in("kha.thai")
        _enter(keeper, tmp_path, signers, person, f"TK-{now}", SIGNER, seal=False)
        _enter(keeper, tmp_path, seals, seal, f"DAU-{now}", "Bùi Thị Nhạn", seal=True)
        signer, clerk = sign_in("doai.cao"), sign_in("nhan.bui")
        for custodian, number in ((signer, f"TK-{now}"), (clerk, f"DAU-{now}")):
            _receive(custodian, number)
        _letter_reaches_the_signer(sign_in, subject)
        _signed_with_the_helper(signer, office, subject)
        _sealed_with_a_pin(clerk, subject)


def _agency_name(office: Installation) -> str:
    said = (
        "from nhactruong.masterdata.organization.models import Agency;"
        "print(Agency.objects.get(key='vptu').name)"
    )
    return office.command("manage", "shell", "-v", "0", "-c", said).strip().splitlines()[-1]


def _enter(
    keeper: Person,
    folder: Path,
    plugged: SoftToken,
    identity: SigningIdentity,
    number: str,
    holder: str,
    *,
    seal: bool,
) -> None:
    """The keeper writes the device into the register and attaches its certificate."""
    page = keeper.open("/thiet-bi/ghi-so/")
    page.get_by_label("Loại").select_option(label="Thiết bị ký số")
    page.get_by_label("Số hiệu").fill(number)
    page.get_by_label("Tên gọi").fill("Thiết bị ký số")
    page.get_by_label("Nơi cấp").fill("Ban Cơ yếu Chính phủ")
    page.get_by_label("Người giữ", exact=True).select_option(label=_option(page, holder))
    page.get_by_label("Căn cứ").fill("Biên bản giao nhận")
    page.locator("[name=step_up_code]").fill(keeper.password)
    page.get_by_role("button", name=re.compile("^Ghi")).click()
    expect(page.locator("#toasts")).to_contain_text("Đã ghi vào sổ")
    page.get_by_role("button", name="Việc khác").click()
    page.get_by_role("link", name="Gắn chứng thư ký số").click()
    keeper.check()
    file = folder / f"{number}.pem"
    ders = (identity.certificate_der, *identity.chain_der)
    file.write_bytes(
        b"".join(x509.load_der_x509_certificate(one).public_bytes(Encoding.PEM) for one in ders)
    )
    page.get_by_label("của cơ quan (dấu)" if seal else "Chữ ký cá nhân").check(force=True)
    page.get_by_label("cắm ở máy chủ" if seal else "cắm ở máy của người ký").check(force=True)
    page.get_by_label("Tệp chứng thư").set_input_files(file)
    page.get_by_label("Nhãn thiết bị").fill(plugged.label)
    page.get_by_label("Mã khóa").fill(KEY_ID)
    page.locator("[name=step_up_code]").fill(keeper.password)
    page.get_by_role("button", name="Gắn chứng thư ký số").click()
    expect(page.locator("#toasts")).to_contain_text("Đã gắn chứng thư")


def _option(page: Page, name: str) -> str:
    option = page.get_by_label("Người giữ", exact=True).locator("option", has_text=name).first
    return option.inner_text()


def _receive(person: Person, number: str) -> None:
    page = person.open(f"/thiet-bi/?tim={number}")
    page.get_by_role("link", name=re.compile("Thiết bị ký số")).first.click()
    page.get_by_role("button", name="Ký nhận").click()
    expect(page.get_by_text(re.compile("ký nhận .*:")).first).to_be_visible()


def _letter_reaches_the_signer(sign_in: SignIn, subject: str) -> None:
    drafter = sign_in("suong.hoang")
    acts.open_draft(drafter, AGENCY, "Công văn", subject)
    acts.address(drafter.page, "Ban Tổ chức Tỉnh ủy")
    acts.write_text(drafter.page, "Văn phòng thông báo việc cấp thiết bị ký số cho lãnh đạo.")
    acts.choose_signer(drafter.page, SIGNER)
    acts.submit(drafter.page)
    acts.approve(sign_in("lam.vu"), subject)
    acts.approve(sign_in("khue.do"), subject)


def _signed_with_the_helper(signer: Person, office: Installation, subject: str) -> None:
    page = acts.open_from_inbox(signer, "Đọc và ký", subject)
    signer.check()
    # Without the helper: said in words, nothing signed, and the same button works afterwards.
    acts.sign_here(signer)
    expect(page.get_by_text("Không thấy trợ lý ký số trên máy này")).to_be_visible()
    signer.faults.clear()
    with _helper(office):
        with page.expect_popup() as opened:
            acts.sign_here(signer)
        window = opened.value
        code = page.get_by_text(re.compile("Mã kiểm tra: "))
        expect(code).to_be_visible()
        told = re.search(r"[0-9A-F]{4}(-[0-9A-F]{4}){3}", code.inner_text())
        assert told is not None
        expect(window.get_by_text(told[0])).to_be_visible()
        expect(window.get_by_text(subject)).to_be_visible()
        for pin, words in (("000000", "PIN không đúng"), (PIN, "Đã ký.")):
            window.get_by_label("PIN của thiết bị ký").fill(pin)
            window.get_by_role("button", name="Ký", exact=True).click()
            expect(window.get_by_text(words)).to_be_visible()
        expect(page.locator("#toasts")).to_contain_text("Đã ký")
        window.close()


def _sealed_with_a_pin(clerk: Person, subject: str) -> None:
    page = acts.open_from_inbox(clerk, "Cấp số", subject)
    page.locator("#ma-cap-so").fill(clerk.password)
    page.get_by_role("button", name="Cấp số", exact=True).click()
    for pin in ("111111", PIN):
        page.locator("#ma-dong-dau").fill(clerk.password)
        page.get_by_label("PIN của thiết bị ký").fill(pin)
        page.get_by_role("button", name=re.compile("^Đóng dấu")).click()
        if pin != PIN:
            expect(page.get_by_text("PIN không đúng")).to_be_visible()
            clerk.check()
    expect(page.locator("#toasts")).to_contain_text("Đã đóng dấu")
    expect(page.locator(".verdict b").first).to_have_text("HỢP LỆ.")
    expect(page.locator("main .btn--force", has_text="Phát hành")).to_be_visible()


@contextmanager
def _helper(office: Installation) -> Iterator[None]:
    """The helper of this PC, started as a signer starts it."""
    address = office.environment["NHACTRUONG_SIGN_AGENT"]
    port = str(urlsplit(address).port)
    running = subprocess.Popen(
        [sys.executable, "-m", "nhactruong.gateways.sign_agent.program", "--module", str(module()),
         "--office", office.url, "--port", port],
        env=os.environ | {SETTINGS: office.environment[SETTINGS]},
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for(address)
        yield
    finally:
        running.terminate()
        running.wait(timeout=10)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=2)  # noqa: S310  # our own helper
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the helper did not start")
