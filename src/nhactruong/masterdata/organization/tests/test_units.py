"""Units that may be given an agency's papers: its own, and those that serve it."""

from __future__ import annotations

import pytest

from nhactruong.masterdata.organization import commands, selectors
from nhactruong.masterdata.organization.tests.scenarios import FOUNDER, SINCE, small_office

pytestmark = pytest.mark.django_db


def test_an_agency_is_served_by_its_own_unit_even_without_a_head() -> None:
    office = small_office()
    own = commands.create_unit(
        FOUNDER,
        key="dm-vp",
        agency=office.agencies["dm"],
        name="Văn phòng Đảng ủy",
        short_name="Văn phòng",
        valid_from=SINCE,
    )
    assert selectors.units_serving(office.agencies["dm"].pk) == [own]
    serving = {unit.key for unit in selectors.units_serving(office.agencies["tu"].pk)}
    assert serving == {"vptu-th", "vptu-hc"}
