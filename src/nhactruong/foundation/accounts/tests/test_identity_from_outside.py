"""Sign-in by OpenID Connect at a provider that runs as a server of its own."""

from __future__ import annotations

import base64
import hmac
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from django.urls import reverse

from nhactruong.assembly import sign_in
from nhactruong.assembly.environment import BadSetting
from nhactruong.foundation.accounts.commands import attach_identity
from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.accounts.tests.factors import (
    send_code,
    send_password,
    with_telephone,
)
from nhactruong.foundation.accounts.tests.provider import running_provider
from nhactruong.foundation.accounts.views.outside import told_by
from nhactruong.kernel.errors import RuleBroken
from nhactruong.masterdata.organization.tests.scenarios import FOUNDER, SmallOffice, small_office

SUBJECT = "can-bo-0417"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with running_provider() as address:
        yield address


@pytest.fixture
def office(db: None, provider: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> SmallOffice:
    monkeypatch.setenv("NHACTRUONG_OIDC_URL", provider)
    monkeypatch.setenv("NHACTRUONG_OIDC_CLIENT_ID", "nhac-truong")
    monkeypatch.setenv("NHACTRUONG_OIDC_CLIENT_SECRET", "bi-mat-cua-ung-dung")
    monkeypatch.setenv("NHACTRUONG_OIDC_NAME", "tài khoản của tỉnh")
    settings.SOCIALACCOUNT_PROVIDERS = sign_in.outside_provider()
    made = small_office()
    attach_identity(FOUNDER, "lam", SUBJECT)
    return made


def begin(client: Client, **sent: str) -> str:
    """The address at the provider to which the form leads."""
    page = client.post(reverse("accounts:outside_begin"), sent).content.decode()
    return unescape(re.search(r'content="0;url=([^"]+)"', page)[1])


def answered(address: str, subject: str = SUBJECT) -> str:
    """Our address to which the provider sends back whoever has signed in there."""
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=20)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def test_an_attached_identity_opens_its_account_by_code_and_pkce(office: SmallOffice) -> None:
    client = Client()
    assert "Vào bằng tài khoản của tỉnh" in client.get("/dang-nhap/").content.decode()
    address = begin(client, next="/van-ban-den/")
    asked = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["redirect_uri"] == "http://testserver/dang-nhap/noi-khac/tra-loi/"
    assert asked["scope"] == "openid"
    assert len(asked["nonce"]) >= 32
    done = client.get(answered(address))
    assert (done.status_code, done["Location"]) == (303, "/van-ban-den/")
    assert client.get("/toi/").context["account"].username == "lam"
    # The provider's own session ends with ours.
    left = client.post(reverse("accounts:sign_out")).content.decode()
    assert "/oauth2/end_session?client_id=nhac-truong&amp;post_logout_redirect_uri=" in left
    assert client.get("/toi/").status_code == 302


def test_the_second_step_is_asked_after_the_provider_too(office: SmallOffice) -> None:
    telephone = with_telephone(office.user("lam"))
    client = Client()
    done = client.get(answered(begin(client)))
    assert done["Location"] == reverse("accounts:second_step")
    assert client.get("/toi/").status_code == 302
    assert send_code(client, telephone.code()) == 303
    assert client.get("/toi/").status_code == 200


def test_an_unknown_identity_gets_no_account(office: SmallOffice) -> None:
    before = User.objects.count()
    client = Client()
    refused = client.get(answered(begin(client), "nguoi-la"))
    assert refused.status_code == 403
    assert "chưa được gắn với tài khoản nào" in refused.content.decode()
    assert (User.objects.count(), client.get("/toi/").status_code) == (before, 302)
    with pytest.raises(RuleBroken, match="gắn với một tài khoản khác"):
        attach_identity(FOUNDER, "suong", SUBJECT)


def test_an_answer_serves_once_and_only_the_browser_that_asked(office: SmallOffice) -> None:
    client, other = Client(), Client()
    back = answered(begin(client))
    # Whose session never asked gets the page that tries once more with its own cookies, then no.
    assert "_redir" in other.get(back).content.decode()
    refused = other.get(f"{back}&_redir=")
    assert (refused.status_code, other.get("/toi/").status_code) == (403, 302)
    forged = re.sub(r"code=[^&]+", "code=khong-phai", answered(begin(client)))
    assert client.get(forged).status_code == 403
    assert client.get(answered(begin(client))).status_code == 303
    again = Client()
    assert again.get(f"{back}&_redir=").status_code == 403


