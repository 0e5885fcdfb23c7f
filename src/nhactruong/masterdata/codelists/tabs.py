"""The tabs on top of every page of *Dữ liệu*."""

from __future__ import annotations

from typing import Final

from django.urls import reverse

from nhactruong.foundation.ui.shapes import Tab

SETS, CODES, QUALITY, ONCE = (
    "catalogue:list",
    "codelists:list",
    "catalogue:quality",
    "catalogue:once",
)
_LABELS: Final = {
    SETS: "Danh mục dữ liệu",
    CODES: "Danh mục mã",
    QUALITY: "Chất lượng",
    ONCE: "Nhập một lần",
}


def data_tabs(current: str) -> list[Tab]:
    """The four tabs, the page one is on marked."""
    return [Tab(label, reverse(name), current=name == current) for name, label in _LABELS.items()]
