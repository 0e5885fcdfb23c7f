"""The helper on a signer's PC, asked over its real socket, with a token in software behind it."""

from __future__ import annotations

import base64
import http.client
import json
import re
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from asn1crypto import x509

from nhactruong.gateways.sign_agent import desk
from nhactruong.gateways.sign_agent.program import Agent, main
from nhactruong.records.signing.engine.digest_words import digest_words
from nhactruong.records.signing.engine.identity import SigningIdentity
from nhactruong.records.signing.engine.interrupted import require_made_by
from nhactruong.records.signing.engine.testpki import TestPki
from nhactruong.records.signing.tests.softhsm import KEY_ID, PIN, SoftToken, plugged_in

OFFICE = "https://vanphong.songlam.example"
PAPERS = [b"attributes of the first letter", b"attributes of the second letter"]


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> SigningIdentity:
    """A person of the sample authority."""
    return TestPki(tmp_path_factory.mktemp("pki")).person("Phan Thị Hoài Thư", "", "TEST-1")


@pytest.fixture(scope="module")
def plugged(
    signer: SigningIdentity, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SoftToken]:
    """That person's token in this PC."""
    with plugged_in(tmp_path_factory.mktemp("token"), signer) as one:
        yield one


@pytest.fixture
def agent(plugged: SoftToken) -> Iterator[Agent]:
    """The helper, working for one office."""
    made = Agent(plugged.module, [f"{OFFICE}/bat-ky"], 0)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def asked(
    agent: Agent,
    method: str,
    path: str,
    body: str | bytes = "",
    **headers: str,
) -> tuple[int, dict[str, str], Any]:
    """(status, headers, JSON or text) of one request."""
    connection = http.client.HTTPConnection("127.0.0.1", agent.server_port, timeout=60)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body or None, named)
    answer = connection.getresponse()
    content = answer.read()
    kind = answer.headers.get("Content-Type", "")
    told = json.loads(content) if "json" in kind and content else content.decode()
    connection.close()
    return answer.status, dict(answer.headers), told


def request(signer: SigningIdentity, plugged: SoftToken, **change: Any) -> str:
    return json.dumps(
        {
            "token": plugged.label,
            "key_id": KEY_ID,
            "certificate": base64.b64encode(signer.certificate_der).decode(),
            "papers": [
                {"title": f"Thông báo {number} <b>", "to_be_signed": base64.b64encode(one).decode()}
                for number, one in enumerate(PAPERS)
            ],
            **change,
        }
    )


def handed(agent: Agent, body: str, origin: str = OFFICE) -> tuple[int, Any]:
    status, _, told = asked(
        agent, "POST", "/v1/signatures", body, Origin=origin, Content_Type="application/json"
    )
    return status, told


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "input" and said.get("name"):
            self.fields[str(said["name"])] = said.get("value") or ""


def confirmed(agent: Agent, url: str, **typed: str) -> tuple[int, str]:
    """The page of the PIN, filled in and sent as its own browser window does."""
    path = url.removeprefix(agent.own_origin)
    page = asked(agent, "GET", path)[2]
    form = _Fields()
    form.feed(page)
    status, _, told = asked(
        agent,
        "POST",
        path,
        urlencode({**form.fields, "act": "sign", **typed}),
        Origin=agent.own_origin,
        Content_Type="application/x-www-form-urlencoded",
    )
    return status, told


def sent(agent: Agent, url: str, fields: dict[str, str]) -> str:
    """What the form of the PIN answers."""
    path = url.removeprefix(agent.own_origin)
    kind = "application/x-www-form-urlencoded"
    body = urlencode(fields)
    told: str = asked(agent, "POST", path, body, Origin=agent.own_origin, Content_Type=kind)[2]
    return told


def state(agent: Agent, public_id: str) -> Any:
    return asked(agent, "GET", f"/v1/signatures/{public_id}", Origin=OFFICE)[2]


def test_two_papers_are_signed_with_one_pin(
    agent: Agent, signer: SigningIdentity, plugged: SoftToken
) -> None:
    status, told = handed(agent, request(signer, plugged))
    assert status == 202
    assert state(agent, told["id"]) == {"state": "waiting"}
    page = asked(agent, "GET", told["confirm_url"].removeprefix(agent.own_origin))[2]
    assert "Phan Thị Hoài Thư" in page
    assert "Thông báo 0 &lt;b&gt;" in page and "<b>Thông báo" not in page
    assert all(digest_words(one) in page for one in PAPERS)
    form = _Fields()
    form.feed(page)
    assert "Đã ký" in sent(agent, told["confirm_url"], {**form.fields, "pin": PIN, "act": "sign"})
    answer = state(agent, told["id"])
    assert answer["state"] == "signed"
    certificate = x509.Certificate.load(signer.certificate_der)
    for paper, raw in zip(PAPERS, answer["signatures"], strict=True):
        require_made_by(certificate, paper, base64.b64decode(raw))
    # Signed is signed: the form sent again signs nothing anew.
    again = {**form.fields, "pin": "000000", "act": "sign"}
    assert "Đã ký" in sent(agent, told["confirm_url"], again)
    assert state(agent, told["id"]) == answer


