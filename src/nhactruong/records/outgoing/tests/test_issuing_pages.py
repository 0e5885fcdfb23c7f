"""Number, seal, issue, the register and the files, as the pages do it."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel import clock
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD, SmallOffice
from nhactruong.records.distribution import commands as distribution
from nhactruong.records.distribution import selectors as deliveries
from nhactruong.records.outgoing import commands
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import State
from nhactruong.records.outgoing.tests import letters
from nhactruong.records.outgoing.views import columns

Desk = Callable[[str], Client]


def op(**fields: Any) -> dict[str, Any]:
    """The fields of a form with an operation of its own."""
    return {"operation_id": str(uuid.uuid4()), **fields}


def url(name: str, document: OutgoingDocument) -> str:
    return reverse(f"outgoing:{name}", args=[document.public_id])


def today() -> str:
    return f"{clock.today():%d/%m/%Y}"


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_clerk_numbers_seals_and_issues(office: SmallOffice, desk: Desk) -> None:
    document = letters.signed(office)
    nhan = desk("nhan")
    page = text_of(nhan.get(url("detail", document)))
    assert "Phát hành được sau khi đóng dấu" in page
    number = op(version=document.version, dated_on=today(), step_up_code=PASSWORD)
    assert nhan.post(url("assign_number", document), number).status_code == 303
    document = letters.again(document)
    assert document.reference_code == "01-TB/TU"
    assert "số đầu tiên" in text_of(nhan.get(url("detail", document)))
    seal = op(version=document.version, step_up_code=PASSWORD)
    assert nhan.post(url("request_seal", document), seal).status_code == 303
    assert "Đang đóng dấu, khoảng 10 giây" in text_of(nhan.get(url("detail", document)))
    asked = nhan.get(url("request_seal", document), headers={"hx-request": "true"})
    assert "Đang đóng dấu" in text_of(asked)
    letters.run_seal(office, document)
    ready = nhan.get(url("request_seal", document), headers={"hx-request": "true"})
    assert ready["HX-Refresh"] == "true"
    document = letters.again(document)
    page = text_of(nhan.get(url("detail", document)))
    assert "Gửi đến 1 nơi nhận" in page
    assert nhan.post(url("issue", document), op(version=document.version)).status_code == 303
    (copy,) = deliveries.of_document(document.document_id)
    distribution.record_delivered(office.actor("thao"), copy.public_id)
    distribution.record_acknowledged(office.actor("thao"), copy.public_id)
    page = text_of(nhan.get(url("detail", document)))
    assert "Đã xác nhận" in page
    assert "Lường Thu Thảo" in page


def test_numbering_keeps_what_was_typed_when_it_is_refused(office: SmallOffice, desk: Desk) -> None:
    document = letters.signed(office)
    nhan = desk("nhan")
    here = url("assign_number", document)
    assert nhan.post(here, op(dated_on="32/13/2026", step_up_code=PASSWORD)).status_code == 422
    wrong = nhan.post(here, op(dated_on=today(), step_up_code="sai"))
    assert wrong.status_code == 409
    assert "Còn 4 lần thử" in text_of(wrong)
    tomorrow = f"{clock.today() + timedelta(days=1):%d/%m/%Y}"
    late = nhan.post(here, op(dated_on=tomorrow, step_up_code=PASSWORD))
    assert late.status_code == 422
    assert tomorrow in text_of(late)
    assert "từ ngày ký" in text_of(late)
    assert letters.again(document).as_state == State.SIGNED


def test_a_wrong_order_is_refused_on_the_same_page(office: SmallOffice, desk: Desk) -> None:
    document = letters.signed(office)
    nhan = desk("nhan")
    sealed = nhan.post(url("request_seal", document), op(step_up_code=PASSWORD))
    assert sealed.status_code == 403
    issued = nhan.post(url("issue", document), op())
    assert issued.status_code == 403
    assert "Phát hành được sau khi đóng dấu" in text_of(issued)


def test_two_clerks_with_one_page_the_second_is_told(office: SmallOffice, desk: Desk) -> None:
    document = letters.signed(office)
    nhan = desk("nhan")
    stale = {"version": document.version, "dated_on": today(), "step_up_code": PASSWORD}
    nhan.post(url("assign_number", document), op(**stale))
    answer = nhan.post(url("assign_number", document), op(**stale))
    assert answer.status_code == 403
    assert letters.again(document).number == 1


def test_others_read_the_page_without_the_clerks_buttons(office: SmallOffice, desk: Desk) -> None:
    document = letters.numbered(office)
    page = text_of(desk("suong").get(url("detail", document)))
    assert 'name="step_up_code"' not in page
    assert "01-TB/TU" in page
    assert desk("may").get(url("detail", document)).status_code == 404


def test_a_number_is_void_with_two_people(office: SmallOffice, desk: Desk) -> None:
    document = letters.numbered(office)
    nhan, khue = desk("nhan"), desk("khue")
    empty = nhan.post(url("request_void", document), op(reason=""))
    assert empty.status_code == 422
    assert 'data-open-dialog="d-bo-so"' in text_of(empty)
    nhan.post(url("request_void", document), op(reason="Cấp nhầm sổ"))
    assert nhan.post(url("confirm_void", document), op(step_up_code=PASSWORD)).status_code == 403
    wrong = khue.post(url("confirm_void", document), op(step_up_code="sai"))
    assert wrong.status_code == 409
    khue.post(url("confirm_void", document), op(step_up_code=PASSWORD))
    assert letters.again(document).as_state == State.CANCELLED
    page = text_of(nhan.get(reverse("outgoing:register_book"), {"so": "tu"}))
    assert "<s>01-TB/TU</s>" in page
    words = "· Số bỏ: Cấp nhầm sổ; người thứ hai xác nhận: Đỗ Minh Khuê"
    assert f"{letters.SUBJECT} {words}" in page
    assert "Sổ này đã cấp 1 số, trong đó 1 số bỏ. Không thiếu số, không trùng số." in page


def test_the_file_bears_its_number_and_readings_are_kept(office: SmallOffice, desk: Desk) -> None:
    document = letters.issued(office)
    answer = desk("suong").get(url("download", document))
    assert 'filename="01-TB-TU.pdf"' in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"
    assert b"".join(answer).startswith(b"%PDF")  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT action FROM audit_auditrow WHERE keep = 'read' AND object_id = %s",
            [document.public_id],
        )
        assert ("outgoing.downloaded",) in cursor.fetchall()


def test_pages_are_pictures_with_a_tag(office: SmallOffice, desk: Desk) -> None:
    document = letters.issued(office)
    client = desk("nhan")
    here = reverse("outgoing:page", args=[document.public_id, 1])
    first = client.get(here)
    assert first.content.startswith(b"\x89PNG")
    assert first["Cache-Control"] == "private, no-cache"
    assert client.get(here, headers={"if-none-match": first["ETag"]}).status_code == 304
    beyond = reverse("outgoing:page", args=[document.public_id, 99])
    assert client.get(beyond).status_code == 404


def test_the_signatures_in_plain_words(office: SmallOffice, desk: Desk) -> None:
    document = letters.issued(office)
    page = text_of(desk("nhan").get(url("signatures", document)))
    assert "Tệp có 2 chữ ký số, tất cả đều hợp lệ" in page
    assert "Chữ ký số của cơ quan Tỉnh ủy Sông Lam hợp lệ" in page


def test_a_document_goes_into_a_dossier_only_of_its_choice(office: SmallOffice, desk: Desk) -> None:
    document = letters.issued(office)
    client = desk("khue")
    page = text_of(client.get(url("file", document)))
    assert "Chưa có hồ sơ nào đang mở" in page
    for wanted in ("", str(uuid.uuid4())):
        answer = client.post(url("file", document), op(dossier=wanted))
        assert answer.status_code in (404, 409)


def test_the_list_filters_by_the_address(office: SmallOffice, desk: Desk) -> None:
    letters.signed(office)
    letters.numbered(office)
    client = desk("nhan")
    here = reverse("outgoing:list")

    def rows(**filters: str) -> int:
        return text_of(client.get(here, filters)).count('class="row-cell-link"')

    assert rows() == 2
    assert rows(tt="signed") == 1
    assert rows(loai="quyet-dinh") == 0
    assert rows(tim="DI DOI") == 2
    assert rows(tim="khong co") == 0
    assert rows(thang=f"{clock.today():%Y-%m}") == 2
    assert rows(thang="khong-phai-thang") == 2
    assert rows(so="vptu") == 0
    assert client.get(here, {"trang": "hong"}).status_code == 422
    assert "Không có văn bản nào khớp bộ lọc" in text_of(client.get(here, {"tim": "khong co"}))


def test_chosen_columns_are_remembered(office: SmallOffice, desk: Desk) -> None:
    client = desk("nhan")
    here = reverse("outgoing:register_book")
    client.get(here, {"cot": ["code", "subject", "kept"]})
    page = text_of(client.get(here))
    assert 'id="cot-kept" name="cot" value="kept" checked' in page
    assert 'id="cot-signer" name="cot" value="signer" checked' not in page


def test_the_register_goes_out_as_a_table_without_formulas(office: SmallOffice, desk: Desk) -> None:
    document = letters.issued(office)
    with_formula = '=HYPERLINK("http://x")'
    with writes_allowed():
        OutgoingDocument.objects.filter(pk=document.pk).update(signer_printed=with_formula)
    answer = desk("nhan").get(reverse("outgoing:register_book"), {"so": "tu", "xuat": "csv"})
    text = b"".join(answer).decode("utf-8-sig")  # type: ignore[arg-type]
    head, row = list(csv.reader(text.splitlines()))
    assert len(head) == 10
    assert row[0] == "01-TB/TU"
    assert row[3] == f"'{with_formula}"
    assert row[7] == today()


def test_a_printed_list_names_its_agency_its_filter_and_its_day(
    office: SmallOffice, desk: Desk
) -> None:
    letters.issued(office)
    today = clock.today()
    asked = {"thang": f"{today:%Y-%m}"}
    page = text_of(desk("nhan").get(reverse("outgoing:list"), asked))
    head = page[page.index('<div class="print-head">') :]
    for words in ("TỈNH ỦY SÔNG LAM", "DANH SÁCH VĂN BẢN ĐI", f"Tháng {today:%-m/%Y}"):
        assert words in head
    assert f"In ngày {today:%d/%m/%Y}." in head


def test_the_book_is_printed_whole_with_its_head(office: SmallOffice, desk: Desk) -> None:
    letters.numbered(office)
    page = text_of(desk("nhan").get(reverse("outgoing:register_book"), {"so": "tu", "in": "1"}))
    assert "SỔ ĐĂNG KÝ VĂN BẢN ĐI" in page
    assert "TỈNH ỦY SÔNG LAM" in page
    assert "js-print" in page


def test_the_book_opens_on_what_the_clerk_works_in_most(office: SmallOffice, desk: Desk) -> None:
    document = letters.numbered(office)
    page = text_of(desk("nhan").get(reverse("outgoing:register_book")))
    assert document.reference_code in page
    assert page.count("chưa có văn bản nào") == 0


def test_an_empty_book_says_so_once(office: SmallOffice, desk: Desk) -> None:
    page = text_of(desk("nhan").get(reverse("outgoing:register_book"), {"so": "vptu"}))
    assert page.count("Số đầu tiên sẽ là 01.") == 1


def test_a_letter_is_booked_to_whom_it_is_addressed(office: SmallOffice, desk: Desk) -> None:
    row = OutgoingDocument(
        recipients_printed=["Như trên", "Ban Tổ chức Tỉnh ủy (phối hợp)", "Lưu Văn phòng"],
        addressees=["Đảng ủy xã Đồng Mơ", "Đảng ủy xã Hạ Tân"],
    )
    assert columns.recipient_words(row) == "Đảng ủy xã Đồng Mơ +2"
    assert columns.recipient_words(row, in_full=True) == (
        "Đảng ủy xã Đồng Mơ; Đảng ủy xã Hạ Tân; Ban Tổ chức Tỉnh ủy (phối hợp)"
    )


def test_nobody_sees_the_book_of_another_agency(office: SmallOffice, desk: Desk) -> None:
    letters.numbered(office)
    page = text_of(desk("thao").get(reverse("outgoing:register_book"), {"so": "tu"}))
    assert "01-TB/TU" not in page
    assert "đã cấp" not in page


@pytest.mark.parametrize("make", [letters.signed, letters.numbered, letters.sealed, letters.issued])
def test_queries_of_the_issuing_page(
    office: SmallOffice, desk: Desk, django_assert_max_num_queries: Any, make: Any
) -> None:
    document = make(office)
    client = desk("nhan")
    client.get(url("detail", document))
    with django_assert_max_num_queries(15):
        client.get(url("detail", document))


def test_queries_of_list_and_register(
    office: SmallOffice, desk: Desk, django_assert_max_num_queries: Any
) -> None:
    letters.issued(office)
    voided = letters.numbered(office)
    commands.request_void(office.actor("nhan"), voided.public_id, reason="Nhầm", version=None)
    commands.confirm_void(office.actor("khue"), voided.public_id, version=None)
    client = desk("nhan")
    for here in (reverse("outgoing:list"), f"{reverse('outgoing:register_book')}?so=tu"):
        client.get(here)
        with django_assert_max_num_queries(15):
            client.get(here)
