"""The pages of a hand-over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from nhactruong.kernel import clock
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD, SmallOffice
from nhactruong.oversight.handover.models import HandOver, Part
from nhactruong.records.incoming.tests import letters as coming
from nhactruong.records.incoming.tests.conftest import Desk
from nhactruong.records.outgoing.tests import letters as going

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Desk]
NEW = "/to-chuc/ban-giao/lap/"


def test_from_the_choice_of_a_person_to_the_end_of_his_session(
    office: SmallOffice, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    letter = coming.assigned(office)
    going.drafted(office)
    lam, chief, suong = sign_in("lam"), sign_in("khue"), sign_in("suong")
    assert "Người bàn giao" in lam.get(NEW).content.decode()
    leaving = f"{NEW}?nguoi={office.people['suong'].pk}"
    lam.get(leaving)
    with django_assert_max_num_queries(15):
        form = lam.get(leaving).content.decode()
    assert letter.reference_code in form
    post = office.posts["suong"].pk
    sent = {"on": f"{clock.today():%d/%m/%Y}", "basis": "45-QĐ/VPTU"}
    refused = lam.send(leaving, {**sent, f"nhan-{post}": ""})
    assert refused.status_code == 409
    assert "còn việc đang mở" in refused.content.decode()
    item = next(line.split('"')[0] for line in form.split('name="viec-')[1:])
    made = lam.send(
        leaving,
        {
            **sent,
            f"nhan-{post}": f"chuc:{office.posts['mien'].pk}",
            f"viec-{item}": office.posts["luu"].pk,
        },
    )
    assert made.status_code == 303
    assert Part.objects.get().apart == {str(letter.public_id): office.posts["luu"].pk}
    page = made.headers["Location"]
    assert "Duyệt bàn giao" in chief.get("/hop-viec/").content.decode()
    chief.get(page)
    with django_assert_max_num_queries(15):
        shown = chief.get(page).content.decode()
    assert "Bàn giao công việc của Hoàng Mai Sương" in shown
    assert chief.send(f"{page}duyet/", {"step_up_code": "sai"}).status_code == 409
    assert suong.get("/hop-viec/").status_code == 200
    assert chief.send(f"{page}duyet/", {"step_up_code": PASSWORD}).status_code == 303
    assert HandOver.objects.get().state == "carried_out"
    assert "Đã bàn giao" in chief.get("/to-chuc/ban-giao/").content.decode()
    detail = reverse("incoming:detail", args=[letter.public_id])
    assert suong.get(detail).status_code in (302, 404)
    assert sign_in("luu").get(detail).status_code == 200


def test_titles_are_said_only_to_who_may_see_them(office: SmallOffice, sign_in: SignIn) -> None:
    """The system's administrator moves the work without knowing what it is."""
    letter = coming.assigned(office)
    page = sign_in("quan").get(f"{NEW}?chuc-danh={office.posts['suong'].pk}").content.decode()
    assert "Ngoài phạm vi được xem" in page
    assert letter.reference_code not in page


def test_who_may_look(office: SmallOffice, sign_in: SignIn) -> None:
    for who, status in (("lam", 200), ("quan", 200), ("mien", 403), ("nhan", 403)):
        assert sign_in(who).get("/to-chuc/ban-giao/").status_code == status, who
    assert sign_in("son").get(f"{NEW}?nguoi={office.people['suong'].pk}").status_code == 404