def test_a_wrong_pin_is_said_and_the_request_waits_on(
    agent: Agent, signer: SigningIdentity, plugged: SoftToken
) -> None:
    _, told = handed(agent, request(signer, plugged))
    for wrong in ("000000", "", "9" * 65):
        status, page = confirmed(agent, told["confirm_url"], pin=wrong)
        assert (status, 'role="alert"' in page) == (200, True)
        assert not wrong or wrong not in page
    assert state(agent, told["id"]) == {"state": "waiting"}
    confirmed(agent, told["confirm_url"], act="cancel")
    assert state(agent, told["id"]) == {"state": "cancelled"}
    assert handed(agent, request(signer, plugged))[0] == 202


def test_the_certificates_of_the_token_are_shown_to_the_office(
    agent: Agent, signer: SigningIdentity, plugged: SoftToken
) -> None:
    _, _, told = asked(agent, "GET", "/v1/certificates", Origin=OFFICE)
    (found,) = told["certificates"]
    assert (found["token"], found["key_id"]) == (plugged.label, KEY_ID)
    assert base64.b64decode(found["certificate"]) == signer.certificate_der


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://xau.example"},
        {"Origin": "null"},
        {"Origin": f"{OFFICE}.xau.example"},
        {"Origin": OFFICE, "Host": "xau.example"},
    ],
)
def test_no_other_page_reaches_the_helper(
    agent: Agent, signer: SigningIdentity, plugged: SoftToken, headers: dict[str, str]
) -> None:
    for method, path in (("GET", "/v1/certificates"), ("POST", "/v1/signatures")):
        body = request(signer, plugged) if method == "POST" else ""
        status, told_headers, _ = asked(
            agent, method, path, body, Content_Type="application/json", **headers
        )
        assert status == 403
        assert told_headers.get("Access-Control-Allow-Origin") in (None, OFFICE)
    status, told_headers, _ = asked(agent, "OPTIONS", "/v1/signatures", **headers)
    assert status == 403 or headers.get("Host")


def test_a_browser_is_told_what_it_may_ask(agent: Agent) -> None:
    status, told, _ = asked(agent, "OPTIONS", "/v1/signatures", Origin=OFFICE)
    assert status == 204
    assert told["Access-Control-Allow-Origin"] == OFFICE
    assert told["Access-Control-Allow-Private-Network"] == "true"


def test_nobody_else_sends_the_form_of_the_pin(
    agent: Agent, signer: SigningIdentity, plugged: SoftToken
) -> None:
    """Neither the office's page, nor a page that guessed the address, nor without the form's key."""
    _, told = handed(agent, request(signer, plugged))
    path = told["confirm_url"].removeprefix(agent.own_origin)
    page = asked(agent, "GET", path)
    form = _Fields()
    form.feed(page[2])
    right = {**form.fields, "pin": PIN, "act": "sign"}
    for origin, fields in (
        (OFFICE, right),
        ("https://xau.example", right),
        (agent.own_origin, {**right, "key": "khac"}),
        (agent.own_origin, {**right, "key": ""}),
    ):
        status, _, _ = asked(
            agent,
            "POST",
            path,
            urlencode(fields),
            Origin=origin,
            Content_Type="application/x-www-form-urlencoded",
        )
        assert status == 403
    assert state(agent, told["id"]) == {"state": "waiting"}
    policy = page[1]["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert re.search(r"<script|onclick|http:", page[2]) is None


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        '{"papers": []}',
        "<bytes>",
        "<many>",
        "<certificate>",
        "<key>",
    ],
)
def test_what_is_no_request_is_refused(
    agent: Agent, signer: SigningIdentity, plugged: SoftToken, body: str
) -> None:
    paper = {"title": "x", "to_be_signed": base64.b64encode(b"x").decode()}
    bodies = {
        "<bytes>": request(signer, plugged, papers=[{**paper, "to_be_signed": "***"}]),
        "<many>": request(signer, plugged, papers=[paper] * (desk.MOST_PAPERS + 1)),
        "<certificate>": request(signer, plugged, certificate="AAAA"),
        "<key>": request(signer, plugged, key_id="zz"),
    }
    assert handed(agent, bodies.get(body, body))[0] in (400, 413)


def test_one_request_at_a_time_and_only_so_long(
    agent: Agent,
    signer: SigningIdentity,
    plugged: SoftToken,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, first = handed(agent, request(signer, plugged))
    status, told = handed(agent, request(signer, plugged))
    assert (status, told["code"]) == (409, "agent.busy")
    monkeypatch.setattr(desk, "LIFE_SECONDS", -1)
    assert state(agent, first["id"])["code"] == "agent.no_request"
    assert handed(agent, request(signer, plugged))[0] == 202


@pytest.mark.parametrize(
    "words",
    [
        ["--module", "/no/such.so", "--office", OFFICE],
        ["--module", __file__, "--office", "khong-phai-dia-chi"],
    ],
)
def test_a_start_that_cannot_be_is_said_in_one_sentence(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    said = capsys.readouterr()
    assert len(said.err.strip().splitlines()) == 1
    assert said.err.strip().endswith(".")


def test_a_port_that_is_taken_is_said(agent: Agent, capsys: pytest.CaptureFixture[str]) -> None:
    module = str(Path(__file__))
    assert main(["--module", module, "--office", OFFICE, "--port", str(agent.server_port)]) == 2
    assert "đang có chương trình khác dùng" in capsys.readouterr().err
