"""Cá nhân, mật khẩu, thông báo: the pages about oneself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from nhactruong.assembly.tests.busy_office import LANDSLIDE, BusyOffice
from nhactruong.assembly.tests.pages import operation, words
from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.notices import commands as notices
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD
from nhactruong.records.incoming import selectors as incoming

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "mot-cau-moi-kho-doan"


def test_my_page_names_posts_since_when_and_roles(sit: Callable[[str], Client]) -> None:
    said = words(sit("khue").get(reverse("me")))
    assert "Chánh Văn phòng Tỉnh ủy" in said
    assert "từ ngày 01/07/2025" in said
    assert "Chánh Văn phòng: Tỉnh ủy Sông Lam, Văn phòng Tỉnh ủy" in said


def test_shortcuts_can_be_switched_off(sit: Callable[[str], Client]) -> None:
    client = sit("khue")
    client.post(reverse("shortcuts"), {"off": "1", **operation()})
    assert 'data-shortcuts="off"' in client.get(reverse("me")).content.decode()


def test_a_new_password_ends_the_other_sessions(
    busy: BusyOffice, sit: Callable[[str], Client]
) -> None:
    here, elsewhere = sit("khue"), sit("khue")
    answer = here.post(
        reverse("password"),
        {"current": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD, **operation()},
    )
    assert answer.status_code == 303
    assert here.get(reverse("me")).status_code == 200
    assert elsewhere.get(reverse("me")).status_code == 302
    assert User.objects.get(username="khue").check_password(NEW_PASSWORD)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"current": "sai"}, "Mật khẩu hiện tại không đúng."),
        ({"new": "ngan", "again": "ngan"}, "Mật khẩu mới ngắn quá."),
        ({"again": "khac-han-cau-tren"}, "Hai lần nhập mật khẩu mới không giống nhau."),
    ],
)
def test_a_refused_password_says_why(
    form: dict[str, str], sentence: str, busy: BusyOffice, sit: Callable[[str], Client]
) -> None:
    sent = {"current": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD} | form
    answer = sit("khue").post(reverse("password"), sent | operation())
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert User.objects.get(username="khue").check_password(PASSWORD)


def test_what_was_confirmed_once_is_not_confirmed_by_sending_the_operation_again(
    sit: Callable[[str], Client],
) -> None:
    client, same = sit("khue"), operation()
    short = {"current": PASSWORD, "new": "ngan", "again": "ngan"}
    assert client.post(reverse("password"), short | same).status_code == 422
    wrong = {"current": "sai", "new": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert client.post(reverse("password"), wrong | same).status_code == 422
    assert User.objects.get(username="khue").check_password(PASSWORD)


def test_a_notice_is_listed_linked_and_marked_read(
    busy: BusyOffice, sit: Callable[[str], Client]
) -> None:
    khue = busy.people.actor("khue")
    paper = incoming.get_visible(khue, busy.received["landslide"])
    notices.tell(khue, khue.tokens[:1], "incoming.informed", paper, f"Để biết: {LANDSLIDE}")
    client = sit("khue")
    page = client.get(reverse("notices"))
    assert reverse("incoming:detail", args=[paper.public_id]) in page.content.decode()
    client.post(reverse("notices"), operation())
    assert "Chưa đọc" not in words(client.get(reverse("notices")))


def test_a_notice_of_a_record_no_longer_in_sight_tells_nothing(
    busy: BusyOffice, sit: Callable[[str], Client]
) -> None:
    khue, tram = busy.people.actor("khue"), busy.people.actor("tram")
    paper = incoming.get_visible(khue, busy.received["landslide"])
    notices.tell(khue, tram.tokens[:1], "incoming.informed", paper, f"Để biết: {LANDSLIDE}")
    said = words(sit("tram").get(reverse("notices")))
    assert "không còn trong phạm vi đồng chí được xem" in said
    assert LANDSLIDE not in said
