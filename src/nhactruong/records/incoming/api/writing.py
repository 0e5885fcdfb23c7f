"""The acts on an incoming document, the same commands as on its page."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router

from nhactruong.foundation.web.interface import (
    WRITE_REFUSALS,
    ActDone,
    FiledOut,
    Filing,
    Key,
    Reasoned,
    SecrecyCode,
    Versioned,
    Words,
)
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.states import Urgency
from nhactruong.masterdata.vocabularies.selectors import type_names
from nhactruong.records.dossiers import commands as dossiers
from nhactruong.records.incoming import commands, policies, selectors
from nhactruong.records.incoming.commands.handling import desk_of
from nhactruong.records.incoming.models import IncomingDocument

router = Router(tags=["văn bản đến"])

#: Where work goes: a unit or a post by its key.
DeskName = Annotated[
    str, Field(pattern=r"^(unit|post):[1-9][0-9]{0,8}$", description="`unit:7` hoặc `post:12`.")
]


class RegisterIn(Versioned):
    """One line of sổ đăng ký văn bản đến."""

    reference_code: Words = ""
    issued_on: date
    issuer_name: Words
    document_type: Words = ""
    subject: Words
    signer_name: Words = ""
    signer_position: Words = ""
    urgency: Urgency = Urgency.NORMAL
    secrecy: SecrecyCode = SecrecyCode.ORDINARY
    due_on: date | None = None
    note: Words = ""
    duplicate_reason: Words = Field("", description="Lý do vào sổ lần nữa khi đã có bản trùng.")


class DirectIn(Versioned):
    """A bút phê."""

    lead: DeskName
    supporting: list[DeskName] = Field(default_factory=list, max_length=100)
    informed: list[DeskName] = Field(default_factory=list, max_length=100)
    opinion: Words = ""
    due_on: date | None = None


class LeaderIn(Versioned):
    """To whom it goes, and with which opinion."""

    opinion: Words = ""
    leader_post_id: Key | None = Field(None, description="Trống: Bí thư, hoặc Phó Bí thư.")


class AssignIn(Versioned):
    """Who handles it."""

    post_id: Key
    note: Words = ""


class CompleteIn(Versioned):
    """What came of it."""

    result: Words


def _done(document: IncomingDocument) -> dict[str, Any]:
    return {"id": document.public_id, "state": document.state, "version": document.version}


@router.post(
    "/{uuid:public_id}/register",
    response={200: ActDone, **WRITE_REFUSALS},
    summary="Vào sổ và trình",
)
def register_incoming(
    request: HttpRequest, public_id: uuid.UUID, sent: RegisterIn
) -> dict[str, Any]:
    """The document with its arrival number, put before the Chánh Văn phòng or the leader."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    document = selectors.seen(actor, public_id)
    if sent.document_type and sent.document_type not in type_names():
        raise InvalidInput.at(
            "document_type", "incoming.no_type", "Không có loại văn bản này trong danh mục."
        )
    same_name = document.issuer_name and sent.issuer_name == document.issuer_name
    issuer = document.issuer_agency_id if same_name else None
    line = commands.RegisterLine(
        reference_code=sent.reference_code,
        issued_on=sent.issued_on,
        issuer_name=sent.issuer_name,
        document_type=sent.document_type,
        subject=sent.subject,
        issuer_agency_id=issuer or selectors.agency_named(sent.issuer_name),
        signer_name=sent.signer_name,
        signer_position=sent.signer_position,
        urgency=sent.urgency,
        secrecy=sent.secrecy.level,
        due_on=sent.due_on,
        note=sent.note,
        duplicate_reason=sent.duplicate_reason,
    )
    return _done(commands.register(actor, public_id, line, version=sent.version))


@router.post(
    "/{uuid:public_id}/return-to-sender",
    response={200: ActDone, **WRITE_REFUSALS},
    summary="Trả lại nơi gửi",
)
def return_incoming(request: HttpRequest, public_id: uuid.UUID, sent: Reasoned) -> dict[str, Any]:
    """The unregistered document, sent back with a reason."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    return _done(
        commands.return_to_sender(actor, public_id, reason=sent.reason, version=sent.version)
    )


@router.post(
    "/{uuid:public_id}/direct", response={200: ActDone, **WRITE_REFUSALS}, summary="Bút phê"
)
def direct_incoming(request: HttpRequest, public_id: uuid.UUID, sent: DirectIn) -> dict[str, Any]:
    """The document given to those who lead, support and know."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    return _done(
        commands.direct(
            actor,
            public_id,
            lead=desk_of(sent.lead),
            supporting=[desk_of(one) for one in dict.fromkeys(sent.supporting)],
            informed=[desk_of(one) for one in dict.fromkeys(sent.informed)],
            opinion=sent.opinion,
            due_on=sent.due_on,
            due_rule="Người bút phê đặt" if sent.due_on else "",
            version=sent.version,
        )
    )


@router.post(
    "/{uuid:public_id}/submit-to-leader",
    response={200: ActDone, **WRITE_REFUSALS},
    summary="Trình lãnh đạo",
)
def submit_incoming(request: HttpRequest, public_id: uuid.UUID, sent: LeaderIn) -> dict[str, Any]:
    """The document put before a leader of the agency."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    return _done(
        commands.submit_to_leader(
            actor,
            public_id,
            opinion=sent.opinion,
            leader_post_id=sent.leader_post_id,
            version=sent.version,
        )
    )


@router.post(
    "/{uuid:public_id}/assign",
    response={200: ActDone, **WRITE_REFUSALS},
    summary="Giao chuyên viên",
)
def assign_incoming(request: HttpRequest, public_id: uuid.UUID, sent: AssignIn) -> dict[str, Any]:
    """The document given to one specialist."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    return _done(
        commands.assign(
            actor, public_id, post_id=sent.post_id, note=sent.note, version=sent.version
        )
    )


@router.post(
    "/{uuid:public_id}/complete",
    response={200: ActDone, **WRITE_REFUSALS},
    summary="Kết thúc không cần trả lời",
)
def complete_incoming(
    request: HttpRequest, public_id: uuid.UUID, sent: CompleteIn
) -> dict[str, Any]:
    """The document closed with its result."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    return _done(commands.complete(actor, public_id, result=sent.result, version=sent.version))


@router.post(
    "/{uuid:public_id}/file",
    response={200: FiledOut, **WRITE_REFUSALS},
    summary="Lưu vào hồ sơ",
)
def file_incoming(request: HttpRequest, public_id: uuid.UUID, sent: Filing) -> dict[str, Any]:
    """The document in an open dossier."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    document = selectors.get_visible(actor, public_id)
    policies.can_file(actor, document).require()
    entry = dossiers.file(actor, sent.dossier, document)
    return {"dossier": sent.dossier, "document": entry.object_id}
