"""Who administers, signs or seals sets up a second factor before anything else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from nhactruong.assembly import sign_in
from nhactruong.assembly.environment import BadSetting
from nhactruong.assembly.tests.pages import operation, words
from nhactruong.foundation.accounts import commands, selectors
from nhactruong.foundation.accounts.tests.factors import (
    Telephone,
    send_code,
    send_password,
    with_telephone,
)
from nhactruong.kernel.errors import RuleBroken
from nhactruong.masterdata.organization.selectors import (
    actor_for_account,
    must_have_second_factor,
)
from nhactruong.masterdata.organization.tests.scenarios import (
    FOUNDER,
    PASSWORD,
    SmallOffice,
    small_office,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings: Any) -> SmallOffice:
    settings.SECOND_FACTOR = "forced"
    return small_office()


def test_an_installation_in_earnest_cannot_switch_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (sign_in.second_factor("production"), sign_in.second_factor("sample")) == (
        "forced",
        "off",
    )
    monkeypatch.setenv("NHACTRUONG_SECOND_FACTOR", "off")
    with pytest.raises(BadSetting, match="production"):
        sign_in.second_factor("production")


def test_administrators_sealers_and_signers_are_meant(office: SmallOffice) -> None:
    meant = {key for key in office.people if must_have_second_factor(office.actor(key))}
    assert {"thu", "khue", "quan", "nhan"} <= meant
    assert "suong" not in meant


def test_a_clerk_without_one_can_do_nothing_but_set_one_up(office: SmallOffice) -> None:
    clerk = Client()
    send_password(clerk, "nhan")
    for name in ("today", "incoming:list", "me", "workitems:inbox"):
        answer = clerk.get(reverse(name))
        assert (answer.status_code, answer["Location"]) == (303, reverse("accounts:security"))
    machine = clerk.get("/api/v1/inbox", headers={"accept": "application/json"})
    assert machine.status_code == 403
    assert "phải có bước xác nhận thứ hai" in words(clerk.get(reverse("accounts:security")))
    page = clerk.get(reverse("accounts:application")).content.decode()
    telephone = Telephone(re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", ""))
    form = {"code": telephone.wrong(), **operation()}
    assert clerk.post(reverse("accounts:application"), form).status_code == 422
    elsewhere = Client()
    send_password(elsewhere, "nhan")
    form = {"code": telephone.code(), **operation()}
    done = clerk.post(reverse("accounts:application"), form)
    assert (done.status_code, done["Location"]) == (303, reverse("accounts:recovery_codes"))
    codes = re.findall(r"<code>(\d{8})</code>", clerk.get(done["Location"]).content.decode())
    assert len(codes) == 10
    assert "chỉ hiện một lần và đã được xem" in words(clerk.get(done["Location"]))
    assert clerk.get(reverse("incoming:list")).status_code == 200
    # What was open by the password alone is closed.
    assert elsewhere.get(reverse("accounts:security")).status_code == 302


def test_who_need_not_have_one_works_on(office: SmallOffice) -> None:
    drafter = Client()
    send_password(drafter, "suong")
    assert drafter.get(reverse("outgoing:drafts")).status_code == 200


def test_a_session_that_skipped_the_second_step_ends(office: SmallOffice) -> None:
    clerk = Client()
    clerk.force_login(office.user("nhan"))
    with_telephone(office.user("nhan"))
    assert clerk.get(reverse("incoming:list")).status_code == 302
    assert clerk.get(reverse("accounts:security")).status_code == 302


def test_giving_up_a_factor_is_confirmed_by_it(office: SmallOffice) -> None:
    user = office.user("suong")
    telephone = with_telephone(user)
    client = Client()
    send_password(client, "suong")
    assert send_code(client, telephone.code(-1)) == 303
    line = selectors.factors_of(user.pk).lines[0]
    address = reverse("accounts:remove_factor", args=[line.factor_id])
    for code in ("", PASSWORD):
        refused = client.post(address, {"step_up_code": code, **operation()})
        assert refused.status_code in (409, 422)
    stranger = Client()
    send_password(stranger, "mien")
    assert stranger.post(address, {"step_up_code": PASSWORD, **operation()}).status_code == 404
    done = client.post(address, {"step_up_code": telephone.code(), **operation()})
    assert done.status_code == 303
    assert not selectors.has_second_factor(user.pk)
    assert selectors.factors_of(user.pk).codes_left == 0


def test_taking_a_register_out_asks_who_has_a_factor(office: SmallOffice) -> None:
    telephone = with_telephone(office.user("khue"))
    client = Client()
    send_password(client, "khue")
    assert send_code(client, telephone.code(-1)) == 303
    wanted = f"{reverse('incoming:register_book')}?xuat=csv"
    asked = client.get(wanted)
    assert asked.status_code == 302
    page = client.get(asked["Location"])
    assert "Sáu số trên ứng dụng xác thực" in words(page)
    form = {"step_up_code": telephone.code(), "next": page.context["next"]}
    assert client.post(reverse("accounts:confirm"), form)["Location"] == wanted
    assert client.get(wanted)["Content-Type"].startswith("text/csv")


def test_a_session_is_listed_and_killed(office: SmallOffice) -> None:
    here, lost = (
        Client(headers={"user-agent": "Máy bàn"}),
        Client(headers={"user-agent": "Điện thoại cũ"}),
    )
    for client in (here, lost):
        send_password(client, "suong")
    assert "Điện thoại cũ" in words(here.get(reverse("accounts:security")))
    line = UserSession.objects.get(session_key=lost.session.session_key)
    stranger = Client()
    send_password(stranger, "mien")
    stranger.post(reverse("accounts:end_session"), {"session": line.pk, **operation()})
    assert lost.get(reverse("me")).status_code == 200
    here.post(reverse("accounts:end_session"), {"session": line.pk, **operation()})
    assert lost.get(reverse("me")).status_code == 302
    assert here.get(reverse("me")).status_code == 200
    new = "mot-cau-moi-kho-doan"
    form = {"current": PASSWORD, "new": new, "again": new, **operation()}
    assert here.post(reverse("password"), form).status_code == 303
    said = words(here.get(reverse("accounts:security")))
    assert "Phiên này" in said and "Máy bàn" in said


def test_the_operator_helps_who_has_lost_everything(office: SmallOffice) -> None:
    user = office.user("nhan")
    with_telephone(user)
    for _ in range(5):
        with pytest.raises(RuleBroken, match=r"không đúng|khóa"):
            commands.pass_by_code(user, "000000", client_address="10.0.0.1")
    commands.forget_second_factors(FOUNDER, "nhan")
    commands.unlock(FOUNDER, "nhan")
    assert send_password(Client(), "nhan") == "/"
    assert actor_for_account(user.pk).user_id == user.pk
