"""The HTTP interface: who is let in, what is answered, and what is never told."""

from __future__ import annotations

import base64
import json
import random
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from nhactruong.assembly.environment import PROJECT_ROOT
from nhactruong.assembly.management.commands.openapi import description
from nhactruong.foundation.accounts.commands import create_account, issue_api_token
from nhactruong.foundation.accounts.models import ApiToken
from nhactruong.foundation.files import store
from nhactruong.kernel import clock
from nhactruong.masterdata.organization.tests.scenarios import FOUNDER, SmallOffice
from nhactruong.records.incoming import commands as incoming
from tests.sight.walk import Walk

_NAMES = ("giêng", "hai", "chín", "tám", "mười", "sáu", "chạp")
INCOMING = "/api/v1/incoming-documents"


@pytest.fixture
def walk(db: None) -> Walk:
    """An office in which nothing has been done yet."""
    return Walk(random.Random(1))  # noqa: S311  # a story, not a secret


def key_of(office: SmallOffice, person: str) -> str:
    return issue_api_token(FOUNDER, office.user(person), "máy thử")


def machine(office: SmallOffice, person: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {key_of(office, person)}"})


def registered(walk: Walk, count: int) -> list[str]:
    """So many documents in the register of Tỉnh ủy, oldest first."""
    clerk = walk.office.actor("nhan")
    made = []
    for number in range(count):
        walk.deeds.clear()
        thing = incoming.receive_file(
            clerk,
            agency_id=walk.office.agencies["tu"].pk,
            stored=_stored(),
            media_type="application/pdf",
            file_name=f"{number}.pdf",
            page_count=1,
        )
        incoming.register(
            clerk,
            thing.public_id,
            incoming.RegisterLine(
                reference_code=f"{number}-CV/NT",
                issued_on=clock.today(),
                issuer_name="Đảng ủy xã Thử",
                document_type="cong-van",
                subject=f"Báo cáo tháng {_NAMES[number]}",
            ),
            version=None,
        )
        made.append(str(thing.public_id))
    return made


def _stored() -> Any:
    return store.write([uuid.uuid4().bytes])


def assert_problem(response: Any, status: int, code: str) -> None:
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == code
    assert response.json()["status"] == status


# Who is let in.


def test_a_stranger_is_told_to_bring_a_key(walk: Walk) -> None:
    response = Client().get(INCOMING)
    assert_problem(response, 401, "not_signed_in")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_wrong_key_opens_nothing_even_beside_a_session(walk: Walk) -> None:
    for given in ("Bearer nt_wrong", "Bearer ", "Basic bmhhbjpuaGFu", "nt_wrong", "Bearer\tx"):
        client = Client(headers={"Authorization": given})
        client.force_login(walk.office.user("nhan"))
        assert_problem(client.get(INCOMING), 401, "wrong_key")


@pytest.mark.parametrize("fault", ["revoked", "expired", "inactive"])
def test_a_key_that_is_over_opens_nothing(walk: Walk, fault: str) -> None:
    client = machine(walk.office, "nhan")
    assert client.get(INCOMING).status_code == 200
    if fault == "inactive":
        user = walk.office.user("nhan")
        user.is_active = False
        user.save()
    elif fault == "revoked":
        ApiToken.objects.update(revoked_at=clock.now())
    else:
        ApiToken.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert_problem(client.get(INCOMING), 401, "wrong_key")


def test_a_key_of_an_account_without_a_person_opens_nothing(walk: Walk) -> None:
    user = create_account(FOUNDER, username="khong.ai", password="mot-cau-rat-dai-de-thu")
    key = issue_api_token(FOUNDER, user, "máy")
    response = Client(headers={"Authorization": f"Bearer {key}"}).get(INCOMING)
    assert_problem(response, 401, "wrong_key")


def test_the_session_of_the_pages_opens_the_interface(walk: Walk) -> None:
    client = Client()
    client.force_login(walk.office.user("khue"))
    told = client.get("/api/v1/me").json()
    assert told["name"] == "Đỗ Minh Khuê"
    assert {role["role"] for role in told["posts"][0]["roles"]} == {"chief_of_office"}


def test_a_key_says_who_calls_also_beside_the_session_of_somebody_else(walk: Walk) -> None:
    client = machine(walk.office, "nhan")
    client.force_login(walk.office.user("khue"))
    assert client.get("/api/v1/me").json()["name"] == "Bùi Thị Nhạn"


def test_a_key_opens_no_page(walk: Walk) -> None:
    response = machine(walk.office, "nhan").get("/van-ban-den/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/dang-nhap/")


def test_answers_are_not_kept_by_anybody_between(walk: Walk) -> None:
    assert (
        machine(walk.office, "nhan").get(INCOMING).headers["Cache-Control"] == "private, no-store"
    )


def test_what_only_reads_refuses_other_methods(walk: Walk) -> None:
    client = machine(walk.office, "nhan")
    for method in (client.post, client.put, client.delete, client.patch):
        response = method(INCOMING)
        assert_problem(response, 405, "method_not_allowed")
        assert response.headers["Allow"] == "GET"


# What is told and what is not.


def test_what_does_not_exist_and_what_is_not_mine_answer_alike(walk: Walk) -> None:
    hidden = registered(walk, 1)[0]
    client = machine(walk.office, "thao")
    for kind in ("outgoing-documents", "dossiers", "incoming-documents"):
        absent = client.get(f"/api/v1/{kind}/{uuid.uuid4()}")
        assert absent.status_code == 404
    assert machine(walk.office, "nhan").get(f"{INCOMING}/{hidden}").status_code == 200
    assert client.get(f"{INCOMING}/{hidden}").json() == absent.json()


def test_the_detail_tells_what_the_caller_may_do_and_the_reading_is_recorded(walk: Walk) -> None:
    known = registered(walk, 1)[0]
    told = machine(walk.office, "khue").get(f"{INCOMING}/{known}").json()
    acts = {act["act"]: act["allowed"] for act in told["acts"]}
    assert acts["direct"] is True
    assert "register" not in acts
    assert told["state"] == {"code": "submitted", "name": "Chờ bút phê"}
    assert told["subject"] == "Báo cáo tháng giêng"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT action, person_name FROM audit_auditrow WHERE keep = 'read' AND object_id = %s",
            [known],
        )
        assert cursor.fetchall() == [("incoming.opened", "Đỗ Minh Khuê")]


