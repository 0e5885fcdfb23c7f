"""A code on paper: taken up once by its owner, by nobody else, and known to nobody afterwards."""

from __future__ import annotations

import json
import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.accounts.commands import create_account, invite, sign_in, take_up
from nhactruong.foundation.accounts.commands.accounts import require_strong
from nhactruong.foundation.accounts.models import Invitation, User
from nhactruong.foundation.accounts.rules import (
    INVITATION_BYTES,
    TRIES,
    Purpose,
    invitation_hash,
    invitation_words,
)
from nhactruong.foundation.accounts.tests.factors import send_password
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.jobs.commands import taken_by
from nhactruong.foundation.jobs.events import Event
from nhactruong.foundation.mail.events import MailWritten
from nhactruong.kernel import clock
from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.masterdata.organization.tests.scenarios import (
    FOUNDER,
    PASSWORD,
    SmallOffice,
    small_office,
)

pytestmark = pytest.mark.django_db
PAGE = "/dang-nhap/lan-dau/"
OWN = "dong song mua nuoc noi"
WHERE = "10.0.0.1"
FIRST, AGAIN = Purpose.FIRST, Purpose.AGAIN


def invited(user: User, purpose: Purpose = AGAIN, drawn: int = 1) -> str:
    """The code in clear, as it is printed."""
    code = invitation_words(bytes([drawn]) * INVITATION_BYTES)
    invite(FOUNDER, user.pk, purpose=purpose, code_hash=invitation_hash(code))
    return code


@pytest.fixture
def office() -> SmallOffice:
    return small_office()


@pytest.fixture
def lam(office: SmallOffice) -> User:
    return office.user("lam")


@pytest.fixture
def new() -> User:
    """An account nobody has come in with."""
    return create_account(
        FOUNDER,
        username="dinh.moi",
        password="",
        encoded="!",
        email="moi@tinhuy.example",
    )


def sent(client: Client, username: str, code: str, password: str = OWN) -> tuple[int, str]:
    form = {"username": username, "code": code, "new": password, "again": password}
    answer = client.post(PAGE, form)
    return answer.status_code, answer.content.decode() or answer.headers["Location"]


