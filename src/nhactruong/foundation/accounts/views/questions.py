"""The question to a security key: asked on one page, answered once, kept in the session between."""

from __future__ import annotations

import json
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest

from nhactruong.foundation.accounts.factors import Asked

_ASKED: Final = "asked_of_key"
FIELD: Final = "credential"


def put(request: HttpRequest, asked: Asked, purpose: str) -> str:
    """The options for the browser as JSON; the session keeps what judges the answer."""
    request.session[_ASKED] = {"state": asked.state, "purpose": purpose}
    return json.dumps(asked.options, cls=DjangoJSONEncoder)


def take(request: HttpRequest, purpose: str) -> dict[str, Any]:
    """What was kept for that purpose, once; empty when nothing was asked."""
    kept = request.session.pop(_ASKED, None) or {}
    state: dict[str, Any] = kept.get("state", {}) if kept.get("purpose") == purpose else {}
    return state


def answer(request: HttpRequest) -> Any:
    """The answer of the key that the form carries; None when it is none."""
    try:
        return json.loads(request.POST.get(FIELD, ""))
    except ValueError:
        return None
