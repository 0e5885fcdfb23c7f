"""Opening a draft, saving it, commenting on it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from nhactruong.foundation.access import commands as access
from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.access.rules import Line
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.jobs.commands import publish
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.thread import commands as thread
from nhactruong.foundation.workitems import commands as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor, HeldPost
from nhactruong.kernel.errors import AccessDenied, InvalidInput, NotFound
from nhactruong.kernel.limits import line_within, text_within
from nhactruong.kernel.states import Secrecy, Urgency, next_state
from nhactruong.kernel.text import one_line
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.procedures import selectors as procedures
from nhactruong.masterdata.vocabularies import selectors as vocabularies
from nhactruong.records.documents import commands as documents
from nhactruong.records.documents.events import ReplyStarted
from nhactruong.records.documents.models import Document
from nhactruong.records.drafting.library import templates
from nhactruong.records.drafting.rules import body_to_json, parse_body
from nhactruong.records.outgoing import policies, selectors
from nhactruong.records.outgoing.commands.indexing import folded_words, put_card
from nhactruong.records.outgoing.models import OutgoingDocument, Recipient, ReviewComment
from nhactruong.records.outgoing.rules import PROCEDURE, STATE_LABELS, TRANSITIONS


@dataclass(frozen=True, slots=True)
class RecipientLine:
    """One line of Nơi nhận; with an agency a copy is sent there."""

    line: str
    agency_id: int | None = None


@dataclass(frozen=True, slots=True)
class DraftContent:
    """Everything of a draft that its drafter may change; None leaves a part as it is."""

    subject: str | None = None
    body: dict[str, Any] | None = None
    urgency: str | None = None
    secrecy: int | None = None
    addressees: Sequence[str] | None = None
    recipients: Sequence[RecipientLine] | None = None
    authority_id: int | None = None
    due_on: Any = field(default=None)


def _drafting_post(actor: Actor, agency_id: int) -> HeldPost:
    chosen = actor.acting_post
    if chosen and any(a == agency_id and r in policies.DRAFTING_ROLES for r, a in chosen.roles):
        return chosen
    for post in actor.posts:
        if any(a == agency_id and r in policies.DRAFTING_ROLES for r, a in post.roles):
            return post
    raise AccessDenied(
        "outgoing.not_a_drafter",
        "Chức danh này không soạn thảo văn bản của cơ quan.",
        line=Line.DRAFT,
    )


@command
def create_draft(
    actor: Actor,
    *,
    organ_id: int,
    document_type: str,
    subject: str = "",
    answers: Document | None = None,
    due_on: Any = None,
) -> OutgoingDocument:
    """A new draft of the organ in the form of its type, filled from what the system knows.

    Raises: AccessDenied when the post does not draft for the organ's agency; NotFound for an
    organ or type that is not there.
    """
    organ = next((row for row in selectors.issuing_organs(actor) if row.pk == organ_id), None)
    if organ is None:
        raise NotFound(
            "outgoing.no_organ", "Không có cơ quan ban hành này trong phạm vi của đồng chí."
        )
    kind = vocabularies.document_type(document_type)
    if kind is None or not kind.can_be_numbered:
        raise NotFound("outgoing.no_type", "Không có loại văn bản này trong danh mục.")
    post = _drafting_post(actor, organ.agency_id)
    actor = actor.acting_as(post)
    template = templates().get(document_type)
    document = documents.create_document(actor, organ.agency_id)
    available = organization.authorities(organ.pk, document_type, clock.today())
    draft = OutgoingDocument(
        public_id=document.public_id,
        agency_id=organ.agency_id,
        registry=organization.registry_of(organ.agency_id),
        organ=organ,
        document=document,
        procedure_id=procedures.version_in_force(PROCEDURE, organ.agency_id),
        document_type=document_type,
        subject=line_within(1000, subject, field="subject", label="Trích yếu"),
        body=body_to_json(template.body) if template else {"schema": 1, "blocks": []},
        drafter_person_id=actor.person_id or 0,
        drafter_post_id=post.post_id,
        drafting_unit_id=post.unit_id,
        authority=next((row for row in available if not actor.holds(row.post_id)), None),
        answers=answers,
        due_on=due_on,
        listed_on=clock.today(),
        opened_at=clock.now(),
    )
    draft.folded = folded_words(draft)
    draft.save()
    if template and template.first_recipient:
        _set_recipients(draft, [RecipientLine(template.first_recipient)])
    access.grant(actor, draft, [tokens.post_token(post.post_id)], "drafter")
    put_card(actor, draft)
    if answers is not None:
        documents.relate(actor, document, answers, "replies_to")
        thread.connect(actor, answers, document, "replies_to")
        publish(
            ReplyStarted(
                answered_document_id=answers.public_id, reply_document_id=document.public_id
            )
        )
    audit.record(actor, "outgoing.drafted", draft, type=document_type)
    return draft


@command
def save_draft(
    actor: Actor, public_id: uuid.UUID, content: DraftContent, *, version: int | None
) -> OutgoingDocument:
    """The draft with the given parts changed.

    Raises: NotFound, ConflictingChange, AccessDenied, RuleBroken, InvalidInput.
    """
    draft = selectors.lock_visible(actor, public_id, version)
    policies.can_edit(actor, draft).require()
    draft.state = next_state(TRANSITIONS, "edit", draft.as_state, STATE_LABELS)
    if content.subject is not None:
        draft.subject = line_within(1000, content.subject, field="subject", label="Trích yếu")
    if content.body is not None:
        draft.body = body_to_json(parse_body(content.body))
    if content.urgency is not None:
        draft.urgency = Urgency(content.urgency)
    if content.secrecy is not None:
        draft.secrecy = _allowed_secrecy(actor, content.secrecy)
    if content.addressees is not None:
        draft.addressees = [one_line(line) for line in content.addressees if line.strip()]
    if content.authority_id is not None:
        draft.authority = _chosen_authority(draft, content.authority_id)
    if content.recipients is not None:
        _set_recipients(draft, content.recipients)
    draft.folded = folded_words(draft)
    draft.save_changes("subject", "body", "urgency", "secrecy", "addressees", "authority", "folded")
    put_card(actor, draft)
    if content.secrecy is not None:
        workitems.mark_secrecy(actor, draft, draft.secrecy)
    return draft


def _allowed_secrecy(actor: Actor, level: int) -> int:
    if level > Secrecy.INTERNAL:
        raise InvalidInput(
            "secrecy.register_only",
            "Văn bản mật không soạn trên hệ thống này. Đồng chí thực hiện theo quy định về bí mật "
            "nhà nước; hệ thống chỉ giữ dòng đăng ký.",
        )
    if level > actor.clearance:
        raise InvalidInput(
            "secrecy.above_clearance",
            "Mức này cao hơn mức chức danh của đồng chí được xem nên chưa đặt được. Đồng chí báo "
            "Trưởng phòng giao người khác soạn.",
        )
    return level


def _chosen_authority(draft: OutgoingDocument, authority_id: int) -> Any:
    for row in selectors.authorities_for(draft):
        if row.pk == authority_id:
            return row
    raise InvalidInput(
        "outgoing.authority_unknown",
        "Người ký đã chọn không có trong bảng thẩm quyền ký hiện hành của loại văn bản này.",
    )


def _set_recipients(draft: OutgoingDocument, lines: Sequence[RecipientLine]) -> None:
    known = set(
        organization.agencies({line.agency_id for line in lines if line.agency_id}).values_list(
            "pk", flat=True
        )
    )
    Recipient.replace_all(
        draft,
        [
            Recipient(
                outgoing=draft,
                agency_id=line.agency_id if line.agency_id in known else None,
                line=line_within(300, line.line, field="recipients", label="Nơi nhận"),
                position=position,
            )
            for position, line in enumerate(lines)
            if line.line.strip()
        ],
    )


@command
def comment(actor: Actor, public_id: uuid.UUID, *, text: str, block_id: str = "") -> ReviewComment:
    """A remark on the draft or one of its blocks. Raises: NotFound, InvalidInput."""
    draft = selectors.lock_visible(actor, public_id, None)
    if not text.strip():
        raise InvalidInput("comment.empty", "Góp ý chưa có nội dung.")
    post = actor.post
    remark = ReviewComment.objects.create(
        outgoing=draft,
        block_id=block_id[:40],
        text=text.strip()[:2000],
        author_name=actor.name,
        author_title=post.title if post else "",
        said_at=clock.now(),
    )
    audit.record(actor, "outgoing.commented", draft)
    return remark


@command
def answer_comment(
    actor: Actor, public_id: uuid.UUID, comment_id: uuid.UUID, *, accepted: bool, reason: str = ""
) -> ReviewComment:
    """The remark, taken up or declined with a reason, by the drafter."""
    draft = selectors.lock_visible(actor, public_id, None)
    policies.can_answer(actor, draft).require()
    remark = draft.comments.filter(public_id=comment_id).first()
    if remark is None:
        raise NotFound("comment.not_found", "Không tìm thấy góp ý này.")
    if not accepted and not reason.strip():
        raise InvalidInput.at("reason", "comment.no_reason", "Không tiếp thu thì phải nêu lý do.")
    answers = ReviewComment.Answer
    remark.answer = answers.ACCEPTED if accepted else answers.DECLINED
    remark.answer_reason = text_within(1000, reason, field="reason", label="Lý do")
    remark.save(update_fields=["answer", "answer_reason"])
    return remark
