"""Cảnh báo: what is alarming is found once, told, and noted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor, service_actor
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.oversight.inspection.commands import alarms, emergencies
from nhactruong.oversight.inspection.models import Alert
from nhactruong.oversight.inspection.rules import Footprint, bursts, is_night, two_places
from nhactruong.oversight.inspection.tests.watchers import Browser, express_letter
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.tests import letters

WATCHMAN = service_actor("watchman", "Hệ thống")
NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def found() -> list[str]:
    return [alert.rule for alert in alarms.find_alarms(WATCHMAN)]


def download(actor: Actor, letter: IncomingDocument, times: int) -> None:
    for _ in range(times):
        audit.record_reading(actor, "incoming.downloaded", letter)


def test_a_burst_is_more_than_allowed_in_any_window() -> None:
    def at(*minutes: float) -> list[datetime]:
        return [NOON + timedelta(minutes=m) for m in minutes]

    ten = timedelta(minutes=10)
    assert list(bursts(at(0, 1, 2), most=3, window=ten)) == []
    assert list(bursts(at(0, 5, 10.1, 15.2), most=2, window=ten)) == []
    (one,) = bursts(at(0, 4, 9, 10, 30), most=3, window=ten)
    assert (one.count, one.first_at, one.last_at) == (4, NOON, NOON + ten)
    assert len(list(bursts(at(0, 1, 2, 60, 61, 62), most=2, window=ten))) == 2


@pytest.mark.parametrize(("hour", "night"), [(21, False), (22, True), (2, True), (5, False)])
def test_the_night_crosses_midnight(hour: int, night: bool) -> None:
    assert is_night(hour, from_hour=22, to_hour=5) is night


@pytest.mark.django_db
def test_more_than_fifty_downloads_in_ten_minutes_alarm_once(office: SmallOffice) -> None:
    letter = letters.assigned(office)
    actor = office.actor("mien")
    download(actor, letter, 50)
    assert "mass_download" not in found()
    download(actor, letter, 1)
    assert found().count("mass_download") == 1
    download(actor, letter, 5)
    assert found() == []
    page = Browser(office, "kiem").read("/nhat-ky/canh-bao/")
    assert "Đinh Thùy Miên" in page
    assert "CẢNH BÁO. Tải nhiều văn bản" in Browser(office, "khue").read("/toi/thong-bao/")


@pytest.mark.parametrize(
    ("steps", "alarming"),
    [
        ("a1 b2", False),  # went from one desk to another
        ("a1 b2 a1", True),
        ("a1 b1 a1", False),  # two browsers on one machine
        ("a1 a2 a1", False),  # one session, whose address changes
        ("a1 b2 - a1", False),  # back much later
    ],
)
def test_to_and_fro_between_two_places_is_two_people(steps: str, alarming: bool) -> None:
    at, made = NOON, []
    for step in steps.split():
        at += timedelta(minutes=11 if step == "-" else 2)
        if step != "-":
            made.append(Footprint(at, step[0], step[1]))
    assert bool(list(two_places(made, window=timedelta(minutes=10)))) is alarming


@pytest.mark.django_db
def test_an_account_lent_to_a_colleague_alarms_once(office: SmallOffice) -> None:
    letter = letters.registered(office)
    at_the_desk = replace(office.actor("khue"), session_id="a", client_address="10.0.0.5")
    elsewhere = replace(at_the_desk, session_id="b", client_address="10.0.9.9")
    for actor in (at_the_desk, elsewhere):
        audit.record_reading(actor, "incoming.opened", letter)
    assert "two_places" not in found()
    audit.record_reading(at_the_desk, "incoming.opened", letter)
    assert found().count("two_places") == 1
    audit.record_reading(elsewhere, "incoming.opened", letter)
    assert "two_places" not in found()


@pytest.mark.django_db
def test_administration_at_night_alarms(office: SmallOffice) -> None:
    day = clock.local(clock.now()).replace(hour=14, minute=0)
    for hour, alarming in ((14, False), (23, True)):
        with clock.frozen_at(day.replace(hour=hour)):
            audit.record(office.actor("quan"), "organization.unit_created", None)
        with clock.frozen_at(day.replace(hour=hour, minute=1)):
            assert ("night_administration" in found()) is alarming


@pytest.mark.django_db
def test_repeated_denials_alarm(office: SmallOffice) -> None:
    for number in range(11):
        assert "repeated_denials" not in found()
        audit.record(office.actor("suong"), "access.denied", None, outcome="denied", n=number)
    assert "repeated_denials" in found()


@pytest.mark.django_db
def test_a_seal_without_a_number_alarms(office: SmallOffice) -> None:
    letter = letters.registered(office)
    audit.record(office.actor("nhan"), "outgoing.numbered", letter)
    audit.record(office.actor("nhan"), "outgoing.sealed", letter)
    assert found() == []
    other = letters.registered(office, letters.again(reference_code="9-BC/ĐU"))
    audit.record(office.actor("nhan"), "outgoing.sealed", other)
    assert found() == ["seal_without_number"]


@pytest.mark.django_db
def test_an_emergency_alarms_and_again_when_it_is_not_reviewed(office: SmallOffice) -> None:
    letter = express_letter(office)
    made = emergencies.request(
        office.actor("mien"), asked=letter.reference_code, reason="Bão", minutes=30
    )
    emergencies.allow(office.actor("khue"), made.public_id, object_id=None, version=None)
    emergencies.open_sight(office.actor("mien"), made.public_id)
    assert found() == ["emergency"]
    with clock.frozen_at(clock.now() + timedelta(days=8)):
        assert found() == ["emergency_unreviewed"]


@pytest.mark.django_db
def test_an_alarm_is_noted_with_a_conclusion(office: SmallOffice) -> None:
    download(office.actor("mien"), letters.assigned(office), 51)
    alarms.find_alarms(WATCHMAN)
    alert = Alert.objects.get(rule="mass_download")
    page = f"/nhat-ky/canh-bao/{alert.public_id}/"
    auditor = Browser(office, "kiem")
    assert auditor.send(f"{page}ghi-nhan/", conclusion="").status_code == 422
    assert auditor.send(f"{page}ghi-nhan/", conclusion="In phục vụ họp.").status_code == 303
    assert auditor.send(f"{page}ghi-nhan/", conclusion="Lần nữa").status_code == 409
    assert "In phục vụ họp." in Browser(office, "khue").read(page)
    assert AuditRow.objects.filter(action="alert.noted").exists()
    for who in ("mien", "quan", "son"):
        assert Browser(office, who).get(page).status_code == 404
