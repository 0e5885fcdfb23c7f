"""The register of devices: two custodians where the law wants them, receipt, loss, the near end."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.notices.models import Notice
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel import clock
from nhactruong.kernel.actor import service_actor
from nhactruong.kernel.errors import AccessDenied, InvalidInput, NotFound
from nhactruong.masterdata.devices import checks, commands, rules, selectors
from nhactruong.masterdata.devices.models import Device
from nhactruong.masterdata.devices.rules import Kind, State
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD, SmallOffice, small_office

LIST = "/thiet-bi/"
WATCHER = service_actor("device-watcher", "Hệ thống")


@pytest.fixture
def office(db: None) -> SmallOffice:
    return small_office()


def entered(office: SmallOffice, kind: Kind = Kind.SIGNING_DEVICE, **said: Any) -> Device:
    entry: dict[str, Any] = {
        "agency_id": office.agencies["vptu"].pk,
        "kind": kind,
        "serial": "TK-2611",
        "name": "Thiết bị ký số",
        "issuer": "Ban Cơ yếu Chính phủ",
        "holder_id": office.people["suong"].pk,
        "second_id": None,
        "valid_until": None,
        "basis": "Quyết định cấp thiết bị",
        **said,
    }
    return commands.register_device(office.actor("quan"), commands.Entry(**entry))


@pytest.mark.parametrize(
    ("left", "warned", "due"),
    [
        (61, None, None),
        (60, None, 60),
        (45, 60, None),
        (30, 60, 30),
        (7, 30, 7),
        (7, 7, None),
        (0, 30, 7),
        (-1, None, None),
        (5, None, 7),
    ],
)
def test_each_threshold_is_told_of_once(left: int, warned: int | None, due: int | None) -> None:
    today = clock.today()
    assert rules.warning_due(today + timedelta(days=left), today, warned) == due


def test_what_has_no_end_is_never_warned_of() -> None:
    assert rules.warning_due(None, clock.today(), None) is None


def test_nobody_keeps_an_hsm_alone(office: SmallOffice) -> None:
    suong, lam = office.people["suong"].pk, office.people["lam"].pk
    for second in (None, suong):
        with pytest.raises(InvalidInput) as refused:
            entered(office, Kind.HSM, second_id=second)
        assert list(refused.value.fields or {}) == ["second"]
    device = entered(office, Kind.HSM, second_id=lam)
    with pytest.raises(InvalidInput):
        entered(office, Kind.SIGNING_DEVICE, serial="TK-2", second_id=lam)
    with pytest.raises(IntegrityError), transaction.atomic(), writes_allowed():
        Device.objects.filter(pk=device.pk).update(second=None)


def test_each_custodian_receives_for_himself(office: SmallOffice) -> None:
    device = entered(office, Kind.CIPHER, second_id=office.people["lam"].pk)
    for person in ("quan", "khue"):
        with pytest.raises(AccessDenied):
            commands.receive(office.actor(person), device.public_id, version=None)
    commands.receive(office.actor("suong"), device.public_id, version=None)
    device.refresh_from_db()
    assert not device.is_received
    with pytest.raises(AccessDenied):
        commands.receive(office.actor("suong"), device.public_id, version=None)
    assert commands.receive(office.actor("lam"), device.public_id, version=None).is_received


def test_handed_over_it_must_be_received_anew(office: SmallOffice) -> None:
    device = entered(office)
    commands.receive(office.actor("suong"), device.public_id, version=None)
    nhan = office.people["nhan"].pk
    said: dict[str, Any] = {"second_id": None, "basis": "Biên bản", "version": None}
    with pytest.raises(AccessDenied):
        commands.hand_over(office.actor("suong"), device.public_id, holder_id=nhan, **said)
    with pytest.raises(InvalidInput):
        commands.hand_over(
            office.actor("quan"), device.public_id, holder_id=office.people["thao"].pk, **said
        )
    after = commands.hand_over(office.actor("quan"), device.public_id, holder_id=nhan, **said)
    assert (after.holder_id, after.is_received) == (nhan, False)
    with pytest.raises(NotFound):
        selectors.get_visible(office.actor("suong"), device.public_id)


def test_a_loss_is_told_at_once_and_stands(office: SmallOffice) -> None:
    device = entered(office)
    with pytest.raises(NotFound):
        commands.report_loss(office.actor("nhan"), device.public_id, reason="Mất", version=None)
    with pytest.raises(InvalidInput):
        commands.report_loss(office.actor("suong"), device.public_id, reason=" ", version=None)
    lost = commands.report_loss(
        office.actor("suong"), device.public_id, reason="Rơi trên đường", version=None
    )
    assert lost.as_state is State.LOST
    told = Notice.objects.filter(kind=commands.LOST, token__in=office.actor("khue").tokens)
    assert "báo mất" in told.get().text
    with pytest.raises(AccessDenied):
        commands.report_loss(office.actor("suong"), device.public_id, reason="Lại", version=None)
    row = AuditRow.objects.get(action="device.lost")
    assert (row.object_id, row.reason) == (device.public_id, "Rơi trên đường")


def test_a_number_stands_once_until_it_is_returned(office: SmallOffice) -> None:
    device = entered(office)
    with pytest.raises(InvalidInput) as refused:
        entered(office)
    assert list(refused.value.fields or {}) == ["serial"]
    commands.take_back(office.actor("quan"), device.public_id, reason="Đổi máy", version=None)
    assert entered(office).pk != device.pk


def test_the_near_end_is_told_to_holder_keeper_and_head_once(office: SmallOffice) -> None:
    entered(office, valid_until=clock.today() + timedelta(days=30))
    assert commands.warn_of_ends(WATCHER) == 1
    assert commands.warn_of_ends(WATCHER) == 0
    for person in ("suong", "quan", "khue"):
        mine = Notice.objects.filter(kind=commands.ENDING, token__in=office.actor(person).tokens)
        assert "hết hạn ngày" in mine.get().text, person
    assert not Notice.objects.filter(
        kind=commands.ENDING, token__in=office.actor("nhan").tokens
    ).exists()


def test_what_is_over_and_still_held_is_found_in_the_quality_of_data(office: SmallOffice) -> None:
    entered(office, valid_until=clock.today() - timedelta(days=1))
    found = list(checks.devices_expired(clock.today(), [office.agencies["vptu"].pk]))
    assert [one.agency_id for one in found] == [office.agencies["vptu"].pk]
    assert list(checks.devices_expired(clock.today(), [office.agencies["dm"].pk])) == []


def signed_in(office: SmallOffice, person: str) -> Client:
    client = Client()
    client.force_login(office.user(person))
    return client


def test_entered_received_and_reported_on_the_pages(office: SmallOffice) -> None:
    quan, suong = signed_in(office, "quan"), signed_in(office, "suong")
    assert "không giữ thiết bị nào" in suong.get(LIST).content.decode()
    form = {
        "operation_id": str(uuid.uuid4()),
        "agency": office.agencies["vptu"].pk,
        "kind": "signing_device",
        "serial": "TK-77",
        "name": "USB ký số",
        "issuer": "Ban Cơ yếu Chính phủ",
        "valid_until": "",
        "holder": office.people["suong"].pk,
        "second": "",
        "basis": "Quyết định 12",
        "step_up_code": "sai",
    }
    wrong = quan.post(reverse("devices:enter"), form)
    assert wrong.status_code == 409
    assert "USB ký số" in wrong.content.decode()
    form.update(operation_id=str(uuid.uuid4()), step_up_code=PASSWORD)
    address = quan.post(reverse("devices:enter"), form).headers["Location"]
    assert "Chờ ký nhận" in suong.get(LIST).content.decode()
    pressed = {"operation_id": str(uuid.uuid4()), "version": "1"}
    assert suong.post(f"{address}ky-nhan/", pressed).status_code == 303
    assert "Đang giữ" in suong.get(address).content.decode()
    lost = {"operation_id": str(uuid.uuid4()), "version": "2", "reason": ""}
    missing = suong.post(f"{address}bao-mat/", lost)
    assert missing.status_code == 422
    assert "Thiếu Lý do" in missing.content.decode()
    stale = {"operation_id": str(uuid.uuid4()), "version": "1", "reason": "Rơi"}
    assert suong.post(f"{address}bao-mat/", stale).status_code == 409
    assert signed_in(office, "nhan").get(address).status_code == 404


def test_the_register_is_narrowed_by_its_address(office: SmallOffice) -> None:
    entered(office, valid_until=clock.today() + timedelta(days=10))
    entered(office, Kind.HSM, serial="H-9", name="HSM kho", second_id=office.people["lam"].pk)
    client = signed_in(office, "khue")
    both = client.get(LIST).content.decode()
    assert "HSM kho" in both
    soon = client.get(LIST, {"han": "soon"}).content.decode()
    assert "TK-2611" in soon
    assert "HSM kho" not in soon
    assert "HSM kho" in client.get(LIST, {"tim": "h-9", "loai": "hsm"}).content.decode()
    assert "Không có thiết bị nào khớp" in client.get(LIST, {"tim": "zzz"}).content.decode()


def test_the_pages_ask_the_store_little(
    office: SmallOffice, django_assert_max_num_queries: Any
) -> None:
    device = entered(office)
    client = signed_in(office, "quan")
    client.get(LIST)
    for name, args in (("list", []), ("detail", [device.public_id]), ("enter", [])):
        with django_assert_max_num_queries(15):
            client.get(reverse(f"devices:{name}", args=args))
