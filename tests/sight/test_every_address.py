"""Every address × every role: what security.md 8 says is what is answered (`matrix.csv`).

`ok` means the door opens: the page, the act done, or the form sent back for what is missing in it.
`404`: it does not exist for this person; `403`: seen, but the act is another's.
`sign_in`: strangers are sent to the sign-in page, machines get 401.
"""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from nhactruong.assembly.api import interface
from nhactruong.foundation.ui.gallery import SPECIMENS
from nhactruong.kernel import clock
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD
from nhactruong.records.dossiers.models import Dossier
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.outgoing.models import OutgoingDocument
from tests.sight.scene import PEOPLE, Scene, build_scene

MATRIX = Path(__file__).with_name("matrix.csv")


@pytest.fixture(autouse=True)
def many_calls(settings: Any) -> None:
    """One person asks every address within a minute here."""
    settings.API_REQUESTS_PER_MINUTE = 100_000


#: Objects that are no records of the office: none of these stands at another's addresses.
NO_RECORDS = ("agency", "post", "person", "key")
_OUTCOMES = {"ok", "403", "404", "sign_in"}


def rows() -> list[dict[str, str]]:
    with MATRIX.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def url_names(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """The name of every address of the product, with its namespaces."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern.pattern} has no name"
            yield f"{prefix}{pattern.name}"
        else:
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from url_names(pattern, f"{prefix}{space}")


def test_every_address_stands_in_the_matrix() -> None:
    assert {row["name"] for row in rows()} == set(url_names())


def test_every_operation_of_the_interface_stands_in_the_matrix() -> None:
    described = {
        (method.upper(), f"api:{operation['operationId']}")
        for operations in interface.get_openapi_schema()["paths"].values()
        for method, operation in operations.items()
    }
    assert described <= {(row["method"], row["name"]) for row in rows()}


def test_the_matrix_is_well_formed() -> None:
    seen = set()
    for row in rows():
        key = (row["method"], row["name"], row["object"])
        assert key not in seen, key
        seen.add(key)
        assert {row[column] for column in PEOPLE} <= _OUTCOMES, key
        assert row["source"], key
        assert row["anonymous"] in ("sign_in", "ok", "404"), key


def address_of(scene: Scene, name: str, thing: str) -> str:
    """The address of a row, with its object's identifier and whatever else it wants."""
    known: dict[str, Any] = {
        "public_id": scene.objects.get(thing, uuid.uuid4()),
        "comment_id": scene.remark,
        "number": 1,
        "factor_id": 1,
        "status": 404,
        "slug": SPECIMENS[0].slug,
        "code": "document-types",
        "list_slug": "fields-of-work",
        "dataset": "van-ban-di",
        "check": "post-vacant",
        "list_code": "don-vi",
        "kind": "grant_role",
    }
    wanted = _ARGUMENTS[name]
    asked = "?viec=add" if name == "codelists:propose" else ""
    return reverse(name, kwargs={key: known[key] for key in wanted}) + asked


def _arguments(resolver: URLResolver | None = None, prefix: str = "", path: str = "") -> Any:
    for pattern in (resolver or get_resolver()).url_patterns:
        converters = set(pattern.pattern.converters)
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}", converters
        else:
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _arguments(pattern, f"{prefix}{space}")


_ARGUMENTS: dict[str, set[str]] = dict(_arguments())


def _outcome(response: Any) -> str:
    status = response.status_code
    if status == 401 or (status == 302 and response.headers["Location"].startswith("/dang-nhap/")):
        return "sign_in"
    if status == 303 and any(note.level_tag == "error" for note in _notes(response)):
        return "403"  # sent back to the page with the reason
    # 503 is the answer of /healthz while no worker runs: told to everybody all the same.
    if status < 400 or status in (409, 422, 503):
        return "ok"
    return str(status)


def _notes(response: Any) -> list[Any]:
    return list(get_messages(response.wsgi_request))


