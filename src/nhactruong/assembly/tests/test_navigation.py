"""One entry of the navigation is lit at most, the one the page belongs to."""

from __future__ import annotations

import pytest

from nhactruong.assembly.navigation import entry_at


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/", "today"),
        ("/hop-viec/", "workitems:inbox"),
        ("/van-ban-den/", "incoming:list"),
        ("/van-ban-den/tiep-nhan/", "incoming:intake"),
        ("/du-lieu/ma/communes/", "catalogue:list"),
        ("/du-lieu/nhap/moi/", "importing:list"),
        ("/quan-tri/khoa/", "administration"),
        ("/quan-tri/quyen/", "access:rights"),
        ("/nhat-ky/canh-bao/", "inspection:alerts"),
        ("/nhat-ky/", "inspection:record"),
        ("/toi/", ""),
        ("/tim/", ""),
    ],
)
def test_the_longest_address_that_begins_the_page_wins(path: str, entry: str) -> None:
    assert entry_at(path) == entry
