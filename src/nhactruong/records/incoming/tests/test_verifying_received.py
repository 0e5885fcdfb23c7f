"""A received file is verified where no key is: an office that only receives must know too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.files import store
from nhactruong.kernel.errors import RuleBroken
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.records.documents import selectors as contents
from nhactruong.records.extraction import selectors as readings
from nhactruong.records.incoming import commands, handlers, selectors
from nhactruong.records.incoming.events import FileReceived
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.tests import letters
from nhactruong.records.outgoing.tests import letters as outgoing
from nhactruong.records.signing import selectors as reports
from nhactruong.records.signing.models import VerificationReport
from nhactruong.records.signing.ports import KeyInUse
from nhactruong.records.signing.soft import SoftKeys, sample_pki

pytestmark = pytest.mark.django_db
_NO_ROOTS = "nơi kiểm tra chưa có chứng thư gốc tin cậy để đối chiếu"


@pytest.fixture
def sealed(office: SmallOffice) -> bytes:
    """A letter signed and sealed elsewhere."""
    best = contents.best_rendition(outgoing.sealed(office).document_id)
    assert best is not None
    return contents.bytes_of(best)


@pytest.fixture
def trust_folder(settings: Any, tmp_path: Path) -> Path:
    """A production installation: no signing service, its own folder of roots, still empty."""
    settings.ENVIRONMENT = "production"
    settings.TRUST_FOLDER = tmp_path / "trust"
    with pytest.raises(RuleBroken):
        SoftKeys().certified(KeyInUse("TEST-1", "Khóa mẫu"), is_agency=False)
    return tmp_path / "trust"


def received(office: SmallOffice, pdf: bytes, name: str = "den.pdf") -> IncomingDocument:
    incoming = commands.receive_file(
        office.actor("nhan"),
        agency_id=office.agencies["tu"].pk,
        stored=store.write([pdf]),
        media_type="application/pdf",
        file_name=name,
        page_count=1,
    )
    handlers.read_file(FileReceived(incoming_id=incoming.public_id))
    return selectors.for_service(incoming.public_id)


def report_on(document: IncomingDocument) -> VerificationReport:
    original = contents.rendition(document.document_id, "original")
    assert original is not None
    report = reports.latest_report(original.pk)
    assert report is not None
    return report


def test_without_roots_the_verdict_says_that_nobody_knows_yet(
    office: SmallOffice, sealed: bytes, trust_folder: Path, sign_in: Callable[[str], Client]
) -> None:
    document = received(office, sealed)
    reading = readings.reading_of(document.document_id)
    assert reading is not None and reading.state == "read"
    report = report_on(document)
    assert report.verdict == "indeterminate"
    assert _NO_ROOTS in report.sentence
    page = (
        sign_in("nhan")
        .get(reverse("incoming:signatures", args=[document.public_id]))
        .content.decode()
    )
    assert _NO_ROOTS in page
    assert "Nội dung không đổi từ khi ký" in page
    assert "chưa đối chiếu được" in page
    assert "(không tin cậy)" not in page


def test_without_roots_a_changed_or_unsigned_file_is_still_told(
    office: SmallOffice, sealed: bytes, trust_folder: Path
) -> None:
    forged = bytearray(sealed)
    forged[len(forged) // 3] ^= 1
    assert report_on(received(office, bytes(forged))).verdict == "invalid"
    unsigned = received(office, letters.pdf_of(letters.FROM_DONG_MO))
    assert report_on(unsigned).verdict == "unsigned"


def test_once_the_keeper_lays_down_the_roots_the_next_file_is_judged_by_them(
    office: SmallOffice, sealed: bytes, trust_folder: Path
) -> None:
    assert report_on(received(office, sealed)).verdict == "indeterminate"
    duty = trust_folder / "cong_vu"
    duty.mkdir(parents=True)
    (duty / "goc.crt").write_bytes(sample_pki().trust_list().roots[0].certificate_der)
    report = report_on(received(office, sealed, "den-lai.pdf"))
    assert report.verdict == "valid"


def test_the_report_on_paper_is_kept_with_what_was_received(
    office: SmallOffice, sealed: bytes, sign_in: Callable[[str], Client]
) -> None:
    document = received(office, sealed)
    report = report_on(document)
    assert report.paper is not None
    assert report.paper.agency_id == document.agency_id
    page = reverse("incoming:signatures", args=[document.public_id])
    kept = sign_in("nhan").get(page, {"dang": "pdf"})
    assert kept["Content-Type"] == "application/pdf"
    assert kept["Content-Disposition"].startswith("attachment")
    with store.open_stored(report.paper.blob.sha256) as stream:
        assert kept.content == stream.read()
    assert kept.content.startswith(b"%PDF-")
    told = sign_in("nhan").get(page).content.decode()
    assert "thêm chữ ký ở ô" in told
    assert "7. Người ký" in told


def test_the_same_file_received_again_brings_its_paper_along(
    office: SmallOffice, sealed: bytes
) -> None:
    first, again = (report_on(received(office, sealed)) for _ in range(2))
    assert first.paper is not None and again.paper is not None
    assert again.paper != first.paper
    assert again.paper.blob == first.paper.blob


def test_a_file_that_nobody_signed_keeps_no_paper_and_still_gives_one(
    office: SmallOffice, sign_in: Callable[[str], Client]
) -> None:
    document = received(office, letters.pdf_of(letters.FROM_DONG_MO))
    assert report_on(document).paper is None
    page = reverse("incoming:signatures", args=[document.public_id])
    assert sign_in("nhan").get(page, {"dang": "pdf"}).content.startswith(b"%PDF-")
