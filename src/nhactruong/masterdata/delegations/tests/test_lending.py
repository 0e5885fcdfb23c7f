"""Who may lend the sight of a post, to whom, and until which second."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel import clock
from nhactruong.kernel.errors import AccessDenied, NotFound, RuleBroken
from nhactruong.kernel.states import Role, Secrecy
from nhactruong.masterdata.delegations import commands
from nhactruong.masterdata.organization import rules
from nhactruong.masterdata.organization.models import Delegation, Holding, Post, PostRole
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice, small_office

NINE = datetime(2026, 9, 1, 2, tzinfo=UTC)
FIVE = NINE + timedelta(hours=8)
ASKED = rules.Proposal(
    giver_holds_post=True,
    giver_person_id=1,
    delegate_person_id=2,
    delegate_holds_a_post=True,
    delegate_sees_content=True,
    roles=frozenset({Role.CHIEF_OF_OFFICE}),
    basis="Giấy ủy quyền số 12-GUQ/VPTU",
    starts_at=NINE,
    ends_at=FIVE,
    now=NINE,
)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, ""),
        ({"giver_holds_post": False}, "delegation.not_own"),
        ({"delegate_person_id": 1}, "delegation.to_oneself"),
        ({"delegate_holds_a_post": False}, "delegation.no_post"),
        ({"basis": "  "}, "delegation.no_basis"),
        ({"ends_at": NINE}, "delegation.no_time"),
        ({"now": FIVE}, "delegation.no_time"),
        ({"ends_at": NINE + timedelta(days=367)}, "delegation.too_long"),
        ({"delegate_sees_content": False}, "delegation.administrator"),
        *[
            ({"roles": frozenset({Role.CHIEF_OF_OFFICE, role})}, "delegation.never")
            for role in (
                Role.SYSADMIN,
                Role.SECURITY_ADMIN,
                Role.AUDITOR,
                Role.CLERK,
                Role.SECRET_CLERK,
            )
        ],
    ],
)
def test_the_rules_of_a_delegation(changed: dict[str, object], code: str) -> None:
    said = rules.may_delegate(replace(ASKED, **changed))  # type: ignore[arg-type]  # a table
    assert (bool(said), said.code) == (not code, code)


def lend(
    office: SmallOffice,
    giver: str = "khue",
    to: str = "le",
    post: str = "khue",
    scope: commands.Scope | None = None,
) -> Delegation:
    return commands.delegate(
        office.actor(giver),
        office.posts[post].pk,
        office.people[to],
        kind=Delegation.Kind.SUBSTITUTE,
        basis="Giấy ủy quyền số 12-GUQ/VPTU",
        starts_at=NINE,
        ends_at=FIVE,
        scope=scope,
    )


@pytest.mark.django_db
def test_the_delegate_sees_for_the_post_and_neither_holds_it_nor_has_its_roles() -> None:
    office = small_office()
    chief = tokens.role_token(Role.CHIEF_OF_OFFICE, office.agencies["tu"].pk)
    with clock.frozen_at(NINE):
        before = office.actor("le")
        lend(office)
        le = office.actor("le")
    assert set(le.tokens) - set(before.tokens) == set(office.actor("khue").tokens)
    assert chief in le.tokens
    assert [lent.named for lent in le.lent] == ["xử lý thay Chánh Văn phòng Tỉnh ủy"]
    assert replace(le, tokens=(), lent=()) == replace(before, tokens=())
    row = AuditRow.objects.get(action="organization.delegated")
    assert (row.person_name, row.facts["delegate"]) == ("Đỗ Minh Khuê", "le")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "is_lent"),
    [
        (NINE - timedelta(seconds=1), False),
        (NINE, True),
        (FIVE - timedelta(seconds=1), True),
        (FIVE, False),
    ],
)
def test_the_sight_is_lent_from_the_second_it_begins_until_the_second_it_ends(
    at: datetime, is_lent: bool
) -> None:
    office = small_office()
    with clock.frozen_at(NINE - timedelta(hours=1)):
        lend(office)
    with clock.frozen_at(at):
        lent = tokens.post_token(office.posts["khue"].pk) in office.actor("le").tokens
    assert lent is is_lent


@pytest.mark.django_db
def test_what_is_lent_is_not_lent_on_and_no_post_of_another_is_lent() -> None:
    office = small_office()
    with clock.frozen_at(NINE):
        lend(office)
        with pytest.raises(AccessDenied, match="không được ủy quyền tiếp"):
            lend(office, giver="le", to="lam")
        with pytest.raises(AccessDenied, match="giữ dấu"):
            lend(office, giver="nhan", to="suong", post="nhan")


@pytest.mark.django_db
def test_the_same_post_is_lent_to_the_same_person_once_at_a_time() -> None:
    office = small_office()
    with clock.frozen_at(NINE):
        first = lend(office)
        with pytest.raises(RuleBroken, match="trùng nhau"):
            lend(office)
        with pytest.raises(NotFound):
            commands.revoke_delegation(office.actor("le"), first.public_id)
        commands.revoke_delegation(office.actor("khue"), first.public_id)
        assert tokens.post_token(office.posts["khue"].pk) not in office.actor("le").tokens
        lend(office)
        assert tokens.post_token(office.posts["khue"].pk) in office.actor("le").tokens


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["giver_leaves", "delegate_administers", "post_keeps_books"])
def test_what_was_right_when_it_was_lent_is_asked_again_at_every_request(change: str) -> None:
    office = small_office()
    vptu = office.agencies["vptu"]
    with clock.frozen_at(NINE):
        lend(office)
        with writes_allowed():
            if change == "giver_leaves":
                held = Holding.objects.get(person=office.people["khue"])
                held.valid = type(held.valid)(held.valid.lower, date(2026, 9, 1), "[)")
                held.save()
            else:
                who = "le" if change == "delegate_administers" else "khue"
                role = Role.AUDITOR if who == "le" else Role.CLERK
                since = DateRange(date(2026, 1, 1), None, "[)")
                PostRole.objects.create(post=office.posts[who], role=role, agency=vptu, valid=since)
        le = office.actor("le")
    assert le.lent == ()
    assert tokens.post_token(office.posts["khue"].pk) not in le.tokens


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("post", "mark", "shown"),
    [
        (Secrecy.SECRET, Secrecy.TOP_SECRET, Secrecy.CONFIDENTIAL),
        (Secrecy.INTERNAL, Secrecy.TOP_SECRET, Secrecy.INTERNAL),
        (Secrecy.SECRET, Secrecy.ORDINARY, Secrecy.ORDINARY),
    ],
)
def test_nothing_is_shown_above_the_post_the_mark_and_the_delegates_own_clearance(
    post: Secrecy, mark: Secrecy, shown: Secrecy
) -> None:
    office = small_office()
    with clock.frozen_at(NINE):
        with writes_allowed():
            Post.objects.filter(pk=office.posts["khue"].pk).update(clearance=post)
            Post.objects.filter(pk=office.posts["le"].pk).update(clearance=Secrecy.CONFIDENTIAL)
        lend(office, scope=commands.Scope(highest_secrecy=mark))
        le = office.actor("le")
    token = tokens.post_token(office.posts["khue"].pk)
    assert max(highest for part, highest in le.sights() if token in part) == shown
