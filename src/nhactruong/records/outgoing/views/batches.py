"""Ký nhiều văn bản: choose, look through, confirm once; the signatures follow in the background."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from nhactruong.foundation.accounts import asking
from nhactruong.foundation.persistence.operations import is_carried_out
from nhactruong.foundation.ui.sources import PlainForm, carried, chosen
from nhactruong.foundation.web.requests import ActorRequest, see_other
from nhactruong.foundation.web.views import post_only
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.masterdata.vocabularies.selectors import type_name
from nhactruong.records.outgoing import commands, selectors
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import State
from nhactruong.records.outgoing.views import flow, keys
from nhactruong.records.signing import commands as signatures
from nhactruong.records.signing import keys as at_work
from nhactruong.records.signing import selectors as made
from nhactruong.records.signing.engine.digest_words import digest_words
from nhactruong.records.signing.models import SigningBatch, SigningRequest

PlainForm(
    __name__,
    "Ký nhiều văn bản",
    {
        "papers": ("Văn bản", chosen("Văn bản đang chờ đồng chí ký")),
        "signatures": ("Chữ ký", carried("Thiết bị của người ký trả lời")),
    },
)

_TITLE: Final = "Ký nhiều văn bản"
_OUTCOMES: Final = {
    "signed": ("Đã ký", "ok", "ok"),
    "failed": ("Chưa ký được", "late", "warn"),
    "lapsed": ("Đã hết hạn", "soon", "clock"),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as the pages show it."""

    document: OutgoingDocument
    kind: str
    drafter: str
    picture: str
    url: str
    state: tuple[str, str, str] | None = None
    fault: str = ""


@require_http_methods(["GET", "POST"])
def choose(request: ActorRequest) -> HttpResponse:
    """What waits for the signer's hand; POST opens a batch of the chosen papers."""
    fault, status = "", 200
    if request.method == "POST":
        try:
            batch = commands.open_batch(request.actor, _ids(request.POST.getlist("papers")))
        except flow.REFUSALS as error:
            fault, status = error.sentence, error.http_status
        else:
            return see_other(reverse("outgoing:batch", args=[batch.public_id]))
    context = {
        "papers": [_paper(one) for one in _waiting(request.actor)],
        "most": signatures.MOST_PAPERS,
        "refusal": fault,
        "crumbs": [("Hộp việc", reverse("workitems:inbox")), (_TITLE, "")],
    }
    return render(request, "outgoing/batch_new.html", context, status=status)


