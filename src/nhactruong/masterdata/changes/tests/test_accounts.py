"""Accounts: asked for, approved, the code collected once and handed over, taken up by its owner."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.accounts import commands as accounts
from nhactruong.foundation.accounts.models import Invitation
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.foundation.persistence.models import Operation, OperationAnswer
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.kernel import clock
from nhactruong.kernel.errors import AccessDenied, InvalidInput, RuleBroken
from nhactruong.masterdata.changes import commands, selectors
from nhactruong.masterdata.changes.models import ChangeOrder
from nhactruong.masterdata.changes.rules import (
    CodeStage,
    Kind,
    is_username,
    suggested_username,
)
from nhactruong.masterdata.changes.tests.orders import (
    approved,
    newcomer,
    office_under_the_province,
    requested,
    second_administrator,
)
from nhactruong.masterdata.organization import checks
from nhactruong.masterdata.organization import commands as organization
from nhactruong.masterdata.organization.models import Person
from nhactruong.masterdata.organization.tests.scenarios import FOUNDER, PASSWORD, SmallOffice

pytestmark = pytest.mark.django_db
OWN = "dong song mua nuoc noi"
WHERE = "10.0.0.1"


@pytest.fixture
def office(db: None) -> SmallOffice:
    return office_under_the_province()


def account_for(
    office: SmallOffice, person: str = "moi", by: str = "lam", **said: str
) -> ChangeOrder:
    return requested(
        office,
        by,
        Kind.GIVE_ACCOUNT,
        post_id=office.posts[person].pk,
        person_id=office.people[person].pk,
        said=said,
    )


def way_back_for(office: SmallOffice, person: str = "suong", by: str = "lam") -> ChangeOrder:
    return requested(
        office,
        by,
        Kind.RESET_ACCOUNT,
        post_id=office.posts[person].pk,
        person_id=office.people[person].pk,
    )


def client_of(office: SmallOffice, person: str) -> Client:
    client = Client()
    client.force_login(office.user(person))
    return client


def press(client: Client, order: ChangeOrder, **said: Any) -> Any:
    fields = {"operation_id": str(uuid.uuid4()), "version": order.version, **said}
    return client.post(reverse("changes:collect", args=[order.public_id]), fields)


def code_in(page: str) -> str:
    found = re.search(r"<code>([A-Z2-7-]{32})</code>", page)
    assert found, page
    return found[1]


def collected(office: SmallOffice, order: ChangeOrder, mark: str = "a", by: str = "quan") -> None:
    commands.collect(office.actor(by), order.public_id, version=order.version, code_hash=mark * 64)


def stage_of(order: ChangeOrder) -> CodeStage | None:
    order.refresh_from_db()
    code = selectors.code_of(order)
    return code.stage if code else None


def test_a_new_person_comes_in(
    office: SmallOffice, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    person = newcomer(office)
    missing = [one.what for one in checks.holders_without_account(clock.today(), None)]
    assert person.full_name in missing
    order = account_for(office, email="moi@tinhuy.example")
    assert order.said == {"username": "moi.cao", "email": "moi@tinhuy.example"}
    order = approved(office, order)
    user = office_account(person)
    assert (user.username, user.has_usable_password()) == ("moi.cao", False)
    assert not list(checks.holders_without_account(clock.today(), None))
    waiting = WorkItem.objects.get(object_id=order.public_id, kind="changes.collect")
    assert waiting.token in office.actor("quan").tokens
    administrator = client_of(office, "quan")
    here = reverse("changes:detail", args=[order.public_id])
    with django_assert_max_num_queries(15):
        assert "Lấy mã" in administrator.get(here).content.decode()
    wrong = press(administrator, order, step_up_code="sai")
    assert wrong.status_code in (409, 422)
    operation = str(uuid.uuid4())
    shown = press(administrator, order, step_up_code=PASSWORD, operation_id=operation)
    page = shown.content.decode()
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")
    code = code_in(page)
    waiting.refresh_from_db()
    assert not waiting.is_open
    # Pressed again, or looked at again: the code is nowhere any more.
    again = press(administrator, order, step_up_code=PASSWORD, operation_id=operation)
    assert (again.status_code, code in again.content.decode()) == (303, False)
    assert code not in administrator.get(here).content.decode()
    second = press(administrator, order, step_up_code=PASSWORD)
    assert (second.status_code, "Mã đã lấy" in second.content.decode()) == (403, True)
    kept = json.dumps(
        [list(kept.objects.values()) for kept in (AuditRow, Operation, OperationAnswer)],
        default=str,
    )
    assert code not in kept
    accounts.take_up("moi.cao", code, OWN, client_address=WHERE)
    assert accounts.sign_in("moi.cao", OWN, client_address=WHERE) == user
    assert stage_of(order) is CodeStage.USED
    assert "Người ấy đã tự đặt mật khẩu" in administrator.get(here).content.decode()
    with pytest.raises(AccessDenied, match="đã đặt mật khẩu"):
        collected(office, order)


def office_account(person: Person) -> Any:
    person.refresh_from_db()
    assert person.account is not None
    return person.account


def test_who_asks_who_decides_and_who_comes_in_are_three(office: SmallOffice) -> None:
    person = newcomer(office)
    order = account_for(office)
    with pytest.raises(AccessDenied):
        approved(office, order, by="lam")
    for kind in (Kind.GIVE_ACCOUNT, Kind.RESET_ACCOUNT):
        changes = {"kind": kind, "requester": person}
        with pytest.raises(IntegrityError), transaction.atomic(), writes_allowed():
            ChangeOrder.objects.filter(pk=order.pk).update(**changes)
    for who, by in (("lam", "lam"), ("quan", "quan"), ("khue", "khue")):
        with pytest.raises(AccessDenied, match="chính mình"):
            way_back_for(office, who, by=by)
    # The only head of office here cannot allow what gives himself a way in.
    second_administrator(office)
    with pytest.raises(RuleBroken, match="Chưa có người thứ hai"):
        way_back_for(office, "khue", by="quan")


def test_only_the_administrator_collects_and_never_for_himself(office: SmallOffice) -> None:
    order = approved(office, way_back_for(office))
    for who in ("lam", "khue"):
        with pytest.raises(AccessDenied, match="Quản trị hệ thống") as refusal:
            collected(office, order, by=who)
        assert refusal.value.line == 25
    second_administrator(office)
    own = approved(office, way_back_for(office, "quan", by="hanh"))
    with pytest.raises(AccessDenied, match="cho chính mình"):
        collected(office, own)
    assert not Invitation.objects.exists()


def test_whoever_asked_or_decided_does_not_collect(office: SmallOffice) -> None:
    """An administrator who asks for a way back into another's account never holds its code."""
    second_administrator(office)
    order = approved(office, way_back_for(office, by="quan"))
    with pytest.raises(AccessDenied, match="Người đề nghị, người duyệt không lấy mã") as refusal:
        collected(office, order)
    assert refusal.value.line == 25
    answer = press(client_of(office, "quan"), order, step_up_code=PASSWORD)
    assert (answer.status_code, "<code>" in answer.content.decode()) == (403, False)
    assert not Invitation.objects.exists()
    # Nor whoever has decided and administers the system since.
    with writes_allowed():
        ChangeOrder.objects.filter(pk=order.pk).update(decider=office.people["quan2"])
    with pytest.raises(AccessDenied, match="người duyệt không lấy mã"):
        collected(office, order, by="quan2")
    with writes_allowed():
        ChangeOrder.objects.filter(pk=order.pk).update(decider=office.people["khue"])
    collected(office, order, by="quan2")
    assert stage_of(order) is CodeStage.OPEN


