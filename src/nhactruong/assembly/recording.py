"""What the record learns from the edge: how a request came in, and what was refused to whom."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from typing import Any, Final

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from nhactruong.foundation.audit import circumstances
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.audit import selectors as recorded
from nhactruong.kernel.actor import Actor

logger = logging.getLogger("nhactruong.audit")

_DENIED: Final = 403
_NOT_THERE: Final = 404
#: Where the library that signs people in notes by what means it did.
_METHODS: Final = "account_authentication_methods"


class RecordMiddleware:
    """Stands inside the recognition of persons and keys and outside every act.

    Rows written during a request tell of its identifier, its device and the means of sign-in. A
    refusal to somebody signed in becomes a row of its own after the act was rolled back: once a
    request, naming the thing and the address, never telling of content.
    Source: security.md 4 ("denied attempts").
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        came = circumstances.Circumstances(
            request_id=uuid.uuid4().hex,
            auth_method=_means(request),
            device=request.headers.get("User-Agent", "")[:200],
        )
        with circumstances.within(came):
            response = self.get_response(request)
            if response.status_code in (_DENIED, _NOT_THERE):
                _note(request, response.status_code)
        return response


def _means(request: HttpRequest) -> str:
    """`password`, `password+totp`, `key`; empty for strangers."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    if actor.user_id is None:
        return ""
    if hasattr(request, "caller"):
        return "key"
    told = request.session.get(_METHODS)
    used = [_name(one) for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    return "+".join(dict.fromkeys(name for name in used if name)) or "password"


def _name(means: dict[str, Any]) -> str:
    return str(means.get("type") or means.get("provider") or means.get("method") or "")


def _note(request: HttpRequest, status: int) -> None:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    match = request.resolver_match
    if actor.user_id is None or match is None:
        return
    object_id = next(filter(None, map(_identifier, match.kwargs.values())), None)
    try:
        # What was never there was not refused.
        if status == _NOT_THERE and (object_id is None or not recorded.is_known(object_id)):
            return
        audit.record_refusal(
            actor,
            "access.denied" if status == _DENIED else "access.not_visible",
            object_id=object_id,
            reason_code=getattr(request, "refusal_code", ""),
            view=match.view_name,
            method=request.method,
        )
    except DatabaseError:
        logger.exception("a refusal at %s could not be recorded", request.path)


def _identifier(value: object) -> uuid.UUID | None:
    try:
        return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))
    except ValueError:
        return None