def test_an_identity_told_for_another_question_is_refused(office: SmallOffice) -> None:
    client = Client()
    back = answered(begin(client))
    session = client.session
    [asked] = session["socialaccount_states"].values()
    asked[0]["nonce"] = "cua-lan-hoi-khac"
    session.save()
    assert client.get(back).status_code == 403
    assert client.get("/toi/").status_code == 302


def test_the_way_back_leads_nowhere_else(office: SmallOffice) -> None:
    for wanted in ("https://la.example/", "//la.example/", "/\\la.example"):
        client = Client()
        assert client.get(answered(begin(client, next=wanted)))["Location"] == "/"


@pytest.mark.parametrize("address", ["http://dinh-danh.example/", "ftp://localhost/", "dinh-danh"])
def test_a_provider_in_the_open_is_refused_at_start(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NHACTRUONG_OIDC_URL", address)
    monkeypatch.setenv("NHACTRUONG_OIDC_CLIENT_ID", "nhac-truong")
    with pytest.raises(BadSetting):
        sign_in.outside_provider()


# What a provider says is believed only under its own signature


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ISSUER = "https://dinh-danh.example"


def claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    told = {"iss": ISSUER, "aud": "nhac-truong", "sub": SUBJECT, "iat": now, "exp": now + 60}
    return {name: value for name, value in {**told, **changed}.items() if value is not None}


def keys(private: rsa.RSAPrivateKey = KEY, name: str = "k1") -> dict[str, Any]:
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key()))
    return {"keys": [{**public, "kid": name, "alg": "RS256"}]}


def read(token: str) -> dict[str, Any]:
    return told_by(token, keys=keys(), issuer=ISSUER, audience="nhac-truong")


def test_what_the_provider_signed_for_us_now_is_believed() -> None:
    for names in ({"kid": "k1"}, {}):
        assert read(jwt.encode(claims(), KEY, "RS256", headers=names))["sub"] == SUBJECT


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "ung-dung-khac"},
        {"iss": "https://la.example"},
        {"exp": int(time.time()) - 120},
        {"exp": None},
        {"sub": None},
    ],
)
def test_words_for_others_or_of_yesterday_are_not(changed: dict[str, Any]) -> None:
    with pytest.raises(OAuth2Error):
        read(jwt.encode(claims(**changed), KEY, "RS256", headers={"kid": "k1"}))


def signed_with(public: bytes) -> str:
    """A token whose "secret" is the key everybody knows."""

    def part(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    head = part(json.dumps({"alg": "HS256", "kid": "k1", "typ": "JWT"}).encode())
    said = f"{head}.{part(json.dumps(claims()).encode())}"
    return f"{said}.{part(hmac.digest(public, said.encode(), 'sha256'))}"


def test_a_signature_by_another_key_or_by_none_is_not() -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    for token in (
        jwt.encode(claims(), stranger, "RS256", headers={"kid": "k1"}),
        jwt.encode(claims(), stranger, "RS256", headers={"kid": "k2"}),
        jwt.encode(claims(), "", "none", headers={"kid": "k1"}),
        signed_with(public),
        "khong.phai.ma",
    ):
        with pytest.raises(OAuth2Error):
            read(token)


@contextmanager
def speaking_provider() -> Iterator[str]:
    """A provider that only publishes its key."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told = (
                keys() if self.path == "/keys" else {"issuer": ISSUER, "jwks_uri": f"{here}/keys"}
            )
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_: Any) -> None:
            """Silent: the test says what went wrong."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    here = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield here
    server.shutdown()
    thread.join()
    server.server_close()


def test_who_signs_out_at_the_provider_is_out_here(office: SmallOffice, settings: Any) -> None:
    outside, by_password = Client(), Client()
    assert outside.get(answered(begin(outside))).status_code == 303
    send_password(by_password, "lam")
    event = {"events": {"http://schemas.openid.net/event/backchannel-logout": {}}}
    with speaking_provider() as address:
        app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
        app["settings"]["server_url"] = address
        stranger = Client(enforce_csrf_checks=True)
        for told, status in ((claims(), 400), (claims(**event, nonce="x"), 400)):
            token = jwt.encode(told, KEY, "RS256", headers={"kid": "k1"})
            sent = {"logout_token": token}
            assert stranger.post(reverse("accounts:outside_ended"), sent).status_code == status
        assert outside.get("/toi/").status_code == 200
        token = jwt.encode(claims(**event), KEY, "RS256", headers={"kid": "k1"})
        sent = {"logout_token": token}
        assert stranger.post(reverse("accounts:outside_ended"), sent).status_code == 200
    assert outside.get("/toi/").status_code == 302
    assert by_password.get("/toi/").status_code == 200