def test_the_code_waits_only_for_who_may_make_it(office: SmallOffice) -> None:
    """Not for the administrator who asked for it or who comes in with it."""
    second_administrator(office)
    for made, waits in (
        (way_back_for(office, by="quan"), {"quan2"}),
        (way_back_for(office, "quan", by="hanh"), {"quan2"}),
        (way_back_for(office, "mien"), {"quan", "quan2"}),
    ):
        order = approved(office, made)
        asked = {
            person
            for person in ("quan", "quan2", "lam", "khue")
            if workitems.open_for_object(office.actor(person), order.public_id)
        }
        assert asked == waits
        for person in waits:
            here = reverse("changes:detail", args=[order.public_id])
            assert "Lấy mã" in client_of(office, person).get(here).content.decode()


def test_without_a_third_to_collect_nothing_is_asked_for(office: SmallOffice) -> None:
    newcomer(office)
    with pytest.raises(RuleBroken, match="chỉ có một quản trị hệ thống, nên phiếu này do"):
        way_back_for(office, by="quan")
    with pytest.raises(RuleBroken, match="chỉ có một quản trị hệ thống, nên phiếu này do"):
        account_for(office, by="quan")
    with pytest.raises(RuleBroken, match="quản trị hệ thống duy nhất"):
        way_back_for(office, "quan", by="hanh")
    second_administrator(office)
    order = way_back_for(office, by="quan")
    # The second one leaves before the answer: asked again, it is refused.
    organization.end_holding(
        FOUNDER, office.people["quan2"], office.posts["quan2"], on=clock.today()
    )
    with pytest.raises(RuleBroken, match="chỉ có một quản trị hệ thống"):
        approved(office, order)


