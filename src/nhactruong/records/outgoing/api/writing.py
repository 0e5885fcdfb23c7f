"""The acts on an outgoing document, the same commands as on its pages.

Signing, numbering, sealing and the confirmation of a void number ask for the second confirmation.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from nhactruong.foundation.accounts import commands as accounts
from nhactruong.foundation.persistence.operations import is_carried_out
from nhactruong.foundation.web.interface import (
    WRITE_REFUSALS,
    ActDone,
    Confirmed,
    FiledOut,
    Filing,
    Key,
    Reasoned,
    SecrecyCode,
    Sent,
    Versioned,
    Words,
    storable,
)
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.decisions import Decision
from nhactruong.kernel.errors import AccessDenied, InvalidInput
from nhactruong.kernel.states import Urgency
from nhactruong.records.dossiers import commands as dossiers
from nhactruong.records.drafting.rules import body_to_json
from nhactruong.records.drafting.rules.plain import body_from_plain
from nhactruong.records.outgoing import acting, commands, policies, rules, selectors
from nhactruong.records.outgoing.commands.drafting import DraftContent, RecipientLine
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import State

router = Router(tags=["văn bản đi"])


class DraftIn(Sent):
    """A new draft."""

    organ_id: Key
    document_type: Words
    subject: Words = ""
    answers: uuid.UUID | None = Field(None, description="Văn bản được trả lời.")
    due_on: date | None = None


class RecipientIn(Sent):
    """One line of Nơi nhận; with an agency a copy is sent there."""

    line: Words
    agency_id: Key | None = None


class SaveIn(Versioned):
    """The parts of a draft that change; what is left out stays."""

    subject: Words | None = None
    text: str | None = Field(
        None, max_length=700_000, description="Toàn văn, mỗi dòng một đoạn; thay cho `body`."
    )
    body: dict[str, Any] | None = Field(None, description="Nội dung theo khối.")
    urgency: Urgency | None = None
    secrecy: SecrecyCode | None = None
    addressees: Annotated[list[Words], Field(max_length=200)] | None = None
    recipients: Annotated[list[RecipientIn], Field(max_length=500)] | None = None
    authority_id: Key | None = Field(None, description="Dòng trong bảng thẩm quyền ký.")


class NumberIn(Confirmed):
    """The day the document bears."""

    dated_on: date | None = Field(None, description="Ngày văn bản; trống: hôm nay.")


class CommentIn(Sent):
    """A remark, on a block or on the whole."""

    text: Words
    block_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,40}$")] = ""


class AnswerIn(Sent):
    """Whether the remark is taken up; a reason when it is not."""

    accepted: bool
    reason: Words = ""


class CommentOut(Schema):
    """The remark and what became of it."""

    id: uuid.UUID
    answer: str


class OutgoingDone(ActDone):
    """The document after the act."""

    reference_code: str


def _done(document: OutgoingDocument) -> dict[str, Any]:
    return {
        "id": document.public_id,
        "state": document.state,
        "version": document.version,
        "reference_code": document.reference_code,
    }


def _again(actor: Actor, public_id: uuid.UUID) -> dict[str, Any]:
    """The document as it is now, after what was done at once beside the act."""
    return _done(selectors.get_visible(actor, public_id))


@router.post("/drafts", response={200: OutgoingDone, **WRITE_REFUSALS}, summary="Soạn văn bản mới")
def create_draft(request: HttpRequest, sent: DraftIn) -> dict[str, Any]:
    """A new draft in the form of its type."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    if not selectors.issuing_organs(actor):
        raise AccessDenied(
            "outgoing.not_a_drafter", "Chức danh này không soạn thảo văn bản của cơ quan."
        )
    answered = selectors.answered(actor, sent.answers) if sent.answers else None
    return _done(
        commands.create_draft(
            actor,
            organ_id=sent.organ_id,
            document_type=sent.document_type,
            subject=sent.subject,
            answers=answered.document if answered else None,
            due_on=sent.due_on,
        )
    )


