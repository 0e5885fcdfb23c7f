"""A program has a key of its own: one agency, one purpose, its scopes, its limit, its end."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.access.rules import Line
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.foundation.persistence.models import Operation, OperationAnswer
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.gateways.http_api import commands
from nhactruong.gateways.http_api.models import ServiceKey
from nhactruong.gateways.http_api.rules import COLLECT_WITHIN
from nhactruong.kernel import clock
from nhactruong.kernel.errors import AccessDenied, InvalidInput, NotFound
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD, SmallOffice, small_office
from nhactruong.masterdata.reorganization.tests.offices import carried_out, offices, proposal
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.tests.letters import FROM_DONG_MO, pdf_of
from nhactruong.records.outgoing.tests import letters
from tests.interface.programs import key_asked, key_given, problem_of, program

AGENCIES = "/api/v1/agencies"
KEYS = "/quan-tri/khoa/"


@pytest.fixture
def office(db: None) -> SmallOffice:
    return small_office()


def test_a_program_reads_what_its_key_says_and_nothing_else(office: SmallOffice) -> None:
    client = program(office, "directory.own")
    assert [row["key"] for row in client.get(AGENCIES).json()["items"]] == ["vptu"]
    elsewhere = office.agencies["dm"].public_id
    assert client.get(f"{AGENCIES}/{elsewhere}").status_code == 404
    for address in ("code-lists", "incoming-documents", "inbox", "search?q=a", "me", "dossiers"):
        assert problem_of(client.get(f"/api/v1/{address}")) == (403, "key.scope")
    assert program(office, "code_lists.read").get("/api/v1/code-lists").status_code == 200
    everywhere = program(office, "directory.all").get(AGENCIES).json()["items"]
    assert {row["key"] for row in everywhere} == {row.key for row in office.agencies.values()}


def test_a_record_answers_a_program_alike_whether_it_exists_or_not(office: SmallOffice) -> None:
    client = program(office, "directory.all", "code_lists.read", "incoming.write")
    known = letters.drafted(office).public_id
    answers = [client.get(f"/api/v1/outgoing-documents/{one}") for one in (known, uuid.uuid4())]
    assert answers[0].status_code == answers[1].status_code == 403
    assert answers[0].json() == answers[1].json()


def test_a_key_opens_no_page_and_signs_nobody_in(office: SmallOffice) -> None:
    key, secret = key_given(office, "directory.all")
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    assert client.get("/").status_code == 302
    assert key.account is not None
    assert not key.account.has_usable_password()


@pytest.mark.parametrize("fault", ["revoked", "expired", "inactive", "elsewhere"])
def test_a_key_that_does_not_hold_opens_nothing(office: SmallOffice, fault: str) -> None:
    networks = "10.0.0.0/8, 2001:db8::/32" if fault == "elsewhere" else ""
    key, secret = key_given(office, "directory.own", networks=networks)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    if fault == "elsewhere":
        assert client.get(AGENCIES, REMOTE_ADDR="10.3.2.1").status_code == 200
    elif fault == "revoked":
        commands.revoke_key(office.actor("quan"), key.public_id, reason="Hết việc")
    elif fault == "inactive":
        assert key.account is not None
        key.account.is_active = False
        key.account.save()
    if fault == "expired":
        assert key.expires_at is not None
        with clock.frozen_at(key.expires_at):
            assert problem_of(client.get(AGENCIES)) == (401, "wrong_key")
        with clock.frozen_at(key.expires_at - timedelta(seconds=1)):
            assert client.get(AGENCIES).status_code == 200
    else:
        assert problem_of(client.get(AGENCIES)) == (401, "wrong_key")


def test_a_key_has_its_own_limit(office: SmallOffice) -> None:
    client = program(office, "directory.own", requests_per_minute=2)
    with clock.frozen_at(clock.now().replace(second=5)):
        assert [client.get(AGENCIES).status_code for _ in range(3)] == [200, 200, 429]
        assert int(client.get(AGENCIES).headers["Retry-After"]) == 55


def test_calls_and_refusals_stand_in_the_record_once_a_minute(office: SmallOffice) -> None:
    client = program(office, "directory.own", requests_per_minute=2)
    stranger = Client(headers={"Authorization": "Bearer nt_khong_co"}, REMOTE_ADDR="203.0.113.9")
    with clock.frozen_at(clock.now().replace(second=5)):
        for _ in range(5):
            client.get(AGENCIES)
        refused = [stranger.get(AGENCIES).status_code for _ in range(23)]
        beside = program(office, "directory.own")
        assert beside.get(AGENCIES, REMOTE_ADDR="203.0.113.9").status_code == 200
    assert refused == [401] * 20 + [429] * 3
    rows = AuditRow.objects.filter(
        action__in=["key.called", "key.too_often", "key.wrong"]
    ).order_by("pk")
    assert [(row.action, row.outcome) for row in rows] == [
        ("key.called", "ok"),
        ("key.too_often", "denied"),
        ("key.wrong", "denied"),
        ("key.wrong", "denied"),
        ("key.called", "ok"),
    ]
    assert {row.client_address for row in rows[2:]} == {"203.0.113.9"}
    assert "nt_khong_co" not in str(list(rows.values()))


def test_only_the_hash_is_kept_and_every_act_is_recorded(office: SmallOffice) -> None:
    key, secret = key_given(office, "directory.own", networks="10.1.2.3/8")
    assert secret not in str(list(ServiceKey.objects.values()))
    assert key.networks == ["10.0.0.0/8"]
    with pytest.raises(InvalidInput):
        commands.revoke_key(office.actor("quan"), key.public_id, reason=" ")
    commands.revoke_key(office.actor("quan"), key.public_id, reason="Máy bị mất")
    with pytest.raises(AccessDenied):
        commands.revoke_key(office.actor("quan"), key.public_id, reason="Lần nữa")
    rows = AuditRow.objects.filter(object_id=key.public_id).order_by("pk")
    assert [(row.action, row.reason) for row in rows] == [
        ("key.asked", "Lấy danh bạ để gửi báo cáo tháng"),
        ("key.allowed", ""),
        ("key.issued", "Lấy danh bạ để gửi báo cáo tháng"),
        ("key.revoked", "Máy bị mất"),
    ]
    assert secret not in str(list(AuditRow.objects.values()))


def test_nobody_but_the_administrator_asks_for_keys(office: SmallOffice) -> None:
    terms = commands.KeyTerms(office.agencies["vptu"].pk, "Máy", "Thử", ["directory.own"], 30, 60)
    for person in ("khue", "nhan", "thao"):
        with pytest.raises(AccessDenied) as refused:
            commands.ask_for_key(office.actor(person), terms)
        assert refused.value.line == Line.CONFIGURATION


def test_a_key_needs_a_second_person(office: SmallOffice) -> None:
    key = key_asked(office, "directory.own")
    waiting = office.actor("khue")
    assert [work.kind for work in WorkItem.objects.filter(object_id=key.public_id)] == [
        commands.DECIDE
    ]
    with pytest.raises(AccessDenied):
        commands.collect_key(office.actor("quan"), key.public_id, token_hash="0" * 64)
    for person in ("quan", "nhan", "thao"):
        with pytest.raises((AccessDenied, NotFound)):
            commands.allow_key(office.actor(person), key.public_id)
    commands.allow_key(waiting, key.public_id)
    with pytest.raises(AccessDenied):
        commands.refuse_key(waiting, key.public_id, reason="Nghĩ lại")
    with pytest.raises(AccessDenied):
        commands.collect_key(waiting, key.public_id, token_hash="0" * 64)
    commands.collect_key(office.actor("quan"), key.public_id, token_hash="0" * 64)
    with pytest.raises(AccessDenied):
        commands.collect_key(office.actor("quan"), key.public_id, token_hash="1" * 64)
    assert not WorkItem.objects.filter(object_id=key.public_id, is_open=True).exists()


def test_an_administrator_who_is_chief_as_well_does_not_allow_his_own_request(
    office: SmallOffice,
) -> None:
    quan = office.actor("quan")
    both = replace(
        quan, role_reach=quan.role_reach | {(Role.CHIEF_OF_OFFICE, office.agencies["vptu"].pk)}
    )
    key = key_asked(office, "directory.own")
    with pytest.raises(AccessDenied, match="không tự duyệt"):
        commands.allow_key(both, key.public_id)


def test_what_was_refused_or_left_lying_is_never_collected(office: SmallOffice) -> None:
    quan, khue = office.actor("quan"), office.actor("khue")
    refused, left = (key_asked(office, "directory.own").public_id for _ in range(2))
    with pytest.raises(InvalidInput):
        commands.refuse_key(khue, refused, reason=" ")
    commands.refuse_key(khue, refused, reason="Chưa rõ để làm gì")
    decided = commands.allow_key(khue, left).decided_at
    assert decided is not None
    with pytest.raises(AccessDenied):
        commands.collect_key(quan, refused, token_hash="0" * 64)
    with clock.frozen_at(decided + COLLECT_WITHIN), pytest.raises(AccessDenied):
        commands.collect_key(quan, left, token_hash="0" * 64)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", " "),
        ("purpose", ""),
        ("scopes", ["everything"]),
        ("days", 366),
        ("requests_per_minute", 0),
        ("networks", "nhà tôi"),
    ],
)
def test_a_key_without_a_clear_purpose_is_not_given(
    office: SmallOffice, field: str, wrong: Any
) -> None:
    said: dict[str, Any] = {
        "name": "Máy",
        "purpose": "Thử",
        "scopes": ["directory.own"],
        "days": 30,
        "requests_per_minute": 60,
        field: wrong,
    }
    with pytest.raises(InvalidInput) as refused:
        commands.ask_for_key(
            office.actor("quan"), commands.KeyTerms(agency_id=office.agencies["vptu"].pk, **said)
        )
    assert list(refused.value.fields) == [field]


# The page.


def signed_in(office: SmallOffice, person: str) -> Client:
    client = Client()
    client.force_login(office.user(person))
    return client


def form_of(office: SmallOffice, **more: Any) -> dict[str, Any]:
    return {
        "operation_id": str(uuid.uuid4()),
        "agency": office.agencies["vptu"].pk,
        "name": "Cổng báo cáo",
        "purpose": "Lấy danh bạ",
        "scopes": ["directory.own"],
        "days": "90",
        "requests_per_minute": "60",
        "step_up_code": PASSWORD,
        **more,
    }


def pressed(**more: str) -> dict[str, str]:
    return {"operation_id": str(uuid.uuid4()), **more}


def test_asked_allowed_and_collected_the_secret_is_shown_once(office: SmallOffice) -> None:
    quan, khue = signed_in(office, "quan"), signed_in(office, "khue")
    assert "Chưa có khóa nào" in quan.get(KEYS).content.decode()
    address = quan.post(reverse("keys:ask"), form_of(office)).headers["Location"]
    key = ServiceKey.objects.get()
    act = {name: reverse(f"keys:{name}", args=[key.public_id]) for name in ("allow", "collect")}
    assert "Khóa truy cập cho Cổng báo cáo" in khue.get("/hop-viec/").content.decode()
    assert khue.post(act["allow"], pressed(step_up_code="sai")).status_code == 409
    assert khue.post(act["allow"], pressed(step_up_code=PASSWORD)).status_code == 303
    assert quan.post(act["collect"], pressed(step_up_code="sai")).status_code == 409
    form = pressed(step_up_code=PASSWORD)
    shown = quan.post(act["collect"], form)
    secret = shown.content.decode().partition("<code>")[2].partition("</code>")[0]
    assert secret.startswith("nt_")
    assert shown.headers["Cache-Control"] == "no-store"
    caller = Client(headers={"Authorization": f"Bearer {secret}"})
    assert caller.get(AGENCIES).status_code == 200
    assert quan.post(act["collect"], form).status_code == 303
    assert secret not in quan.get(address).content.decode()
    kept = [*OperationAnswer.objects.values_list("body", flat=True)]
    assert all(secret.encode() not in bytes(body) for body in kept)
    assert secret not in str(list(Operation.objects.values()))


def test_without_the_right_code_no_key_is_asked_for(office: SmallOffice) -> None:
    client = signed_in(office, "quan")
    for code in ("", "sai"):
        answer = client.post(reverse("keys:ask"), form_of(office, step_up_code=code))
        assert answer.status_code in (409, 422)
    wrong = client.post(reverse("keys:ask"), form_of(office, networks="nhà"))
    assert wrong.status_code == 422
    assert "Địa chỉ mạng không đúng" in wrong.content.decode()
    assert not ServiceKey.objects.exists()


def test_the_administrator_revokes_with_a_reason(office: SmallOffice) -> None:
    key, _ = key_given(office, "directory.own")
    client = signed_in(office, "quan")
    address = reverse("keys:revoke", args=[key.public_id])
    missing = client.post(address, pressed(reason=""))
    assert missing.status_code == 422
    assert "phải nêu lý do" in missing.content.decode()
    assert client.post(address, pressed(reason="Hết hợp đồng")).status_code == 303
    assert "Đã thu hồi" in client.get(KEYS).content.decode()


def test_the_pages_exist_for_who_keeps_or_allows_keys(office: SmallOffice) -> None:
    key, _ = key_given(office, "directory.own")
    one = reverse("keys:detail", args=[key.public_id])
    for person, listed, asking in (("quan", 200, 200), ("khue", 200, 404), ("nhan", 404, 404)):
        client = signed_in(office, person)
        assert client.get(KEYS).status_code == client.get(one).status_code == listed
        assert client.get(reverse("keys:ask")).status_code == asking


def test_the_pages_ask_the_store_little(
    office: SmallOffice, django_assert_max_num_queries: Any
) -> None:
    keys = [key_given(office, "directory.own")[0] for _ in range(3)]
    client = signed_in(office, "quan")
    client.get(KEYS)
    for address in (KEYS, reverse("keys:detail", args=[keys[0].public_id])):
        with django_assert_max_num_queries(15):
            client.get(address)


# Writing.


def test_a_program_puts_a_file_into_the_intake_of_its_agency_once(office: SmallOffice) -> None:
    content = pdf_of(FROM_DONG_MO)
    client = program(office, "incoming.write")
    named = {"Idempotency-Key": str(uuid.uuid4())}

    def send(agency: str, headers: dict[str, str], content: bytes = content) -> Any:
        file = SimpleUploadedFile("den.pdf", content, "application/pdf")
        body = {"agency_id": office.agencies[agency].pk, "file": file}
        return client.post("/api/v1/incoming-documents/intake", body, headers=headers)

    assert problem_of(send("vptu", {})) == (400, "operation.missing")
    assert problem_of(send("dm", {"Idempotency-Key": str(uuid.uuid4())})) == (403, "key.agency")
    first, second = send("vptu", named), send("vptu", named)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    another = send("vptu", named, content + b"\n% khac")
    assert problem_of(another) == (409, "operation.reused")
    made = IncomingDocument.objects.get()
    assert (made.received_by, made.state) == ("Cổng báo cáo", "received")
    hidden = client.get(f"/api/v1/incoming-documents/{made.public_id}")
    assert problem_of(hidden) == (403, "key.scope")


@pytest.mark.django_db
def test_a_key_ends_with_its_agency() -> None:
    """After a merger nothing opens in the name of an office that is no more, nor waits to be allowed."""
    made = offices()
    _, secret = key_given(made.small, "directory.own")
    key_asked(made.small, "directory.own", name="Cổng khác")
    _, staying = key_given(made.small, "directory.own", name="Cổng còn lại")
    with writes_allowed():
        ServiceKey.objects.exclude(name="Cổng còn lại").update(agency=made.agency("a1"))
    carried_out(made, proposal(made))
    asked = {name: _asks(given) for name, given in (("ended", secret), ("stays", staying))}
    assert asked == {"ended": 401, "stays": 200}
    assert not WorkItem.objects.filter(kind="key.decide", is_open=True).exists()
    assert AuditRow.objects.filter(action="key.revoked").count() == 2


def _asks(secret: str) -> int:
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    return client.get(AGENCIES).status_code
