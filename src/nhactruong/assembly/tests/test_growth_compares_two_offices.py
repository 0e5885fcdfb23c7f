"""The growth of a page is measured between two offices, never between one and itself."""

from __future__ import annotations

import pytest

from nhactruong.assembly.bench.growth import Served, compare
from nhactruong.assembly.supervision.refusals import Refusal


def test_an_office_is_not_compared_with_itself() -> None:
    office = Served(1000, "127.0.0.1", 1, {})
    with pytest.raises(Refusal, match="cùng số văn bản"):
        compare(office, office)
