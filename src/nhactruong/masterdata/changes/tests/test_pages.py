"""The pages: asked for in a form, looked at side by side, decided with a code, listed by state."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nhactruong.kernel import clock
from nhactruong.kernel.states import Role
from nhactruong.masterdata.changes.forms import FORMS
from nhactruong.masterdata.changes.models import ChangeOrder
from nhactruong.masterdata.changes.rules import KIND_LABELS, Kind, State
from nhactruong.masterdata.changes.tests.orders import (
    newcomer,
    office_under_the_province,
    role_for,
    second_administrator,
    vacant_post,
)
from nhactruong.masterdata.organization.models import Holding, Person, Post
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD, SmallOffice

pytestmark = pytest.mark.django_db
TODAY = clock.today()
Queries = Callable[[int], Any]


@pytest.fixture
def office(db: None) -> SmallOffice:
    return office_under_the_province()


def client_of(office: SmallOffice, person: str) -> Client:
    client = Client()
    client.force_login(office.user(person))
    return client


def form_of(kind: Kind, office: SmallOffice, agency: str = "vptu") -> str:
    return f"/to-chuc/thay-doi/moi/{kind.value}/?co-quan={office.agencies[agency].pk}"


def send(client: Client, url: str, **said: Any) -> Any:
    return client.post(
        url,
        {
            "operation_id": str(uuid.uuid4()),
            "from_on": f"{TODAY:%d/%m/%Y}",
            "reason": "Kiện toàn",
            "basis": "Quyết định 12-QĐ/VPTU",
            **said,
        },
    )


def press(client: Client, name: str, order: ChangeOrder, **said: Any) -> Any:
    fields = {"operation_id": str(uuid.uuid4()), "version": order.version, **said}
    return client.post(reverse(f"changes:{name}", args=[order.public_id]), fields)


def test_a_role_from_the_form_to_the_answer(
    office: SmallOffice, django_assert_max_num_queries: Queries
) -> None:
    head, chief = client_of(office, "lam"), client_of(office, "khue")
    with django_assert_max_num_queries(15):
        kinds = head.get("/to-chuc/thay-doi/moi/").content.decode()
    assert "Giao vai trò" in kinds
    assert "Đổi tên cơ quan" not in kinds
    url = form_of(Kind.GRANT_ROLE, office)
    with django_assert_max_num_queries(15):
        form = head.get(url).content.decode()
    assert "Chuyên viên Phòng Tổng hợp (Hoàng Mai Sương)" in form
    assert "Bùi Thị Nhạn" not in form
    post, vptu = office.posts["suong"].pk, office.agencies["vptu"].pk
    missing = send(head, url, post=post, role="", reached=vptu, reason="")
    assert missing.status_code == 422
    assert "Thiếu vai trò" in missing.content.decode()
    assert "12-QĐ/VPTU" in missing.content.decode()
    never = send(head, url, post=post, role=Role.SYSADMIN.value, reached=vptu)
    assert never.status_code == 409
    assert "không xem văn bản" in never.content.decode()
    foreign = send(head, url, post=office.posts["nhan"].pk, role=8, reached=vptu)
    assert "Lựa chọn này không còn" in foreign.content.decode()
    own = send(head, url, post=office.posts["lam"].pk, role=8, reached=vptu)
    assert own.status_code == 403
    assert "cho chính mình" in own.content.decode()
    assert send(head, url, post=post, role=8, reached=vptu).status_code == 303
    order = ChangeOrder.objects.get()
    here = reverse("changes:detail", args=[order.public_id])
    with django_assert_max_num_queries(15):
        mine = head.get(here).content.decode()
    assert "Đang chờ Chánh Văn phòng Tỉnh ủy." in mine
    assert "Rút phiếu" in mine
    assert press(head, "approve", order, step_up_code=PASSWORD).status_code == 403
    with django_assert_max_num_queries(15):
        page = chief.get(here).content.decode()
    assert "Văn thư (Văn phòng Tỉnh ủy)" in page
    assert "Xem xét" in chief.get("/hop-viec/").content.decode()
    wrong = press(chief, "approve", order, step_up_code="sai")
    assert (wrong.status_code, ChangeOrder.objects.get().as_state) == (409, State.REQUESTED)
    stale = press(chief, "approve", order, version=9, step_up_code=PASSWORD)
    assert stale.status_code == 409
    assert "vừa được người khác cập nhật" in stale.content.decode()
    assert press(chief, "approve", order, step_up_code=PASSWORD).status_code == 303
    assert office.actor("suong").has_role(Role.CLERK, vptu)
    assert "Trước khi trả lời" in head.get(here).content.decode()
    assert "đã duyệt" in head.get("/toi/thong-bao/").content.decode()


def test_pressing_twice_asks_and_decides_once(office: SmallOffice) -> None:
    head, chief = client_of(office, "lam"), client_of(office, "khue")
    once = str(uuid.uuid4())
    said = {
        "post": office.posts["suong"].pk,
        "role": 8,
        "reached": office.agencies["vptu"].pk,
        "operation_id": once,
    }
    url = form_of(Kind.GRANT_ROLE, office)
    first, second = send(head, url, **said), send(head, url, **said)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    order = ChangeOrder.objects.get()
    twice = {"step_up_code": PASSWORD, "operation_id": str(uuid.uuid4())}
    assert press(chief, "approve", order, **twice).status_code == 303
    assert press(chief, "approve", order, **twice).status_code == 303
    assert office.posts["suong"].roles.filter(role=Role.CLERK).count() == 1


def test_refused_and_withdrawn_in_words(office: SmallOffice) -> None:
    head, chief = client_of(office, "lam"), client_of(office, "khue")
    order = role_for(office, "suong")
    silent = press(chief, "refuse", order, reason="")
    assert silent.status_code == 422
    assert "Không duyệt phải ghi lý do." in silent.content.decode()
    assert press(chief, "withdraw", order).status_code == 403
    assert press(chief, "refuse", order, reason="Chưa cần thiết").status_code == 303
    page = head.get(reverse("changes:detail", args=[order.public_id])).content.decode()
    assert "Chưa cần thiết" in page
    again = role_for(office, "suong")
    assert press(head, "withdraw", again).status_code == 303


def test_a_stranger_finds_nothing(office: SmallOffice) -> None:
    order = role_for(office, "suong")
    here = reverse("changes:detail", args=[order.public_id])
    for person in ("le", "suong", "hanh", "khoi", "son"):
        client = client_of(office, person)
        assert client.get(here).status_code == 404
        assert press(client, "approve", order, step_up_code=PASSWORD).status_code == 404
    assert (
        "Chưa có phiếu nào" in client_of(office, "son").get("/to-chuc/thay-doi/").content.decode()
    )
    assert client_of(office, "suong").get("/to-chuc/thay-doi/").status_code == 403


def test_the_list_by_state_and_kind(
    office: SmallOffice, django_assert_max_num_queries: Queries
) -> None:
    chief = client_of(office, "khue")
    assert "Chưa có phiếu nào" in chief.get("/to-chuc/thay-doi/").content.decode()
    posts = [vacant_post(office) for _ in range(51)]
    for post in posts:
        role_for(office, "", post=post)
    with django_assert_max_num_queries(15):
        page = chief.get("/to-chuc/thay-doi/?trang-thai=requested&loai=grant_role")
    html = page.content.decode()
    assert html.count("Giao vai trò Văn thư: Chuyên viên chính") == 50
    older = page.context["older_url"]
    assert "trang-thai=requested" in older
    rest = chief.get(f"/to-chuc/thay-doi/{older}").content.decode()
    assert rest.count("Giao vai trò Văn thư: Chuyên viên chính") == 1
    none = chief.get("/to-chuc/thay-doi/?trang-thai=refused").content.decode()
    assert "Bỏ mọi bộ lọc" in none


def test_every_kind_has_its_form(
    office: SmallOffice, django_assert_max_num_queries: Queries
) -> None:
    assert set(FORMS) == set(Kind)
    client = client_of(office, "quan")
    for kind in Kind:
        with django_assert_max_num_queries(15):
            page = client.get(form_of(kind, office))
        assert page.status_code == 200
        assert KIND_LABELS[kind] in page.content.decode()
    assert client.get("/to-chuc/thay-doi/moi/khac/").status_code == 404
    assert client.get("/to-chuc/thay-doi/moi/grant_role/?co-quan=999").status_code == 404


def test_each_form_asks_for_what_it_says(office: SmallOffice) -> None:
    second_administrator(office)  # of what one asks for, the other takes the codes
    client, vptu, tu = (
        client_of(office, "quan"),
        office.agencies["vptu"].pk,
        office.agencies["tu"],
    )
    vacant = vacant_post(office)
    leaving = f"{office.posts['mien'].pk}.{office.people['mien'].pk}"
    carried = f"{office.posts['suong'].pk}.{Role.SPECIALIST.value}.{tu.pk}"
    new = f"{newcomer(office).holdings.get().post_id}.{office.people['moi'].pk}"
    known = f"{office.posts['nhan'].pk}.{office.people['nhan'].pk}"
    sent: dict[Kind, dict[str, Any]] = {
        Kind.GRANT_ROLE: {"post": vacant.pk, "role": 7, "reached": vptu},
        Kind.TAKE_ROLE: {"carried": carried},
        Kind.APPOINT: {
            "post": vacant.pk,
            "person": office.people["may"].pk,
            "holding_kind": "concurrent",
            "until_on": f"{TODAY + timedelta(days=30):%d/%m/%Y}",
        },
        Kind.END_HOLDING: {"held": leaving},
        Kind.OPEN_POST: {"title": "Trợ lý", "unit": ""},
        Kind.CLOSE_POST: {
            "post": vacant_post(office).pk,
            "from_on": f"{TODAY + timedelta(days=1):%d/%m/%Y}",
        },
        Kind.FOUND_UNIT: {"name": "Phòng Tài chính", "short_name": "TC"},
        Kind.RENAME_AGENCY: {
            "name": "Văn phòng Tỉnh ủy Sông Lam",
            "short_name": "Văn phòng Tỉnh ủy",
            "issuer_lines": "VĂN PHÒNG",
        },
        Kind.GIVE_IDENTIFIER: {"scheme": "new", "value": "A99.88"},
        Kind.GIVE_ACCOUNT: {"holder": new, "username": "", "email": ""},
        Kind.RESET_ACCOUNT: {"holder": known},
    }
    assert set(sent) == set(Kind)
    for kind, said in sent.items():
        answer = send(client, form_of(kind, office), **said)
        assert answer.status_code == 303, (kind, answer.content.decode())
    chief = client_of(office, "khue")
    for order in ChangeOrder.objects.order_by("pk"):
        done = press(chief, "approve", order, step_up_code=PASSWORD)
        assert done.status_code == 303, (order, done.content.decode())
    assert Post.objects.filter(title="Trợ lý", unit=None).exists()
    assert Holding.objects.filter(post=vacant, person=office.people["may"]).exists()


def test_people_are_found_beyond_the_agency(office: SmallOffice) -> None:
    head = client_of(office, "lam")
    found = head.get("/to-chuc/thay-doi/moi/nguoi/?q=vi thi may").json()["options"]
    assert [one["label"] for one in found] == ["Vi Thị Mây"]
    assert found[0]["value"] == str(Person.objects.get(key="may").pk)
    post = vacant_post(office)
    url = form_of(Kind.APPOINT, office)
    faulty = send(head, url, post=post.pk, person="x", holding_kind="main")
    assert "Người được chọn không đúng" in faulty.content.decode()
    gone = send(head, url, post=post.pk, person="99999", holding_kind="main")
    assert gone.status_code == 404
    assert "Không có người này" in gone.content.decode()


def test_a_form_with_nothing_to_choose_from_says_what_to_do_first(office: SmallOffice) -> None:
    head, url = client_of(office, "lam"), form_of(Kind.APPOINT, office)
    empty = head.get(url).content.decode()
    assert "Chưa có chức danh nào trống" in empty and "Gửi Chánh Văn phòng" not in empty
    vacant_post(office)
    assert "Chưa có chức danh nào trống" not in head.get(url).content.decode()
    elsewhere = form_of(Kind.APPOINT, office, "tu")
    assert head.get(elsewhere).status_code == 404


def test_a_day_that_is_none_says_so_at_its_field(office: SmallOffice) -> None:
    head = client_of(office, "lam")
    url = form_of(Kind.END_HOLDING, office)
    held = f"{office.posts['suong'].pk}.{office.people['suong'].pk}"
    for day, words in (("31/02/2026", "không có trong lịch"), ("01/01/2020", "quá một năm")):
        page = send(head, url, held=held, from_on=day)
        assert page.status_code == 422
        assert words in page.content.decode()