@pytest.mark.parametrize(
    ("guessed", "why"),
    [
        ("12345678901234", "dễ đoán"),
        ("aaaaaaaaaaaaaa", "ít ký tự khác nhau"),
        ("matkhaumatkhau", "lặp lại một từ"),
        ("Mật-khẩu Văn-phòng 2026", "từ thông dụng"),
        ("nhactruong2026", "từ thông dụng"),
        ("xoan.bui123456", "tên đăng nhập"),
    ],
)
def test_a_password_that_is_long_and_yet_guessed_is_refused(guessed: str, why: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        require_strong(guessed, "xoan.bui")
    assert (refused.value.code, why in str(refused.value.sentence)) == ("password.new", True)


@pytest.mark.parametrize("good", ["nhac-truong-song-lam", OWN, PASSWORD])
def test_a_sentence_of_ones_own_is_taken(good: str) -> None:
    require_strong(good, "xoan.bui")


def test_a_new_person_sets_a_password_and_signs_in(
    new: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(RuleBroken, match="không đúng"):
        sign_in("dinh.moi", "", client_address=WHERE)
    letters: list[Event] = []
    with taken_by(lambda event, handler: letters.append(event)):
        code = invited(new, FIRST)
        client = Client()
        assert PAGE in client.get(reverse("accounts:sign_in")).content.decode()
        # As it is typed from paper: small letters, no dashes.
        status, where = sent(client, " Dinh.Moi ", code.lower().replace("-", " "))
    assert status == 303, where
    assert "Đã đặt mật khẩu" in client.get(where).content.decode()
    assert sign_in("dinh.moi", OWN, client_address=WHERE) == new
    told = [event for event in letters if isinstance(event, MailWritten)]
    assert [letter.subject for letter in told] == ["Mã đặt mật khẩu", "Đã đặt mật khẩu"]
    assert {letter.to for letter in told} == {"moi@tinhuy.example"}
    acts = AuditRow.objects.filter(action__in=["account.invited", "account.taken_up"])
    assert acts.count() == 2
    kept = json.dumps(list(AuditRow.objects.values()), default=str, ensure_ascii=False)
    for place in (kept, caplog.text, *(letter.text for letter in told)):
        for clear in (code, code.replace("-", ""), OWN):
            assert clear not in place
            assert clear.lower() not in place
    assert not Invitation.objects.filter(code_hash__contains=code).exists()


def test_a_code_serves_once(lam: User) -> None:
    code = invited(lam)
    assert sent(Client(), "lam", code)[0] == 303
    status, page = sent(Client(), "lam", code, "mot cau khac cung rat dai")
    assert (status, "không đúng, đã dùng hoặc hết hạn" in page) == (422, True)
    assert sign_in("lam", OWN, client_address=WHERE) == lam


def test_the_old_password_serves_until_the_code_is_taken_up_and_all_sessions_end_then(
    lam: User,
) -> None:
    client = Client()
    code = invited(lam)
    send_password(client, "lam")
    assert client.get(reverse("me")).status_code == 200
    take_up("lam", code, OWN, client_address=WHERE)
    assert client.get(reverse("me")).status_code == 302
    with pytest.raises(RuleBroken, match="không đúng"):
        sign_in("lam", PASSWORD, client_address=WHERE)


def test_a_code_is_over_after_seven_days_or_when_a_newer_one_is_made(lam: User) -> None:
    begin = clock.now()
    old, newer = invited(lam), invited(lam, drawn=2)
    with pytest.raises(RuleBroken, match="hết hạn"):
        take_up("lam", old, OWN, client_address=WHERE)
    with (
        clock.frozen_at(begin + timedelta(days=7, minutes=1)),
        pytest.raises(RuleBroken, match="hết hạn"),
    ):
        take_up("lam", newer, OWN, client_address=WHERE)
    with clock.frozen_at(begin + timedelta(days=6, hours=23)):
        assert take_up("lam", newer, OWN, client_address=WHERE) == lam


def test_the_code_of_another_and_an_unknown_name_read_the_same(office: SmallOffice) -> None:
    code = invited(office.user("suong"))
    # The page repeats the name that was typed; all else is the same.
    pages = set()
    for name in ("lam", "khong.co.ai"):
        told = sent(Client(), name, code)[1].partition("data-error-summary>")[2]
        pages.add(told.partition("</form>")[0].replace(name, ""))
    assert len(pages) == 1, pages
    assert "Tên đăng nhập hoặc mã không đúng" in pages.pop()
    assert sign_in("suong", PASSWORD, client_address=WHERE).username == "suong"


def test_five_wrong_codes_lock_this_door_and_the_other(lam: User) -> None:
    code = invited(lam)
    for _ in range(TRIES - 1):
        assert "không đúng" in sent(Client(), "lam", "ABCD-EFGH")[1]
    assert "tạm khóa đến" in sent(Client(), "lam", "ABCD-EFGH")[1]
    # Locked before the code is read; neither door opens.
    assert "tạm khóa đến" in sent(Client(), "lam", code)[1]
    with pytest.raises(RuleBroken, match="tạm khóa"):
        sign_in("lam", PASSWORD, client_address=WHERE)
    assert AuditRow.objects.filter(action="account.locked", user_id=lam.pk).count() == 1
    with clock.frozen_at(clock.now() + timedelta(minutes=16)):
        assert sent(Client(), "lam", code)[0] == 303


def test_a_weak_password_leaves_the_code_unused(lam: User) -> None:
    code = invited(lam)
    status, page = sent(Client(), "lam", code, "ngan qua")
    assert (status, "từ 14 ký tự" in page) == (422, True)
    with pytest.raises(InvalidInput, match="dễ đoán"):
        take_up("lam", code, "megaparol12345", client_address=WHERE)
    assert take_up("lam", code, OWN, client_address=WHERE) == lam


def test_a_closed_account_takes_up_nothing_and_a_first_code_is_for_who_has_no_password(
    lam: User, new: User
) -> None:
    with pytest.raises(RuleBroken, match="đã tự đặt mật khẩu"):
        invited(lam, FIRST)
    code = invited(new, FIRST)
    new.is_active = False
    new.save()
    with pytest.raises(RuleBroken, match="không đúng"):
        take_up("dinh.moi", code, OWN, client_address=WHERE)


def test_every_field_says_what_is_missing_and_two_passwords_must_agree(lam: User) -> None:
    page = Client().post(PAGE, {}).content.decode()
    for words in ("nhập tên đăng nhập", "nhập mã in trên giấy", "nhập mật khẩu mới"):
        assert words in page
    form = {"username": "lam", "code": invited(lam), "new": OWN, "again": OWN + "!"}
    assert "không giống nhau" in Client().post(PAGE, form).content.decode()


def test_who_is_signed_in_is_led_home_and_a_strangers_form_is_refused(lam: User) -> None:
    client = Client()
    send_password(client, "lam")
    assert client.get(PAGE).headers["Location"] == "/"
    assert Client(enforce_csrf_checks=True).post(PAGE, {"username": "lam"}).status_code == 403
