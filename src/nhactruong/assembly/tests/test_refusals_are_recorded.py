"""Whoever is refused is written down: once, without content, whatever became of the act."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.accounts.commands import issue_api_token
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.kernel.actor import service_actor
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice, small_office
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.tests import letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> SmallOffice:
    return small_office()


@pytest.fixture
def letter(office: SmallOffice) -> OutgoingDocument:
    return letters.submitted(office)


def sit(office: SmallOffice, person: str) -> Client:
    client = Client(headers={"User-Agent": "Trình duyệt thử"})
    client.force_login(office.user(person))
    return client


def refusals() -> list[AuditRow]:
    return list(AuditRow.objects.exclude(outcome="ok").order_by("pk"))


def test_who_asks_for_what_they_may_not_see_is_written_down_and_sees_nothing(
    office: SmallOffice, letter: OutgoingDocument
) -> None:
    address = reverse("outgoing:detail", args=[letter.public_id])
    outsider = sit(office, "may")
    assert outsider.get(address).status_code == 404
    (row,) = refusals()
    assert (row.action, row.outcome, row.object_id) == (
        *("access.not_visible", "denied"),
        letter.public_id,
    )
    assert (row.user_id, row.device) == (office.user("may").pk, "Trình duyệt thử")
    assert (row.auth_method, len(row.request_id)) == ("password", 32)
    assert row.facts == {"method": "GET", "view": "outgoing:detail"}
    assert letter.subject not in str(row.__dict__)


def test_what_never_was_is_not_refused_and_strangers_are_nobody(
    office: SmallOffice, letter: OutgoingDocument
) -> None:
    outsider = sit(office, "may")
    for address in (reverse("outgoing:detail", args=[uuid.uuid4()]), "/khong-co-trang-nay/"):
        assert outsider.get(address).status_code == 404
    Client().get(reverse("outgoing:detail", args=[letter.public_id]))
    assert refusals() == []


def test_an_act_that_is_denied_is_written_down_though_it_was_rolled_back(
    office: SmallOffice, letter: OutgoingDocument
) -> None:
    address = reverse("outgoing:request_seal", args=[letter.public_id])
    answer = sit(office, "suong").post(
        address, {"operation_id": str(uuid.uuid4()), "version": "1", "code": "x"}
    )
    assert answer.status_code == 403
    (row,) = [row for row in refusals() if row.action == "access.denied"]
    assert (row.object_id, row.facts["method"]) == (letter.public_id, "POST")


def test_a_machine_is_refused_by_its_key(office: SmallOffice, letter: OutgoingDocument) -> None:
    key = issue_api_token(service_actor("test", "Thử"), office.user("may"), "máy")
    answer = Client().get(
        f"/api/v1/outgoing-documents/{letter.public_id}", headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.status_code == 404
    (row,) = refusals()
    assert (row.auth_method, row.object_id) == ("key", letter.public_id)
    assert row.reason_code
