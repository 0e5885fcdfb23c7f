"""Roles that never meet in one hand do not meet by a reorganization either."""

from __future__ import annotations

import pytest

from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel import clock
from nhactruong.kernel.errors import RuleBroken
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import commands as organization
from nhactruong.masterdata.organization.models import Holding, Post
from nhactruong.masterdata.organization.tests.scenarios import FOUNDER, a_person
from nhactruong.masterdata.reorganization import commands, selectors
from nhactruong.masterdata.reorganization.selectors import planning
from nhactruong.masterdata.reorganization.tests.offices import Offices, offices, proposal

pytestmark = pytest.mark.django_db


def _auditor(made: Offices, agency: str) -> None:
    """Somebody of that office who reads the record of all acts."""
    reads = [(Role.AUDITOR, agency)]
    with writes_allowed():
        a_person(made.small, f"{agency}-ks", "Cù Kiểm Soát", "Kiểm soát nhật ký", agency, reads)


def test_no_mapping_puts_into_one_hand_what_never_meets() -> None:
    """An auditor's post followed by a specialist's: the specialist would read the record."""
    made = offices()
    _auditor(made, "a1")
    drafted = proposal(made)
    author = made.actor("suong")
    posts = {made.post("a1-ks"): made.post("b-cv")}
    commands.map_posts(author, drafted.public_id, posts, version=None)
    said = r"^Chuyên viên, Ban B Tỉnh ủy.*: Vai trò Kiểm soát.* không xem văn bản\.$"
    with pytest.raises(RuleBroken, match=said):
        commands.send(author, drafted.public_id, version=None)
    found = planning.faults(selectors.planned(drafted))
    assert len([one for one in found if one.startswith("Chuyên viên, Ban B")]) == 1
    # Followed by an auditor's post it passes on, unless its holder sees documents elsewhere.
    _auditor(made, "b")
    posts = {made.post("a1-ks"): made.post("b-ks")}
    commands.map_posts(author, drafted.public_id, posts, version=None)
    assert not planning.faults(selectors.planned(drafted))
    with writes_allowed():
        Holding.objects.filter(post_id=made.post("b-ks")).update(
            person=made.small.people["mien"], kind="concurrent"
        )
    found = planning.faults(selectors.planned(drafted))
    assert [one.split(":")[0] for one in found] == [
        "Kiểm soát nhật ký, Ban B Tỉnh ủy (Đinh Thùy Miên)"
    ]
    # Also when it comes about after the approval: it is asked again at the act.
    with pytest.raises(RuleBroken, match="không xem văn bản"):
        commands.send(author, drafted.public_id, version=None)


def test_what_an_old_post_carried_does_not_count_for_its_holder_afterwards() -> None:
    made = offices()
    _auditor(made, "a1")
    _auditor(made, "b")
    # The auditor of the office that ends is to be a specialist; another takes over the record.
    holding = Holding.objects.get(post_id=made.post("b-cv"))
    organization.end_holding(FOUNDER, holding.person, holding.post, on=clock.today())
    with writes_allowed():
        Holding.objects.filter(post_id=made.post("a1-ks")).update(kind="concurrent")
    organization.appoint(
        FOUNDER,
        made.small.people["a1-ks"],
        Post.objects.get(pk=made.post("b-cv")),
        since=clock.today(),
    )
    drafted = proposal(made)
    posts = {made.post("a1-ks"): made.post("b-ks")}
    commands.map_posts(made.actor("suong"), drafted.public_id, posts, version=None)
    assert not planning.faults(selectors.planned(drafted))
