"""The pages: a file sent, watched, mended, approved by another with a code, and read as a file."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.audit.models import AuditRow
from nhactruong.masterdata.importing import handlers
from nhactruong.masterdata.importing.events import ListApproved, ListBroughtIn
from nhactruong.masterdata.importing.models import ListImport
from nhactruong.masterdata.importing.rules import State
from nhactruong.masterdata.importing.tests.files import (
    PEOPLE,
    again,
    brought_in,
    checked,
    csv_of,
    person_row,
)
from nhactruong.masterdata.organization.models import Person
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD, SmallOffice, small_office

pytestmark = pytest.mark.django_db

GOOD = (person_row("CB-1", "Lê Văn An"), person_row("mien", "Đinh Thùy Miên Hai",
        title="Chuyên viên Phòng Tổng hợp", unit="Phòng Tổng hợp"))  # fmt: skip
BAD = person_row("CB-2", '=cmd|"/c calc"', agency="A99.77")


@pytest.fixture
def office(db: None) -> SmallOffice:
    return small_office()


def client_of(office: SmallOffice, person: str) -> Client:
    client = Client()
    client.force_login(office.user(person))
    return client


def send(client: Client, content: bytes, **said: Any) -> Any:
    file = SimpleUploadedFile("nhan-su.csv", content, "text/csv")
    fields = {"list_code": PEOPLE.value, "file": file, "operation_id": str(uuid.uuid4()), **said}
    return client.post(reverse("importing:new"), fields)


def press(client: Client, name: str, found: ListImport, **said: Any) -> Any:
    fields = {"operation_id": str(uuid.uuid4()), "version": again(found).version, **said}
    return client.post(reverse(f"importing:{name}", args=[found.public_id]), fields)


def page_of(client: Client, found: ListImport, **asked: str) -> str:
    answer = client.get(reverse("importing:detail", args=[found.public_id]), asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_file_is_sent_watched_approved_and_written(
    office: SmallOffice, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    client, chief = client_of(office, "suong"), client_of(office, "khue")
    sent = send(client, csv_of(PEOPLE, GOOD), agency=office.agencies["vptu"].pk)
    assert sent.status_code == 303
    found = ListImport.objects.get()
    assert "Đã kiểm tra 0 dòng" in page_of(client, found)
    handlers.check(ListBroughtIn(import_id=found.public_id))
    with django_assert_max_num_queries(15):
        page = page_of(client, found)
    assert "Đinh Thùy Miên → Đinh Thùy Miên Hai" in page
    assert "không hoàn tác được" in page
    assert "Duyệt và ghi" not in page
    assert press(client, "approve", found, step_up_code=PASSWORD).status_code == 403
    with django_assert_max_num_queries(15):
        page = page_of(chief, found, xem="them-moi")
    assert "Duyệt và ghi" in page
    assert "Lê Văn An" in page
    refused = press(chief, "approve", found, step_up_code="")
    assert (refused.status_code, "Thiếu Mã xác nhận" in refused.content.decode()) == (422, True)
    assert press(chief, "approve", found, step_up_code=PASSWORD, version=99).status_code == 409
    assert press(chief, "approve", found, step_up_code=PASSWORD).status_code == 303
    assert "Đang ghi 2 dòng" in page_of(client, found)
    handlers.write(ListApproved(import_id=found.public_id))
    assert "Đã ghi toàn bộ danh sách" in page_of(client, found)
    assert press(chief, "approve", found, step_up_code=PASSWORD).status_code == 403
    assert Person.objects.get(key="mien").full_name == "Đinh Thùy Miên Hai"
    listed = client.get(reverse("importing:list")).content.decode()
    assert "nhan-su.csv" in listed
    assert "Đã ghi" in listed


def test_the_bar_becomes_the_report_when_the_check_is_done(office: SmallOffice) -> None:
    found = brought_in(office, PEOPLE, csv_of(PEOPLE, GOOD))
    client = client_of(office, "suong")
    address = reverse("importing:detail", args=[found.public_id])
    asked = client.get(address, headers={"HX-Request": "true"})
    assert asked.headers["HX-Reselect"] == "#tien-do-nhap"
    handlers.check(ListBroughtIn(import_id=found.public_id))
    asked = client.get(address, headers={"HX-Request": "true"})
    assert asked.headers["HX-Refresh"] == "true"


def test_faults_are_shown_page_by_page_and_as_a_file(office: SmallOffice) -> None:
    rows = [*GOOD, *(person_row(f"CB-{n}", "") for n in range(60)), BAD]
    found = checked(office, PEOPLE, csv_of(PEOPLE, rows))
    client = client_of(office, "suong")
    page = page_of(client, found)
    assert page.count("Thiếu Họ và tên.") == 50
    assert "Có lỗi" in page
    assert "xem=loi&amp;trang=" in page
    answer = client.get(reverse("importing:faults", args=[found.public_id]))
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert len(lines) == 62
    assert lines[-1].startswith("CB-2,\"'=cmd|"), "never a formula"
    assert "ngoài" in lines[-1] or "Không có cơ quan nào" in lines[-1]
    assert AuditRow.objects.filter(action="importing.faults_exported").exists()


def test_a_file_that_cannot_be_a_list_is_refused_at_its_field(office: SmallOffice) -> None:
    client, agency = client_of(office, "nhan"), office.agencies["tu"].pk
    for content, words in (
        (b"T\xean,b\n", "không ở dạng UTF-8"),
        ("Tên,Tuổi\n".encode(), "thiếu cột “Mã cán bộ”"),
        (b"", "0 byte"),
    ):
        answer = send(client, content, agency=agency)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    answer = send(client, csv_of(PEOPLE, GOOD), agency=office.agencies["dm"].pk)
    assert answer.status_code == 422
    assert client.post(reverse("importing:new"), {"operation_id": uuid.uuid4()}).status_code == 422
    assert not ListImport.objects.exists()


def test_no_is_said_with_a_reason_and_a_list_is_taken_back(office: SmallOffice) -> None:
    first, second = (checked(office, PEOPLE, csv_of(PEOPLE, GOOD)) for _ in range(2))
    chief, author = client_of(office, "le"), client_of(office, "suong")
    answer = press(chief, "refuse", first, reason=" ")
    assert (answer.status_code, "phải ghi lý do" in answer.content.decode()) == (422, True)
    assert press(author, "refuse", first, reason="Thôi").status_code == 403
    assert press(chief, "refuse", first, reason="Thiếu phòng").status_code == 303
    assert "Không duyệt: Thiếu phòng" in page_of(author, first)
    assert press(chief, "withdraw", second).status_code == 403
    assert press(author, "withdraw", second).status_code == 303
    assert again(second).as_state is State.WITHDRAWN
    waiting = brought_in(office, PEOPLE, csv_of(PEOPLE, GOOD))
    assert press(author, "withdraw", waiting).status_code == 303
    handlers.check(ListBroughtIn(import_id=waiting.public_id))
    assert again(waiting).rows_checked == 0


def test_the_administrator_sees_that_it_runs_and_nothing_of_it(office: SmallOffice) -> None:
    found = checked(office, PEOPLE, csv_of(PEOPLE, GOOD))
    client = client_of(office, "quan")
    page = client.get(reverse("importing:list")).content.decode()
    assert "Chờ duyệt" in page
    assert "danh-sach.csv" not in page
    assert "Hoàng Mai Sương" not in page
    assert reverse("importing:detail", args=[found.public_id]) not in page
    for name in ("detail", "faults"):
        assert client.get(reverse(f"importing:{name}", args=[found.public_id])).status_code == 404


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_lists_go_out_as_they_come_in(office: SmallOffice, form: str) -> None:
    client = client_of(office, "suong")
    answer = client.get(reverse("importing:take_out", args=[PEOPLE.value]), {"dang": form})
    found = checked(office, PEOPLE, answer.getvalue())
    assert (found.as_state, found.same_count) == (State.UNCHANGED, 11)
    row = AuditRow.objects.get(action="importing.list_exported")
    assert (row.facts["list"], row.facts["form"]) == (PEOPLE.value, form)
    empty = client.get(reverse("importing:template", args=[PEOPLE.value]), {"dang": form})
    unread = checked(office, PEOPLE, empty.getvalue())
    assert (unread.as_state, "không có dòng nào" in unread.reason) == (State.UNREADABLE, True)


def statuses(office: SmallOffice, name: str, people: Sequence[str], *args: str) -> list[int]:
    found = []
    for person in people:
        answer = client_of(office, person).get(reverse(f"importing:{name}", args=args))
        found.append(answer.status_code)
        if answer.streaming:
            answer.getvalue()  # read to its end, so that the file is closed
    return found


def test_whose_pages_these_are(office: SmallOffice) -> None:
    assert statuses(office, "list", ["khoi", "luu", "quan", "thao"]) == [403, 403, 200, 200]
    assert statuses(office, "new", ["khoi", "quan", "lam"]) == [403, 403, 200]
    assert statuses(office, "take_out", ["quan", "nhan"], PEOPLE.value) == [403, 200]
    assert statuses(office, "template", ["suong"], "la") == [404]
    denied = client_of(office, "khoi").get(reverse("importing:list")).content.decode()
    assert "dòng 20 bảng quyền" in denied
