"""The lists of units and agencies: keys, names, superiors, reach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.masterdata.importing import selectors
from nhactruong.masterdata.importing.policies import PROPOSING
from nhactruong.masterdata.importing.rules import ListCode, State
from nhactruong.masterdata.importing.tests.files import (
    AGENCIES,
    PEOPLE,
    UNITS,
    checked,
    csv_of,
    faults_of,
    person_row,
    written,
)
from nhactruong.masterdata.organization.models import Agency, AgencyName, Unit
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice, small_office

pytestmark = pytest.mark.django_db
DAY = "01/07/2025"


@pytest.fixture
def office(db: None) -> SmallOffice:
    """Văn phòng stands under Tỉnh ủy."""
    made = small_office()
    with writes_allowed():
        Agency.objects.filter(key="vptu").update(parent=made.agencies["tu"])
    return made


def wrong(office: SmallOffice, code: ListCode, rows: Sequence[Sequence[str]]) -> dict[int, str]:
    found = checked(office, code, csv_of(code, rows))
    return {
        row: f"{told[0][0]}: {told[0][1]}" if len(told) == 1 else str(told)
        for row, told in faults_of(found).items()
    }


def test_units_are_made_and_known_again_by_name_or_code(office: SmallOffice) -> None:
    rows = [
        ["A99.02", "", "Phòng Tài chính", "", DAY],
        ["vptu", "vptu-th", "Phòng Tổng hợp, Thư ký", "TH-TK", DAY],
        ["A99.01", "", "Phòng Tài chính", "TC", DAY],
    ]
    found = written(office, checked(office, UNITS, csv_of(UNITS, rows)))
    assert found.as_state is State.APPLIED, found.reason
    assert (found.new_count, found.changed_count) == (2, 1)
    made = Unit.objects.filter(name="Phòng Tài chính").order_by("agency_id")
    assert [(one.agency.key, one.key, one.short_name) for one in made] == [
        ("tu", "tu-phong-tai-chinh", "TC"),
        ("vptu", "vptu-phong-tai-chinh", "Phòng Tài chính"),
    ]
    assert Unit.objects.get(key="vptu-th").short_name == "TH-TK"
    assert found.rows.get(number=2).unit == made[1]
    assert checked(office, UNITS, csv_of(UNITS, rows)).as_state is State.UNCHANGED
    # A person may be put into it at once.
    person = person_row("CB-9", "Lê Chín", unit="phong tai chinh")
    assert checked(office, PEOPLE, csv_of(PEOPLE, [person])).as_state is State.PROPOSED


def test_faults_of_units(office: SmallOffice) -> None:
    assert wrong(office, UNITS, [
        ["A99.02", "", "Phòng Mới", "", DAY],
        ["A99.02", "", "phòng mới", "", DAY],
        ["A99.02", "vptu-hc", "Phòng Tổng hợp", "", DAY],
        ["A99.01", "vptu-hc", "Phòng Khác", "", DAY],
        ["A99.02", "Mã có dấu", "Phòng Lạ", "", DAY],
        ["A99.03", "", "Phòng Xa", "", DAY],
        ["A99.02", "", "Phòng Ngày", "", "32/01/2026"],
    ]) == {
        3: "name: Trùng dòng 2: cùng cơ quan, cùng tên đơn vị.",
        4: "name: Cơ quan đã có đơn vị mang tên này, mã vptu-th.",
        5: "unit: Đơn vị này thuộc cơ quan khác.",
        6: "unit: Mã đơn vị chỉ gồm chữ thường không dấu, số, dấu gạch.",
        7: "agency: Đảng ủy xã Đồng Mơ: ngoài phạm vi của đồng chí.",
        8: "since: Không đọc được ngày “32/01/2026”. Ghi như 23/11/2026.",
    }  # fmt: skip


def test_agencies_are_founded_under_those_in_reach_and_corrected(office: SmallOffice) -> None:
    rows = [
        ["A99.10", "Đảng ủy phường Bến Thủy", "ĐU Bến Thủy", "Xã", "A99.01", "ĐU", "Bến Thủy", DAY],
        ["A99.11", "Chi bộ trường học", "", "Xã", "A99.10", "CB", "Bến Thủy", DAY],
        ["A99.02", "Văn phòng Tỉnh ủy Sông Lam", "Văn phòng Tỉnh ủy", "Tỉnh", "A99.01", "VPTU",
         "Sông Lam", DAY],
    ]  # fmt: skip
    found = written(office, checked(office, AGENCIES, csv_of(AGENCIES, rows)))
    assert found.as_state is State.APPLIED, (found.reason, faults_of(found))
    below = Agency.objects.get(identifier="A99.11")
    assert (below.parent and below.parent.identifier, below.key) == ("A99.10", "a99-11")
    assert below.names.get().valid.lower == date(2025, 7, 1)
    corrected = AgencyName.objects.filter(agency__key="vptu").order_by("pk")
    assert [(one.name, one.superseded_at is None) for one in corrected] == [
        ("Văn phòng Tỉnh ủy", False),
        ("Văn phòng Tỉnh ủy Sông Lam", True),
    ]
    assert checked(office, AGENCIES, csv_of(AGENCIES, rows)).as_state is State.UNCHANGED
    # What was founded is in reach of whoever reaches its superior.
    unit = [["A99.11", "", "Tổ Một", "", DAY]]
    assert checked(office, UNITS, csv_of(UNITS, unit)).as_state is State.PROPOSED


def test_faults_of_agencies(office: SmallOffice) -> None:
    def row(identifier: str, superior: str, **said: str) -> list[str]:
        named = {"name": "Chi bộ", "level": "Xã", **said}
        return [identifier, named["name"], "", named["level"], superior, "CB", "Sông Lam", DAY]

    assert wrong(office, AGENCIES, [
        row("A99.20", "A99.01"),
        row("A99.20", "A99.01"),
        row("A99.21", ""),
        row("A99.22", "A99.29"),
        row("A99.23", "A99.03"),
        row("A99.24", "A99.01", level="Huyện"),
        row("A99.03", "", name="Đảng ủy xã Đồng Mơ"),
        row("A99.01", "A99.02", name="Tỉnh ủy Sông Lam", level="Tỉnh"),
        row("A99.25", "A99.20", level="Tỉnh"),
    ]) == {
        3: "identifier: Trùng dòng 2: cùng mã định danh.",
        4: "superior: Cơ quan mới phải có mã định danh cấp trên.",
        5: "superior: Cơ quan cấp trên phải có sẵn hoặc đứng ở dòng trên.",
        6: "superior: Đảng ủy xã Đồng Mơ: ngoài phạm vi của đồng chí.",
        7: "level: Không có lựa chọn “Huyện”. Trung ương, Tỉnh hoặc Xã.",
        8: "identifier: Đảng ủy xã Đồng Mơ: ngoài phạm vi của đồng chí.",
        9: "superior: Cơ quan cấp trên lại đứng dưới chính cơ quan này.",
        10: "level: Cơ quan cấp tỉnh không đứng dưới cơ quan cấp xã.",
    }  # fmt: skip


@pytest.mark.parametrize("code", [UNITS, AGENCIES])
def test_what_is_taken_out_changes_nothing(office: SmallOffice, code: ListCode) -> None:
    scope = selectors.reach_of(office.actor("suong"), PROPOSING)
    lines = list(selectors.lines_of(code, scope))
    assert len(lines) == 2
    assert checked(office, code, csv_of(code, lines)).as_state is State.UNCHANGED
