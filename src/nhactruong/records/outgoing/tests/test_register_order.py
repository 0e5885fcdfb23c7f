"""Văn bản đi runs by number within a day, in whatever order the drafts were begun."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from nhactruong.foundation.access import base
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.records.outgoing import commands
from nhactruong.records.outgoing.tests import letters
from nhactruong.records.outgoing.views import registers

pytestmark = pytest.mark.django_db
LIST = "/van-ban-di/"
BOOK = "/van-ban-di/so/"


@pytest.fixture
def numbered_out_of_turn(office: SmallOffice) -> SmallOffice:
    """Four signed notices numbered in another order than they were begun."""
    waiting = [letters.signed(office) for _ in range(4)]
    for place in (2, 0, 3, 1):
        commands.assign_number(office.actor("nhan"), waiting[place].public_id, version=None)
    return office


def codes_on(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"\b0\d-TB/TU\b", page)))


def page_behind(desk: Client, url: str, page: str, rel: str) -> str:
    link = re.search(rf'href="(\?[^"]*trang=[^"]+)" rel="{rel}"', page)
    assert link
    return desk.get(url + html.unescape(link[1])).content.decode()


@pytest.mark.parametrize("narrow", [True, False])
def test_the_register_is_walked_by_number(
    numbered_out_of_turn: SmallOffice,
    desk: Callable[[str], Client],
    monkeypatch: pytest.MonkeyPatch,
    narrow: bool,
) -> None:
    monkeypatch.setattr(base, "is_narrow", lambda *_: narrow)
    monkeypatch.setattr(registers, "ROWS", 2)
    nhan, tu = desk("nhan"), str(numbered_out_of_turn.agencies["tu"].pk)
    for url in (LIST, BOOK):
        first = nhan.get(url, {"co-quan": tu}).content.decode()
        second = page_behind(nhan, url, first, "next")
        assert codes_on(first) == ["04-TB/TU", "03-TB/TU"]
        assert codes_on(second) == ["02-TB/TU", "01-TB/TU"]
        assert codes_on(page_behind(nhan, url, second, "prev")) == ["04-TB/TU", "03-TB/TU"]


def test_the_export_runs_from_the_first_number(
    numbered_out_of_turn: SmallOffice, desk: Callable[[str], Client]
) -> None:
    tu = str(numbered_out_of_turn.agencies["tu"].pk)
    answer: Any = desk("nhan").get(BOOK, {"xuat": "csv", "co-quan": tu})
    rows = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert codes_on(" ".join(",".join(row) for row in rows)) == [
        f"0{number}-TB/TU" for number in (1, 2, 3, 4)
    ]
