"""A session ends in the middle of work: where people are led, and what they are told."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.web.addresses import page_behind
from nhactruong.foundation.web.operations import DONE
from nhactruong.kernel import clock
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD, SmallOffice, small_office

ENDED = "Phiên làm việc đã hết. Đồng chí đăng nhập lại để làm tiếp."
PAPER = uuid.UUID(int=7)


def operation() -> dict[str, str]:
    return {"operation_id": str(uuid.uuid4())}


def led_to(response: HttpResponse) -> tuple[str, str]:
    """(where signing in leads on to, the reason) when the sign-in page is the answer."""
    address = urlsplit(response.headers["Location"])
    assert (response.status_code, address.path) == (302, reverse("accounts:sign_in"))
    told = parse_qs(address.query)
    return told.get("next", [""])[0], told.get("vi-sao", [""])[0]


def words(response: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def people(db: None) -> SmallOffice:
    return small_office()


@pytest.fixture
def ended(people: SmallOffice) -> Callable[[], Client]:
    """A browser whose session is gone from the store while its cookie is still there."""

    def browser() -> Client:
        client = Client()
        client.force_login(people.user("lam"))
        client.session.flush()
        return client

    return browser


@pytest.mark.parametrize(
    ("act", "page"),
    [
        ("/", "/"),
        ("/toi/mat-khau/", "/toi/"),
        (reverse("incoming:direct", args=[PAPER]), reverse("incoming:detail", args=[PAPER])),
        (
            reverse("outgoing:answer_comment", args=[PAPER, PAPER]),
            reverse("outgoing:draft", args=[PAPER]),
        ),
        (reverse("outgoing:confirm_void", args=[PAPER]), reverse("outgoing:detail", args=[PAPER])),
        (reverse("outgoing:sign", args=[PAPER]), reverse("outgoing:sign", args=[PAPER])),
        ("/khong/co/trang/nay/", "/"),
        ("//la.example/duong/", "/"),
    ],
)
def test_behind_every_act_stands_its_page(act: str, page: str) -> None:
    assert page_behind(act) == page


def test_a_form_of_an_ended_session_leads_back_to_its_page(ended: Callable[[], Client]) -> None:
    act, page = (reverse(f"outgoing:{one}", args=[PAPER]) for one in ("comment", "draft"))
    for left in (page, act):
        answer = ended().post(act, operation(), headers={"referer": f"http://testserver{left}"})
        assert led_to(answer) == (page, "het-phien")


def test_the_question_of_an_address_is_led_back_to_as_well(ended: Callable[[], Client]) -> None:
    asked = f"{reverse('outgoing:new_draft')}?tra-loi={PAPER}"
    answer = ended().post(
        reverse("outgoing:new_draft"),
        operation(),
        headers={"referer": f"http://testserver{asked}"},
    )
    assert led_to(answer) == (asked, "het-phien")


@pytest.mark.parametrize(
    "referer", ["", "https://la.example/du-thao/", "http://testserver.la.example/", "javascript:x"]
)
def test_nobody_is_led_out_of_the_house(referer: str, ended: Callable[[], Client]) -> None:
    answer = ended().post(reverse("outgoing:new_draft"), operation(), headers={"referer": referer})
    assert led_to(answer) == ("/", "het-phien")


def test_the_sign_in_page_says_why_one_stands_before_it(ended: Callable[[], Client]) -> None:
    for client, said in ((ended(), ENDED), (Client(), "Đồng chí đăng nhập để mở trang vừa chọn.")):
        page = client.get(reverse("incoming:list"), follow=True)
        assert said in words(page)
        assert page.context["next"] == reverse("incoming:list")
    assert "đăng nhập để" not in words(Client().get(reverse("accounts:sign_in")))


def test_a_page_that_asks_by_itself_does_not_hide_why_the_session_ended(
    people: SmallOffice,
) -> None:
    client = Client()
    client.force_login(people.user("lam"))
    client.get(reverse("workitems:inbox"))
    with clock.frozen_at(clock.now() + timedelta(hours=5)):
        by_itself = {"accept": "application/json", "x-requested-with": "nt-watch"}
        asked = client.get(reverse("workitems:standing"), headers=by_itself)
        assert asked.status_code == 401
        assert led_to(client.get(reverse("incoming:list"))) == ("/van-ban-den/", "het-phien")
        assert led_to(client.get(reverse("incoming:list"))) == ("/van-ban-den/", "")


def test_without_any_cookie_a_form_is_answered_by_the_sign_in_page_too(
    people: SmallOffice,
) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(reverse("outgoing:new_draft"), operation())
    assert led_to(answer) == ("/", "het-phien")
    wrong = client.post(reverse("accounts:sign_in"), {"username": "lam", "password": PASSWORD})
    assert wrong.status_code == 403


def test_a_part_of_a_page_is_not_filled_with_the_sign_in_page(ended: Callable[[], Client]) -> None:
    page = reverse("outgoing:detail", args=[PAPER])
    answer = ended().get(
        reverse("outgoing:request_seal", args=[PAPER]),
        headers={"hx-request": "true", "referer": f"http://testserver{page}"},
    )
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer["HX-Redirect"] == f"/dang-nhap/?next={page}&vi-sao=het-phien"


def test_a_script_is_told_that_the_session_ended(ended: Callable[[], Client]) -> None:
    answer = ended().post(
        reverse("outgoing:save", args=[PAPER]), headers={"accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer.json()["title"] == ENDED


def test_a_page_that_outlived_its_session_gets_a_fresh_secret(people: SmallOffice) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.user("lam"))
    page = client.get(reverse("me")).content.decode()
    told = client.get(reverse("session")).json()
    assert f'data-person="{told["person"]}"' in page
    answer = client.post(
        reverse("shortcuts"),
        {"off": "1", "csrfmiddlewaretoken": told["csrf_token"], **operation()},
    )
    assert answer.status_code == 303
    other = Client()
    other.force_login(people.user("khue"))
    assert other.get(reverse("session")).json()["person"] != told["person"]


def test_who_signs_out_is_told_so_even_when_the_session_had_ended(
    ended: Callable[[], Client],
) -> None:
    page = ended().post(reverse("accounts:sign_out"), follow=True)
    assert page.status_code == 200
    assert "Đồng chí đã đăng xuất." in words(page)
    assert "data-signed-out" in page.content.decode()


def test_who_is_signed_in_already_goes_straight_on(people: SmallOffice) -> None:
    client = Client()
    client.force_login(people.user("lam"))
    for wanted, reached in (("/van-ban-den/", "/van-ban-den/"), ("//la.example/", "/")):
        answer = client.get(reverse("accounts:sign_in"), {"next": wanted})
        assert answer.headers["Location"] == reached


# What the browser may let go


def test_the_next_page_learns_that_an_operation_was_done(people: SmallOffice) -> None:
    client, sent = Client(), operation()
    client.force_login(people.user("lam"))
    refused = client.post(reverse("password"), sent)
    assert refused.status_code == 422
    assert not [name for name in refused.cookies if name.startswith(DONE)]
    for _ in ("done", "and done again"):
        client.cookies.pop(f"{DONE}{sent['operation_id']}", None)
        done = client.post(reverse("shortcuts"), {"off": "1", **sent})
        assert done.status_code == 303
        mark = done.cookies[f"{DONE}{sent['operation_id']}"]
        assert (mark["max-age"], mark["samesite"]) == (120, "Strict")


# An address that answers POST alone


def test_an_address_of_an_act_opened_by_hand_is_explained(people: SmallOffice) -> None:
    client = Client()
    client.force_login(people.user("lam"))
    answer = client.get(reverse("password"))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Địa chỉ này không nhận cách gửi vừa rồi" in words(answer)
    assert f'href="{reverse("me")}"' in answer.content.decode()
    machine = client.get(reverse("password"), headers={"accept": "application/json"})
    assert machine.json()["code"] == "method_not_allowed"
