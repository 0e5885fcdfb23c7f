"""Who may open, fill and close a dossier. Source: documents.md 9, security.md 8."""

from __future__ import annotations

from typing import Final

from nhactruong.foundation.access.rules import Line
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.decisions import ALLOWED, Decision, never, refused
from nhactruong.kernel.states import Role
from nhactruong.records.dossiers.models import Dossier
from nhactruong.records.dossiers.rules import State

_OPENING: Final = frozenset(
    {Role.CHIEF_OF_OFFICE, Role.DEPUTY_CHIEF, Role.HEAD_OF_DIVISION, Role.SPECIALIST}
)

#: Who closes dossiers they do not keep. Source: security.md 8, row "Close dossier".
_CLOSING: Final = frozenset({Role.CHIEF_OF_OFFICE, Role.DEPUTY_CHIEF})


def can_open(actor: Actor, agency_id: int) -> Decision:
    """May the actor open a dossier of this agency?"""
    if actor.has_any_role(_OPENING, agency_id):
        return ALLOWED
    return never(
        "dossier.not_opening", "Chức danh này không lập hồ sơ công việc.", line=Line.DOSSIER
    )


def can_plan(actor: Actor, agency_id: int) -> Decision:
    """May the actor settle the agency's file plan? The Chánh Văn phòng approves it."""
    if actor.has_role(Role.CHIEF_OF_OFFICE, agency_id):
        return ALLOWED
    return never(
        "dossier.not_planning",
        "Chánh Văn phòng duyệt danh mục hồ sơ của cơ quan.",
        line=Line.DOSSIER,
    )


def _is_keeper(actor: Actor, dossier: Dossier) -> bool:
    heads = any(
        post.unit_id is not None
        and post.unit_id == dossier.unit_id
        and any(role == Role.HEAD_OF_DIVISION for role, _ in post.roles)
        for post in actor.posts
    )
    keeps = actor.holds(dossier.keeper_post_id) and actor.has_any_role(_OPENING, dossier.agency_id)
    return heads or keeps


def can_add(actor: Actor, dossier: Dossier) -> Decision:
    """May the actor file something in it? Whoever sees the open dossier of his agency may."""
    if dossier.state != State.OPEN:
        return refused("dossier.closed", "Hồ sơ đã kết thúc nên không thêm văn bản được.")
    if actor.has_any_role(_OPENING | {Role.CLERK}, dossier.agency_id):
        return ALLOWED
    return never(
        "dossier.not_filing", "Chức danh này không thêm văn bản vào hồ sơ.", line=Line.DOSSIER
    )


def can_close(actor: Actor, dossier: Dossier) -> Decision:
    """May the actor close it? Its keeper, the head of its unit, Chánh and Phó Chánh Văn phòng."""
    if not _is_keeper(actor, dossier) and not actor.has_any_role(_CLOSING, dossier.agency_id):
        return never(
            "dossier.not_keeper",
            "Người lập hồ sơ hoặc Trưởng đơn vị kết thúc hồ sơ.",
            line=Line.DOSSIER,
        )
    if dossier.state != State.OPEN:
        return refused("dossier.closed", "Hồ sơ đã kết thúc.")
    return ALLOWED
