"""Kiểm tra chữ ký số: anybody signed in brings a file and is told; nothing of it is kept."""

from __future__ import annotations

import html
import json
import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from nhactruong.assembly.cli import main
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.files.models import Blob
from nhactruong.foundation.persistence.models import OperationAnswer
from nhactruong.kernel import clock
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice, small_office
from nhactruong.records.signing.models import VerificationReport
from nhactruong.records.signing.soft import sample_pki
from nhactruong.records.signing.tests import tampering
from nhactruong.records.signing.tests.attacks import on_content, on_signature, papers

pytestmark = pytest.mark.django_db
CHECK = "/chu-ky/"


@pytest.fixture
def people(db: None, settings: Any, tmp_path: Path) -> SmallOffice:
    settings.STATE_FOLDER = tmp_path
    settings.FILE_STORE = tmp_path / "files"
    return small_office()


@pytest.fixture
def clerk(people: SmallOffice) -> Client:
    return signed_in(people, "nhan")


def signed_in(people: SmallOffice, person: str) -> Client:
    client = Client()
    client.force_login(people.user(person), "django.contrib.auth.backends.ModelBackend")
    return client


def foreign_paper() -> bytes:
    """A paper that another office signed just now."""
    pki, now = sample_pki(), clock.now()
    signer = pki.person("Trần Thị Mẫu", "Văn phòng", "KH-1", organisation="Sở Mẫu")
    return tampering.freely_signed(
        papers.paper(), signer, "Signature1", tsa=pki.tsa(now), moment=now
    )


def brought(client: Client, pdf: bytes, name: str = "cong-van.pdf") -> Any:
    return client.post(CHECK, {"file": SimpleUploadedFile(name, pdf, "application/pdf")})


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def sealed_in(answer: Any) -> str:
    found = re.search(r'name="ket_qua" value="([^"]+)"', answer.content.decode())
    assert found is not None
    return html.unescape(found.group(1))


def download(client: Client, sealed: str, kind: str) -> Any:
    return client.post(reverse("signing:report"), {"ket_qua": sealed, "dang": kind})


def test_a_paper_of_another_office_is_told_in_words_and_nothing_is_kept(clerk: Client) -> None:
    kept = (VerificationReport, Blob, OperationAnswer, AuditRow)
    before = [model.objects.count() for model in kept]
    answer = brought(clerk, foreign_paper())
    assert answer.status_code == 200
    page = text_of(answer)
    for words in (
        "HỢP LỆ",
        "cong-van.pdf",
        "Trần Thị Mẫu",
        "Sở Mẫu",
        "theo dấu thời gian",
        "1. Toàn vẹn nội dung",
        "8. Thuật toán",
        "Không trang nào thay đổi sau khi ký.",
        "văn bản đi của cơ quan cần đủ cả hai loại",
    ):
        assert words in page, words
    assert [model.objects.count() for model in kept] == before


@pytest.mark.parametrize(
    ("make", "verdict", "words"),
    [
        (
            lambda: on_content.text_of_the_page_replaced(foreign_paper()),
            "KHÔNG HỢP LỆ",
            "Payment of 900 million is approved",
        ),
        (lambda: on_signature.one_digit_changed(foreign_paper()), "KHÔNG HỢP LỆ", "bị sửa"),
        (papers.paper, "", "Tệp không có chữ ký số."),
        (lambda: b"PK\x03\x04 no paper", "KHÔNG HỢP LỆ", "tệp không phải PDF hoặc bị hỏng"),
        (lambda: foreign_paper()[:900], "KHÔNG HỢP LỆ", "tệp không phải PDF hoặc bị hỏng"),
    ],
    ids=["forged", "tampered", "unsigned", "not a PDF", "cut short"],
)
def test_what_is_wrong_is_told_and_never_green(
    clerk: Client, make: Callable[[], bytes], verdict: str, words: str
) -> None:
    page = text_of(brought(clerk, make()))
    assert words in page
    assert f"<b>{verdict}.</b>" in page if verdict else 'class="verdict' not in page
    assert "<b>HỢP LỆ.</b>" not in page


def test_a_form_without_a_file_says_so(clerk: Client) -> None:
    answer = clerk.post(CHECK, {"operation_id": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert "Chưa kiểm tra được" in text_of(answer)
    empty = brought(clerk, b"")
    assert empty.status_code == 422
    assert "Tệp không có nội dung (0 byte)" in text_of(empty)


def test_the_json_is_that_of_the_command(
    clerk: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pdf = foreign_paper()
    answer = download(clerk, sealed_in(brought(clerk, pdf)), "json")
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"].startswith("attachment")
    file, root = tmp_path / "cong-van.pdf", tmp_path / "goc.pem"
    file.write_bytes(pdf)
    root.write_bytes(sample_pki().certificate_pem("root"))
    words = ["signature", "verify", str(file), "--trust", str(root), "--json"]
    for number, der in enumerate(sample_pki().crls(clock.now())):
        (tmp_path / f"{number}.crl").write_bytes(der)
        words += ["--crl", str(tmp_path / f"{number}.crl")]
    assert main(words) == 0
    (said,) = json.loads(capsys.readouterr().out)
    assert json.loads(answer.content) == [{**said, "file": "cong-van.pdf"}]


def test_the_report_on_paper_is_a_pdf(clerk: Client) -> None:
    answer = download(clerk, sealed_in(brought(clerk, foreign_paper())), "pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="bao-cao-kiem-tra-chu-ky.pdf"'
    assert answer.content.startswith(b"%PDF-")


def test_nobody_gets_a_report_on_what_we_did_not_find(clerk: Client, people: SmallOffice) -> None:
    given = sealed_in(brought(clerk, foreign_paper()))
    assert download(signed_in(people, "thao"), given, "pdf").status_code == 422
    forged = given[:-4] + ("aaaa" if given[-4:] != "aaaa" else "bbbb")
    for sealed in (forged, "", "{}"):
        refused = download(clerk, sealed, "pdf")
        assert refused.status_code == 422
        assert "Đồng chí kiểm tra lại tệp" in text_of(refused)


def test_the_page_is_thrifty(
    clerk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(15):
        clerk.get(CHECK)
    pdf = foreign_paper()
    with django_assert_max_num_queries(15):
        brought(clerk, pdf)