def test_nothing_is_collected_before_the_answer_or_from_another_kind(office: SmallOffice) -> None:
    newcomer(office)
    order = account_for(office)
    with pytest.raises(AccessDenied, match="chưa duyệt"):
        collected(office, order)


def test_a_forgotten_password_sessions_end_at_once_the_old_word_at_take_up(
    office: SmallOffice,
) -> None:
    client = Client()
    sent = {"username": "suong", "password": PASSWORD}
    assert client.post(reverse("accounts:sign_in"), sent).status_code == 303
    order = way_back_for(office)
    assert client.get(reverse("me")).status_code == 200
    order = approved(office, order)
    assert client.get(reverse("me")).status_code == 302
    assert accounts.sign_in("suong", PASSWORD, client_address=WHERE)
    code = code_in(press(client_of(office, "quan"), order, step_up_code=PASSWORD).content.decode())
    accounts.take_up("suong", code, OWN, client_address=WHERE)
    with pytest.raises(RuleBroken, match="không đúng"):
        accounts.sign_in("suong", PASSWORD, client_address=WHERE)
    assert accounts.sign_in("suong", OWN, client_address=WHERE)


def test_an_expired_code_is_made_anew_but_not_for_ever(office: SmallOffice) -> None:
    order, begin = approved(office, way_back_for(office)), clock.now()
    collected(office, order, "a")
    assert stage_of(order) is CodeStage.OPEN
    with clock.frozen_at(begin + timedelta(days=8)):
        assert stage_of(order) is CodeStage.EXPIRED
        collected(office, order, "b")
        assert stage_of(order) is CodeStage.OPEN
    with clock.frozen_at(begin + timedelta(days=31)):
        assert stage_of(order) is CodeStage.LAPSED
        with pytest.raises(AccessDenied, match="quá 30 ngày"):
            collected(office, order, "c")


def test_a_lost_paper_takes_a_new_order_and_ends_the_old_code(office: SmallOffice) -> None:
    first = approved(office, way_back_for(office))
    collected(office, first, "a")
    second = approved(office, way_back_for(office))
    assert stage_of(second) is CodeStage.TO_COLLECT
    collected(office, second, "b")
    open_ones = Invitation.objects.filter(expires_at__gt=clock.now())
    assert [one.code_hash for one in open_ones] == ["b" * 64]


def test_names_are_free_small_letters_and_one_order_at_a_time(office: SmallOffice) -> None:
    newcomer(office)
    newcomer(office, "hai")
    for bad in ("Moi Cao", "mới.cao", "mo", "moi..cao", ".moi", "1moi"):
        with pytest.raises(InvalidInput, match="chữ thường không dấu"):
            account_for(office, username=bad)
    with pytest.raises(InvalidInput, match="đã có người dùng"):
        account_for(office, username="suong")
    with pytest.raises(InvalidInput, match="thư điện tử không đúng"):
        account_for(office, email="khong-phai-thu")
    assert account_for(office).said["username"] == "moi.cao"
    with pytest.raises(RuleBroken, match="đang có phiếu chờ"):
        account_for(office)
    with pytest.raises(InvalidInput, match="đã có người dùng"):
        account_for(office, "hai", username="moi.cao")
    # Of the same name: the next figure.
    assert account_for(office, "hai").said["username"] == "moi.cao2"


def test_who_has_one_gets_none_and_who_has_none_gets_no_way_back(office: SmallOffice) -> None:
    newcomer(office)
    with pytest.raises(InvalidInput, match="đã có tài khoản"):
        account_for(office, "suong")
    with pytest.raises(InvalidInput, match="chưa có tài khoản"):
        way_back_for(office, "moi")
    with pytest.raises(AccessDenied, match="đơn vị mình"):
        way_back_for(office, "nhan")
    elsewhere = requested_elsewhere(office)
    with pytest.raises(InvalidInput, match="không giữ chính thức"):
        commands.request(office.actor("lam"), elsewhere)


def requested_elsewhere(office: SmallOffice) -> commands.Asked:
    """A way back for somebody of the commune, by naming a post of the own unit."""
    blank = commands.Asked(
        kind=Kind.RESET_ACCOUNT,
        agency_id=office.agencies["vptu"].pk,
        from_on=clock.today(),
        reason="Quên mật khẩu",
        basis="",
    )
    return replace(blank, post_id=office.posts["suong"].pk, person_id=office.people["may"].pk)


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("Đinh Thùy Miên", "mien.dinh"),
        ("Cao Thị Mới", "moi.cao"),
        ("Y Blơk", "blok.y"),
        ("Khuê", "khue"),
        ("", ""),
    ],
)
def test_a_name_to_sign_in_with_is_drawn_from_the_persons(name: str, suggested: str) -> None:
    assert suggested_username(name) == suggested
    assert is_username(suggested) is bool(suggested)
