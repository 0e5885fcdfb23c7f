"""Who calls: a key in the Authorization header, or the session of a signed-in person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja.security import HttpBearer, SessionAuth

from nhactruong.foundation.accounts import rules as accounts_rules
from nhactruong.foundation.accounts import selectors as accounts
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.foundation.web.errors import problem
from nhactruong.gateways.http_api import selectors as services
from nhactruong.gateways.http_api.counting import seconds_left, used_by
from nhactruong.gateways.http_api.rules import may_call
from nhactruong.gateways.http_api.selectors import Service
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import AccessDenied, NotFound
from nhactruong.masterdata.organization import selectors as organization

PREFIX: Final = "/api/"
_SCHEME: Final = "bearer"
#: So many wrong keys a minute are read from one address before it is told to wait.
WRONG_A_MINUTE: Final = 20
_NOBODY: Final = "Không rõ chương trình"
_TOO_OFTEN: Final = "Gửi khóa sai quá nhiều lần trong một phút. Chờ hết phút rồi gọi lại."
_WRONG_KEY: Final = "Khóa truy cập không đúng, đã hết hạn hoặc đã bị thu hồi."


class BearerMiddleware:
    """Signs in the holder of a key for one request of the interface.

    It stands right after the actor of the session, so that a key, when there is one, alone says
    who calls, and operations are kept in the name of its account. Outside the interface a key
    opens nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        given = request.headers.get("Authorization")
        is_known = given is None or self._recognise(request, given)
        return _as_machines_expect(self.get_response(request) if is_known else _refused(request))

    @staticmethod
    def _recognise(request: HttpRequest, given: str) -> bool:
        scheme, _, token = given.partition(" ")
        if scheme.lower() != _SCHEME:
            return False
        user = accounts.user_of_token(token.strip())
        key = accounts_rules.token_hash(token.strip())
        if user is None:
            return _recognise_service(request, token.strip(), key)
        try:
            actor = organization.actor_for_account(
                user.pk, session_id=key[:8], client_address=request.META.get("REMOTE_ADDR", "")
            )
        except NotFound:
            return False
        request.user = user
        request.actor = actor.without_leases()  # type: ignore[attr-defined]  # see ActorRequest
        request.caller = f"key:{key}"  # type: ignore[attr-defined]  # read by CallerThrottle
        return True


def _refused(request: HttpRequest) -> HttpResponse:
    """The answer to a key that opens nothing: counted by address, the first of a minute recorded.

    The key itself is written nowhere.
    """
    address = request.META.get("REMOTE_ADDR", "")
    used = used_by(f"address:{address}")
    if used in (1, WRONG_A_MINUTE + 1):
        who = Actor(name=_NOBODY, client_address=address)
        with writes_allowed():
            audit.record(who, "key.wrong", None, outcome="denied", tries=used)
    if used <= WRONG_A_MINUTE:
        return problem(401, "wrong_key", _WRONG_KEY)
    response = problem(429, "too_often", _TOO_OFTEN)
    response.headers["Retry-After"] = str(seconds_left())
    return response


def _recognise_service(request: HttpRequest, token: str, key: str) -> bool:
    found = services.service_of(token, request.META.get("REMOTE_ADDR", ""))
    if found is None:
        return False
    service, request.user, actor = found
    request.actor = actor  # type: ignore[attr-defined]  # see ActorRequest
    request.caller = f"key:{key}"  # type: ignore[attr-defined]  # read by CallerThrottle
    request.service = service  # type: ignore[attr-defined]  # read by calling_service
    return True


def calling_service(request: HttpRequest) -> Service | None:
    """The program that calls, None when it is a person (by key or by session)."""
    return getattr(request, "service", None)


def _as_machines_expect(response: HttpResponse) -> HttpResponse:
    """The answer with what RFC 9110 wants beside a 401, and a refused method said in our words."""
    if response.status_code == 401:
        response.headers.setdefault("WWW-Authenticate", "Bearer")
    if response.status_code == 405:
        refused = problem(405, "method_not_allowed", "Địa chỉ này không nhận cách gọi đó.")
        refused.headers["Allow"] = response.headers.get("Allow", "")
        return refused
    return response


def _signed_in(request: HttpRequest) -> Actor | None:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    return actor if actor.user_id is not None else None


class KeyAuth(HttpBearer):
    """The caller recognised by key; `BearerMiddleware` has already looked it up."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor, or None when the key says nothing.

        Raises: AccessDenied `key.scope` when the key of a program was not given for this operation.
        """
        service = calling_service(request)
        if service is not None:
            match = request.resolver_match
            if match is None or not may_call(match.url_name or "", service.scopes):
                raise AccessDenied("key.scope", "Khóa này không được cấp phạm vi để làm việc này.")
        return _signed_in(request)


class PageAuth(SessionAuth):
    """The person signed in on the pages; writes need the secret of the form (CSRF)."""

    def authenticate(self, request: HttpRequest, key: Any) -> Actor | None:
        """The actor, or None for strangers."""
        return _signed_in(request)
