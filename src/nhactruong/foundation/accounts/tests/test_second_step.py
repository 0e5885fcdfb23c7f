"""Sign-in with a second step: what opens the door, and what never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.accounts import factors
from nhactruong.foundation.accounts.commands import confirm, show_recovery_codes, sign_in
from nhactruong.foundation.accounts.models import DoorTry, User
from nhactruong.foundation.accounts.tests.factors import (
    Telephone,
    send_code,
    send_password,
    with_telephone,
)
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.kernel import clock
from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.masterdata.organization.selectors import actor_for_account
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD, small_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def lam() -> User:
    return small_office().user("lam")


@pytest.fixture
def telephone(lam: User) -> Telephone:
    return with_telephone(lam)


def is_in(client: Client) -> bool:
    return client.get(reverse("session"), headers={"accept": "application/json"}).status_code == 200


def test_a_password_alone_opens_nothing_and_the_code_leads_to_the_page_wanted(
    telephone: Telephone,
) -> None:
    client = Client()
    wanted = reverse("incoming:list")
    assert send_password(client, "lam", next=wanted) == reverse("accounts:second_step")
    assert not is_in(client)
    assert client.get(wanted).status_code == 302
    answer = client.post(reverse("accounts:second_step"), {"code": telephone.code()})
    assert (answer.status_code, answer.headers["Location"]) == (303, wanted)
    assert is_in(client)
    last = AuditRow.objects.filter(action="account.signed_in").latest("pk")
    assert last.facts["second_factor"] == "totp"


def test_a_code_counts_once_in_all_browsers(telephone: Telephone) -> None:
    first, second = Client(), Client()
    code = telephone.code()
    for client in (first, second):
        send_password(client, "lam")
    assert send_code(first, code) == 303
    assert send_code(second, code) == 422
    # Nor does the code before it, once a later one was taken.
    assert send_code(second, telephone.code(-1)) == 422
    assert send_code(second, telephone.code(1)) == 303


def test_a_right_password_gives_no_new_tries_for_the_code(telephone: Telephone) -> None:
    for _ in range(4):
        client = Client()
        send_password(client, "lam")
        assert send_code(client, telephone.wrong()) == 422
    client = Client()
    send_password(client, "lam")
    locked = client.post(reverse("accounts:second_step"), {"code": telephone.wrong()})
    assert "tạm khóa đến" in locked.content.decode()
    # The right code is not read while the lock lasts, in no browser and after no password.
    send_password(client, "lam")
    assert send_code(client, telephone.code()) == 422
    assert AuditRow.objects.filter(action="account.locked").count() == 1
    with clock.frozen_at(clock.now() + timedelta(minutes=16)):
        client = Client()
        send_password(client, "lam")
        assert send_code(client, telephone.code()) == 303


def test_wrong_codes_do_not_lock_the_password_nor_the_other_way_round(
    lam: User, telephone: Telephone
) -> None:
    for _ in range(5):
        with pytest.raises(RuleBroken):
            sign_in("lam", "khong-phai-mat-khau", client_address="10.0.0.1")
    lam.refresh_from_db()
    assert (lam.locked_until, lam.second_factor_locked_until) == (None, None)
    assert DoorTry.objects.get().locked_until is not None


def test_a_recovery_code_opens_once(lam: User, telephone: Telephone) -> None:
    codes = show_recovery_codes(actor_for_account(lam.pk))
    assert len(set(codes)) == 10
    assert show_recovery_codes(actor_for_account(lam.pk)) == []
    for status in (303, 422):
        client = Client()
        send_password(client, "lam")
        assert send_code(client, codes[3]) == status


def test_the_second_step_waits_five_minutes_and_for_the_same_password(
    lam: User, telephone: Telephone
) -> None:
    slow, other = Client(), Client()
    for client in (slow, other):
        send_password(client, "lam")
    with clock.frozen_at(clock.now() + timedelta(minutes=6)):
        late = slow.post(reverse("accounts:second_step"), {"code": telephone.code()}, follow=True)
        assert "đã quá năm phút" in late.content.decode()
        assert not is_in(slow)
    lam.set_password("mot-mat-khau-khac-han")
    lam.save()
    assert send_code(other, telephone.code()) == 302
    assert not is_in(other)


def test_secrets_rest_sealed(lam: User, telephone: Telephone) -> None:
    for row in Authenticator.objects.filter(user=lam):
        assert telephone.secret not in str(row.data)
    seed = Authenticator.objects.get(user=lam, type=factors.RECOVERY).data["seed"]
    assert len(seed) > 100 and not set(seed) <= set("0123456789abcdef")


def test_confirming_asks_the_second_factor_and_holds_for_some_minutes_in_one_session(
    lam: User, telephone: Telephone
) -> None:
    actor = replace(actor_for_account(lam.pk), session_id="phien-01")
    elsewhere = replace(actor, session_id="phien-02")
    with pytest.raises(RuleBroken, match="Mã xác nhận không đúng"):
        confirm(actor, PASSWORD)
    confirm(actor, telephone.code())
    confirm(actor, "")
    for who, anew in ((elsewhere, False), (actor, True)):
        with pytest.raises(InvalidInput, match="Thiếu Mã xác nhận"):
            confirm(who, "", anew=anew)
    with clock.frozen_at(clock.now() + timedelta(minutes=5, seconds=1)):
        with pytest.raises(InvalidInput, match="Thiếu Mã xác nhận"):
            confirm(actor, "")
        confirm(actor, telephone.code(), anew=True)
