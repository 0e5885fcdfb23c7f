"""Dates, quantities, due words, stamps and differences as the office reads them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhactruong.foundation.ui import rules
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.states import Secrecy, Urgency


@pytest.mark.parametrize(
    ("remaining", "options", "words", "tone"),
    [
        (-2, {}, "Quá hạn 2 ngày làm việc", "late"),
        (-2, {"short": True}, "Quá hạn 2 ngày", "late"),
        (-2, {"immediate": True}, "Quá hạn 2 ngày làm việc", "late"),
        (0, {}, "Hôm nay", "soon"),
        (3, {"immediate": True}, "Xử lý ngay", "soon"),
        (1, {}, "Còn 1 ngày làm việc", "soon"),
        (2, {"short": True}, "Còn 2 ngày làm việc", "neutral"),
        (None, {}, "Chưa có hạn", "neutral"),
    ],
)
def test_time_left_is_said_in_working_days(remaining, options, words, tone):
    assert rules.due_words(remaining, **options)[:2] == (words, tone)


def test_an_instant_is_read_on_the_clock_of_the_office():
    late_in_utc = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
    assert rules.date_words(late_in_utc) == "23/11/2026"
    assert rules.time_words(late_in_utc) == "01:30"
    assert rules.when_words(late_in_utc, date(2026, 11, 23)) == "Hôm nay 01:30"
    assert rules.when_words(late_in_utc, date(2026, 11, 24)) == "Hôm qua 01:30"
    assert rules.when_words(late_in_utc, date(2026, 12, 1)) == "23/11 01:30"
    assert rules.when_words(date(2025, 6, 12), date(2026, 12, 1)) == "12/06/2025"


def test_days_are_named_in_vietnamese():
    monday = date(2026, 11, 23)
    assert rules.day_words(monday) == "thứ Hai 23/11"
    assert rules.long_day_words(monday) == "Thứ Hai, ngày 23 tháng 11 năm 2026"
    assert rules.day_words(date(2026, 11, 29)) == "Chủ nhật 29/11"


def test_quantities_have_dots_and_stop_at_ten_thousand():
    assert rules.quantity(2451) == "2.451"
    assert rules.count_words(10_000) == "10.000"
    assert rules.count_words(10_001) == "10.000+"


@pytest.mark.parametrize(
    ("value", "words", "quiet"),
    [
        (Urgency.URGENT, "KHẨN", False),
        ("express", "HỎA TỐC", False),
        (Urgency.NORMAL, "", False),
        (Secrecy.CONFIDENTIAL, "MẬT", False),
        (1, "NỘI BỘ", True),
        (Secrecy.ORDINARY, "", False),
        ("Hỏa tốc 16 giờ", "HỎA TỐC 16 GIỜ", False),
        (None, "", False),
    ],
)
def test_stamps_are_those_of_paper_and_ordinary_papers_have_none(value, words, quiet):
    assert rules.stamp_words(value) == (words, quiet)


def test_a_tone_nobody_knows_is_refused():
    with pytest.raises(InvalidInput):
        rules.tone_class("purple")


def test_a_changed_word_is_shown_as_taken_out_and_put_in():
    pieces = rules.word_diff("trước ngày 15/4/2027", "trước ngày 11/12/2026")
    assert pieces == [
        ("same", "trước ngày "),
        ("del", "15/4/2027"),
        ("ins", "11/12/2026"),
    ]


@given(st.text(), st.text())
def test_a_difference_holds_both_texts_whole(old, new):
    pieces = rules.word_diff(old, new)
    assert "".join(words for kind, words in pieces if kind != "ins") == old
    assert "".join(words for kind, words in pieces if kind != "del") == new
