"""What is wrong with the data is found, counted once a day, and shown to whoever answers for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.test import Client
from django.urls import reverse

from nhactruong.assembly import worker
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel import clock
from nhactruong.kernel.actor import service_actor
from nhactruong.kernel.states import Role
from nhactruong.masterdata.catalogue import commands, datasets
from nhactruong.masterdata.catalogue.models import QualityReading
from nhactruong.masterdata.catalogue.selectors import quality
from nhactruong.masterdata.codelists.models import CodeEntry
from nhactruong.masterdata.organization.models import (
    Agency,
    Delegation,
    Holding,
    Organ,
    Person,
    RegistryService,
    SigningAuthority,
    Term,
    Unit,
)
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice, small_office
from nhactruong.records.dossiers.models import PlanHeading

pytestmark = pytest.mark.django_db
TODAY = clock.today()
LONG_AGO = date(2025, 7, 1)
READER = service_actor("data-reader", "Hệ thống")


@pytest.fixture
def office() -> SmallOffice:
    return small_office()


def found(code: str, agency_ids: list[int] | None = None) -> list[tuple[int, str]]:
    check = datasets.check_of(code)
    assert check is not None
    return [(one.agency_id, one.what) for one in check.find()(TODAY, agency_ids)]


def ended(rows: Any) -> None:
    """These rows of a period ended yesterday."""
    rows.update(valid=DateRange(LONG_AGO, TODAY - timedelta(days=1)))


def _identifier(office: SmallOffice) -> tuple[str, str]:
    Agency.objects.filter(pk=office.agencies["dm"].pk).update(identifier="")
    return "agency-identifier", "Đồng Mơ"


def _registry(office: SmallOffice) -> tuple[str, str]:
    ended(RegistryService.objects.filter(agency=office.agencies["dm"]))
    return "agency-registry", "Đồng Mơ"


def _twin_identifier(office: SmallOffice) -> tuple[str, str]:
    Agency.objects.filter(pk=office.agencies["tu"].pk).update(identifier="A99.1")
    Agency.objects.filter(pk=office.agencies["dm"].pk).update(identifier="a99-1")
    return "agency-identifier-twice", "Đồng Mơ"


def _dates(office: SmallOffice) -> tuple[str, str]:
    Term.objects.create(
        agency=office.agencies["dm"],
        name="Nhiệm kỳ ngược",
        starts_on=TODAY,
        ends_on=LONG_AGO,
    )
    return "agency-dates", "Nhiệm kỳ ngược"


def _vacant(office: SmallOffice) -> tuple[str, str]:
    Holding.objects.filter(post=office.posts["thao"]).update(
        valid=DateRange(LONG_AGO, TODAY - timedelta(days=31))
    )
    Holding.objects.filter(post=office.posts["may"]).update(
        valid=DateRange(LONG_AGO, TODAY - timedelta(days=29))
    )
    return "post-vacant", "Văn thư"


def _twin_unit(office: SmallOffice) -> tuple[str, str]:
    for key, name in (("dm-a", "Văn phòng"), ("dm-b", "VĂN PHÒNG")):
        Unit.objects.create(
            key=key, agency=office.agencies["dm"], name=name, short_name=name, valid_from=LONG_AGO
        )
    return "unit-twice", "Văn phòng"


def _no_account(office: SmallOffice) -> tuple[str, str]:
    Person.objects.filter(pk=office.people["may"].pk).update(account=None)
    return "holder-account", "Vi Thị Mây"


def _digits(office: SmallOffice) -> tuple[str, str]:
    Person.objects.filter(pk=office.people["may"].pk).update(full_name="Vi Thị Mây 2")
    return "name-with-digits", "Vi Thị Mây 2"


def _twin_person(office: SmallOffice) -> tuple[str, str]:
    Person.objects.filter(pk=office.people["may"].pk).update(full_name="LƯỜNG THU THẢO")
    return "person-twice", "LƯỜNG THU THẢO (Chuyên viên)"


def _authority(office: SmallOffice) -> tuple[str, str]:
    ended(SigningAuthority.objects.filter(organ=office.organs["dm.btv"]))
    return "organ-authority", "Ban Thường vụ Đảng ủy xã Đồng Mơ"


def _delegation(office: SmallOffice) -> tuple[str, str]:
    now = clock.now()
    Delegation.objects.create(
        post=office.posts["son"],
        given_by=office.people["son"],
        delegate=office.people["may"],
        kind=Delegation.Kind.SUBSTITUTE,
        basis="Giấy ủy quyền",
        valid=DateTimeTZRange(now - timedelta(days=2), now + timedelta(days=2)),
        created_at=now,
    )
    assert found("delegation-loose") == []
    Holding.objects.filter(post=office.posts["son"]).update(
        valid=DateRange(LONG_AGO, TODAY - timedelta(days=1))
    )
    return "delegation-loose", "Giàng A Sơn ủy quyền cho Vi Thị Mây"


def _code(office: SmallOffice) -> tuple[str, str]:
    Organ.objects.filter(pk=office.organs["dm.btv"].pk).update(kind="presidium")
    assert CodeEntry.objects.filter(code="presidium").count() == 0
    return "code-ended", "Ban Thường vụ Đảng ủy xã Đồng Mơ"


def _heading(office: SmallOffice) -> tuple[str, str]:
    PlanHeading.objects.create(
        agency=office.agencies["dm"],
        year=TODAY.year - 1,
        code="09",
        title="Hồ sơ không ai lập",
        retention="5",
        position=1,
    )
    return "heading-unused", "09 Hồ sơ không ai lập"


@pytest.mark.parametrize(
    "spoilt",
    [
        _identifier,
        _registry,
        _twin_identifier,
        _dates,
        _vacant,
        _twin_unit,
        _no_account,
        _digits,
        _twin_person,
        _authority,
        _delegation,
        _code,
        _heading,
    ],
)
def test_what_is_wrong_is_found_at_its_agency_and_nowhere_else(
    office: SmallOffice, spoilt: Callable[[SmallOffice], tuple[str, str]]
) -> None:
    commune, province = office.agencies["dm"].pk, office.agencies["tu"].pk
    with writes_allowed():
        code, what = spoilt(office)
    places = found(code, [commune])
    assert [agency for agency, _ in places] == [commune]
    assert what in places[0][1]
    assert set(places) <= set(found(code))
    assert (commune, places[0][1]) not in found(code, [province])


def test_a_sound_office_has_nothing_to_mend(office: SmallOffice) -> None:
    clean = {check.code for check in datasets.checks()} - {"post-vacant"}
    assert {code: found(code) for code in clean if found(code)} == {}


def test_the_day_is_read_once_and_the_trend_comes_down(office: SmallOffice) -> None:
    monday = datetime(2026, 11, 16, 0, 10, tzinfo=clock.OFFICE_ZONE)
    with clock.frozen_at(monday):
        with writes_allowed():
            _digits(office)
        worker.count_quality()
        assert quality.has_read_today()
        worker.count_quality()
        assert QualityReading.objects.filter(rule="name-with-digits").count() == 1
    with clock.frozen_at(monday + timedelta(days=1)):
        with writes_allowed():
            Person.objects.filter(pk=office.people["may"].pk).update(full_name="Vi Thị Mây")
        commands.read_quality(READER)
        commands.read_quality(READER)
        rows = QualityReading.objects.filter(rule="name-with-digits").order_by("day")
        assert [row.found for row in rows] == [1, 0]
        commune = [office.agencies["dm"].pk]
        standing = next(
            one for one in quality.standings(commune) if one.check.code == "name-with-digits"
        )
        assert (standing.found, [count for _, count in standing.days]) == (0, [1, 0])


def test_the_page_shows_own_agencies_only_and_names_who_mends(
    office: SmallOffice, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    with writes_allowed():
        _registry(office)
        _twin_person(office)
    commands.read_quality(READER)
    here, there = Client(), Client()
    here.force_login(office.user("nga"))
    there.force_login(office.user("khue"))
    page = reverse("catalogue:quality")
    with django_assert_max_num_queries(15):
        html = here.get(page).content.decode()
    assert "Giàng A Sơn" in html
    assert "2 chỗ cần sửa" in html
    assert "0 chỗ cần sửa" in there.get(page).content.decode()
    filtered = here.get(page, {"loai": "duplicate"}).content.decode()
    assert "Hai người cùng họ tên" in filtered
    assert "chưa có bộ phận văn thư" not in filtered
    detail = reverse("catalogue:check", args=["person-twice"])
    with django_assert_max_num_queries(15):
        html = here.get(detail).content.decode()
    assert "LƯỜNG THU THẢO" in html
    assert f"{TODAY:%d/%m/%Y}" in html
    foreign = {"co-quan": office.agencies["dm"].pk}
    assert "LƯỜNG THU THẢO" not in there.get(detail, foreign).content.decode()
    assert here.get(reverse("catalogue:check", args=["khong-co"])).status_code == 404


def test_what_nobody_counted_yet_is_not_said_to_be_nothing(office: SmallOffice) -> None:
    client = Client()
    client.force_login(office.user("khue"))
    one = datasets.check_of("agency-identifier-twice")
    assert one is not None
    pages = {
        "list": reverse("catalogue:quality"),
        "set": reverse("catalogue:detail", args=[one.dataset]),
        "check": reverse("catalogue:check", args=[one.code]),
    }

    def shown() -> dict[str, str]:
        return {name: client.get(page).content.decode() for name, page in pages.items()}

    html = shown()
    checks = len(datasets.checks())
    assert html["list"].count("Chưa đếm<") == checks
    assert html["list"].count("Hệ thống tự đếm trong 10 phút tới") == checks + 1
    assert "0 chỗ" not in html["list"]
    assert "Chưa đếm</a>" in html["set"]
    assert "Chưa đếm. Hệ thống tự đếm trong 10 phút tới" in html["check"]
    worker.count_quality()
    assert quality.has_read_today()
    html = shown()
    assert "Chưa đếm" not in "".join(html.values())
    assert "1 ngày không có" in html["list"]
    assert "0 chỗ" in html["list"]
    # A check that comes with an upgrade was not counted this morning, and is counted today yet.
    with writes_allowed():
        QualityReading.objects.filter(rule=one.code).update(rule="older-check")
    html = shown()
    assert html["list"].count("Chưa đếm<") == 1
    assert "Chưa đếm</a>" in html["set"]
    worker.count_quality()
    assert "Chưa đếm" not in "".join(shown().values())


def test_a_reader_without_a_post_sees_nobody(office: SmallOffice) -> None:
    assert quality.places(datasets.checks()[0], []) == []
    assert quality.menders({Role.CHIEF_OF_OFFICE}, []) == {}
