"""Provinces and communes on a day, on the page and for programs."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from tests.interface.programs import problem_of, program

from nhactruong.masterdata.codelists import selectors, territory
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice, small_office

LISTS = "/api/v1/code-lists"
FIRST_DAY = date(2025, 7, 1)


@pytest.fixture
def office(db: None) -> SmallOffice:
    return small_office()


@pytest.mark.parametrize(
    ("day", "communes", "wards", "cities"),
    [
        (FIRST_DAY, 2621, 687, 6),
        (date(2026, 4, 14), 2611, 697, 6),
        (date(2026, 9, 1), 2599, 709, 9),
    ],
)
def test_there_are_as_many_as_the_resolutions_say(
    day: date, communes: int, wards: int, cities: int
) -> None:
    kinds = Counter(one.kind for one in territory.in_force(territory.communes(), day))
    assert kinds == {"xa": communes, "phuong": wards, "dac_khu": 13}
    provinces = territory.in_force(territory.provinces(), day)
    assert Counter(one.kind for one in provinces) == {"tinh": 34 - cities, "thanh_pho": cities}
    known = {one.code for one in provinces}
    assert {one.province for one in territory.communes()} == known


def test_before_the_two_levels_there_is_nothing_to_choose() -> None:
    assert selectors.entries("communes", date(2025, 6, 30)) == []


@pytest.mark.parametrize(
    ("day", "name"),
    [(date(2026, 8, 3), "Xã Tiên Du"), (date(2026, 8, 4), "Phường Tiên Du")],
)
def test_a_commune_is_named_as_it_was_on_the_day(day: date, name: str) -> None:
    assert [one.name for one in selectors.entries("communes", day) if one.code == "09319"] == [name]


def test_the_page_finds_a_commune_by_province_and_name_without_accents(office: SmallOffice) -> None:
    client = Client()
    client.force_login(office.user("nhan"))
    address = reverse("codelists:detail", args=["communes"])
    first = client.get(address).content.decode()
    assert "Phường Ba Đình" in first
    assert "tu=100" in first
    one = client.get(address, {"tim": "tien du", "thuoc": "24"}).content.decode()
    assert "Phường Tiên Du" in one
    assert "Phường Ba Đình" not in one
    none = client.get(address, {"tim": "khong co noi nay"}).content.decode()
    assert "Không có mã nào khớp" in none


def test_a_program_reads_all_of_them_page_by_page(office: SmallOffice) -> None:
    client = program(office, "code_lists.read")
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = client.get(f"{LISTS}/communes", {"after": after, "limit": 1000}).json()
        seen += [row["code"] for row in page["items"]]
        after = page["next"]
    assert len(seen) == len(set(seen)) == 3321
    capital = client.get(f"{LISTS}/communes", {"within": "01"}).json()["items"]
    assert len(capital) == 126
    assert {row["within"] for row in capital} == {"01"}
    wrong = client.get(f"{LISTS}/communes", {"after": "nowhere"})
    assert problem_of(wrong) == (422, "page.bad_cursor")
