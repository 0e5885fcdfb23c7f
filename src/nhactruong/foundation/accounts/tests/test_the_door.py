"""Attacks on the door: guessing, a session laid ready, forged forms, forged hosts, ways out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.accounts.tests.factors import send_code, send_password, with_telephone
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.jobs.commands import taken_by
from nhactruong.foundation.jobs.events import Event
from nhactruong.foundation.mail.events import MailWritten
from nhactruong.kernel import clock
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD, small_office

pytestmark = pytest.mark.django_db
SIGN_IN = "/dang-nhap/"


@pytest.fixture
def lam() -> User:
    return small_office().user("lam")


def test_five_wrong_passwords_lock_and_the_owner_is_told_by_mail(lam: User) -> None:
    lam.email = "lam@tinhuy.example"
    lam.save()
    written: list[Event] = []
    with taken_by(lambda event, handler: written.append(event)):
        for _ in range(5):
            answer = Client().post(SIGN_IN, {"username": "lam", "password": "sai"})
        assert "tạm khóa đến" in answer.content.decode()
        # The lock stands before the password is read, and nobody is told twice.
        again = Client().post(SIGN_IN, {"username": "lam", "password": PASSWORD})
        assert again.status_code == 422
    letters = [event for event in written if isinstance(event, MailWritten)]
    assert [letter.to for letter in letters] == ["lam@tinhuy.example"]
    assert "sai mật khẩu 5 lần từ địa chỉ 127.0.0.1" in letters[0].text
    assert PASSWORD not in letters[0].text
    assert AuditRow.objects.filter(action="account.locked", user_id=lam.pk).count() == 1


def test_the_browser_in_which_the_account_was_opened_stays_open_to_its_owner(lam: User) -> None:
    """Its cookie gives tries of its own and opens nothing; one that is not ours gives none."""
    right = {"username": "lam", "password": PASSWORD}
    usual = Client()
    assert usual.post(SIGN_IN, right).status_code == 303
    (name,) = [one for one in usual.cookies if one.startswith("nt_may_")]
    known = usual.cookies[name]
    assert (known["httponly"], known["samesite"], known["path"]) == (True, "Lax", SIGN_IN)
    assert "lam" not in name
    usual.post("/dang-xuat/")
    for _ in range(5):
        Client().post(SIGN_IN, {**right, "password": "sai"})
    forged = Client()
    forged.cookies[name] = known.value[:-2] + "xx"
    stranger = Client()
    for client in (forged, stranger):
        assert client.post(SIGN_IN, right).status_code == 422
    assert usual.post(SIGN_IN, {**right, "password": "sai"}).status_code == 422
    assert usual.post(SIGN_IN, right).status_code == 303


def test_the_record_says_who_opened_which_session(lam: User) -> None:
    client = Client()
    client.post(SIGN_IN, {"username": "lam", "password": PASSWORD})
    row = AuditRow.objects.get(action="account.signed_in")
    assert row.user_id == lam.pk
    assert row.person_name == client.get("/").wsgi_request.actor.name != "lam"
    assert row.session_id == (client.session.session_key or "")[:8] != ""
    assert row.client_address == "127.0.0.1"


@pytest.mark.parametrize("address", [SIGN_IN, "/dang-nhap/lan-dau/"])
def test_a_password_typed_as_the_name_is_in_no_column_of_the_record(
    address: str, lam: User
) -> None:
    typed = "mua-he-tren-dinh-nui"
    sent = {"username": typed, "password": "x", "code": "ABCD", "new": PASSWORD, "again": PASSWORD}
    assert Client().post(address, sent).status_code == 422
    row = AuditRow.objects.get(outcome="denied")
    assert (row.person_name, row.user_id) == ("Không rõ tài khoản", None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM audit_auditrow kept WHERE kept::text ILIKE %s", [f"%{typed}%"]
        )
        assert cursor.fetchone() == (0,)
    # The name of an account that is closed is no secret of anybody's.
    lam.is_active = False
    lam.save()
    Client().post(address, {**sent, "username": " Lam "})
    assert AuditRow.objects.filter(outcome="denied", person_name="lam").count() == 1


@pytest.mark.parametrize("steps", [1, 2])
def test_a_session_laid_ready_before_sign_in_is_worth_nothing_after(steps: int, lam: User) -> None:
    telephone = with_telephone(lam) if steps == 2 else None
    attacker, victim = Client(), Client()
    attacker.get(SIGN_IN)
    session = attacker.session
    session["laid"] = "ready"
    session.save()
    names = [session.session_key]
    victim.cookies["sessionid"] = names[0]
    send_password(victim, "lam")
    names.append(victim.cookies["sessionid"].value)
    if telephone:
        assert send_code(victim, telephone.code()) == 303
        names.append(victim.cookies["sessionid"].value)
    assert len(set(names)) == steps + 1
    assert victim.get(reverse("me")).status_code == 200
    assert "laid" not in victim.session
    for name in names[:-1]:
        attacker.cookies["sessionid"] = name
        assert attacker.get(reverse("me")).status_code == 302


@pytest.mark.parametrize("name", ["sign_in", "second_step", "outside_begin", "sign_out"])
def test_a_form_of_a_strangers_page_is_refused(name: str, lam: User) -> None:
    client = Client(enforce_csrf_checks=True)
    sent = {"username": "lam", "password": PASSWORD, "code": "123456"}
    assert client.post(reverse(f"accounts:{name}"), sent).status_code == 403
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "wanted",
    [
        "https://la.example/",
        "//la.example/",
        "/\\la.example/",
        "\\\\la.example",
        "/\t/la.example/",
        "javascript:alert(1)",
        "http:///la.example/",
        "https:la.example",
        "toi/",
    ],
)
def test_nobody_is_led_away_after_sign_in_or_after_confirming(wanted: str, lam: User) -> None:
    client = Client()
    assert send_password(client, "lam", next=wanted) == "/"
    answer = client.get(reverse("accounts:confirm"), {"next": wanted})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_a_forged_host_gets_no_page_and_no_address(lam: User) -> None:
    for method in ("get", "post"):
        answer = getattr(Client(), method)(SIGN_IN, headers={"host": "la.example"})
        assert answer.status_code == 400
        assert "la.example" not in answer.content.decode()
    forwarded = Client().get("/toi/", headers={"x-forwarded-host": "la.example"})
    assert forwarded.headers["Location"].startswith(SIGN_IN)


def seen_every_minute(client: Client, begin: datetime, minutes: range) -> list[int]:
    """The minutes in which the page was there."""
    there = []
    for minute in minutes:
        with clock.frozen_at(begin + timedelta(minutes=minute)):
            if client.get(reverse("session")).status_code == 200:
                there.append(minute)
    return there


def test_twelve_hours_after_sign_in_it_is_over_whatever_was_done(lam: User) -> None:
    client, begin = Client(), clock.now()
    send_password(client, "lam")
    steps = range(100, 12 * 60 + 101, 100)
    assert seen_every_minute(client, begin, steps) == [m for m in steps if m <= 12 * 60]


def test_an_administrator_is_forgotten_sooner(settings: Any) -> None:
    office = small_office()
    settings.SESSION_IDLE_MINUTES, settings.ADMIN_IDLE_MINUTES = 15, 5
    begin = clock.now()
    for who, there in (("quan", [4, 8]), ("lam", [4, 8, 14])):
        client = Client()
        send_password(client, office.user(who).username)
        assert seen_every_minute(client, begin, range(0, 1)) == [0]
        assert [
            m for m in (4, 8, 14, 30) if seen_every_minute(client, begin, range(m, m + 1))
        ] == there