@require_http_methods(["GET", "POST"])
def batch(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """How far the batch has come; POST signs it with one confirmation."""
    found = made.batch_of(request.actor, public_id)
    if request.method == "POST":
        return _confirmed(request, found)
    if "HX-Request" in request.headers:
        return _progress(request, found)
    return _page(request, found)


@post_only
def prepare(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """What the helper on the signer's PC is to sign (JSON), after the confirmation code."""
    found = made.batch_of(request.actor, public_id)
    _confirm(request)
    ready = _ready(found)
    papers = {one.document.document_id: one for one in _papers(request.actor, ready)}
    key = found.key
    leaf = made.in_use(key).certificates[0]
    return JsonResponse(
        {
            "request": str(found.public_id),
            "digest": f"{len(ready)} văn bản, mã từng văn bản ghi ở cả hai nơi",
            "ask": {
                "token": key.reference.get("token", ""),
                "key_id": key.reference.get("key_id", ""),
                "certificate": base64.b64encode(leaf).decode(),
                "papers": [
                    {
                        "title": f"{papers[one.document_id].kind}: "
                        f"{papers[one.document_id].document.subject}",
                        "to_be_signed": base64.b64encode(at_work.to_be_signed(one)).decode(),
                    }
                    for one in ready
                ],
            },
        }
    )


def _confirm(request: ActorRequest) -> None:
    asking.require_code(request, commands.confirm_batch, anew=True)


def _confirmed(request: ActorRequest, found: SigningBatch) -> HttpResponse:
    key = keys.on_page(request, "person", request.actor.person_id)
    try:
        if not is_carried_out(commands.confirm_batch):
            answers = _answers(request, found, key)
            commands.confirm_batch(request.actor, found.public_id, answers)
    except flow.REFUSALS as error:
        at_secret = keys.fault_of_secret(error)
        at_code = error.sentence if error.code.startswith("confirmation.") else ""
        refusal = "" if at_secret or at_code else error.sentence
        more = {"refusal": refusal, "secret_error": at_secret, "code_error": at_code}
        return _page(request, found, status=error.http_status, **more)
    return see_other(reverse("outgoing:batch", args=[found.public_id]))


def _answers(
    request: ActorRequest, found: SigningBatch, key: keys.KeyOnPage | None
) -> Mapping[uuid.UUID, bytes]:
    ready = _ready(found)
    told = request.POST.getlist(keys.SIGNATURE)
    if told:
        try:
            raws = [base64.b64decode(one, validate=True) for one in told]
        except (ValueError, binascii.Error):
            raws = []
        if len(raws) != len(ready):
            raise RuleBroken("signing.lapsed", "Lần ký này đã hết hạn. Đồng chí chọn và ký lại.")
    else:
        _confirm(request)
        keys.require_reachable(key)
        wanted = [at_work.to_be_signed(one) for one in ready]
        raws = at_work.ask_all(found.key, wanted, request.POST.get(keys.SECRET, ""))
    return {one.public_id: raw for one, raw in zip(ready, raws, strict=True)}


def _ready(found: SigningBatch) -> list[SigningRequest]:
    """The open papers, all of them prepared. Raises: RuleBroken `signing.not_prepared`."""
    waiting_ones = list(made.open_requests(found))
    if not waiting_ones or any(one.prepared is None for one in waiting_ones):
        raise RuleBroken(
            "signing.not_prepared", "Các văn bản đang được chuẩn bị. Đồng chí chờ ít giây rồi ký."
        )
    return waiting_ones


def _page(
    request: ActorRequest, found: SigningBatch, *, status: int = 200, **said: Any
) -> HttpResponse:
    requests = list(made.requests_of(found))
    state = _state(found, requests)
    shown = _papers(request.actor, requests)
    context = {
        "batch": found,
        "state": state,
        "papers": shown,
        "codes": _codes(found) if state == "ready" else [],
        "key": keys.on_page(request, "person", request.actor.person_id)
        if state == "ready"
        else None,
        "prepare_url": reverse("outgoing:prepare_batch", args=[found.public_id]),
        "words": _words(state, requests),
        "signed": sum(one.outcome == "signed" for one in requests),
        "failed": sum(bool(one.fault) for one in requests),
        "crumbs": [
            ("Hộp việc", reverse("workitems:inbox")),
            (_TITLE, reverse("outgoing:choose_batch")),
            (f"{len(requests)} văn bản", ""),
        ],
        **said,
    }
    return render(request, "outgoing/batch.html", context, status=status)


def _codes(found: SigningBatch) -> list[str]:
    return [digest_words(at_work.to_be_signed(one)) for one in _ready(found)]


def _progress(request: ActorRequest, found: SigningBatch) -> HttpResponse:
    requests = list(made.requests_of(found))
    state = _state(found, requests)
    if state in ("preparing", "signing"):
        return render(
            request,
            "outgoing/_batch_progress.html",
            {"batch": found, "words": _words(state, requests)},
        )
    response = HttpResponse()
    response.headers["HX-Refresh"] = "true"
    return response


def _state(found: SigningBatch, requests: list[SigningRequest]) -> str:
    waiting_ones = [one for one in requests if one.closed_at is None]
    if not waiting_ones:
        return "done"
    if found.confirmed_at is not None:
        return "signing"
    ready = all(one.is_prepared for one in waiting_ones)  # type: ignore[attr-defined]  # annotated
    return "ready" if ready else "preparing"


def _words(state: str, requests: list[SigningRequest]) -> str:
    closed = sum(one.closed_at is not None for one in requests)
    if state == "preparing":
        ready = sum(one.is_prepared for one in requests)  # type: ignore[attr-defined]  # annotated
        return f"Đang chuẩn bị {ready}/{len(requests)} văn bản"
    return f"Đang ký {closed}/{len(requests)} văn bản"


def _papers(actor: Actor, requests: list[SigningRequest]) -> list[Paper]:
    """The papers in the order of the batch; what the signer may no longer see is left out."""
    wanted = [one.document_id for one in requests]
    documents = {
        one.document_id: one
        for one in selectors.visible(actor)
        .filter(document_id__in=wanted)
        .select_related("drafter_person", "organ")
    }
    return [
        _paper(
            documents[one.document_id],
            state=_OUTCOMES.get("failed" if one.fault else one.outcome),
            fault=one.fault,
        )
        for one in requests
        if one.document_id in documents
    ]


def _paper(document: OutgoingDocument, **more: Any) -> Paper:
    return Paper(
        document=document,
        kind=type_name(document.document_type),
        drafter=document.drafter_person.full_name,
        picture=reverse("outgoing:page", args=[document.public_id, 1]),
        url=reverse("outgoing:sign", args=[document.public_id]),
        **more,
    )


def _waiting(actor: Actor) -> list[OutgoingDocument]:
    """Papers that wait for the actor's own signature, the most urgent first."""
    items = workitems.waiting(actor).filter(kind="outgoing.sign").order_by("due_on", "id")
    order = {
        key: place
        for place, key in enumerate(
            items.values_list("object_id", flat=True)[: signatures.MOST_PAPERS]
        )
    }
    found = (
        selectors.visible(actor)
        .filter(public_id__in=order, state=State.AWAITING_SIGNATURE)
        .exclude(presented_hash="")
        .select_related("drafter_person", "organ")
    )
    return sorted(found, key=lambda one: order[one.public_id])


def _ids(words: list[str]) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(one) for one in words]
    except ValueError:
        raise InvalidInput.at(
            "papers", "outgoing.no_papers", "Danh sách văn bản không đúng. Đồng chí chọn lại."
        ) from None
