"""OpenID Connect: to the provider and back (authorization code, PKCE, state, nonce).

allauth's client speaks with the provider. Its answer is taken before allauth would sign anybody in:
which account it opens, the second step and the session are ours.
Source: security.md 6 V10.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from requests import RequestException

from nhactruong.foundation.accounts import commands
from nhactruong.foundation.accounts.rules import OUTSIDE_PROVIDER
from nhactruong.foundation.web.addresses import is_ours, next_page, sign_in_address
from nhactruong.foundation.web.requests import see_other
from nhactruong.foundation.web.views import operation_exempt, post_only, public
from nhactruong.kernel.actor import service_actor

_SILENT: Final = (
    "Nơi cấp danh tính chưa trả lời nên chưa đăng nhập được. Đồng chí thử lại sau ít phút, hoặc dùng "
    "tên đăng nhập và mật khẩu."
)
_BROKEN: Final = (
    "Việc đăng nhập qua nơi cấp danh tính chưa trọn vẹn hoặc đã quá hạn. Đồng chí đăng nhập lại."
)
_SIGNATURES: Final = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "EdDSA",
]
_CLOCKS_DIFFER_SECONDS: Final = 30
_FAULTS: Final = (OAuth2Error, RequestException, ValueError, KeyError)

logger = logging.getLogger("nhactruong.accounts")


class _Client(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """allauth's client with our address of return, checking every signature."""

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """The one address of return that is registered with the provider."""
        return _our_address(request, reverse("accounts:outside_answer"))

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        return self.told(id_token)

    def told(self, token: str) -> dict[str, Any]:
        """What the provider says in that token. Raises: OAuth2Error, RequestException."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        return told_by(
            token,
            keys=answer.json(),
            issuer=self.openid_config["issuer"],
            audience=self.get_provider().app.client_id,
        )

    def get_provider(self) -> Any:
        """allauth's provider, speaking through this client."""
        provider = super().get_provider()
        provider.oauth2_adapter_class = _Client
        return provider


