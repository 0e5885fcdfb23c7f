"""A page that stands open tells of work that came after it, and never passes for a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from nhactruong.assembly.tests.busy_office import MONDAY, BusyOffice, busy_office
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy() -> Iterator[BusyOffice]:
    office = busy_office()
    with clock.frozen_at(MONDAY):
        yield office


def mark_on(page: HttpResponse) -> str:
    """The mark the page carries for its own later questions."""
    return re.search(r'data-mark="(\w+)"', page.content.decode()).group(1)


def ask(client: Client, page: HttpResponse) -> HttpResponse:
    """What the open page asks by itself."""
    return client.get(
        reverse("workitems:standing"),
        headers={
            "If-None-Match": f'"{mark_on(page)}"',
            "Accept": "application/json",
            "X-Requested-With": "nt-watch",
        },
    )


@pytest.mark.parametrize("address", ["workitems:inbox", "today"])
def test_new_work_is_told_to_the_page_that_stands_open(busy: BusyOffice, address: str) -> None:
    chief = Client()
    chief.force_login(busy.people.user("khue"))
    page = chief.get(reverse(address))
    assert ask(chief, page).status_code == 304
    before = workitems.count_waiting(busy.people.actor("khue"))
    busy.register("later", "Đề nghị hỗ trợ cây giống vụ đông", "41-CV/ĐU")
    told = ask(chief, page)
    assert (told.status_code, told.json()) == (200, {"waiting": before + 1})
    assert ask(chief, chief.get(reverse(address))).status_code == 304


def test_work_of_others_is_not_told(busy: BusyOffice) -> None:
    specialist = Client()
    specialist.force_login(busy.people.user("suong"))
    page = specialist.get(reverse("workitems:inbox"))
    busy.register("later", "Đề nghị hỗ trợ cây giống vụ đông", "41-CV/ĐU")
    assert ask(specialist, page).status_code == 304


def test_asking_by_itself_keeps_nobody_signed_in(busy: BusyOffice) -> None:
    limit = timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    client = Client()
    client.force_login(busy.people.user("khue"))
    page = client.get(reverse("workitems:inbox"))
    with clock.frozen_at(MONDAY + limit * 0.7):
        assert ask(client, page).status_code == 304
    with clock.frozen_at(MONDAY + limit * 1.4):
        assert ask(client, page).status_code == 401
        assert client.get(reverse("workitems:inbox")).status_code == 302


def test_a_person_at_work_stays_signed_in(busy: BusyOffice) -> None:
    limit = timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    client = Client()
    client.force_login(busy.people.user("khue"))
    for part in (0.0, 0.7, 1.4):
        with clock.frozen_at(MONDAY + limit * part):
            assert client.get(reverse("workitems:inbox")).status_code == 200
