"""Reading a draft, remarking on it, approving it or sending it back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from nhactruong.foundation.ui.shapes import PagePicture
from nhactruong.foundation.ui.sources import PlainForm, carried, chosen, typed
from nhactruong.foundation.ui.templatetags.ui.filters import vn_when
from nhactruong.foundation.web.requests import ActorRequest, done, see_other
from nhactruong.foundation.web.views import post_only
from nhactruong.masterdata.vocabularies.selectors import type_name
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.drafting.rules import block_text, numbered, parse_body
from nhactruong.records.outgoing import acting, commands, policies, printing, selectors
from nhactruong.records.outgoing.models import OutgoingDocument, ReviewComment
from nhactruong.records.outgoing.rules import STATE_LABELS, STATE_LOOKS, State
from nhactruong.records.outgoing.views import flow, showing

_ANSWERS = {"open": "open", "accepted": "accepted", "declined": "refused"}
_NEXT_KINDS = ("outgoing.review", "outgoing.appraise", "outgoing.sign")

PlainForm(
    __name__,
    "Duyệt, góp ý",
    {
        "reason": ("Lý do", typed("Lý do của người làm")),
        "text": ("Nội dung góp ý", typed("Ý kiến của người góp ý")),
        "block": ("Góp ý cho", chosen("Các khối của dự thảo")),
        "answer": ("Tiếp thu hay không", carried("Nút bấm")),
    },
)


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark as the pages show it."""

    id: uuid.UUID
    block_id: str
    author: str
    post: str
    when: str
    text: str
    state: str
    reason: str
    place: str
    answer_url: str

    @property
    def dialog_id(self) -> str:
        """The identifier of the dialog that asks why it is not taken up."""
        return f"khong-{self.id}"


def remarks_of(document: OutgoingDocument) -> Sequence[Remark]:
    """The remarks on a document, oldest first, each with the place it speaks of; one query."""
    places = dict(_places(document))
    return [_remark(document, one, places) for one in document.comments.order_by("said_at", "pk")]


def _remark(document: OutgoingDocument, one: ReviewComment, places: dict[str, str]) -> Remark:
    return Remark(
        id=one.public_id,
        block_id=one.block_id if one.block_id in places else "",
        author=one.author_name,
        post=one.author_title,
        when=vn_when(one.said_at),
        text=one.text,
        state=_ANSWERS[one.answer],
        reason=one.answer_reason,
        place=places.get(one.block_id, ""),
        answer_url=reverse("outgoing:answer_comment", args=[document.public_id, one.public_id]),
    )


def _places(document: OutgoingDocument) -> list[tuple[str, str]]:
    """(block, its first words) for choosing what a remark speaks of."""
    shown = []
    for entry in numbered(parse_body(document.body)):
        words = f"{entry.label} {block_text(entry.block)}".strip().replace("\n", " ")
        shown.append((entry.block.id, words if len(words) <= 70 else f"{words[:68]}…"))
    return shown


