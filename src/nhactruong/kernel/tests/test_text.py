from __future__ import annotations

import pytest

from nhactruong.kernel.text import collation_key, fold, initials, person_sort_key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đảng ủy xã Đồng Mơ", "dang uy xa dong mo"),
        ("uỷ  ban", "uy ban"),
        ("NGUYỄN", "nguyen"),
    ],
)
def test_search_does_not_care_for_marks_and_case(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_people_are_ordered_by_given_then_middle_then_family_name() -> None:
    people = ["Trịnh Thu Lệ", "Đỗ Minh Khuê", "Phan Thị Hoài Thư", "Bùi Thị Nhạn", "Đỗ An Khuê"]
    assert sorted(people, key=person_sort_key) == [
        "Đỗ An Khuê",
        "Đỗ Minh Khuê",
        "Trịnh Thu Lệ",
        "Bùi Thị Nhạn",
        "Phan Thị Hoài Thư",
    ]


def test_vietnamese_letters_and_tones_have_their_own_order() -> None:
    words = ["đa", "da", "dạ", "dá", "dà", "ăn", "an", "ân"]
    assert sorted(words, key=collation_key) == ["an", "ăn", "ân", "da", "dà", "dá", "dạ", "đa"]


def test_the_mark_of_a_person_is_the_last_two_words() -> None:
    assert initials("Phan Thị Hoài Thư") == "PT"
