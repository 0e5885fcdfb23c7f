"""A large register leaves the house only with a second person's word."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel import clock
from nhactruong.kernel.errors import AccessDenied, InvalidInput
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice, small_office
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.tests import letters
from nhactruong.records.releases import commands
from nhactruong.records.releases.models import Release
from nhactruong.records.releases.rules import FREE_ROWS

pytestmark = pytest.mark.django_db
BOOK = "/van-ban-den/so/?xuat=csv"


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Any) -> SmallOffice:
    settings.STATE_FOLDER = tmp_path
    settings.FILE_STORE = tmp_path / "files"
    return small_office()


def fill(office: SmallOffice, many: int) -> None:
    """The register of Tỉnh ủy holds `many` lines."""
    first = letters.registered(office)
    with writes_allowed():
        for number in range(1, many):
            document = first.document
            document.pk, document.public_id, document._state.adding = None, uuid.uuid4(), True
            document.save()
            copy = IncomingDocument.objects.get(pk=first.pk)
            copy.pk, copy.public_id, copy._state.adding = None, uuid.uuid4(), True
            copy.document, copy.arrival_number = document, number + 1
            copy.save()


def browser(office: SmallOffice, person: str) -> Client:
    client = Client()
    client.force_login(office.user(person))
    return client


def press(client: Client, address: str, **sent: str) -> Any:
    return client.post(address, {"operation_id": str(uuid.uuid4()), **sent})


def asked(office: SmallOffice, person: str = "nhan", rows: int = 101) -> Release:
    return commands.ask(
        office.actor(person),
        agency_id=office.agencies["tu"].pk,
        title="Sổ đăng ký văn bản đến",
        address="/van-ban-den/so/?co-quan=1&xuat=csv",
        rows=rows,
        reason="Đối chiếu với lưu trữ",
    )


def test_a_large_register_leaves_only_with_a_second_person(office: SmallOffice) -> None:
    fill(office, FREE_ROWS + 1)
    clerk, chief = browser(office, "nhan"), browser(office, "khue")
    turned = clerk.get(BOOK)
    assert turned.status_code == 303
    form = clerk.get(turned.headers["Location"])
    assert "Sổ đăng ký văn bản đến, Tỉnh ủy Sông Lam" in form.content.decode()
    assert press(clerk, turned.headers["Location"]).status_code == 422
    press(clerk, turned.headers["Location"], reason="Đối chiếu với lưu trữ")
    release = Release.objects.get()
    assert release.rows == FREE_ROWS + 1
    page = f"/xuat-du-lieu/{release.public_id}/"
    assert "Lập bảng" not in clerk.get(page).content.decode()
    assert clerk.get(release.address).status_code == 303

    assert "Xuất Sổ đăng ký văn bản đến" in chief.get("/hop-viec/").content.decode()
    assert press(chief, f"{page}duyet/").status_code == 303
    table = b"".join(clerk.get(release.address)).decode("utf-8-sig")  # type: ignore[arg-type]
    assert len(table.splitlines()) == FREE_ROWS + 2
    assert AuditRow.objects.filter(action="incoming.register_exported").count() == 1
    # For nobody else, for no other filter, and not tomorrow.
    assert chief.get(release.address).status_code == 303
    assert clerk.get(f"{release.address}&loai=bao-cao").status_code == 303
    with clock.frozen_at(clock.now() + timedelta(hours=25)):
        assert clerk.get(release.address).status_code in (302, 303)


def test_a_small_register_leaves_freely(office: SmallOffice) -> None:
    fill(office, 2)
    assert browser(office, "nhan").get(BOOK).status_code == 200


def test_nobody_allows_his_own_request(office: SmallOffice) -> None:
    own = asked(office, "khue")
    with pytest.raises(AccessDenied) as refusal:
        commands.allow(office.actor("khue"), own.public_id, version=None)
    assert refusal.value.code == "release.own_request"
    with pytest.raises(IntegrityError), transaction.atomic(), writes_allowed():
        Release.objects.filter(pk=own.pk).update(decided_person_id=own.asked_person_id)
    # The Phó Bí thư is asked instead.
    assert "Xuất Sổ" in browser(office, "thu").get("/hop-viec/").content.decode()
    assert commands.allow(office.actor("thu"), own.public_id, version=None).state == "allowed"


def test_a_refusal_says_why_and_is_told(office: SmallOffice) -> None:
    release = asked(office)
    chief = browser(office, "khue")
    address = f"/xuat-du-lieu/{release.public_id}/khong-duyet/"
    assert press(chief, address).status_code == 422
    press(chief, address, reason="Chưa rõ nơi nhận")
    said = browser(office, "nhan").get("/toi/thong-bao/").content.decode()
    assert "không được duyệt" in said
    with pytest.raises(AccessDenied):
        commands.allow(office.actor("thu"), release.public_id, version=None)


def test_what_the_register_counted_is_not_changed_on_the_way(office: SmallOffice) -> None:
    clerk = browser(office, "nhan")
    assert clerk.get("/xuat-du-lieu/de-nghi/?bang=1:x:y").status_code == 422
    with pytest.raises(InvalidInput):
        commands.refuse(
            office.actor("khue"), asked(office).public_id, reason="x" * 1001, version=None
        )


def test_others_do_not_know_of_it(office: SmallOffice) -> None:
    release = asked(office)
    for stranger in ("suong", "thao", "quan"):
        page = browser(office, stranger).get(f"/xuat-du-lieu/{release.public_id}/")
        assert page.status_code == 404
