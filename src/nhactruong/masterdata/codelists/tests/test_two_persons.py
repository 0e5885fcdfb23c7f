"""A code is added, renamed and ended by two persons; what holds on a day can be asked for that day."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse
from tests.interface.programs import program

from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.notices.models import Notice
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.kernel import clock
from nhactruong.kernel.errors import (
    AccessDenied,
    ConflictingChange,
    InvalidInput,
    NotFound,
    RuleBroken,
)
from nhactruong.masterdata.codelists import commands, selectors
from nhactruong.masterdata.codelists.models import CodeChange, CodeEntry
from nhactruong.masterdata.codelists.rules import State, Verb
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD, SmallOffice, small_office

pytestmark = pytest.mark.django_db
FIELDS = "fields-of-work"
TODAY = clock.today()


@pytest.fixture
def office() -> SmallOffice:
    return small_office()


def proposed(office: SmallOffice, by: str = "suong", **changes: Any) -> CodeChange:
    said: dict[str, Any] = {
        "verb": Verb.ADD,
        "code": "du-lieu",
        "name": "Dữ liệu số",
        "from_on": TODAY,
        "basis": "Kết luận giao ban tháng 11",
        **changes,
    }
    return commands.propose(office.actor(by), FIELDS, **said)


def approved(office: SmallOffice, by: str = "khue", **changes: Any) -> CodeChange:
    change = proposed(office, **changes)
    return commands.approve(office.actor(by), change.public_id, version=None)


def names(on: date = TODAY) -> dict[str, str]:
    return {one.code: one.name for one in selectors.entries(FIELDS, on)}


def client_of(office: SmallOffice, person: str) -> Client:
    client = Client()
    client.force_login(office.user(person))
    return client


def send(client: Client, url: str, **said: Any) -> Any:
    return client.post(url, {"operation_id": str(uuid.uuid4()), **said})


def test_a_specialist_proposes_and_the_head_of_office_approves(office: SmallOffice) -> None:
    change = proposed(office)
    assert "du-lieu" not in names()
    waiting = WorkItem.objects.get(object_id=change.public_id)
    assert (waiting.kind, waiting.is_open) == ("codelists.decide", True)
    commands.approve(office.actor("khue"), change.public_id, version=change.version)
    assert names()["du-lieu"] == "Dữ liệu số"
    assert "du-lieu" not in names(TODAY - timedelta(days=1))
    waiting.refresh_from_db()
    assert not waiting.is_open
    assert Notice.objects.filter(object_id=change.public_id).count() == 1
    acts = AuditRow.objects.filter(object_id=change.public_id).values_list("action", flat=True)
    assert sorted(acts) == ["codelists.approved", "codelists.proposed"]


def test_nobody_approves_what_he_proposed(office: SmallOffice) -> None:
    own = proposed(office, by="le")
    with pytest.raises(AccessDenied, match="người thứ hai") as refusal:
        commands.approve(office.actor("le"), own.public_id, version=None)
    assert refusal.value.line == 20
    with pytest.raises(IntegrityError), transaction.atomic(), writes_allowed():
        CodeChange.objects.filter(pk=own.pk).update(
            state=State.APPROVED.value, decider_id=own.proposer_id
        )
    commands.approve(office.actor("khue"), own.public_id, version=None)
    assert "du-lieu" in names()


def test_the_chiefs_own_proposal_waits_for_his_deputy(office: SmallOffice) -> None:
    own = proposed(office, by="khue")
    waiting = WorkItem.objects.get(object_id=own.public_id)
    assert waiting.token in office.actor("le").tokens
    assert waiting.token not in office.actor("khue").tokens


def test_who_may_propose_and_approve(office: SmallOffice) -> None:
    for person in ("khoi", "luu", "quan"):
        with pytest.raises(AccessDenied):
            proposed(office, by=person)
    change = proposed(office, by="thao")
    for person in ("lam", "suong", "son"):
        with pytest.raises(AccessDenied, match="cơ quan giữ danh mục"):
            commands.approve(office.actor(person), change.public_id, version=None)
    with pytest.raises(NotFound):
        commands.approve(office.actor("khoi"), change.public_id, version=None)


def test_a_new_name_leaves_the_old_one_to_the_days_before(office: SmallOffice) -> None:
    later = TODAY + timedelta(days=10)
    before = names()["van-thu"]
    approved(office, verb=Verb.RENAME, code="van-thu", name="Văn thư, lưu trữ", from_on=later)
    assert names()["van-thu"] == before
    assert names(later)["van-thu"] == "Văn thư, lưu trữ"
    rows = CodeEntry.objects.filter(code_list__slug=FIELDS, code="van-thu")
    assert [row.superseded_at is None for row in rows.order_by("pk")] == [False, True, True]
    assert [one.code for one in selectors.coming(FIELDS, TODAY)] == ["van-thu"]


def test_an_ended_code_may_come_again(office: SmallOffice) -> None:
    ended, again = TODAY + timedelta(days=5), TODAY + timedelta(days=9)
    approved(office, verb=Verb.END, code="co-yeu", name="", from_on=ended)
    assert "co-yeu" in names(ended - timedelta(days=1))
    assert "co-yeu" not in names(ended)
    approved(office, code="co-yeu", name="Cơ yếu", from_on=again)
    assert names(again)["co-yeu"] == "Cơ yếu"
    approved(office, code="co-yeu", name="Cơ yếu tạm", from_on=ended)
    assert names(ended)["co-yeu"] == "Cơ yếu tạm"
    assert names(again)["co-yeu"] == "Cơ yếu"


def test_the_database_keeps_one_meaning_of_a_code_at_a_time(office: SmallOffice) -> None:
    entry = CodeEntry.objects.filter(code="van-thu").first()
    assert entry is not None
    with pytest.raises(IntegrityError), transaction.atomic(), writes_allowed():
        CodeEntry.objects.create(
            code_list=entry.code_list,
            code="van-thu",
            name="Khác",
            valid=DateRange(TODAY, None),
            recorded_at=clock.now(),
        )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "Dữ liệu"}, "code"),
        ({"code": "van-thu"}, "code"),
        ({"from_on": TODAY - timedelta(days=1)}, "from_on"),
        ({"name": " "}, "name"),
        ({"basis": ""}, "basis"),
        ({"verb": Verb.RENAME, "code": "khong-co", "name": "Gì đó"}, "code"),
        ({"verb": Verb.RENAME, "code": "van-thu", "name": "Văn thư"}, "name"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    office: SmallOffice, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as fault:
        proposed(office, **changes)
    assert list(fault.value.fields) == [field]
    assert not CodeChange.objects.exists()


def test_one_code_has_one_open_proposal(office: SmallOffice) -> None:
    first = proposed(office)
    with pytest.raises(RuleBroken, match="chờ duyệt"):
        proposed(office, by="mien")
    with pytest.raises(AccessDenied):
        commands.withdraw(office.actor("mien"), first.public_id, version=None)
    commands.withdraw(office.actor("suong"), first.public_id, version=None)
    assert proposed(office, by="mien").as_state is State.PROPOSED


def test_a_list_of_the_law_is_closed(office: SmallOffice) -> None:
    with pytest.raises(NotFound):
        commands.propose(
            office.actor("suong"),
            "document-types",
            verb=Verb.ADD,
            code="thong-diep",
            name="Thông điệp",
            from_on=TODAY,
            basis="Không có",
        )
    page = client_of(office, "suong").get(reverse("codelists:detail", args=["document-types"]))
    html = page.content.decode()
    assert "Theo quy định, không sửa" in html
    assert "Nghị quyết" in html
    assert "Đề nghị thêm mã" not in html
    assert client_of(office, "suong").get("/du-lieu/ma/document-types/de-nghi/").status_code == 404


def test_the_pages_from_proposal_to_approval(
    office: SmallOffice, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    clerk, chief = client_of(office, "nhan"), client_of(office, "khue")
    with django_assert_max_num_queries(15):
        assert "Lĩnh vực công tác" in clerk.get("/du-lieu/ma/").content.decode()
    ask = f"/du-lieu/ma/{FIELDS}/de-nghi/?viec=rename&ma=noi-chinh"
    form = clerk.get(ask).content.decode()
    assert 'value="noi-chinh"' in form
    assert 'value="Nội chính"' in form
    refused = send(clerk, ask, code="noi-chinh", name="Nội chính", from_on=f"{TODAY:%d/%m/%Y}")
    assert refused.status_code == 422
    assert "Thiếu Căn cứ" in refused.content.decode()
    sent = send(
        clerk,
        ask,
        code="noi-chinh",
        name="Nội chính, cải cách tư pháp",
        from_on=f"{TODAY:%d/%m/%Y}",
        basis="Quy định mới",
    )
    assert sent.status_code == 303
    change = CodeChange.objects.get()
    here = reverse("codelists:change", args=[change.public_id])
    assert "lãnh đạo Văn phòng" in clerk.get(here).content.decode()
    assert send(clerk, f"{here}duyet/", step_up_code=PASSWORD).status_code == 403
    wrong = send(chief, f"{here}duyet/", version=change.version, step_up_code="sai")
    assert (wrong.status_code, CodeChange.objects.get().as_state) == (409, State.PROPOSED)
    stale = send(chief, f"{here}duyet/", version=9, step_up_code=PASSWORD)
    assert stale.status_code == 409
    assert send(chief, f"{here}khong-duyet/", version=1, reason="").status_code == 422
    done = send(chief, f"{here}duyet/", version=change.version, step_up_code=PASSWORD)
    assert done.status_code == 303
    with django_assert_max_num_queries(15):
        html = chief.get(f"/du-lieu/ma/{FIELDS}/").content.decode()
    assert "Nội chính, cải cách tư pháp" in html
    yesterday = f"{TODAY - timedelta(days=1):%d/%m/%Y}"
    old = chief.get(f"/du-lieu/ma/{FIELDS}/", {"ngay": yesterday}).content.decode()
    assert "Nội chính, cải cách tư pháp" not in old.split("Sẽ áp dụng")[0]
    bad = chief.get(f"/du-lieu/ma/{FIELDS}/", {"ngay": "31/02/2026"})
    assert "không có trong lịch" in bad.content.decode()


def test_a_change_of_the_list_in_between_is_noticed(office: SmallOffice) -> None:
    change = proposed(office, verb=Verb.RENAME, code="kinh-te", name="Kinh tế")
    with pytest.raises(ConflictingChange):
        commands.approve(office.actor("khue"), change.public_id, version=change.version + 1)
    refused = commands.refuse(
        office.actor("khue"), change.public_id, reason="Giữ tên cũ", version=change.version
    )
    assert (refused.as_state, names()["kinh-te"]) == (State.REFUSED, "Kinh tế - xã hội")
    with pytest.raises(AccessDenied, match="không duyệt"):
        commands.approve(office.actor("khue"), change.public_id, version=None)


def test_programs_read_the_same_lists_as_of_a_day(office: SmallOffice) -> None:
    later = TODAY + timedelta(days=10)
    approved(office, from_on=later)
    client = program(office, "code_lists.read")
    now = client.get(f"/api/v1/code-lists/{FIELDS}").json()
    then = client.get(f"/api/v1/code-lists/{FIELDS}", {"on": later.isoformat()}).json()
    assert "du-lieu" not in {row["code"] for row in now["items"]}
    found = next(row for row in then["items"] if row["code"] == "du-lieu")
    assert (found["name"], found["valid_from"]) == ("Dữ liệu số", later.isoformat())
    state = client.get("/api/v1/code-lists/document-types", {"profile": "state"}).json()
    assert "Công điện" in {row["name"] for row in state["items"]}