@router.post(
    "/{uuid:public_id}/save", response={200: OutgoingDone, **WRITE_REFUSALS}, summary="Lưu bản soạn"
)
def save_draft(request: HttpRequest, public_id: uuid.UUID, sent: SaveIn) -> dict[str, Any]:
    """The draft with the given parts changed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    selectors.get_visible(actor, public_id)
    content = DraftContent(
        subject=sent.subject,
        body=_body(sent),
        urgency=sent.urgency,
        secrecy=None if sent.secrecy is None else sent.secrecy.level,
        addressees=sent.addressees,
        recipients=None
        if sent.recipients is None
        else [RecipientLine(one.line, one.agency_id) for one in sent.recipients],
        authority_id=sent.authority_id,
    )
    return _done(commands.save_draft(actor, public_id, content, version=sent.version))


def _body(sent: SaveIn) -> dict[str, Any] | None:
    if sent.text is None:
        body: dict[str, Any] | None = storable(sent.body)
        return body
    if sent.body is not None:
        raise InvalidInput.at(
            "text",
            "outgoing.two_texts",
            "Chỉ gửi một trong hai: toàn văn, hoặc nội dung theo khối.",
        )
    return body_to_json(body_from_plain(storable(sent.text)))


@router.post(
    "/{uuid:public_id}/submit",
    response={200: OutgoingDone, **WRITE_REFUSALS},
    summary="Gửi duyệt, trình ký",
)
def submit_draft(request: HttpRequest, public_id: uuid.UUID, sent: Versioned) -> dict[str, Any]:
    """The draft, sent to whoever reviews or signs it first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    document = commands.submit(actor, public_id, version=sent.version)
    return _sent_on(document)


def _sent_on(document: OutgoingDocument) -> dict[str, Any]:
    if document.as_state == State.AWAITING_SIGNATURE:
        acting.prepare_now(document.public_id)
    return _done(document)


@router.post(
    "/{uuid:public_id}/approve", response={200: OutgoingDone, **WRITE_REFUSALS}, summary="Duyệt"
)
def approve_draft(request: HttpRequest, public_id: uuid.UUID, sent: Versioned) -> dict[str, Any]:
    """The draft, approved by whoever it waits for."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    document = commands.approve(actor, public_id, version=sent.version)
    return _sent_on(document)


@router.post(
    "/{uuid:public_id}/return",
    response={200: OutgoingDone, **WRITE_REFUSALS},
    summary="Trả lại người soạn",
)
def return_draft(request: HttpRequest, public_id: uuid.UUID, sent: Reasoned) -> dict[str, Any]:
    """The draft, back with its drafter with the reason."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    return _done(commands.return_draft(actor, public_id, reason=sent.reason, version=sent.version))


@router.post(
    "/{uuid:public_id}/comments", response={200: CommentOut, **WRITE_REFUSALS}, summary="Góp ý"
)
def comment_draft(request: HttpRequest, public_id: uuid.UUID, sent: CommentIn) -> dict[str, Any]:
    """A remark on the draft."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    remark = commands.comment(actor, public_id, text=sent.text, block_id=sent.block_id)
    return {"id": remark.public_id, "answer": remark.answer}


@router.post(
    "/{uuid:public_id}/comments/{uuid:comment_id}/answer",
    response={200: CommentOut, **WRITE_REFUSALS},
    summary="Trả lời góp ý",
)
def answer_comment(
    request: HttpRequest, public_id: uuid.UUID, comment_id: uuid.UUID, sent: AnswerIn
) -> dict[str, Any]:
    """The remark, taken up or declined with a reason."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    remark = commands.answer_comment(
        actor, public_id, comment_id, accepted=sent.accepted, reason=sent.reason
    )
    return {"id": remark.public_id, "answer": remark.answer}


def _confirmed(actor: Actor, act: Callable[..., Any], decision: Decision, sent: Confirmed) -> None:
    """The reason against the act first, then the code: programs confirm every act."""
    accounts.confirm_act(actor, act, sent.step_up_code, lambda: decision, anew=True)


