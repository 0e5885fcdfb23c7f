"""The agency's seal: by a job for a key at the server, or at the clerk's desk."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from nhactruong.foundation.accounts import asking
from nhactruong.foundation.persistence.operations import is_carried_out
from nhactruong.foundation.web.requests import ActorRequest, done, see_other
from nhactruong.foundation.web.views import post_only
from nhactruong.records.outgoing import acting, commands, policies, selectors
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import State
from nhactruong.records.outgoing.views import flow, keys
from nhactruong.records.outgoing.views.issuing import Faults, refused
from nhactruong.records.signing.ports import Mode


@require_http_methods(["GET", "POST"])
def request_seal(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The clerk's own act of sealing; GET answers how far it has come."""
    document = selectors.get_visible(request.actor, public_id)
    here = reverse("outgoing:detail", args=[public_id])
    if request.method == "GET":
        return _sealing(request, document, here)
    key = keys.on_page(request, "agency", document.agency_id)
    try:
        if key is None or key.mode == Mode.SOFT:
            _confirm(request, document, at_desk=False)
            commands.request_seal(request.actor, public_id, version=flow.version_of(request.POST))
            return see_other(here)
        _sealed_at_desk(request, document, key)
    except flow.REFUSALS as error:
        at_secret = keys.fault_of_secret(error)
        faults = Faults(secret=at_secret) if at_secret else Faults(seal=error.sentence)
        return refused(request, public_id, error, faults)
    acting.check_now(public_id)
    return done(request, here, "Đã đóng dấu.")


@post_only
def prepare(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """What the helper on the clerk's PC is to sign (JSON), after the confirmation code."""
    document = selectors.get_visible(request.actor, public_id)
    _confirm(request, document, at_desk=True)
    made = acting.prepare_seal(request.actor, document, flow.version_of(request.POST))
    return keys.asked(document, made)


def _sealed_at_desk(request: ActorRequest, document: OutgoingDocument, key: keys.KeyOnPage) -> None:
    answered = keys.answered(request.POST)
    if answered is None:
        _confirm(request, document, at_desk=True)
    # A repetition finds the seal made; the key is not used again.
    if is_carried_out(commands.seal):
        return
    if answered is not None:
        acting.complete_seal(request.actor, document, *answered)
        return
    keys.require_reachable(key)
    secret = request.POST.get(keys.SECRET, "")
    acting.seal(request.actor, document, flow.version_of(request.POST), secret=secret)


def _confirm(request: ActorRequest, document: OutgoingDocument, *, at_desk: bool) -> None:
    act = commands.seal if at_desk else commands.request_seal
    asking.require_code(request, act, lambda: policies.can_seal(request.actor, document))


def _sealing(request: ActorRequest, document: OutgoingDocument, here: str) -> HttpResponse:
    if "HX-Request" not in request.headers:
        return see_other(here)
    if document.as_state == State.SEALING:
        return render(request, "outgoing/_sealing.html", {"document": document})
    response = HttpResponse()
    response.headers["HX-Refresh"] = "true"
    return response
