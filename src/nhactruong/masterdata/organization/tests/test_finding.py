"""People found by part of a name, by initials, without marks, in the order of names."""

from __future__ import annotations

import pytest
from django.db import connection

from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.text import fold
from nhactruong.masterdata.organization import finding
from nhactruong.masterdata.organization.models import Person
from nhactruong.masterdata.organization.tests.scenarios import small_office

pytestmark = pytest.mark.django_db


def names(words: str, **how: object) -> list[str]:
    return [one.full_name for one in finding.people(words, **how).people]  # type: ignore[arg-type]


def test_people_are_found_by_any_part_by_initials_and_without_marks() -> None:
    small_office()
    assert names("suong") == ["Hoàng Mai Sương"]
    assert names("SƯƠNG hoàng") == ["Hoàng Mai Sương"]
    assert names("hms") == ["Hoàng Mai Sương"]
    assert names("đmk") == names("dmk") == ["Đỗ Minh Khuê"]
    assert names("không-ai") == []
    assert names("   ") == []
    assert names("%") == []


def test_names_stand_in_their_order_and_carry_their_posts() -> None:
    office = small_office()
    answer = finding.people("thi")
    found = answer.people
    assert answer.is_complete
    keys = [Person.objects.get(pk=one.person_id).sort_key for one in found]
    assert keys == sorted(keys)
    suong = finding.people("hms").people[0]
    assert [(seat.title, seat.unit, seat.agency) for seat in suong.seats] == [
        ("Chuyên viên Phòng Tổng hợp", "Phòng Tổng hợp", "Văn phòng Tỉnh ủy")
    ]
    assert names("thi", agency_ids=[office.agencies["dm"].pk]) == [
        one.full_name for one in found if one.seats[0].agency == "Đảng ủy xã Đồng Mơ"
    ]


def test_a_word_too_common_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    small_office()
    monkeypatch.setattr(finding, "_MOST_COMPARED", 2)
    answer = finding.people("thi")
    assert (len(answer.people), answer.is_complete) == (2, False)


def test_the_directory_is_walked_page_by_page_once() -> None:
    small_office()
    walked: list[int] = []
    cursor = ""
    while True:
        page, found = finding.page(cursor, rows=4)
        walked += [one.person_id for one in found]
        if not page.older:
            break
        cursor = page.older
    expected = Person.objects.order_by("sort_key", "id").values_list("pk", flat=True)
    assert walked == list(expected)
    with pytest.raises(InvalidInput):
        finding.page("nonsense")


def test_a_unit_lists_its_posts_with_their_holders() -> None:
    office = small_office()
    listed = finding.unit_list(office.units["th"].pk)
    assert listed[0] == ("Trưởng phòng Tổng hợp", "Vũ Ngọc Lâm")
    assert {name for _, name in listed} == {"Vũ Ngọc Lâm", "Hoàng Mai Sương", "Đinh Thùy Miên"}


def test_the_database_folds_as_the_kernel_does() -> None:
    small_office()
    wanted = {"Đỗ Ỷ Ẫm ƯỢNG Quỳnh": ""} | dict.fromkeys(
        Person.objects.values_list("full_name", flat=True), ""
    )
    with connection.cursor() as cursor:
        for name in wanted:
            cursor.execute("SELECT office_fold(%s)", [name])
            assert cursor.fetchone() == (fold(name),)
