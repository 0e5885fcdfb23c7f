"""A role is given by three people: one asks, one decides, one gains; none of them twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from nhactruong.foundation.access.rules import role_token
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.notices.models import Notice
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.kernel import clock
from nhactruong.kernel.errors import (
    AccessDenied,
    ConflictingChange,
    InvalidInput,
    NotFound,
    RuleBroken,
)
from nhactruong.kernel.states import Role
from nhactruong.masterdata.changes import commands, selectors
from nhactruong.masterdata.changes.models import ChangeOrder
from nhactruong.masterdata.changes.rules import Kind, State
from nhactruong.masterdata.changes.tests.orders import (
    approved,
    office_under_the_province,
    requested,
    role_for,
    vacant_post,
)
from nhactruong.masterdata.delegations import commands as delegations
from nhactruong.masterdata.organization import commands as organization
from nhactruong.masterdata.organization.models import Delegation
from nhactruong.masterdata.organization.tests.scenarios import FOUNDER, SmallOffice

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> SmallOffice:
    return office_under_the_province()


def lend(office: SmallOffice, post: str, to: str) -> None:
    now = clock.now()
    delegations.delegate(
        office.actor(post),
        office.posts[post].pk,
        office.people[to],
        kind=Delegation.Kind.SUBSTITUTE,
        basis="Giấy ủy quyền",
        starts_at=now,
        ends_at=now + timedelta(hours=8),
    )


def test_a_head_asks_the_chief_decides_the_specialist_has_the_role(office: SmallOffice) -> None:
    token = role_token(Role.CLERK, office.agencies["vptu"].pk)
    order = role_for(office, "suong")
    assert token not in office.actor("suong").tokens
    waiting = WorkItem.objects.get(object_id=order.public_id)
    assert (waiting.kind, waiting.token in office.actor("khue").tokens) == ("changes.decide", True)
    assert waiting.title == "Giao vai trò Văn thư: Chuyên viên Phòng Tổng hợp"
    approved(office, order)
    assert token in office.actor("suong").tokens
    waiting.refresh_from_db()
    assert not waiting.is_open
    told = Notice.objects.get(object_id=order.public_id)
    assert (told.token in office.actor("lam").tokens, "đã duyệt" in told.text) == (True, True)
    acts = AuditRow.objects.filter(object_id=order.public_id).values_list("action", flat=True)
    assert sorted(acts) == ["changes.approved", "changes.requested"]
    assert AuditRow.objects.filter(
        action="organization.role_granted", object_id=office.posts["suong"].public_id
    ).exists()


def test_a_role_taken_is_gone_the_same_day(office: SmallOffice) -> None:
    vptu = office.agencies["vptu"]
    order = requested(
        office,
        "lam",
        Kind.TAKE_ROLE,
        post_id=office.posts["suong"].pk,
        role=Role.SPECIALIST,
        reached_id=vptu.pk,
    )
    approved(office, order)
    assert not office.actor("suong").has_role(Role.SPECIALIST, vptu.pk)
    assert office.actor("suong").has_role(Role.SPECIALIST, office.agencies["tu"].pk)


def test_who_asks_never_decides(office: SmallOffice) -> None:
    order = role_for(office, "may", by="son", agency="dm")
    with pytest.raises(AccessDenied, match="người thứ hai") as refusal:
        approved(office, order, by="son")
    assert refusal.value.line == 25
    with pytest.raises(IntegrityError), transaction.atomic(), writes_allowed():
        ChangeOrder.objects.filter(pk=order.pk).update(
            state=State.APPROVED.value,
            decider_id=order.requester_id,
            decided_at=clock.now(),
        )
    assert order.deciding == office.agencies["tu"]
    approved(office, order)
    assert office.actor("may").has_role(Role.CLERK, office.agencies["dm"].pk)


def test_nobody_asks_for_himself_nor_for_a_post_lent_to_him(office: SmallOffice) -> None:
    with pytest.raises(AccessDenied, match="cho chính mình") as refusal:
        role_for(office, "lam")
    assert refusal.value.line == 25
    lend(office, "suong", to="lam")
    with pytest.raises(AccessDenied, match="cho chính mình"):
        role_for(office, "suong")
    post = vacant_post(office)
    with pytest.raises(AccessDenied, match="cho chính mình"):
        requested(
            office,
            "lam",
            Kind.APPOINT,
            post_id=post.pk,
            person_id=office.people["lam"].pk,
            said={"holding_kind": "concurrent"},
        )
    assert not ChangeOrder.objects.exists()


def test_who_gains_never_decides(office: SmallOffice) -> None:
    order = role_for(office, "son", by="quan", agency="dm")
    with pytest.raises(AccessDenied, match="cho chính đồng chí") as refusal:
        approved(office, order, by="son")
    assert refusal.value.line == 25
    approved(office, order)
    lent = role_for(office, "suong")
    lend(office, "suong", to="khue")
    with pytest.raises(AccessDenied, match="cho chính đồng chí"):
        approved(office, lent)
    with pytest.raises(RuleBroken, match="người thứ hai"):
        role_for(office, "khue", Role.MONITOR, by="quan")


def test_whoever_asked_and_takes_up_the_post_meanwhile_gets_nothing(office: SmallOffice) -> None:
    post = vacant_post(office)
    order = role_for(office, "", post=post)
    organization.appoint(
        FOUNDER, office.people["lam"], post, kind="concurrent", since=clock.today()
    )
    with pytest.raises(AccessDenied, match="nay giữ chức danh"):
        approved(office, order)
    commands.refuse(office.actor("khue"), order.public_id, reason="Đã đổi người", version=1)
    assert not office.actor("lam").has_role(Role.CLERK, office.agencies["vptu"].pk)


def test_the_database_knows_the_third_person(office: SmallOffice) -> None:
    order = requested(
        office,
        "lam",
        Kind.APPOINT,
        post_id=vacant_post(office).pk,
        person_id=office.people["hanh"].pk,
        said={"holding_kind": "concurrent"},
    )
    for person in ("lam", "khue"):
        with pytest.raises(IntegrityError), transaction.atomic(), writes_allowed():
            ChangeOrder.objects.filter(pk=order.pk).update(
                person=office.people[person],
                state=State.APPROVED.value,
                decider=office.people["khue"],
                decided_at=clock.now(),
            )


@pytest.mark.parametrize(
    ("person", "role", "words"),
    [
        ("suong", Role.SYSADMIN, "không xem văn bản"),
        ("suong", Role.AUDITOR, "không xem văn bản"),
        ("quan", Role.AUDITOR, "không quản trị hệ thống"),
        ("quan", Role.SPECIALIST, "không xem văn bản"),
    ],
)
def test_roles_that_never_meet_are_refused_when_asked_for(
    office: SmallOffice, person: str, role: Role, words: str
) -> None:
    by = {"suong": "lam", "quan": "hanh"}[person]
    with pytest.raises(RuleBroken, match=words):
        role_for(office, person, role, by=by)


def test_roles_that_never_meet_are_refused_again_when_decided(office: SmallOffice) -> None:
    post = vacant_post(office)
    order = role_for(office, "", Role.SECURITY_ADMIN, post=post)
    organization.appoint(
        FOUNDER, office.people["mien"], post, kind="concurrent", since=clock.today()
    )
    with pytest.raises(RuleBroken, match="Đinh Thùy Miên: Vai trò Quản trị an toàn"):
        approved(office, order)
    assert ChangeOrder.objects.get(pk=order.pk).as_state is State.REQUESTED


def test_an_administrator_takes_no_post_that_sees_papers(office: SmallOffice) -> None:
    post = vacant_post(office, Role.SPECIALIST)
    with pytest.raises(RuleBroken, match="Hồ Quản Trị: Vai trò Quản trị hệ thống"):
        requested(
            office,
            "lam",
            Kind.APPOINT,
            post_id=post.pk,
            person_id=office.people["quan"].pk,
            said={"holding_kind": "concurrent"},
        )


def test_who_may_ask_and_who_may_decide(office: SmallOffice) -> None:
    for person in ("khoi", "le", "suong", "nhan", "luu"):
        with pytest.raises(AccessDenied, match="lập phiếu thay đổi") as refusal:
            role_for(office, "mien", by=person)
        assert refusal.value.line == 25
    with pytest.raises(AccessDenied, match="đơn vị mình"):
        role_for(office, "nhan", Role.ARCHIVIST, by="lam")
    with pytest.raises(AccessDenied, match="đơn vị mình"):
        requested(
            office,
            "lam",
            Kind.FOUND_UNIT,
            said={"name": "Phòng Chuyển đổi số", "short_name": "CĐS"},
        )
    with pytest.raises(NotFound):
        role_for(office, "may", by="lam", agency="dm")
    order = role_for(office, "mien")
    for person in ("lam", "quan"):
        with pytest.raises(AccessDenied, match=r"Chánh Văn phòng") as refusal:
            approved(office, order, by=person)
        assert refusal.value.line == 25
    for stranger in ("le", "suong", "mien", "hanh", "khoi", "son", "thao"):
        with pytest.raises(NotFound):
            approved(office, order, by=stranger)
        with pytest.raises(NotFound):
            selectors.get_visible(office.actor(stranger), order.public_id)
        assert not selectors.record_cards(office.actor(stranger), [order.public_id])


def test_a_role_that_reaches_further_than_the_chief_is_decided_above(office: SmallOffice) -> None:
    order = requested(
        office,
        "quan",
        Kind.GRANT_ROLE,
        "dm",
        post_id=office.posts["may"].pk,
        role=Role.MONITOR,
        reached_id=office.agencies["vptu"].pk,
    )
    assert order.deciding == office.agencies["tu"]
    with pytest.raises(AccessDenied, match="ngoài phạm vi"):
        approved(office, order, by="son")
    approved(office, order)


def test_a_stale_page_a_second_order_and_second_thoughts(office: SmallOffice) -> None:
    order = role_for(office, "suong")
    with pytest.raises(RuleBroken, match="phiếu chờ duyệt"):
        role_for(office, "suong", by="quan")
    with pytest.raises(ConflictingChange):
        commands.approve(office.actor("khue"), order.public_id, version=order.version + 1)
    with pytest.raises(AccessDenied, match="người đề nghị"):
        commands.withdraw(office.actor("quan"), order.public_id, version=None)
    commands.withdraw(office.actor("lam"), order.public_id, version=order.version)
    with pytest.raises(AccessDenied, match="đã rút"):
        commands.approve(office.actor("khue"), order.public_id, version=None)
    again = role_for(office, "suong")
    with pytest.raises(InvalidInput, match="lý do"):
        commands.refuse(office.actor("khue"), again.public_id, reason=" ", version=None)
    refused = commands.refuse(
        office.actor("khue"), again.public_id, reason="Chưa cần", version=again.version
    )
    assert (refused.as_state, refused.decision_reason) == (State.REFUSED, "Chưa cần")
    assert "không duyệt" in Notice.objects.get(object_id=again.public_id).text
    assert not office.actor("suong").has_role(Role.CLERK, office.agencies["vptu"].pk)


def test_what_somebody_else_gave_meanwhile_is_not_given_twice(office: SmallOffice) -> None:
    order = role_for(office, "suong")
    organization.grant_role(
        FOUNDER,
        office.posts["suong"],
        Role.CLERK,
        office.agencies["vptu"],
        since=clock.today() + timedelta(days=3),
    )
    with pytest.raises(InvalidInput, match="đã có vai trò"):
        approved(office, order)


@pytest.mark.parametrize("person", ["khue", "quan"])
def test_the_last_of_those_without_whom_nothing_goes_stays(
    office: SmallOffice, person: str
) -> None:
    role = {"khue": Role.CHIEF_OF_OFFICE, "quan": Role.SYSADMIN}[person]
    with pytest.raises(RuleBroken, match="cuối cùng"):
        requested(
            office,
            {"khue": "quan", "quan": "hanh"}[person],
            Kind.TAKE_ROLE,
            post_id=office.posts[person].pk,
            role=role,
            reached_id=office.agencies["vptu"].pk,
        )


def test_who_sees_an_order_sees_what_was_and_what_will_be(
    office: SmallOffice, django_assert_num_queries: Callable[..., object]
) -> None:
    order = role_for(office, "suong")
    line = selectors.lines_of(order)[0]
    assert "Văn thư" not in line.before
    assert "Văn thư (Văn phòng Tỉnh ủy)" in line.after
    done = approved(office, order)
    with django_assert_num_queries(0):
        assert selectors.lines_of(done)[0] == line
