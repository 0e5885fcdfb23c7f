"""The administrator takes the code of an account: shown this once, to be printed and handed over."""

from __future__ import annotations

import secrets
import uuid
from typing import Final

from django.http import HttpResponse
from django.urls import reverse

from nhactruong.foundation.accounts import asking
from nhactruong.foundation.accounts.rules import (
    INVITATION_BYTES,
    invitation_hash,
    invitation_words,
)
from nhactruong.foundation.persistence.operations import is_carried_out
from nhactruong.foundation.web.requests import ActorRequest, done
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel.errors import AccessDenied, ConflictingChange, InvalidInput, RuleBroken
from nhactruong.kernel.text import whole_number
from nhactruong.masterdata.changes import commands, policies, selectors
from nhactruong.masterdata.changes.views.showing import order_page

_REFUSALS: Final = (AccessDenied, ConflictingChange, InvalidInput, RuleBroken)


@post_only
def collect(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The code, made and shown this once to whoever confirms that it is he."""
    actor = request.actor
    order = selectors.get_visible(actor, public_id)
    if is_carried_out(commands.collect):
        return done(
            request,
            reverse("changes:detail", args=[public_id]),
            "Mã đã lấy ở lần gửi trước và chỉ hiện một lần.",
        )
    drawn = invitation_words(secrets.token_bytes(INVITATION_BYTES))
    fault = ""
    try:
        code = selectors.code_of(order)
        try:
            asking.require_code(
                request,
                commands.collect,
                lambda: policies.can_collect(actor, order, code.stage if code else None),
            )
        except (InvalidInput, RuleBroken) as refusal:
            fault = refusal.sentence
            raise
        version = whole_number(request.POST.get("version", ""))
        commands.collect(actor, public_id, version=version, code_hash=invitation_hash(drawn))
    except _REFUSALS as refusal:
        return order_page(request, public_id, refusal=refusal, faults={"collect": fault})
    # An answer that holds a secret is not kept for a repetition.
    request.operation_key = None  # type: ignore[attr-defined]  # read by OperationMiddleware
    return order_page(request, public_id, shown_code=drawn)