def sent_to(scene: Scene, name: str) -> dict[str, Any]:
    """What a form must hold so that the act reaches the question who may do it."""
    if name.startswith("api:"):
        return _sent_by_program(scene).get(name.removeprefix("api:"), {})
    forms = {
        "incoming:direct": {"lead": f"unit:{scene.office.units['th'].pk}"},
        "incoming:assign": {"post_id": str(scene.office.posts["mien"].pk)},
        "outgoing:assign_number": {"dated_on": f"{clock.today():%d/%m/%Y}"},
        "importing:new": {"list_code": "don-vi"},
        "procedures:adopt": {"agency": str(scene.office.agencies["vptu"].pk)},
        "procedures:open_draft": {"agency": str(scene.office.agencies["vptu"].pk)},
        "reorganization:approve": {"step_up_code": PASSWORD},
        "reorganization:carry_out": {"step_up_code": PASSWORD},
        "dossiers:file": {"document": str(scene.objects["given"])},
        "dossiers:remove": {"document": str(scene.objects["given"])},
    }
    return {"operation_id": str(uuid.uuid4()), **forms.get(name, {})}


def _sent_by_program(scene: Scene) -> dict[str, dict[str, Any]]:
    office, known = scene.office, scene.objects
    document, dossier = str(known.get("given")), str(known.get("dossier"))
    return {
        "receive_incoming": {"agency_id": office.agencies["tu"].pk, "file": _no_paper()},
        "register_incoming": {
            "issued_on": clock.today().isoformat(),
            "issuer_name": "Đảng ủy xã",
            "subject": "Báo cáo",
        },
        "direct_incoming": {"lead": f"unit:{office.units['th'].pk}"},
        "assign_incoming": {"post_id": office.posts["mien"].pk},
        "complete_incoming": {"result": "Đã xong"},
        "file_incoming": {"dossier": dossier},
        "file_outgoing": {"dossier": dossier},
        "create_draft": {"organ_id": office.organs["tu.btv"].pk, "document_type": "cong-van"},
        "comment_draft": {"text": "Sửa đoạn 2"},
        "answer_comment": {"accepted": True},
        "open_dossier": {
            "agency_id": office.agencies["vptu"].pk,
            "code": "02.TH",
            "title": "Hồ sơ thử",
            "retention": "10",
        },
        "add_entry": {"document": document},
        "remove_entry": {"document": document},
    }


def _no_paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("den.pdf", b"no paper", "application/pdf")


def client_of(scene: Scene, column: str) -> Client:
    client = Client(raise_request_exception=False)
    if PEOPLE[column]:
        client.force_login(scene.office.user(PEOPLE[column]))
    return client


def ask(client: Client, method: str, address: str, sent: Any, **how: Any) -> Any:
    """The answer; whatever the act has changed is undone."""
    if address.startswith("/api/") and method == "POST":
        how["headers"] = {"Idempotency-Key": str(uuid.uuid4())}
        if "file" not in sent:
            how["content_type"] = "application/json"
    with transaction.atomic():
        answer = client.post(address, sent, **how) if method == "POST" else client.get(address)
        if answer.streaming:
            answer.getvalue()  # read to its end, so that the file is closed
        transaction.set_rollback(True)
    return answer


@pytest.mark.django_db
def test_every_cell_answers_as_the_law_of_the_office_says() -> None:
    scene = build_scene()
    clients = {column: client_of(scene, column) for column in PEOPLE}
    faults = []
    for row in rows():
        address = address_of(scene, row["name"], row["object"])
        for column, client in clients.items():
            response = ask(client, row["method"], address, sent_to(scene, row["name"]))
            if row["name"] in ("accounts:sign_out", "accounts:sign_in"):
                clients[column] = client_of(scene, column)
            if _outcome(response) != row[column]:
                where = f"{row['method']} {row['name']} {row['object']}".strip()
                faults.append(
                    f"{where} for {column}: {response.status_code}, expected {row[column]}"
                )
    assert not faults, "\n".join(faults)


