"""One entry of the navigation is lit at most, the one the page belongs to."""

from __future__ import annotations

import pytest
from django.urls import reverse

from nhactruong.assembly.navigation import _beside, _on_their_own, entry_at
from nhactruong.kernel.states import Role


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


def test_neighbours_stand_as_tabs_for_whoever_has_the_first_of_them() -> None:
    """One entry in the navigation, its neighbours on the page; else each stands for itself."""
    chief, administrator = frozenset({Role.CHIEF_OF_OFFICE}), frozenset({Role.SYSADMIN})
    labels = [entry.label for entry in _on_their_own(chief)]
    assert "Tổ chức" in labels and "Bàn giao" not in labels
    assert "Bàn giao" in [entry.label for entry in _on_their_own(administrator)]
    path = reverse("handover:list")
    tabs = _beside(chief, "handover:list", path)
    assert [tab["label"] for tab in tabs if tab["current"]] == ["Bàn giao"]
    assert len(tabs) == 4
    assert _beside(chief, "handover:list", f"{path}lap/") == []
    assert _beside(administrator, "handover:list", path) == []
