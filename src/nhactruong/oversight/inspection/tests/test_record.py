"""Nhật ký: who reads how much, who has seen a letter, and that looking is recorded."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel import clock
from nhactruong.kernel.states import Secrecy
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.oversight.inspection.tests.watchers import Browser
from nhactruong.oversight.inspection.words import act_words
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.tests import letters

pytestmark = pytest.mark.django_db
PAGE = "/nhat-ky/"


@pytest.fixture
def letter(office: SmallOffice) -> IncomingDocument:
    """A letter assigned to Sương, read by her and by her head."""
    made = letters.assigned(office)
    for who in ("suong", "lam"):
        Browser(office, who).read(f"/van-ban-den/{made.public_id}/")
    return made


def test_the_auditor_searches_by_person_thing_act_outcome_and_day(
    office: SmallOffice, letter: IncomingDocument
) -> None:
    auditor = Browser(office, "kiem")
    page = auditor.read(PAGE)
    assert "<td>Bút phê" in page
    assert letter.subject not in page
    assert "Ngô Thị Hạnh" not in auditor.read(PAGE, nguoi="Hoàng Mai Sương")
    assert "Mở xem văn bản đến" in auditor.read(PAGE, nguoi="mai suong", loai="reading")
    by_number = auditor.read(PAGE, **{"van-ban": letter.reference_code})
    assert "Giao chuyên viên" in by_number
    assert "Lập đơn vị" not in by_number
    yesterday = clock.today() - timedelta(days=1)
    assert "Không có việc nào khớp" in auditor.read(PAGE, den=f"{yesterday:%d/%m/%Y}")
    assert "Không có việc nào khớp" in auditor.read(PAGE, **{"ket-qua": "denied"})
    assert AuditRow.objects.filter(action="audit.searched").count() == 5


def test_everybody_reads_as_far_as_the_table_says(
    office: SmallOffice, letter: IncomingDocument
) -> None:
    assert "<td>Bút phê" not in Browser(office, "suong").read(PAGE)
    assert "Mở xem văn bản đến" in Browser(office, "suong").read(PAGE)
    administrator = Browser(office, "quan").read(PAGE)
    assert "Lập tài khoản" in administrator or "Lập chức danh" in administrator
    assert "<td>Bút phê" not in administrator
    assert "Mở xem" not in administrator
    head = Browser(office, "lam").read(PAGE)
    assert "Tóm tắt từ đầu tháng" in head
    assert "Hoàng Mai Sương" in head
    assert "Bùi Thị Nhạn" not in head
    assert "Tóm tắt từ đầu tháng" in Browser(office, "khoi").read(PAGE)
    assert "<td>Bút phê" in Browser(office, "khue").read(PAGE)
    # Another agency's record is not theirs.
    assert "<td>Bút phê" not in Browser(office, "son").read(PAGE)


def test_who_has_seen_a_letter(office: SmallOffice, letter: IncomingDocument) -> None:
    address = f"/nhat-ky/ai-da-xem/{letter.public_id}/"
    for who in ("suong", "lam", "khue", "kiem"):
        page = Browser(office, who).read(address)
        assert "Hoàng Mai Sương" in page
        assert "Vũ Ngọc Lâm" in page
    for who in ("nhan", "mien", "quan", "son", "toan"):
        assert Browser(office, who).get(address).status_code == 404
    assert "Ai đã xem" in Browser(office, "suong").read(f"/van-ban-den/{letter.public_id}/")
    assert "Ai đã xem" not in Browser(office, "nhan").read(f"/van-ban-den/{letter.public_id}/")


def test_the_history_of_a_letter_is_for_who_reads_all(
    office: SmallOffice, letter: IncomingDocument
) -> None:
    address = f"/nhat-ky/lich-su/{letter.public_id}/"
    page = Browser(office, "kiem").read(address)
    assert page.index("Giao chuyên viên") < page.index("Vào sổ văn bản đến")
    assert letter.subject not in page
    assert Browser(office, "suong").get(address).status_code == 404
    assert Browser(office, "son").get(address).status_code == 404


def test_a_refused_attempt_opens_no_history(office: SmallOffice, letter: IncomingDocument) -> None:
    # Sơn heads the office of another agency: he tries the letter of Tỉnh ủy, and it is written down.
    son = Browser(office, "son")
    assert son.get(f"/van-ban-den/{letter.public_id}/").status_code == 404
    refused = AuditRow.objects.get(
        outcome="denied", object_id=letter.public_id, user_id=office.user("son").pk
    )
    assert refused.agency_id not in (None, letter.agency_id)
    answers = [son.get(f"/nhat-ky/lich-su/{one}/") for one in (letter.public_id, uuid.uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert letter.reference_code not in answers[0].content.decode()
    assert f"/nhat-ky/lich-su/{letter.public_id}/" not in son.read(PAGE)


def test_the_head_of_office_reads_no_history_of_what_is_kept_from_him(
    office: SmallOffice, letter: IncomingDocument
) -> None:
    address = f"/nhat-ky/lich-su/{letter.public_id}/"
    assert Browser(office, "khue").get(address).status_code == 200
    with writes_allowed():
        IncomingDocument.objects.filter(pk=letter.pk).update(secrecy=Secrecy.SECRET)
    assert Browser(office, "khue").get(f"/van-ban-den/{letter.public_id}/").status_code == 404
    assert Browser(office, "khue").get(address).status_code == 404
    assert address not in Browser(office, "khue").read(PAGE)
    assert Browser(office, "kiem").get(address).status_code == 200


def test_taking_the_record_out_is_confirmed_and_recorded(
    office: SmallOffice, letter: IncomingDocument
) -> None:
    auditor = Browser(office, "kiem")
    assert "d-xuat" in auditor.read(PAGE)
    answer = auditor.send("/nhat-ky/xuat/", loai="incoming", reason="Kiểm tra quý IV")
    table = b"".join(answer).decode("utf-8-sig")
    assert "Bút phê" in table
    row = AuditRow.objects.get(action="audit.list_exported")
    assert row.reason == "Kiểm tra quý IV"
    assert row.facts["filters"]["loai"] == "incoming"
    assert Browser(office, "suong").send("/nhat-ky/xuat/").status_code == 403
    assert auditor.get("/nhat-ky/xuat/").status_code == 405


def test_pages_go_by_key(
    office: SmallOffice, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        audit.record(office.actor("kiem"), "audit.searched", None, number=number)
    auditor = Browser(office, "kiem")
    with django_assert_max_num_queries(15):
        page = auditor.read(PAGE, loai="oversight")
    assert "trang=" in page


def test_every_act_of_the_record_has_words() -> None:
    assert act_words("incoming.registered") == "Vào sổ văn bản đến"
    assert act_words("never.heard_of") == "never.heard_of"