def test_an_unchanged_detail_answers_304(walk: Walk) -> None:
    known = registered(walk, 1)[0]
    client = machine(walk.office, "khue")
    first = client.get(f"{INCOMING}/{known}")
    tag = first.headers["ETag"]
    again = client.get(f"{INCOMING}/{known}", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    incoming.submit_to_leader(walk.office.actor("khue"), uuid.UUID(known), version=None)
    changed = client.get(f"{INCOMING}/{known}", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


def test_pages_walk_the_whole_list_there_and_back(walk: Walk) -> None:
    made = registered(walk, 7)
    client = machine(walk.office, "khue")
    there, cursor = [], ""
    pages = []
    while True:
        page = client.get(INCOMING, {"limit": 3, "cursor": cursor}).json()
        pages.append(page)
        there += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert there == made[::-1]
    assert pages[0]["previous"] is None
    back = client.get(INCOMING, {"limit": 3, "cursor": pages[2]["previous"]}).json()
    assert back["items"] == pages[1]["items"]


def _cursor(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


def bad_cursors() -> Iterator[str]:
    yield "x"
    yield _cursor("o", "not a day", "not a number")
    yield _cursor("o", 5, 5)
    yield _cursor("o", None, None)
    yield _cursor("o", [1], {"a": 1})
    yield _cursor("z", "2026-01-01", 1)
    yield _cursor("o", "2026-01-01")
    yield base64.urlsafe_b64encode(b'["o","2026-01-01",1e999]').decode()
    yield base64.urlsafe_b64encode(b'{"o":1}').decode()


def test_a_made_up_cursor_is_refused_and_harms_nothing(walk: Walk) -> None:
    client = machine(walk.office, "khue")
    for cursor in bad_cursors():
        for path in ("incoming-documents", "dossiers", "inbox"):
            response = client.get(f"/api/v1/{path}", {"cursor": cursor})
            assert_problem(response, 422, "page.bad_cursor")


def test_a_parameter_that_means_nothing_is_named(walk: Walk) -> None:
    client = machine(walk.office, "khue")
    wrong = {"limit": "201", "state": "nonsense", "day": "2026-13-01", "late": "maybe"}
    for name, value in wrong.items():
        response = client.get(INCOMING, {name: value})
        assert_problem(response, 422, "bad_parameter")
        assert list(response.json()["fields"]) == [name]


def test_a_character_no_text_can_hold_is_refused(walk: Walk) -> None:
    assert_problem(machine(walk.office, "khue").get("/api/v1/search?q=%00"), 400, "bad_request")


def test_filters_narrow_as_on_the_page(walk: Walk) -> None:
    made = registered(walk, 3)
    client = machine(walk.office, "khue")
    today = clock.today().isoformat()

    def ids(**query: Any) -> list[str]:
        return [item["id"] for item in client.get(INCOMING, query).json()["items"]]

    assert ids(q="thang chin") == [made[2]]
    assert ids(q="tháng", day=today, state="submitted") == made[::-1]
    assert ids(state="completed") == []
    assert ids(late="true") == []
    assert ids(agency_id=walk.office.agencies["dm"].pk) == []
    assert ids(month=today, agency_id=walk.office.agencies["tu"].pk) == made[::-1]


def test_inbox_and_search_tell_the_same_as_their_pages(walk: Walk) -> None:
    made = registered(walk, 2)
    client = machine(walk.office, "khue")
    inbox = client.get("/api/v1/inbox", {"kind": "incoming.direct"}).json()["items"]
    assert {item["object_id"] for item in inbox} == set(made)
    assert {item["kind_name"] for item in inbox} == {"Bút phê"}
    assert client.get("/api/v1/inbox", {"due": "late"}).json()["items"] == []
    found = client.get("/api/v1/search", {"q": "bao cao thang", "kind": "IncomingDocument"})
    assert {item["id"] for item in found.json()["items"]} == set(made)
    assert client.get("/api/v1/search", {"q": "bao cao", "kind": "Dossier"}).json()["items"] == []


# How often, and how thriftily.


def test_each_caller_has_so_many_calls_a_minute(walk: Walk, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3
    eager, calm = machine(walk.office, "nhan"), machine(walk.office, "khue")
    start = clock.now().replace(second=5)
    with clock.frozen_at(start):
        assert [eager.get("/api/v1/me").status_code for _ in range(4)] == [200, 200, 200, 429]
        refused = eager.get("/api/v1/me")
        assert_problem(refused, 429, "too_often")
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert calm.get("/api/v1/me").status_code == 200
    with clock.frozen_at(start + timedelta(minutes=1)):
        assert eager.get("/api/v1/me").status_code == 200


def test_lists_and_details_ask_the_database_little(
    walk: Walk, django_assert_max_num_queries: Any
) -> None:
    made = registered(walk, 5)
    client = machine(walk.office, "khue")
    client.get(INCOMING)
    for path in (INCOMING, f"{INCOMING}/{made[0]}"):
        with django_assert_max_num_queries(12):
            client.get(path)


# What is written down.


def test_the_description_in_the_repository_is_that_of_the_interface() -> None:
    kept = Path(PROJECT_ROOT / "docs" / "openapi.json").read_text(encoding="utf-8")
    assert kept == description(), "run: nhactruong manage openapi > docs/openapi.json"


def test_the_description_is_served_to_everybody(db: None) -> None:
    served = Client().get("/api/v1/openapi.json")
    assert served.status_code == 200
    assert served.json()["paths"].keys() == json.loads(description())["paths"].keys()


def test_there_are_no_pages_of_documentation_from_other_hosts(walk: Walk) -> None:
    assert machine(walk.office, "nhan").get("/api/v1/docs").status_code == 404
