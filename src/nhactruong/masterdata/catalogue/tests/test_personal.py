"""A person reads what is held about the person, corrects it by a note, and takes it out; all recorded."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel.errors import InvalidInput, NotFound
from nhactruong.kernel.states import Role
from nhactruong.masterdata.catalogue import commands
from nhactruong.masterdata.catalogue.models import CorrectionNote
from nhactruong.masterdata.catalogue.selectors import personal
from nhactruong.masterdata.organization.models import Person, PostRole
from nhactruong.masterdata.organization.tests.scenarios import (
    SINCE,
    SmallOffice,
    small_office,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> SmallOffice:
    return small_office()


def client_of(office: SmallOffice, person: str) -> Client:
    client = Client()
    client.force_login(office.user(person))
    return client


def page_of(office: SmallOffice, person: str) -> str:
    return reverse("catalogue:person", args=[office.people[person].public_id])


def guard(office: SmallOffice, agency: str, person: str) -> None:
    """That person is now the security officer of the agency."""
    with writes_allowed():
        PostRole.objects.create(
            post=office.posts[person],
            role=Role.SECURITY_ADMIN,
            agency=office.agencies[agency],
            valid=DateRange(SINCE, None),
        )


def test_one_reads_ones_own_data_from_the_page_of_ones_own(
    office: SmallOffice, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    client = client_of(office, "suong")
    assert reverse("catalogue:people") in client.get("/toi/").content.decode()
    assert client.get(reverse("catalogue:people")).headers["Location"] == page_of(office, "suong")
    with django_assert_max_num_queries(15):
        html = client.get(page_of(office, "suong")).content.decode()
    assert "Dữ liệu về tôi" in html
    assert "Họ và tên: Hoàng Mai Sương" in html
    assert "Chuyên viên Phòng Tổng hợp" in html
    assert "Nhạy cảm" in html
    assert "Thời hạn giữ" in html
    assert AuditRow.objects.filter(action="catalogue.person_read").count() == 1


def test_others_data_do_not_exist_but_for_the_security_officer(office: SmallOffice) -> None:
    for person in ("khue", "quan", "may"):
        assert client_of(office, person).get(page_of(office, "suong")).status_code == 404
    guard(office, "vptu", "mien")
    officer = client_of(office, "mien")
    listed = officer.get(reverse("catalogue:people"), {"tim": "hoang mai"}).content.decode()
    assert page_of(office, "suong") in listed
    assert page_of(office, "khue") not in listed
    assert "Dữ liệu về Hoàng Mai Sương" in officer.get(page_of(office, "suong")).content.decode()
    assert officer.get(page_of(office, "may")).status_code == 404
    row = AuditRow.objects.get(action="catalogue.person_read")
    assert (row.person_name, row.object_id) == ("Đinh Thùy Miên", office.people["suong"].public_id)


def test_a_correction_stands_beside_and_changes_nothing(office: SmallOffice) -> None:
    client, url = (
        client_of(office, "suong"),
        reverse("catalogue:correct", args=[office.people["suong"].public_id]),
    )
    said = {"operation_id": str(uuid.uuid4()), "dataset": "nhan-su", "text": "Tên đệm là Mỹ."}
    assert client.post(url, {**said, "text": ""}).status_code == 422
    answer = client.post(url, {**said, "operation_id": str(uuid.uuid4())})
    assert answer.status_code == 303
    assert "Tên đệm là Mỹ." in client.get(page_of(office, "suong")).content.decode()
    assert Person.objects.get(pk=office.people["suong"].pk).full_name == "Hoàng Mai Sương"
    assert AuditRow.objects.filter(action="catalogue.correction_noted").count() == 1
    other = client_of(office, "mien")
    assert other.post(url, {**said, "operation_id": str(uuid.uuid4())}).status_code == 404
    with pytest.raises(NotFound):
        commands.note_correction(
            office.actor("mien"), office.people["suong"].public_id, dataset="nhan-su", text="x"
        )
    with pytest.raises(InvalidInput):
        commands.note_correction(
            office.actor("suong"), office.people["suong"].public_id, dataset="co-quan", text="x"
        )
    assert CorrectionNote.objects.count() == 1


def test_what_is_taken_out_is_whole_recorded_and_no_formula(office: SmallOffice) -> None:
    commands.note_correction(
        office.actor("suong"),
        office.people["suong"].public_id,
        dataset="nhan-su",
        text='=HYPERLINK("x")',
    )
    answer = client_of(office, "suong").get(page_of(office, "suong"), {"xuat": "csv"})
    assert answer.headers["Cache-Control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    said = {row["Nội dung"] for row in rows}
    assert "Họ và tên: Hoàng Mai Sương" in said
    assert not any(cell.startswith("=") for row in rows for cell in row.values())
    assert {row["Phân loại"] for row in rows} == {"Cơ bản", "Nhạy cảm"}
    assert AuditRow.objects.filter(action="catalogue.person_exported").count() == 1


def test_every_data_set_about_people_is_counted(office: SmallOffice) -> None:
    about = {one.dataset.slug: one for one in personal.sets_about(office.people["suong"])}
    assert about["nhan-su"].count == 2
    assert about["tai-khoan"].count == 1
    assert about["uy-quyen"].count == 0
    assert {"nhat-ky", "van-ban-di", "van-ban-den", "chu-ky-so"} <= set(about)
