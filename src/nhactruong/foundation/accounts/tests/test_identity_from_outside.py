"""Sign-in by OpenID Connect at a provider that runs as a server of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client
from django.urls import reverse

from nhactruong.assembly import sign_in
from nhactruong.assembly.environment import BadSetting
from nhactruong.foundation.accounts.commands import attach_identity
from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.accounts.tests.factors import send_code, with_telephone
from nhactruong.foundation.accounts.tests.provider import running_provider
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
    assert "Đăng nhập bằng tài khoản của tỉnh" in client.get("/dang-nhap/").content.decode()
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
