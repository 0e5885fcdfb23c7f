from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from nhactruong.foundation.access import rules as tokens
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import commands, selectors
from nhactruong.masterdata.organization.tests.scenarios import FOUNDER, SINCE, small_office

pytestmark = pytest.mark.django_db


def test_a_clerk_of_the_office_reaches_both_agencies_her_registry_serves() -> None:
    office = small_office()
    nhan = office.actor("nhan")
    tu, vptu = office.agencies["tu"].pk, office.agencies["vptu"].pk
    assert nhan.agencies_with(Role.CLERK) == tuple(sorted((tu, vptu)))
    assert tokens.role_token(Role.CLERK, tu) in nhan.tokens


def test_only_the_head_carries_the_token_of_the_unit() -> None:
    office = small_office()
    unit = tokens.unit_token(office.units["th"].pk)
    assert unit in office.actor("lam").tokens
    assert unit not in office.actor("suong").tokens


def test_a_post_has_one_holder_at_a_time() -> None:
    office = small_office()
    with pytest.raises(IntegrityError), transaction.atomic():
        commands.appoint(FOUNDER, office.people["le"], office.posts["khue"], since=date(2026, 1, 1))


def test_the_congress_is_offered_last_among_the_organs_that_issue() -> None:
    office = small_office()
    held = office.agencies["dm"]
    for key, kind in (("dm.dh", "congress"), ("dm.bch", "executive_committee")):
        commands.create_organ(
            FOUNDER,
            key=key,
            agency=held,
            name=key,
            kind=kind,
            name_block=held.issuer_lines,
            superior_line="",
            collective_line="",
            series_body="dm",
            symbol="ĐU",
            valid_from=SINCE,
        )
    offered = [organ.key for organ in selectors.organs_of([held.pk])]
    assert offered == ["dm.btv", "dm.bch", "dm.dh"]


def test_a_post_is_filled_while_somebody_holds_it() -> None:
    office = small_office()
    assert selectors.is_filled(Role.CHIEF_OF_OFFICE, office.agencies["dm"].pk)
    assert not selectors.is_filled(Role.MONITOR, office.agencies["dm"].pk)


def test_a_post_given_up_gives_no_sight_from_that_day() -> None:
    office = small_office()
    commands.appoint(
        FOUNDER,
        office.people["mien"],
        commands.create_post(
            FOUNDER,
            key="vptu.tam",
            agency=office.agencies["vptu"],
            title="Tổ công tác",
            rank=99,
            valid_from=SINCE,
        ),
        since=SINCE,
        until=date(2026, 1, 1),
    )
    assert [post.title for post in office.actor("mien").posts] == ["Chuyên viên Phòng Tổng hợp"]
