"""Holdings, posts, units, names and identifiers: each changed by an order, from its day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from nhactruong.foundation.access.rules import post_token
from nhactruong.kernel import clock
from nhactruong.kernel.errors import AccessDenied, InvalidInput, RuleBroken
from nhactruong.kernel.states import Role
from nhactruong.masterdata.changes import commands, rules
from nhactruong.masterdata.changes.rules import Kind
from nhactruong.masterdata.changes.tests.orders import (
    approved,
    office_under_the_province,
    requested,
    role_for,
    vacant_post,
)
from nhactruong.masterdata.organization import commands as organization
from nhactruong.masterdata.organization import selectors as directory
from nhactruong.masterdata.organization.models import (
    Agency,
    AgencyIdentifier,
    AgencyName,
    Holding,
    Post,
    Unit,
)
from nhactruong.masterdata.organization.rules import may_meet
from nhactruong.masterdata.organization.tests.scenarios import FOUNDER, SmallOffice

pytestmark = pytest.mark.django_db
TODAY = clock.today()


@pytest.fixture
def office(db: None) -> SmallOffice:
    return office_under_the_province()


def leaves(office: SmallOffice, person: str, **changes: Any) -> Any:
    return requested(
        office,
        "lam",
        Kind.END_HOLDING,
        post_id=office.posts[person].pk,
        person_id=office.people[person].pk,
        **changes,
    )


def takes(office: SmallOffice, person: str, post: Post, kind: str = "main", **changes: Any) -> Any:
    return requested(
        office,
        "lam",
        Kind.APPOINT,
        post_id=post.pk,
        person_id=office.people[person].pk,
        said={"holding_kind": kind},
        **changes,
    )


def test_a_holding_that_ends_takes_its_sight_away_on_the_day(office: SmallOffice) -> None:
    token, user = post_token(office.posts["suong"].pk), office.user("suong").pk
    tomorrow = TODAY + timedelta(days=1)
    approved(office, leaves(office, "suong", from_on=tomorrow))
    assert token in office.actor("suong").tokens
    assert token not in directory.actor_for_account(user, on=tomorrow).tokens
    approved(office, leaves(office, "mien"))
    assert office.actor("mien").tokens == ()


def test_who_comes_after_takes_the_post_from_the_day_it_is_free(office: SmallOffice) -> None:
    post, day = office.posts["suong"], TODAY + timedelta(days=10)
    with pytest.raises(InvalidInput, match="Hoàng Mai Sương giữ chức danh này"):
        takes(office, "luu", post, "concurrent", from_on=day)
    approved(office, leaves(office, "suong", from_on=day))
    with pytest.raises(InvalidInput, match="giữ chính thức") as fault:
        takes(office, "luu", post, from_on=day)
    assert list(fault.value.fields) == ["holding_kind"]
    order = takes(office, "luu", post, "concurrent", from_on=day, until_on=day + timedelta(days=90))
    approved(office, order)
    held = Holding.objects.get(post=post, person=office.people["luu"])
    assert (held.kind, held.valid.lower, held.valid.upper) == (
        "concurrent",
        day,
        day + timedelta(days=90),
    )
    later = directory.actor_for_account(office.user("luu").pk, on=day)
    assert post_token(post.pk) in later.tokens


def test_a_decision_of_last_week_is_written_from_its_day(office: SmallOffice) -> None:
    day = TODAY - timedelta(days=7)
    post = organization.create_post(
        FOUNDER,
        key="vptu.cu",
        agency=office.agencies["vptu"],
        unit=office.units["th"],
        title="Chuyên viên cao cấp",
        rank=90,
        valid_from=day,
    )
    approved(office, takes(office, "luu", post, "concurrent", from_on=day))
    assert Holding.objects.get(post=post).valid.lower == day
    with pytest.raises(InvalidInput, match="không lùi ngày"):
        requested(
            office,
            "lam",
            Kind.GRANT_ROLE,
            post_id=post.pk,
            role=Role.MONITOR,
            reached_id=office.agencies["vptu"].pk,
            from_on=day,
        )
    with pytest.raises(InvalidInput, match="quá một năm"):
        takes(office, "luu", vacant_post(office), from_on=TODAY - timedelta(days=400))


def test_a_post_is_opened_filled_with_a_role_and_held_by_three_orders(
    office: SmallOffice,
) -> None:
    th = office.units["th"]
    opened = approved(
        office,
        requested(
            office, "lam", Kind.OPEN_POST, unit_id=th.pk, said={"title": "Chuyên viên tổng hợp"}
        ),
    )
    assert opened.post is not None
    assert (opened.post.unit, opened.post.agency) == (th, office.agencies["vptu"])
    approved(office, role_for(office, "", Role.SPECIALIST, post=opened.post))
    approved(office, takes(office, "luu", opened.post, "concurrent"))
    assert office.actor("luu").has_role(Role.SPECIALIST, office.agencies["vptu"].pk)


def test_a_post_ends_only_empty(office: SmallOffice) -> None:
    def closes(post: Post) -> Any:
        tomorrow = TODAY + timedelta(days=1)
        return requested(office, "lam", Kind.CLOSE_POST, post_id=post.pk, from_on=tomorrow)

    with pytest.raises(RuleBroken, match="còn giữ chức danh này"):
        closes(office.posts["suong"])
    post = vacant_post(office, Role.SPECIALIST)
    approved(office, closes(post))
    post.refresh_from_db()
    assert post.valid_to == TODAY + timedelta(days=1)
    with pytest.raises(InvalidInput, match="không có hiệu lực"):
        takes(office, "luu", post, "concurrent", from_on=TODAY + timedelta(days=2))


def test_a_unit_is_founded_once(office: SmallOffice) -> None:
    said = {"name": "Phòng Cơ yếu - Công nghệ thông tin", "short_name": "Phòng CY-CNTT"}
    done = approved(office, requested(office, "quan", Kind.FOUND_UNIT, said=said))
    unit = Unit.objects.get(name=said["name"])
    assert (done.unit, unit.agency, unit.valid_from) == (unit, office.agencies["vptu"], TODAY)
    with pytest.raises(InvalidInput, match="đã có"):
        requested(office, "quan", Kind.FOUND_UNIT, said={**said, "name": said["name"].upper()})


def test_an_agency_is_renamed_on_its_day_and_not_before(office: SmallOffice) -> None:
    dm, day = office.agencies["dm"], TODAY
    said = {
        "name": "Đảng ủy phường Đồng Mơ",
        "short_name": "Đảng ủy phường Đồng Mơ",
        "issuer_lines": "ĐẢNG BỘ TỈNH\r\nĐẢNG ỦY PHƯỜNG ĐỒNG MƠ",
    }
    early = requested(
        office, "son", Kind.RENAME_AGENCY, "dm", said=said, from_on=day + timedelta(days=5)
    )
    with pytest.raises(RuleBroken, match="duyệt từ ngày ấy"):
        approved(office, early)
    commands.withdraw(office.actor("son"), early.public_id, version=None)
    order = requested(office, "son", Kind.RENAME_AGENCY, "dm", said=said)
    approved(office, order)
    now = Agency.objects.get(pk=dm.pk)
    assert now.name == "Đảng ủy phường Đồng Mơ"
    assert now.issuer_lines == ["ĐẢNG BỘ TỈNH", "ĐẢNG ỦY PHƯỜNG ĐỒNG MƠ"]
    names = {row.name: row.valid for row in AgencyName.objects.filter(agency=dm)}
    assert names["Đảng ủy xã Đồng Mơ"].upper == TODAY
    assert order.compared == []
    order.refresh_from_db()
    assert order.compared[0] == ["Tên cơ quan", "Đảng ủy xã Đồng Mơ", "Đảng ủy phường Đồng Mơ"]
    with pytest.raises(InvalidInput, match="giống tên đang dùng"):
        requested(office, "son", Kind.RENAME_AGENCY, "dm", said=said)


def test_an_identifier_is_given_once(office: SmallOffice) -> None:
    dm = office.agencies["dm"]

    def gives(value: str) -> Any:
        said = {"scheme": "new", "value": value}
        return requested(office, "quan", Kind.GIVE_IDENTIFIER, "dm", said=said)

    with pytest.raises(InvalidInput, match="không đúng dạng"):
        gives("mã mới")
    with pytest.raises(InvalidInput, match="đang dùng"):
        gives("A99.01")
    approved(office, gives("A99.20.01"), by="son")
    rows = AgencyIdentifier.objects.filter(agency=dm, scheme="new").order_by("valid")
    assert [(row.value, row.valid.upper) for row in rows] == [
        ("A99.03", TODAY),
        ("A99.20.01", None),
    ]
    assert Agency.objects.get(pk=dm.pk).identifier == "A99.20.01"


@pytest.mark.parametrize("missing", ["reason", "basis"])
def test_no_change_without_reason_and_paper(office: SmallOffice, missing: str) -> None:
    with pytest.raises(InvalidInput) as fault:
        leaves(office, "suong", **{missing: " "})
    assert list(fault.value.fields) == [missing]


def test_an_order_for_the_past_holds_from_today_when_it_is_decided_late() -> None:
    late = TODAY - timedelta(days=3)
    assert rules.day_of(Kind.GRANT_ROLE, late, TODAY) == TODAY
    assert rules.day_of(Kind.APPOINT, late, TODAY) == late


def test_how_the_head_of_an_office_is_called() -> None:
    assert rules.chief_words("Văn phòng Tỉnh ủy") == "Chánh Văn phòng Tỉnh ủy"
    assert rules.chief_words("Đảng ủy xã Đồng Mơ") == "Chánh Văn phòng Đảng ủy xã Đồng Mơ"


def test_which_roles_meet_in_one_hand() -> None:
    assert may_meet({Role.CHIEF_OF_OFFICE, Role.ARCHIVIST, Role.INSPECTOR})
    assert may_meet({Role.SYSADMIN, Role.SECURITY_ADMIN})
    assert not may_meet({Role.SYSADMIN, Role.ARCHIVIST})
    assert not may_meet({Role.AUDITOR, Role.INSPECTOR})
    assert not may_meet({Role.AUDITOR, Role.SECURITY_ADMIN})


def test_a_head_asks_for_nothing_that_is_the_whole_agencys(office: SmallOffice) -> None:
    with pytest.raises(AccessDenied, match="đơn vị mình"):
        requested(office, "lam", Kind.OPEN_POST, said={"title": "Trợ lý"})