@router.post("/{uuid:public_id}/sign", response={200: OutgoingDone, **WRITE_REFUSALS}, summary="Ký")
def sign_document(request: HttpRequest, public_id: uuid.UUID, sent: Confirmed) -> dict[str, Any]:
    """The presented text, signed with the caller's key in this installation."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    document = selectors.get_visible(actor, public_id)
    holds = selectors.authority_holds(document, clock.today())
    decision = policies.can_sign(actor, document, authority_holds=holds)
    _confirmed(actor, commands.record_signature, decision, sent)
    if not is_carried_out(commands.record_signature):
        acting.sign(actor, document, sent.version)
    acting.check_signature_now(public_id)
    return _again(actor, public_id)


@router.post(
    "/{uuid:public_id}/assign-number",
    response={200: OutgoingDone, **WRITE_REFUSALS},
    summary="Cấp số",
)
def number_document(request: HttpRequest, public_id: uuid.UUID, sent: NumberIn) -> dict[str, Any]:
    """Number, symbol and date, printed on the page at once."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    document = selectors.get_visible(actor, public_id)
    decision = policies.can_assign_number(actor, document)
    if sent.dated_on is not None and not is_carried_out(commands.assign_number):
        # Said before the code is asked: a wrong day is no failed try.
        decision.require()
        rules.require_day(sent.dated_on, signed_at=document.signed_at, today=clock.today())
    _confirmed(actor, commands.assign_number, decision, sent)
    commands.assign_number(actor, public_id, version=sent.version, dated_on=sent.dated_on)
    acting.print_number_now(public_id)
    return _again(actor, public_id)


@router.post(
    "/{uuid:public_id}/seal", response={200: OutgoingDone, **WRITE_REFUSALS}, summary="Đóng dấu"
)
def seal_document(request: HttpRequest, public_id: uuid.UUID, sent: Confirmed) -> dict[str, Any]:
    """The clerk's own act of sealing; read the document again to learn how far it has come."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    document = selectors.get_visible(actor, public_id)
    decision = policies.can_seal(actor, document)
    _confirmed(actor, commands.request_seal, decision, sent)
    return _done(commands.request_seal(actor, public_id, version=sent.version))


@router.post(
    "/{uuid:public_id}/issue", response={200: OutgoingDone, **WRITE_REFUSALS}, summary="Phát hành"
)
def issue_document(request: HttpRequest, public_id: uuid.UUID, sent: Versioned) -> dict[str, Any]:
    """The document, sent to its recipients; nothing of it can be taken back."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    return _done(commands.issue(actor, public_id, version=sent.version))


@router.post(
    "/{uuid:public_id}/request-void",
    response={200: OutgoingDone, **WRITE_REFUSALS},
    summary="Đề nghị bỏ số",
)
def request_void(request: HttpRequest, public_id: uuid.UUID, sent: Reasoned) -> dict[str, Any]:
    """The clerk's proposal that the number be void."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    return _done(commands.request_void(actor, public_id, reason=sent.reason, version=sent.version))


@router.post(
    "/{uuid:public_id}/confirm-void",
    response={200: OutgoingDone, **WRITE_REFUSALS},
    summary="Xác nhận bỏ số",
)
def confirm_void(request: HttpRequest, public_id: uuid.UUID, sent: Confirmed) -> dict[str, Any]:
    """The number, void for good, by the second person."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    document = selectors.get_visible(actor, public_id)
    decision = policies.can_confirm_void(actor, document)
    _confirmed(actor, commands.confirm_void, decision, sent)
    return _done(commands.confirm_void(actor, public_id, version=sent.version))


@router.post(
    "/{uuid:public_id}/file", response={200: FiledOut, **WRITE_REFUSALS}, summary="Lưu vào hồ sơ"
)
def file_outgoing(request: HttpRequest, public_id: uuid.UUID, sent: Filing) -> dict[str, Any]:
    """The document in an open dossier."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    document = selectors.get_visible(actor, public_id)
    entry = dossiers.file(actor, sent.dossier, document)
    return {"dossier": sent.dossier, "document": entry.object_id}
