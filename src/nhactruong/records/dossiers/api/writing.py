"""The acts on a dossier, the same commands as on its page."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router

from nhactruong.foundation.web.interface import (
    WRITE_REFUSALS,
    ActDone,
    FiledOut,
    Key,
    Sent,
    Versioned,
    Words,
)
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound
from nhactruong.records.dossiers import commands, selectors
from nhactruong.records.dossiers.models import Dossier, PlanHeading
from nhactruong.records.dossiers.rules import PERMANENT

router = Router(tags=["hồ sơ"])


class OpenIn(Sent):
    """A new dossier."""

    agency_id: Key
    code: Words
    title: Words
    retention: Annotated[
        str,
        Field(pattern=r"^(permanent|[1-9][0-9]?)$", description="`permanent`, hoặc số năm 1-99."),
    ]
    heading: uuid.UUID | None = Field(None, description="Mục trong danh mục hồ sơ của năm.")


class EntryIn(Sent):
    """The document that is put in or taken out."""

    document: uuid.UUID


def _done(dossier: Dossier) -> dict[str, Any]:
    return {"id": dossier.public_id, "state": dossier.state, "version": dossier.version}


@router.post("/open", response={200: ActDone, **WRITE_REFUSALS}, summary="Lập hồ sơ")
def open_dossier(request: HttpRequest, sent: OpenIn) -> dict[str, Any]:
    """A new dossier kept by the caller's post."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    return _done(
        commands.open_dossier(
            actor,
            agency_id=sent.agency_id,
            code=sent.code,
            title=sent.title,
            retention=PERMANENT if sent.retention == "permanent" else sent.retention,
            heading=_heading(actor, sent),
        )
    )


def _heading(actor: Actor, sent: OpenIn) -> PlanHeading | None:
    if sent.heading is None:
        return None
    own = [sent.agency_id] if sent.agency_id in actor.agency_ids else []
    for row in selectors.plan(own, clock.today().year):
        if row.public_id == sent.heading:
            return row
    raise NotFound("dossier.no_heading", "Không có mục này trong danh mục hồ sơ của năm.")


@router.post(
    "/{uuid:public_id}/entries", response={200: FiledOut, **WRITE_REFUSALS}, summary="Thêm văn bản"
)
def add_entry(request: HttpRequest, public_id: uuid.UUID, sent: EntryIn) -> dict[str, Any]:
    """One document more; filing it again changes nothing."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    selectors.get_visible(actor, public_id)
    _, thing = selectors.seen_document(actor, sent.document)
    commands.file(actor, public_id, thing)
    return {"dossier": public_id, "document": sent.document}


@router.post(
    "/{uuid:public_id}/entries/remove",
    response={200: FiledOut, **WRITE_REFUSALS},
    summary="Đưa văn bản ra khỏi hồ sơ",
)
def remove_entry(request: HttpRequest, public_id: uuid.UUID, sent: EntryIn) -> dict[str, Any]:
    """One document less in the open dossier; the document itself stays."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    selectors.get_visible(actor, public_id)
    card, _ = selectors.seen_document(actor, sent.document)
    commands.remove(actor, public_id, card.object_id)
    return {"dossier": public_id, "document": sent.document}


@router.post(
    "/{uuid:public_id}/close", response={200: ActDone, **WRITE_REFUSALS}, summary="Kết thúc hồ sơ"
)
def close_dossier(request: HttpRequest, public_id: uuid.UUID, sent: Versioned) -> dict[str, Any]:
    """The dossier closed, its work being done."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
    return _done(commands.close(actor, public_id, version=sent.version))
