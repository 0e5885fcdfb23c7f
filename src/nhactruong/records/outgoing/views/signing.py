"""Read and sign: the whole text first, every reason against it before any code is asked."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from nhactruong.foundation.accounts import asking
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.operations import is_carried_out
from nhactruong.foundation.web.requests import ActorRequest, done, see_other
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.decisions import Decision
from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.masterdata.vocabularies.selectors import type_name
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.outgoing import acting, commands, policies, printing, selectors
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import STATE_LABELS, STATE_LOOKS, State
from nhactruong.records.outgoing.views import flow, showing


@require_http_methods(["GET", "POST"])
def sign(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The presented text to be read; POST signs it with the second confirmation."""
    document = selectors.get_visible(request.actor, public_id)
    if request.method == "POST":
        return _signed(request, document)
    if document.as_state != State.AWAITING_SIGNATURE:
        return see_other(reverse("outgoing:draft", args=[public_id]))
    audit.record_reading(request.actor, "outgoing.read", document)
    return _page(request, document)


def _decision(actor: Actor, document: OutgoingDocument) -> Decision:
    holds = selectors.authority_holds(document, clock.today())
    return policies.can_sign(actor, document, authority_holds=holds)


def _page(
    request: ActorRequest,
    document: OutgoingDocument,
    *,
    refusal: str = "",
    code_error: str = "",
    status: int = 200,
) -> HttpResponse:
    decision = _decision(request.actor, document)
    authority = document.authority
    acts = showing.acts_of(document)
    approvals = [
        row for row in acts if row.action in ("outgoing.content_approved", "outgoing.form_approved")
    ]
    context: dict[str, Any] = {
        "document": document,
        "kind_name": type_name(document.document_type),
        "state": (STATE_LABELS[document.as_state], *STATE_LOOKS[document.as_state]),
        "pages": showing.rendition_pages(
            document, contents.rendition(document.document_id, Rendition.Purpose.PRESENTED)
        ),
        "decision": decision,
        "may_return": policies.can_return(request.actor, document),
        "capacity": authority.capacity_line if authority else "",
        "title": authority.title_line if authority else "",
        "basis": authority.basis if authority else "",
        "until": authority.valid.upper if authority else None,
        "approvals": [
            (item.what, item.who, item.when) for item in reversed(showing.road_of(approvals))
        ],
        "recipients": "; ".join(printing.recipient_lines(document)),
        "drafter": f"{document.drafter_person.full_name}, {document.drafter_post.title}",
        "return_fact": f"Văn bản trở về {document.drafter_person.full_name} để sửa.",
        "crumbs": [("Hộp việc", reverse("workitems:inbox")), ("Trình ký", "")],
        "refusal": refusal,
        "code_error": code_error,
    }
    return render(request, "outgoing/sign.html", context, status=status)


def _signed(request: ActorRequest, document: OutgoingDocument) -> HttpResponse:
    actor, public_id = request.actor, document.public_id
    try:
        try:
            asking.require_code(
                request, commands.record_signature, lambda: _decision(actor, document), anew=True
            )
        except (InvalidInput, RuleBroken) as wrong:
            return _page(request, document, code_error=wrong.sentence, status=wrong.http_status)
        # A repetition finds the signature made; the key is not used again.
        if not is_carried_out(commands.record_signature):
            acting.sign(actor, document, flow.version_of(request.POST))
    except flow.REFUSALS as error:
        fresh = selectors.get_visible(actor, public_id)
        if fresh.as_state != State.AWAITING_SIGNATURE:
            return see_other(reverse("outgoing:detail", args=[public_id]))
        return _page(request, fresh, refusal=error.sentence, status=error.http_status)
    acting.check_signature_now(public_id)
    url, more = flow.next_work_url(actor, public_id, "outgoing.sign")
    after = " Văn bản tiếp theo đã mở." if more else ""
    return done(request, url, f"Đã ký. Văn thư nhận để cấp số.{after}")
