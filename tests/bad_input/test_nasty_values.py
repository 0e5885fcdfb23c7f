"""Whatever stands in an address or a form, the answer is an answer: never a breakdown."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from nhactruong.assembly.api import interface
from nhactruong.kernel import clock
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD
from tests.bad_input.nasty import BODIES, CURSORS, FEW, VALUES
from tests.sight.scene import Scene, build_scene
from tests.sight.test_every_address import address_of, ask, client_of, rows

_URLENCODED = "application/x-www-form-urlencoded"
_CURSOR_NAMES = {"trang", "cursor"}


@pytest.fixture
def scene(db: None) -> Scene:
    return build_scene()


def doors(method: str) -> Iterator[tuple[str, str, str]]:
    """(address name, object, somebody for whom the door opens) of the matrix."""
    for row in rows():
        if row["method"] == method and row["name"] not in ("accounts:sign_out",):
            opens = [column for column, outcome in row.items() if outcome == "ok"]
            if opens:
                yield row["name"], row["object"], opens[0]


def fields_read(monkeypatch: pytest.MonkeyPatch, request: Any) -> list[str]:
    """The names that answering a request looks up among what was sent."""
    found: set[str] = set()
    with monkeypatch.context() as patch:
        for lookup in ("get", "getlist", "__contains__", "__getitem__"):
            original = getattr(QueryDict, lookup)

            def noted(self: Any, key: str, *rest: Any, original: Any = original) -> Any:
                found.add(key)
                return original(self, key, *rest)

            patch.setattr(QueryDict, lookup, noted)
        request()
    return sorted(found - {"csrfmiddlewaretoken"})


def described_parameters(name: str) -> list[str]:
    """The query parameters of an operation of the interface."""
    return [
        parameter["name"]
        for operations in interface.get_openapi_schema()["paths"].values()
        for operation in operations.values()
        if f"api:{operation['operationId']}" == name
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query"
    ]


def values_for(name: str, values: tuple[str, ...] = VALUES) -> tuple[str, ...]:
    """The values to try in a field of that name."""
    if name in _CURSOR_NAMES:
        return (*values, *CURSORS)
    return (*values, *BODIES) if name == "body_json" else values


def fault(response: Any) -> str:
    """What is wrong with an answer to nonsense: it broke, or it says nothing readable."""
    if response.status_code >= 500 and response.wsgi_request.path != reverse("healthz"):
        return str(response.status_code)
    if response.status_code in (400, 413, 422) and not re.search(
        r"[ạảãàáâậầấẩẫăắằẳẵặđêệểễềếơớờởỡợưứừửữựôốồổỗộ]",
        response.content.decode()
        if "json" not in response.headers["Content-Type"]
        else str(response.json()),
    ):
        return f"{response.status_code} without a word"
    return ""


def faults_of_addresses(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, values: tuple[str, ...]
) -> tuple[list[str], int]:
    """(what broke, how often was asked) when every parameter an address reads is spoilt."""
    faults, asked = [], 0
    for name, thing, column in doors("GET"):
        client, address = client_of(scene, column), address_of(scene, name, thing)
        names = fields_read(monkeypatch, lambda a=address, c=client: ask(c, "GET", a, {}))
        for parameter in {*names, *described_parameters(name)}:
            for value in values_for(parameter, values):
                asked += 1
                said = fault(ask(client, "GET", f"{address}?{parameter}={value}", {}))
                if said:
                    faults.append(f"{address}?{parameter}={value[:60]}: {said}")
    return faults, asked


def test_no_value_in_an_address_breaks_a_page(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    faults, asked = faults_of_addresses(scene, monkeypatch, FEW)
    assert not faults, "\n".join(faults)
    assert asked > 400


@pytest.mark.long
def test_no_other_value_in_an_address_breaks_a_page(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    faults, asked = faults_of_addresses(scene, monkeypatch, VALUES)
    assert not faults, "\n".join(faults)
    assert asked > 800


def valid_forms(scene: Scene) -> dict[str, dict[str, str]]:
    """Forms that are accepted, by the name of their address; one field at a time is spoilt."""
    office = scene.office
    return {
        "accounts:sign_in": {"username": "khue", "password": PASSWORD},
        "changes:new": {
            "post": str(office.posts["mien"].pk),
            "role": "8",
            "reached": str(office.agencies["vptu"].pk),
            "from_on": f"{clock.today():%d/%m/%Y}",
            "reason": "Kiện toàn",
            "basis": "Quyết định 12-QĐ/VPTU",
        },
        "password": {"current": PASSWORD, "new": "mot-cau-rat-dai-de-nho", "again": "x"},
        "incoming:intake_item": {
            "reference_code": "31-BC/ĐU",
            "issued_on": f"{clock.today():%d/%m/%Y}",
            "issuer_name": "Đảng ủy xã Đồng Mơ",
            "document_type": "bao-cao",
            "subject": "Báo cáo tháng",
            "urgency": "normal",
            "secrecy": "0",
            "duplicate_reason": "Gửi lại bản rõ hơn",
        },
        "incoming:return_to_sender": {"reason": "Gửi nhầm nơi"},
        "incoming:direct": {"lead": f"unit:{office.units['th'].pk}", "opinion": "Xem, báo cáo"},
        "incoming:assign": {"post_id": str(office.posts["mien"].pk), "note": "Làm sớm"},
        "incoming:complete": {"result": "Đã trả lời qua điện thoại"},
        "incoming:file": {"dossier": str(scene.objects["dossier"])},
        "outgoing:new_draft": {
            "organ": str(office.organs["tu.btv"].pk),
            "document_type": "cong-van",
            "subject": "Về việc thử",
        },
        "outgoing:save": {"subject": "Về việc thử", "b-id": "a", "b-kind": "paragraph"},
        "outgoing:paste": {"plain": "Đoạn một"},
        "outgoing:return_draft": {"reason": "Sửa lại"},
        "outgoing:comment": {"text": "Sửa đoạn 2"},
        "outgoing:answer_comment": {"answer": "declined", "reason": "Đã đúng"},
        "outgoing:assign_number": {"dated_on": f"{clock.today():%d/%m/%Y}"},
        "outgoing:request_void": {"reason": "Nhầm số"},
        "outgoing:file": {"dossier": str(scene.objects["dossier"])},
        "dossiers:new": {
            "agency": str(office.agencies["vptu"].pk),
            "code": "02.TH",
            "title": "Hồ sơ thử",
            "keeping": "years",
            "years": "10",
        },
        "dossiers:file": {"document": str(scene.objects["given"])},
        "dossiers:remove": {"document": str(scene.objects["given"])},
    }


def faults_of_forms(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, values: tuple[str, ...], *, in_turn: bool
) -> tuple[list[str], int]:
    """(what broke, how often was asked) when one field after another of every form is spoilt.

    Every field meets every value, or one value of three `in_turn`.
    """
    forms, faults, asked = valid_forms(scene), [], 0
    for name, thing, column in doors("POST"):
        client, address = client_of(scene, column), address_of(scene, name, thing)
        form = forms.get(name, {})

        def send(raw: str, client: Client = client, address: str = address) -> Any:
            named = f"operation_id={uuid.uuid4()}&{raw}"
            return ask(client, "POST", address, named, content_type=_URLENCODED)

        read = fields_read(monkeypatch, lambda s=send, f=form: s(urlencode(f)))
        for field in sorted({*read, *form} - {"operation_id", "next"}):
            others = urlencode({key: value for key, value in form.items() if key != field})
            tried = values_for(field, values)
            for value in tried[asked % 3 :: 3] if in_turn else tried:
                asked += 1
                said = fault(send(f"{others}&{quote(field)}={value}"))
                if said:
                    faults.append(f"{address} {field}={value[:60]}: {said}")
    return faults, asked


def test_no_value_in_a_form_breaks_an_act(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    faults, asked = faults_of_forms(scene, monkeypatch, FEW, in_turn=True)
    assert not faults, "\n".join(faults)
    assert asked > 300


@pytest.mark.long
def test_no_value_at_all_in_a_form_breaks_an_act(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults, asked = faults_of_forms(scene, monkeypatch, FEW, in_turn=False)
    assert not faults, "\n".join(faults)
    assert asked > 900


@pytest.mark.long
def test_no_other_value_in_a_form_breaks_an_act(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults, asked = faults_of_forms(scene, monkeypatch, VALUES, in_turn=False)
    assert not faults, "\n".join(faults)
    assert asked > 1000