def not_seen() -> list[tuple[str, str]]:
    """(object, column) for which every row of the matrix says that it does not exist."""
    said: dict[tuple[str, str], set[str]] = {}
    for row in rows():
        for column in PEOPLE:
            if row["object"] not in ("", *NO_RECORDS) and column != "anonymous":
                said.setdefault((row["object"], column), set()).add(row[column])
    return sorted(pair for pair, outcomes in said.items() if outcomes == {"404"})


#: The head of office learns who has read, and who has done what with, things that are not his to
#: read: names and numbers, never their words. Source: security.md 8, "Read audit log".
_RECORD_ONLY = ("inspection:readers", "inspection:history"), ("chief_of_office",)


def _opens_wrongly(answer: Any, name: str, column: str) -> bool:
    if answer.status_code == 404:
        return False
    addresses, columns = _RECORD_ONLY
    if name in addresses and column in columns and answer.status_code == 200:
        shown = answer.content.decode()
        return any(title in shown for title in titles())
    return True


def titles() -> set[str]:
    """What the documents and dossiers of the scene are called."""
    return {
        title
        for model, field in (
            (IncomingDocument, "subject"),
            (OutgoingDocument, "subject"),
            (Dossier, "title"),
        )
        for title in model._default_manager.exclude(**{field: ""}).values_list(field, flat=True)
    }


def open_somewhere(scene: Scene, method: str, *, everybody: bool) -> list[str]:
    """Where an object opens for somebody for whom it does not exist, at any address at all.

    Each object is asked for at each address by everybody; or, where minutes count, at one address
    of three by its strangers in turn, so that the objects together meet all addresses.
    """
    clients = {column: client_of(scene, column) for column in PEOPLE}
    names = sorted(
        {
            row["name"]
            for row in rows()
            if row["method"] == method and row["object"] not in ("", *NO_RECORDS)
        }
    )
    strangers: dict[str, list[str]] = {}
    for thing, column in not_seen():
        strangers.setdefault(thing, []).append(column)
    faults = []
    for place, (thing, columns) in enumerate(strangers.items()):
        for turn, name in enumerate(names):
            if not everybody and (turn + place) % 3:
                continue
            address = address_of(scene, name, thing)
            for column in columns if everybody else [columns[turn % len(columns)]]:
                answer = ask(clients[column], method, address, sent_to(scene, name))
                if _opens_wrongly(answer, name, column):
                    faults.append(f"{method} {name} of {thing} for {column}: {answer.status_code}")
    return faults


@pytest.mark.django_db
def test_what_one_may_not_see_opens_at_no_address() -> None:
    assert len(not_seen()) > 60
    assert open_somewhere(build_scene(), "GET", everybody=False) == []


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_one_may_not_see_opens_for_nobody_at_no_address(method: str) -> None:
    assert open_somewhere(build_scene(), method, everybody=True) == []


@pytest.mark.django_db
def test_no_address_answers_a_method_that_the_matrix_does_not_name() -> None:
    scene = Scene()
    client = client_of(scene, "chief_of_office")
    faults = set()
    named = {(row["method"], row["name"]) for row in rows()}
    for row in rows():
        name = row["name"]
        if row["source"] == "no content":
            continue  # what holds nothing answers every method alike
        address = address_of(scene, name, row["object"])
        for method in ("GET", "POST"):
            if (method, name) not in named:
                answer = ask(client, method, address, {"operation_id": str(uuid.uuid4())})
                if answer.status_code not in (404, 405):
                    faults.add((method, name, answer.status_code))
        for change in (client.put, client.patch, client.delete):
            with transaction.atomic():
                status = change(address).status_code
                transaction.set_rollback(True)
            if status not in (400, 404, 405):
                faults.add((change.__name__, name, status))
    assert faults == set()