def review_page(
    request: ActorRequest,
    document: OutgoingDocument,
    *,
    refusal: str = "",
    typed: dict[str, str] | None = None,
    dialog_error: str = "",
    reason_error: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a draft that is on its way: read, remark, approve or return."""
    actor = request.actor
    approve = (
        policies.can_review(actor, document)
        if document.as_state == State.CONTENT_REVIEW
        else policies.can_appraise(actor, document)
    )
    waiting = document.as_state in (State.CONTENT_REVIEW, State.APPRAISAL)
    may_return = policies.can_return(actor, document)
    # This page is for what is not yet approved; the signing table is asked where one signs.
    sign = policies.can_sign(actor, document, authority_holds=True)
    lines = printing.recipient_lines(document)
    signer = printing.signer_name(document.authority)
    context: dict[str, Any] = {
        "document": document,
        "kind_name": type_name(document.document_type),
        "state": (STATE_LABELS[document.as_state], *STATE_LOOKS[document.as_state]),
        "pages": _pages(document, lines, signer),
        "comments": remarks_of(document),
        "places": [("", "Cả văn bản"), *_places(document)],
        "approve": approve,
        "shows_approve": waiting and approve.offered,
        "may_return": may_return,
        "sign": sign,
        "may_comment": waiting and (bool(approve) or bool(may_return)),
        "may_answer": bool(policies.can_answer(actor, document)),
        "road": showing.road_of(showing.acts_of(document)),
        "recipients": "; ".join(lines),
        "drafter": f"{document.drafter_person.full_name}, {document.drafter_post.title}",
        "signer": _signer_words(document, signer),
        "return_fact": f"Văn bản trở về {document.drafter_person.full_name} để sửa.",
        "crumbs": showing.draft_crumbs(type_name(document.document_type), document),
        "answered": document.answers_id is not None,
        "refusal": refusal,
        "typed": typed or {},
        "dialog_error": dialog_error,
        "reason_error": reason_error,
    }
    return render(request, "outgoing/review.html", context, status=status)


def _signer_words(document: OutgoingDocument, name: str) -> str:
    """Capacity, title and name of the chosen signer."""
    authority = document.authority
    if authority is None:
        return ""
    parts = (authority.capacity_line, authority.title_line, name)
    return " · ".join(part for part in parts if part)


def _pages(document: OutgoingDocument, lines: tuple[str, ...], signer: str) -> list[PagePicture]:
    if document.as_state == State.AWAITING_SIGNATURE:
        shown = contents.rendition(document.document_id, Rendition.Purpose.PRESENTED)
        if shown is not None:
            return showing.rendition_pages(document, shown)
    letter = printing.letter_of(document, recipients=lines, signer=signer)
    return showing.preview_pages(document, letter)


@post_only
def approve(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The draft, approved by whoever it waits for; the next piece of work opens."""
    selectors.get_visible(request.actor, public_id)
    try:
        document = commands.approve(request.actor, public_id, version=flow.version_of(request.POST))
    except flow.REFUSALS as error:
        fresh = selectors.get_visible(request.actor, public_id)
        return review_page(request, fresh, refusal=error.sentence, status=error.http_status)
    if document.as_state == State.AWAITING_SIGNATURE:
        acting.prepare_now(public_id)
    url, more = flow.next_work_url(request.actor, public_id, *_NEXT_KINDS)
    after = " Việc tiếp theo đã mở." if more else ""
    return done(request, url, f"Đã duyệt, nay ở bước “{STATE_LABELS[document.as_state]}”.{after}")


@post_only
def return_draft(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The draft, back with its drafter with the reason."""
    document = selectors.get_visible(request.actor, public_id)
    reason = request.POST.get("reason", "")
    try:
        commands.return_draft(
            request.actor, public_id, reason=reason, version=flow.version_of(request.POST)
        )
    except flow.REFUSALS as error:
        fresh = selectors.get_visible(request.actor, public_id)
        missing = flow.fault_of(error, "reason")
        return review_page(
            request,
            fresh,
            typed={"reason": reason},
            dialog_error="" if missing else error.sentence,
            reason_error=missing,
            status=error.http_status,
        )
    url, _ = flow.next_work_url(request.actor, public_id, *_NEXT_KINDS)
    return done(request, url, f"Đã trả lại {document.drafter_person.full_name} để sửa.")


@post_only
def comment(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """A remark on the draft or one of its blocks."""
    document = selectors.get_visible(request.actor, public_id)
    text, place = request.POST.get("text", ""), request.POST.get("block", "")
    try:
        commands.comment(request.actor, public_id, text=text, block_id=place)
    except flow.REFUSALS as error:
        return review_page(
            request,
            document,
            refusal=error.sentence,
            typed={"text": text, "block": place},
            status=error.http_status,
        )
    return done(request, reverse("outgoing:draft", args=[public_id]), "Đã gửi góp ý.")


@post_only
def answer_comment(
    request: ActorRequest, public_id: uuid.UUID, comment_id: uuid.UUID
) -> HttpResponse:
    """The remark, taken up or declined with a reason, by the drafter."""
    accepted = request.POST.get("answer") != "declined"
    here = reverse("outgoing:draft", args=[public_id])
    try:
        commands.answer_comment(
            request.actor,
            public_id,
            comment_id,
            accepted=accepted,
            reason=request.POST.get("reason", ""),
        )
    except flow.REFUSALS as error:
        messages.error(request, error.sentence)
        return see_other(here)
    notice = "Đã ghi: tiếp thu góp ý." if accepted else "Đã ghi: không tiếp thu, kèm lý do."
    return done(request, here, notice)