def told_by(token: str, *, keys: Any, issuer: str, audience: str) -> dict[str, Any]:
    """What the provider signed, when one of its keys made the signature and it is for us and now.

    Only signatures by key pairs count, whatever the token says of itself.
    Raises: OAuth2Error. Source: OpenID Connect Core 1.0, 3.1.3.7.
    """
    try:
        known = jwt.PyJWKSet.from_dict(keys).keys
        name = jwt.get_unverified_header(token).get("kid")
        # A provider with one key need not name it.
        chosen = [key for key in known if key.key_id == name or (not name and len(known) == 1)]
        if not chosen:
            raise OAuth2Error("signed by an unknown key")
        return jwt.decode(
            token,
            key=chosen[0],
            algorithms=_SIGNATURES,
            audience=audience,
            issuer=issuer,
            leeway=_CLOCKS_DIFFER_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except jwt.PyJWTError as fault:
        raise OAuth2Error("identity not to be believed") from fault


def _our_address(request: HttpRequest, path: str) -> str:
    """`path` under the name by which this installation is known, not under what a caller says."""
    known = settings.CSRF_TRUSTED_ORIGINS
    return f"{known[0]}{path}" if known else request.build_absolute_uri(path)


def _app() -> dict[str, Any] | None:
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return apps[0] if apps else None


def provider_name() -> str:
    """How people call the provider; empty when there is none."""
    app = _app()
    return str(app["name"]) if app else ""


@public
@operation_exempt
@never_cache
@post_only
def outside_begin(request: HttpRequest) -> HttpResponse:
    """To the provider, by a page of ours.

    A form of ours may be sent to nobody else (policy of contents), and a plain link could be
    pressed by a stranger's page.
    """
    if _app() is None:
        return see_other(sign_in_address(""))
    nonce = secrets.token_urlsafe(24)
    client = _Client(request, OUTSIDE_PROVIDER)
    try:
        led = client.get_provider().redirect(
            request,
            process="login",
            next_url=next_page(request),
            auth_params={"nonce": nonce},
            nonce=nonce,
        )
    except _FAULTS as fault:
        logger.warning("the provider of identities did not answer: %s", type(fault).__name__)
        return refused(request, _SILENT, 502)
    return leaving_page(request, led.headers.get("Location", ""))


def leaving_page(request: HttpRequest, address: str, *, signs_out: bool = False) -> HttpResponse:
    """A page that goes on to the provider at once."""
    context = {"address": address, "provider": provider_name(), "signs_out": signs_out}
    return render(request, "accounts/leaving.html", context)


@dataclass(frozen=True, slots=True)
class Answer:
    """Whom the provider has recognised, and where that person wanted to go."""

    subject: str
    next_page: str


_BACK_CHANNEL: Final = "http://schemas.openid.net/event/backchannel-logout"


@csrf_exempt
@public
@operation_exempt
@never_cache
@post_only
def outside_ended(request: HttpRequest) -> HttpResponse:
    """Called by the provider itself: whoever has signed out there is out here too.

    Source: OpenID Connect Back-Channel Logout 1.0, 2.8.
    """
    app = _app()
    if app is None:
        return see_other(sign_in_address(""))
    try:
        told = _Client(request, OUTSIDE_PROVIDER).told(request.POST.get("logout_token", ""))
    except _FAULTS as fault:
        logger.warning("a word of the provider is not believed: %s", type(fault).__name__)
        return HttpResponse(status=400)
    if _BACK_CHANNEL not in told.get("events", {}) or "nonce" in told:
        return HttpResponse(status=400)
    subject = str(told.get(app["settings"]["uid_field"], told["sub"]))
    commands.end_sessions_from_outside(service_actor("provider", provider_name()), subject)
    return HttpResponse(status=200)


class _Recognised(ImmediateHttpResponse):  # type: ignore[misc]  # allauth has no types
    def __init__(self, answer: Answer) -> None:
        super().__init__(HttpResponse())
        self.response.answer = answer


def read_answer(request: HttpRequest) -> Answer | HttpResponse:
    """Whom the provider names, or the page that says why nobody comes in by it."""
    if _app() is None:
        return see_other(sign_in_address(""))
    view = OAuth2CallbackView.adapter_view(_Client(request, OUTSIDE_PROVIDER))
    try:
        response: HttpResponse = view(request)
    except _FAULTS as fault:
        logger.warning("the answer of the provider is of no use: %s", type(fault).__name__)
        return refused(request, _SILENT, 502)
    return getattr(response, "answer", response)


def recognised(request: HttpRequest, sociallogin: Any) -> None:
    """Called by allauth with a checked answer: nobody is signed in by allauth itself.

    Raises: ImmediateHttpResponse, always.
    """
    told = sociallogin.account.extra_data.get("id_token") or {}
    nonce = sociallogin.state.get("nonce")
    if not nonce or told.get("nonce") != nonce:
        raise ImmediateHttpResponse(refused(request, _BROKEN))
    wanted = sociallogin.state.get("next") or "/"
    page = wanted if wanted.startswith("/") and is_ours(request, wanted) else "/"
    raise _Recognised(Answer(str(sociallogin.account.uid), page))


def not_recognised(request: HttpRequest) -> None:
    """Called by allauth when the provider refused or its answer fits no question of ours.

    Raises: ImmediateHttpResponse, always.
    """
    raise ImmediateHttpResponse(refused(request, _BROKEN))


def refused(request: HttpRequest, sentence: str, status: int = 403) -> HttpResponse:
    """The page that says why nobody was signed in, with the way back to the sign-in page."""
    return render(request, "accounts/outside_refused.html", {"sentence": sentence}, status=status)


def sign_out_address(request: HttpRequest, here: str) -> str:
    """Where the provider ends its own session and sends back to `here`; empty when it cannot.

    Source: OpenID Connect RP-Initiated Logout 1.0, 2.
    """
    app = _app()
    if app is None:
        return ""
    try:
        ends_at = _Client(request, OUTSIDE_PROVIDER).openid_config.get("end_session_endpoint", "")
    except _FAULTS as fault:
        logger.warning("the provider of identities did not answer: %s", type(fault).__name__)
        return ""
    if not ends_at:
        return ""
    asked = {
        "client_id": app["client_id"],
        "post_logout_redirect_uri": _our_address(request, here),
    }
    return f"{ends_at}?{urlencode(asked)}"
