"""Agencies and reorganizations as people see them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.kernel import clock
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import commands as organization
from nhactruong.masterdata.organization.models import AgencyIdentifier
from nhactruong.masterdata.organization.tests.scenarios import FOUNDER, PASSWORD, SINCE, a_person
from nhactruong.masterdata.reorganization import commands
from nhactruong.masterdata.reorganization.forms import field_of
from nhactruong.masterdata.reorganization.models import Reorganization
from nhactruong.masterdata.reorganization.rules import State
from nhactruong.masterdata.reorganization.tests import papers
from nhactruong.masterdata.reorganization.tests.offices import (
    BASIS,
    OLD,
    Offices,
    carried_out,
    offices,
    proposal,
)
from nhactruong.records.numbering.models import NumberSeries

pytestmark = pytest.mark.django_db


def client_of(made: Offices, person: str) -> Client:
    client = Client()
    client.force_login(made.small.user(person))
    return client


def post(client: Client, name: str, thing: uuid.UUID | None = None, **sent: Any) -> Any:
    address = reverse(f"reorganization:{name}", args=[thing] if thing else [])
    return client.post(address, {"operation_id": str(uuid.uuid4()), **sent})


def text(client: Client, name: str, thing: uuid.UUID | None = None, **asked: str) -> str:
    address = reverse(f"reorganization:{name}", args=[thing] if thing else [])
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_directory_is_read_by_everybody_as_of_a_day(
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    made = offices()
    organization.give_identifier(
        FOUNDER,
        made.agency("a1"),
        scheme=AgencyIdentifier.Scheme.OLD,
        value="000.00.88.A99",
        since=clock.today(),
    )
    carried_out(made, proposal(made))
    client = client_of(made, "may")
    client.get(reverse("reorganization:agencies"))
    with django_assert_max_num_queries(15):
        page = text(client, "agencies")
    assert "Ban B Tỉnh ủy" in page
    assert "Ban A1 Tỉnh ủy" not in page
    assert "Đề nghị sắp xếp" in page
    yesterday = f"{clock.today() - timedelta(days=1):%d/%m/%Y}"
    assert "Ban A1 Tỉnh ủy" in text(client, "agencies", ngay=yesterday, tim="ban a1")
    assert "Ban A1 Tỉnh ủy" in text(client, "agencies", ngay=yesterday, tim="000.00.88.a99")
    assert "Không có cơ quan nào khớp" in text(client, "agencies", tim="sao hỏa")
    assert "A99.03" in text(client, "agencies", cap="commune")
    assert "A99.03" not in text(client, "agencies", cap="province")
    for bad in ("32/13/2026", "hôm qua"):
        answer = client.get(reverse("reorganization:agencies"), {"ngay": bad})
        assert answer.status_code == 422


def test_an_agency_tells_its_names_identifiers_and_who_came_before_and_after(
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    made = offices()
    carried_out(made, proposal(made))
    client = client_of(made, "may")
    old, new = made.agency("a1").public_id, made.agency("b").public_id
    client.get(reverse("reorganization:agency", args=[old]))
    with django_assert_max_num_queries(15):
        page = text(client, "agency", old)
    assert "Kết thúc" in page
    assert "Cơ quan kế tục" in page
    assert BASIS in page
    assert "Chuyên viên A1" in page  # who held the post on its last day
    page = text(client, "agency", new)
    for name in OLD:
        assert f"Ban {name.upper()} Tỉnh ủy" in page
    assert client.get(reverse("reorganization:agency", args=[uuid.uuid4()])).status_code == 404


def sent(made: Offices, **changed: Any) -> dict[str, Any]:
    """What the form of a proposal sends."""
    return {
        "kind": "merge",
        "old": [made.agency(key).pk for key in OLD],
        "new": [made.agency("b").pk],
        "basis": BASIS,
        "effective_on": f"{clock.today():%d/%m/%Y}",
    } | changed


def test_the_form_says_at_its_fields_what_is_wrong_and_loses_no_word() -> None:
    made = offices()
    client = client_of(made, "suong")
    assert client.get(reverse("reorganization:propose")).status_code == 200
    one = post(client, "propose", **sent(made, old=[made.agency("a1").pk]))
    assert one.status_code == 422
    assert "từ hai cơ quan cũ trở lên" in one.content.decode()
    assert BASIS in one.content.decode()
    assert post(client, "propose", **sent(made, basis="")).status_code == 422
    split = sent(
        made,
        kind="split",
        old=[made.agency("a1").pk],
        new=[made.agency("b").pk, made.agency("c").pk],
    )
    assert "Chọn cơ quan nhận văn bản" in post(client, "propose", **split).content.decode()
    refused = post(client_of(made, "son"), "propose", **sent(made))
    assert refused.status_code == 403
    assert "thuộc cấp mình" in refused.content.decode()
    assert client_of(made, "quan").get(reverse("reorganization:propose")).status_code == 403


def test_three_people_merge_three_offices_on_the_pages(
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    made = offices()
    papers.assigned(made, "a1", "Việc đang làm")
    signed = papers.signed(made, "a2")
    author, chief, admin = (client_of(made, who) for who in ("suong", "khue", "quan"))
    assert post(author, "propose", **sent(made)).status_code == 303
    drafted = Reorganization.objects.get()
    here = drafted.public_id
    with django_assert_max_num_queries(15):
        page = text(author, "detail", here)
    assert field_of(made.post("a1-cv")) in page
    mapping = {field_of(made.post("a1-vt")): made.post("b-vt"), "version": drafted.version}
    assert post(author, "map_posts", here, **mapping).status_code == 303
    stale = post(author, "map_posts", here, **mapping)
    assert stale.status_code == 409
    with django_assert_max_num_queries(15):
        page = text(author, "preview", here)
    assert "Đã ký, chưa phát hành: văn bản chưa có số của Ban A2 Tỉnh ủy" in page
    assert signed.subject not in page
    with papers.writes_allowed():  # as if it had been issued meanwhile
        type(signed).objects.filter(pk=signed.pk).update(
            state="issued", number=1, issued_on=clock.today()
        )
    drafted.refresh_from_db()
    assert post(author, "send", here, version=drafted.version).status_code == 303
    assert workitems.count_waiting(made.actor("khue")) > 0
    assert "Người đề nghị không tự duyệt" not in text(chief, "preview", here)
    wrong = post(chief, "approve", here, step_up_code="sai")
    assert wrong.status_code == 409
    assert "Mã xác nhận không đúng" in wrong.content.decode()
    assert post(author, "approve", here, step_up_code=PASSWORD).status_code == 403
    assert post(chief, "approve", here, step_up_code=PASSWORD).status_code == 303
    assert post(chief, "carry_out", here, step_up_code=PASSWORD).status_code == 403
    assert "Thực hiện" in text(admin, "preview", here)
    press = {"operation_id": str(uuid.uuid4()), "step_up_code": PASSWORD}
    first = post(admin, "carry_out", here, **press)
    again = post(admin, "carry_out", here, **press)
    assert first.status_code == again.status_code == 303
    drafted.refresh_from_db()
    assert drafted.as_state == State.CARRIED_OUT
    page = text(chief, "detail", here)
    assert "Văn bản đến đang giải quyết" in page
    assert "Văn thư" in page
    # Those who took over are told, and may read what came of it.
    assert "Việc đang làm" in client_of(made, "b-cv").get("/hop-viec/").content.decode()
    assert "tiếp nhận công việc" in client_of(made, "b-cv").get("/toi/thong-bao/").content.decode()
    assert "Đã chuyển" in text(client_of(made, "b-cv"), "detail", here)
    assert admin.get(reverse("reorganization:preview", args=[here])).status_code == 303
    assert "Sáp nhập" in text(author, "list")


def test_no_page_asks_more_than_fifteen_questions_however_much_ends(
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    made = offices()
    for key in (*OLD, "b"):
        more_desks(made, key)
    for key in OLD:
        papers.assigned(made, key)
        papers.arrived(made, key)
        papers.draft(made, key)
    stuck = papers.signed(made, "a2")
    # Who carries it out administers the system of two bodies, each with a registry of its own.
    organization.grant_role(
        FOUNDER, made.small.posts["quan"], Role.SYSADMIN, made.agency("c"), since=clock.today()
    )
    drafted = proposal(made)
    here = drafted.public_id
    author, chief, admin = (client_of(made, who) for who in ("suong", "khue", "quan"))

    def asked(client: Client, name: str) -> str:
        text(client, "list")
        with django_assert_max_num_queries(15):
            return text(client, name, here)

    assert "Tổ trưởng a3" in asked(author, "detail")
    assert "văn bản chưa có số của Ban A2 Tỉnh ủy" in asked(author, "preview")
    # Which roles which new post takes over stands there for whoever approves.
    shown = re.sub(r"<[^>]+>|\s+", " ", text(chief, "preview", here))
    assert "Vai trò nhận thêm" in shown
    assert "Chuyên viên, Ban B Tỉnh ủy (Chuyên viên B)" in shown
    assert "Chuyên viên, Ban A1 Tỉnh ủy; Chuyên viên, Ban A2 Tỉnh ủy; Chuyên viên, Ban A3" in shown
    assert row_of(text(author, "preview", here)) == {
        "Sổ của cơ quan cũ đóng lại": NumberSeries.objects.filter(
            agency_id__in=[made.agency(key).pk for key in OLD], closed_on=None
        ).count(),
        "Văn bản đến chờ vào sổ": 3,
        "Văn bản đến đang giải quyết": 3,
        "Dự thảo chưa ký": 3,
        "Hồ sơ đang mở": 0,
        "Văn bản đang gửi đến": 0,
        "Khóa của phần mềm thu hồi": 0,
        "Việc đang chờ trong Hộp việc": WorkItem.objects.filter(
            agency_id__in=[made.agency(key).pk for key in OLD], is_open=True
        ).count(),
    }
    with papers.writes_allowed():  # as if it had been issued meanwhile
        type(stuck).objects.filter(pk=stuck.pk).update(
            state="issued", number=1, issued_on=clock.today()
        )
    commands.send(made.actor("suong"), here, version=None)
    assert "Duyệt" in asked(chief, "preview")
    commands.approve(made.actor("khue"), here, version=None)
    assert "Thực hiện" in asked(admin, "preview")
    asked(admin, "detail")
    commands.carry_out(made.actor("quan"), here, version=None)
    assert "Đã chuyển" in asked(chief, "detail")


def more_desks(made: Offices, key: str) -> None:
    """A second unit with two posts, one of them without a holder."""
    with papers.writes_allowed():
        made.small.units[f"{key}-to"] = organization.create_unit(
            FOUNDER,
            key=f"{key}-to",
            agency=made.agency(key),
            name="Tổ Giúp việc",
            short_name="Giúp việc",
            valid_from=SINCE,
        )
        a_person(
            made.small, f"{key}-tt", f"Tổ trưởng {key}", "Tổ trưởng", key, [], unit=f"{key}-to"
        )
        organization.create_post(
            FOUNDER,
            key=f"{key}-trong",
            agency=made.agency(key),
            unit=made.small.units[f"{key}-to"],
            title="Tổ viên",
            rank=90,
            valid_from=SINCE,
        )


def row_of(page: str) -> dict[str, int]:
    """What the preview says will pass on, by kind."""
    lines = re.findall(r'<tr><td>([^<]+)</td><td class="n">([^<]+)</td></tr>', page)
    return {words: int(count.replace(".", "")) for words, count in lines}


def test_it_is_sent_back_and_withdrawn_with_a_reason() -> None:
    made = offices()
    drafted = proposal(made)
    here = drafted.public_id
    commands.send(made.actor("suong"), here, version=None)
    chief = client_of(made, "khue")
    nothing = post(chief, "send_back", here, reason="")
    assert nothing.status_code == 422
    assert "Trả lại phải ghi lý do" in nothing.content.decode()
    assert post(chief, "send_back", here, reason="Rà lại phòng").status_code == 303
    assert "Rà lại phòng" in text(client_of(made, "suong"), "detail", here)
    assert post(chief, "withdraw", here, reason="").status_code == 422
    assert post(client_of(made, "mien"), "withdraw", here, reason="x").status_code == 403
    assert post(chief, "withdraw", here, reason="Chưa có chủ trương").status_code == 303
    drafted.refresh_from_db()
    assert drafted.as_state == State.WITHDRAWN


def test_a_stranger_finds_no_reorganization() -> None:
    made = offices()
    here = proposal(made).public_id
    client = client_of(made, "thao")
    for name in ("detail", "preview"):
        assert client.get(reverse(f"reorganization:{name}", args=[here])).status_code == 404
    for name in ("map_posts", "send", "approve", "send_back", "carry_out", "withdraw"):
        assert post(client, name, here).status_code == 404
    assert str(here) not in text(client, "list")
