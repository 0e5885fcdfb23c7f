"""Who may do what to an incoming document; every no says why. Source: security.md 7, 8.

Direction, assignment and handling are asked in the actor's own right and, failing that, in that of
a post lent to him for the act; `in_right_to` says in whose, for the command that does it.
"""

from __future__ import annotations

from typing import Final

from nhactruong.foundation.access.rules import Line
from nhactruong.kernel.actor import Actor, HeldPost, Paper
from nhactruong.kernel.decisions import ALLOWED, Decision, never, refused
from nhactruong.kernel.standing import rightful
from nhactruong.kernel.states import Act, Role
from nhactruong.records.incoming.models import Handling, IncomingDocument
from nhactruong.records.incoming.rules import STATE_LABELS, State

#: Roles that give bút phê on whatever comes to their agency.
DIRECTING: Final = frozenset({Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.CHIEF_OF_OFFICE})

#: Roles that never see content, so that nothing is given to posts which carry no other.
#: Source: security.md 8 (administrators never see content, auditors read logs only).
WITHOUT_CONTENT: Final = frozenset({Role.SYSADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})


def _wrong_state(document: IncomingDocument) -> Decision:
    return refused(
        "incoming.wrong_state",
        f"Văn bản đang ở bước “{STATE_LABELS[document.as_state]}” nên chưa làm được việc này.",
    )


def can_receive(actor: Actor, agency_id: int) -> Decision:
    """May the actor take in files for this agency? Its registry's clerk."""
    if actor.has_role(Role.CLERK, agency_id):
        return ALLOWED
    return never(
        "incoming.not_the_clerk",
        "Tiếp nhận văn bản do văn thư của cơ quan thực hiện.",
        line=Line.RECEIVE_INCOMING,
    )


def can_register(actor: Actor, document: IncomingDocument) -> Decision:
    """May the actor give it its arrival number?"""
    clerk = can_receive(actor, document.agency_id)
    if not clerk:
        return clerk
    return ALLOWED if document.as_state == State.RECEIVED else _wrong_state(document)


def _parts(actor: Actor, document: IncomingDocument) -> set[str]:
    units = {
        post.unit_id
        for post in actor.posts
        if post.unit_id and any(role == Role.HEAD_OF_DIVISION for role, _ in post.roles)
    }
    posts = {post.post_id for post in actor.posts}
    return {
        handling.part
        for handling in document.handlings.all()
        if handling.ended_at is None and (handling.unit_id in units or handling.post_id in posts)
    }


def _directs(actor: Actor, document: IncomingDocument) -> bool:
    """Whether the actor leads here: by office, or as the deputy to whom it was given."""
    if actor.has_any_role(DIRECTING, document.agency_id):
        return True
    is_deputy = actor.has_role(Role.DEPUTY_CHIEF, document.agency_id)
    return is_deputy and bool(_parts(actor, document))


def _paper(document: IncomingDocument) -> Paper:
    """What the scope of a delegation asks: the units are those that lead it now."""
    units = frozenset(
        handling.unit_id
        for handling in document.handlings.all()
        if handling.ended_at is None
        and handling.part == Handling.Part.LEAD
        and handling.unit_id is not None
    )
    return Paper(document.secrecy, document.document_type.removeprefix("state-"), units)


def in_right_to(act: Act, actor: Actor, document: IncomingDocument) -> Actor:
    """The actor as he does `act` here: himself, or standing in the post lent to him for it.

    Raises: AccessDenied with the reason.
    """
    said, who = rightful(actor, act, _paper(document), lambda one: _JUDGES[act](one, document))
    said.require()
    return who


def _may(act: Act, actor: Actor, document: IncomingDocument) -> Decision:
    return rightful(actor, act, _paper(document), lambda one: _JUDGES[act](one, document))[0]


def can_direct(actor: Actor, document: IncomingDocument) -> Decision:
    """May the actor give bút phê? The leaders and the Chánh Văn phòng; a deputy when it is his."""
    return _may(Act.DIRECT, actor, document)


def _direct(actor: Actor, document: IncomingDocument) -> Decision:
    if not _directs(actor, document):
        return never(
            "incoming.not_directing",
            "Bút phê do lãnh đạo hoặc Chánh Văn phòng thực hiện.",
            line=Line.DIRECT,
        )
    if document.as_state in (State.SUBMITTED, State.DIRECTED, State.ASSIGNED):
        return ALLOWED
    return _wrong_state(document)


def directing_post(actor: Actor, document: IncomingDocument) -> HeldPost | None:
    """The held post a bút phê on this document is given in: the highest office, None without one."""
    for role in (
        Role.SECRETARY,
        Role.DEPUTY_SECRETARY,
        Role.CHIEF_OF_OFFICE,
        Role.DEPUTY_CHIEF,
    ):
        post = actor.post_for(role, document.agency_id)
        if post is not None:
            return post
    return None


def can_assign(actor: Actor, document: IncomingDocument) -> Decision:
    """May the actor hand it to a specialist? The head of the leading unit, or who may direct."""
    return _may(Act.ASSIGN, actor, document)


def _assign(actor: Actor, document: IncomingDocument) -> Decision:
    heads = any(role == Role.HEAD_OF_DIVISION for role, _ in actor.role_reach)
    is_lead = heads and Handling.Part.LEAD in _parts(actor, document)
    if not is_lead and not _directs(actor, document):
        return never(
            "incoming.not_leading",
            "Trưởng đơn vị chủ trì là người giao chuyên viên.",
            line=Line.DIRECT,
        )
    if document.as_state in (State.DIRECTED, State.ASSIGNED, State.IN_PROGRESS):
        return ALLOWED
    if document.as_state == State.SUBMITTED:
        return refused("incoming.not_directed", "Giao được sau khi có bút phê.", line=Line.DIRECT)
    return _wrong_state(document)


def can_handle(actor: Actor, document: IncomingDocument) -> Decision:
    """May the actor open a reply or finish it? Whoever it was given to: doer, or leading head."""
    return rightful(actor, Act.HANDLE, _paper(document), lambda one: _handle(one, document))[0]


def _handle(actor: Actor, document: IncomingDocument) -> Decision:
    if not {Handling.Part.DO, Handling.Part.LEAD} & _parts(actor, document):
        return never(
            "incoming.not_handling",
            "Văn bản này giao đơn vị, chức danh khác giải quyết.",
            line=Line.REPORT_PROGRESS,
        )
    if document.as_state in (State.DIRECTED, State.ASSIGNED, State.IN_PROGRESS):
        return ALLOWED
    return _wrong_state(document)


def can_complete(actor: Actor, document: IncomingDocument) -> Decision:
    """May the actor close it without a reply?"""
    return _may(Act.HANDLE, actor, document)


def _complete(actor: Actor, document: IncomingDocument) -> Decision:
    if document.as_state == State.SUBMITTED and actor.has_any_role(DIRECTING, document.agency_id):
        return ALLOWED
    return _handle(actor, document)


_JUDGES: Final = {Act.DIRECT: _direct, Act.ASSIGN: _assign, Act.HANDLE: _complete}


def can_file(actor: Actor, document: IncomingDocument) -> Decision:
    """May the actor put it into a dossier? Whoever handles or handled it, and the clerk."""
    if actor.has_any_role(DIRECTING | {Role.CLERK}, document.agency_id):
        return ALLOWED
    if _parts(actor, document):
        return ALLOWED
    return never(
        "incoming.not_filing", "Người được giao giải quyết là người lưu hồ sơ.", line=Line.DOSSIER
    )
