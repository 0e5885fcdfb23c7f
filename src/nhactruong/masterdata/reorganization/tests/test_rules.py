from __future__ import annotations

import pytest

from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import rules as identifiers
from nhactruong.masterdata.reorganization.rules import (
    Kind,
    Plan,
    PostFacts,
    gained,
    is_wider,
    require_parts,
    suggested,
    units_after,
)


def post(number: int, agency: int, title: str, unit: int | None, *roles: Role) -> PostFacts:
    return PostFacts(
        number,
        agency,
        title,
        unit,
        f"Phòng {unit % 10}" if unit else "",
        1,
        frozenset((role, agency) for role in roles),
    )


OLD = [
    post(1, 1, "Chánh Văn phòng", None, Role.CHIEF_OF_OFFICE),
    post(2, 1, "Trưởng phòng", 11, Role.HEAD_OF_DIVISION),
    post(3, 1, "Chuyên viên", 11, Role.SPECIALIST),
    post(4, 1, "Trưởng phòng", 12, Role.HEAD_OF_DIVISION),
]
NEW = [
    post(21, 2, "Chánh văn phòng", None, Role.CHIEF_OF_OFFICE),
    post(22, 2, "Trưởng phòng", 22, Role.HEAD_OF_DIVISION),
    post(23, 2, "Trưởng phòng", 21, Role.HEAD_OF_DIVISION),
    post(24, 2, "Chuyên viên chính", 21, Role.SPECIALIST),
]


def test_posts_are_matched_by_title_and_unit_before_anything_else() -> None:
    assert suggested(OLD, NEW) == {1: 21, 2: 23, 3: 24, 4: 22}


def test_a_post_that_resembles_none_is_left_to_people() -> None:
    assert suggested([post(9, 1, "Lái xe", None)], NEW[:2]) == {}


def test_a_unit_goes_where_its_head_goes() -> None:
    by_id = {one.post_id: one for one in NEW}
    assert units_after(OLD, by_id, {2: 22, 3: 24, 4: 23}) == {11: 22, 12: 21}
    assert units_after(OLD, by_id, {2: 21, 3: 24}) == {11: 21}


def test_a_draft_follows_its_drafter_when_it_is_of_his_own_agency() -> None:
    plan = Plan(
        day=None,  # type: ignore[arg-type]
        basis="",
        successors={1: 5, 2: 6},
        posts={},
        units={},
        agencies_of_posts={10: (1, 7)},
    )
    assert plan.agency_after(1, 10) == 7
    assert plan.agency_after(2, 10) == 6


def test_a_successor_takes_over_the_roles_of_the_post_before() -> None:
    by_id = {one.post_id: one for one in NEW}
    assert gained(OLD[:1], by_id, {1: 21}) == {21: {(Role.CHIEF_OF_OFFICE, 1)}}
    assert gained(OLD[:1], by_id, {}) == {}


def test_the_same_office_is_no_wider_role_another_is() -> None:
    held = {(Role.CHIEF_OF_OFFICE, 2)}
    assert not is_wider([(Role.CHIEF_OF_OFFICE, 1)], held, {1})
    assert is_wider([(Role.SYSADMIN, 1)], held, {1})
    # Of a body that lives on, nothing new at all.
    assert is_wider([(Role.CHIEF_OF_OFFICE, 9)], held, {1})


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        (Kind.MERGE, [1], [2]),
        (Kind.MERGE, [1, 2], [3, 4]),
        (Kind.SPLIT, [1, 2], [3, 4]),
        (Kind.SPLIT, [1], [2]),
        (Kind.DISSOLVE, [], [2]),
        (Kind.DISSOLVE, [1], []),
        (Kind.MERGE, [1, 2], [2]),
    ],
)
def test_so_many_agencies_make_no_such_reorganization(
    kind: Kind, old: list[int], new: list[int]
) -> None:
    with pytest.raises(InvalidInput):
        require_parts(kind, old, new)


def test_what_makes_one() -> None:
    require_parts(Kind.MERGE, [1, 2, 3], [4])
    require_parts(Kind.SPLIT, [1], [2, 3])
    require_parts(Kind.DISSOLVE, [1], [2])


@pytest.mark.parametrize(
    ("old", "new"),
    [("000.00.05.H56", "H56.05"), ("005.02.01.H26", "H26.01.02.005")],
)
def test_an_old_identifier_says_the_same_as_the_new(old: str, new: str) -> None:
    assert identifiers.new_form(identifiers.require_identifier(old, is_old=True)) == new
    assert identifiers.require_identifier(new, is_old=False) == new


@pytest.mark.parametrize("value", ["", "a99.01", "A99-01", "A9.01", "A99." + "1" * 40, "A99.01\n."])
def test_what_is_no_identifier(value: str) -> None:
    with pytest.raises(InvalidInput):
        identifiers.require_identifier(value, is_old=False)
