"""Who may propose, publish and adopt. Source: security.md 8, row "Shared data store"; 9."""

from __future__ import annotations

from typing import Final

from nhactruong.foundation.access.rules import Line
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.decisions import ALLOWED, Decision, never, refused
from nhactruong.kernel.states import Role
from nhactruong.masterdata.procedures.models import Procedure, ProcedureVersion
from nhactruong.masterdata.procedures.rules import STATE_LABELS, State

_APPROVING: Final = frozenset({Role.CHIEF_OF_OFFICE, Role.DEPUTY_CHIEF})
PROPOSING: Final = _APPROVING | {Role.HEAD_OF_DIVISION, Role.SPECIALIST, Role.CLERK}


def _wrong_state(version: ProcedureVersion) -> Decision:
    words = STATE_LABELS[version.as_state].lower()
    return refused("procedure.wrong_state", f"Bản này {words} nên chưa làm được việc này.")


def can_propose(actor: Actor, agency_id: int | None) -> Decision:
    """May the actor word a version for this agency? The shipped ones change with the product."""
    if agency_id is not None and actor.has_any_role(PROPOSING, agency_id):
        return ALLOWED
    return never(
        "procedure.not_proposing",
        "Chức danh này không đề nghị sửa danh mục quy trình.",
        line=Line.MASTER_DATA,
    )


def can_edit(actor: Actor, version: ProcedureVersion) -> Decision:
    """May the actor change the wording? Whoever may propose, until it is sent."""
    proposing = can_propose(actor, version.procedure.agency_id)
    if not proposing:
        return proposing
    return ALLOWED if version.as_state == State.DRAFT else _wrong_state(version)


def can_publish(actor: Actor, version: ProcedureVersion) -> Decision:
    """May the actor put it in force? Chánh or Phó Chánh Văn phòng, never whoever proposed it."""
    agency_id = version.procedure.agency_id
    if agency_id is None or not actor.has_any_role(_APPROVING, agency_id):
        return never(
            "procedure.not_publishing",
            "Lãnh đạo Văn phòng là người ban hành bản quy trình.",
            line=Line.MASTER_DATA,
        )
    if version.as_state != State.PROPOSED:
        return _wrong_state(version)
    if actor.person_id == version.proposer_id:
        return refused(
            "procedure.own_proposal",
            "Người đề nghị không tự ban hành bản quy trình của mình. Việc này cần người thứ hai.",
        )
    return ALLOWED


def can_send_back(actor: Actor, version: ProcedureVersion) -> Decision:
    """May the actor send the proposal back? Whoever may publish; the proposer takes it back."""
    if version.as_state != State.PROPOSED:
        return never(
            "procedure.not_proposed", "Không có đề nghị nào đang chờ.", line=Line.MASTER_DATA
        )
    if actor.person_id is not None and actor.person_id == version.proposer_id:
        return ALLOWED
    return can_publish(actor, version)


def can_adopt(actor: Actor, procedure: Procedure, agency_id: int) -> Decision:
    """May the actor have the agency apply a superior's procedure as it is?"""
    if procedure.agency_id == agency_id or not actor.has_any_role(_APPROVING, agency_id):
        return never(
            "procedure.not_adopting",
            "Lãnh đạo Văn phòng quyết định áp dụng quy trình.",
            line=Line.MASTER_DATA,
        )
    return ALLOWED
