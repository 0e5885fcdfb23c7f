"""The way from the drafter's hands to the signer's desk, and back."""

from __future__ import annotations

import uuid
from typing import Final

from nhactruong.foundation.access import commands as access
from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.jobs.commands import publish
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.workitems import commands as workitems
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.states import Role, next_state
from nhactruong.records.documents import commands as documents
from nhactruong.records.outgoing import policies, printing, rules, selectors
from nhactruong.records.outgoing.commands.indexing import wording
from nhactruong.records.outgoing.events import PresentedForSignature
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import STATE_LABELS, TRANSITIONS, State

_REVIEW_KINDS: Final = ("outgoing.review", "outgoing.appraise", "outgoing.sign", "outgoing.revise")


def _move(document: OutgoingDocument, verb: str) -> None:
    document.state = next_state(TRANSITIONS, verb, document.as_state, STATE_LABELS)


@command
def submit(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> OutgoingDocument:
    """The draft, sent to whoever reviews it first: head, Chánh Văn phòng, or the signer.

    A step is left out when nobody but the drafter could take it (a five-person commune).
    """
    draft = selectors.lock_visible(actor, public_id, version)
    policies.can_edit(actor, draft).require()
    rules.require_ready(printing.written_in(draft))
    printing.require_printable(draft)
    workitems.close(actor, draft, ["outgoing.revise"])
    actor = actor.acting_as_id(draft.drafter_post_id)
    if selectors.reviewers(draft).heads:
        _to_head(actor, draft)
    else:
        _to_chief_or_signer(actor, draft)
    audit.record(actor, "outgoing.submitted", draft, to=draft.state)
    return draft


def _to_head(actor: Actor, draft: OutgoingDocument) -> None:
    _move(draft, "submit_to_head")
    draft.save_changes("state")
    token = tokens.unit_token(draft.drafting_unit_id or 0)
    access.grant(actor, draft, [token], "reviewer")
    workitems.put_before(actor, token, "outgoing.review", draft, wording(draft, actor.name))


def _to_chief_or_signer(actor: Actor, draft: OutgoingDocument) -> None:
    if not selectors.reviewers(draft, actor.person_id).chiefs:
        _to_signer(actor, draft)
        return
    _move(draft, "submit_to_chief")
    draft.save_changes("state")
    token = tokens.role_token(Role.CHIEF_OF_OFFICE, draft.agency_id)
    access.grant(actor, draft, [token], "appraiser")
    workitems.put_before(actor, token, "outgoing.appraise", draft, wording(draft, actor.name))


def _to_signer(actor: Actor, draft: OutgoingDocument) -> None:
    _move(draft, "present")
    draft.presented_hash = ""
    draft.save_changes("state", "presented_hash")
    post_id = draft.authority.post_id if draft.authority else 0
    access.grant(actor, draft, [tokens.post_token(post_id)], "signer")
    workitems.put_before(
        actor,
        tokens.post_token(post_id),
        "outgoing.sign",
        draft,
        wording(draft, actor.name),
        post_id=post_id,
    )
    publish(PresentedForSignature(outgoing_id=draft.public_id))


def _in_right(actor: Actor, draft: OutgoingDocument, state: State) -> Actor:
    """The actor as he approves this step. Raises: AccessDenied with the reason."""
    can = policies.can_appraise if state == State.APPRAISAL else policies.can_review
    can(actor, draft).require()
    return policies.reviewing(actor, draft)[1]


@command
def approve(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> OutgoingDocument:
    """The draft, approved by whoever it waits for: the head, else the Chánh Văn phòng."""
    draft = selectors.lock_visible(actor, public_id, version)
    verb = approve_content if draft.as_state == State.CONTENT_REVIEW else approve_form
    return verb(actor, public_id, version=version)


@command
def approve_content(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> OutgoingDocument:
    """The draft, approved by the head of the drafting unit and sent on."""
    draft = selectors.lock_visible(actor, public_id, version)
    actor = _in_right(actor, draft, State.CONTENT_REVIEW)
    workitems.close(actor, draft, ["outgoing.review"])
    if actor.standing is None:
        actor = actor.acting_as(
            next((post for post in actor.posts if post.unit_id == draft.drafting_unit_id), None)
        )
    _to_chief_or_signer(actor, draft)
    audit.record(actor, "outgoing.content_approved", draft)
    return draft


@command
def approve_form(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> OutgoingDocument:
    """The draft, approved by the Chánh Văn phòng and put before the signer."""
    draft = selectors.lock_visible(actor, public_id, version)
    actor = _in_right(actor, draft, State.APPRAISAL)
    workitems.close(actor, draft, ["outgoing.appraise"])
    if actor.standing is None:
        actor = actor.acting_as(actor.post_for(Role.CHIEF_OF_OFFICE, draft.agency_id))
    _to_signer(actor, draft)
    audit.record(actor, "outgoing.form_approved", draft)
    return draft


@command
def return_draft(
    actor: Actor, public_id: uuid.UUID, *, reason: str, version: int | None
) -> OutgoingDocument:
    """The draft, back with its drafter with the reason; the next text is the next draft number.

    Raises: InvalidInput when no reason is given.
    """
    draft = selectors.lock_visible(actor, public_id, version)
    policies.can_return(actor, draft).require()
    if draft.as_state != State.AWAITING_SIGNATURE:
        actor = policies.reviewing(actor, draft)[1]
    if not reason.strip():
        raise InvalidInput.at(
            "reason", "outgoing.no_reason", "Trả lại phải nêu lý do để người soạn sửa đúng chỗ."
        )
    _move(draft, "return")
    draft.draft_number += 1
    draft.presented_hash = ""
    draft.save_changes("state", "draft_number", "presented_hash")
    documents.new_version(actor, draft.document)
    workitems.close(actor, draft, _REVIEW_KINDS, outcome="returned")
    workitems.put_before(
        actor,
        tokens.post_token(draft.drafter_post_id),
        "outgoing.revise",
        draft,
        wording(draft, f"{actor.name}: {reason.strip()[:200]}"),
        post_id=draft.drafter_post_id,
    )
    audit.record(actor, "outgoing.returned", draft, reason=reason.strip())
    return draft
