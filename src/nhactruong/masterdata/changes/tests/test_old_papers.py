"""An agency takes a new name by an order of three people; what it issued keeps the old one."""

from __future__ import annotations

import pytest

from nhactruong.kernel import clock
from nhactruong.masterdata.changes import commands
from nhactruong.masterdata.changes.rules import Kind
from nhactruong.masterdata.organization.models import Organ
from nhactruong.masterdata.reorganization.selectors import agencies
from nhactruong.masterdata.reorganization.tests.offices import offices
from nhactruong.masterdata.reorganization.tests.papers import issued
from nhactruong.records.outgoing import selectors as outgoing


@pytest.mark.django_db
def test_what_was_issued_keeps_the_old_name() -> None:
    made = offices()
    paper = issued(made, "a1")
    order = commands.request(
        made.actor("a1-chanh"),
        commands.Asked(
            kind=Kind.RENAME_AGENCY,
            agency_id=made.agency("a1").pk,
            from_on=clock.today(),
            reason="Sáp nhập chức năng",
            basis="Quyết định 15-QĐ/TU",
            said={
                "name": "Ban Xây dựng Đảng Tỉnh ủy",
                "short_name": "Ban Xây dựng Đảng",
                "issuer_lines": "BAN XÂY DỰNG ĐẢNG",
            },
        ),
    )
    assert order.deciding == made.agency("tu")
    commands.approve(made.actor("khue"), order.public_id, version=order.version)
    assert made.agency("a1").name == "Ban Xây dựng Đảng Tỉnh ủy"
    assert Organ.objects.get(key="a1.ban").name_block == ["BAN XÂY DỰNG ĐẢNG"]
    seen = outgoing.get_visible(made.actor("a1-vt"), paper.public_id)
    assert (seen.issuer_printed, seen.reference_code) == (
        paper.issuer_printed,
        paper.reference_code,
    )
    assert seen.issuer_printed == "BAN A1 TỈNH ỦY"
    names = agencies.history(made.agency("a1"), clock.today()).names
    assert {row.name for row in names} == {"Ban A1 Tỉnh ủy", "Ban Xây dựng Đảng Tỉnh ủy"}
