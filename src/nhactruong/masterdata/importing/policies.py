"""Who brings lists in and who approves them. Source: security.md 8, row "Shared data store"; 9."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from nhactruong.foundation.access.rules import Line
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.decisions import ALLOWED, Decision, never, refused
from nhactruong.kernel.states import Role
from nhactruong.masterdata.importing.models import ListImport
from nhactruong.masterdata.importing.rules import STATE_LABELS, State

APPROVING: Final = frozenset({Role.CHIEF_OF_OFFICE, Role.DEPUTY_CHIEF})
PROPOSING: Final = APPROVING | {Role.HEAD_OF_DIVISION, Role.SPECIALIST, Role.CLERK}
#: Who has a list give roles, as with change orders. Source: security.md 8 (row 25), 9 (4).
GIVING_ROLES: Final = frozenset({Role.CHIEF_OF_OFFICE, Role.HEAD_OF_DIVISION, Role.SYSADMIN})
#: Who approves a list that gives roles, there or above; no deputy.
APPROVING_ROLES: Final = frozenset({Role.CHIEF_OF_OFFICE})
#: Sees that something runs, never what: "technical only".
TECHNICAL: Final = frozenset({Role.SYSADMIN})


def can_open(actor: Actor) -> Decision:
    """May the actor open the pages of imports at all?"""
    if actor.agencies_with(*PROPOSING, *TECHNICAL):
        return ALLOWED
    return never(
        "importing.not_proposing",
        "Chức danh này không nhập danh sách vào kho dữ liệu chuẩn.",
        line=Line.MASTER_DATA,
    )


def can_bring_in(actor: Actor, agency_id: int | None = None) -> Decision:
    """May the actor bring a list in, and take one out, for the agency (None: for any)?"""
    served = actor.agencies_with(*PROPOSING)
    if agency_id in served or (agency_id is None and served):
        return ALLOWED
    return never(
        "importing.not_proposing",
        "Chức danh này không nhập danh sách vào kho dữ liệu chuẩn.",
        line=Line.MASTER_DATA,
    )


def approving(list_import: ListImport) -> frozenset[Role]:
    """The roles that approve this list."""
    return APPROVING_ROLES if list_import.gives_roles else APPROVING


def can_approve(
    actor: Actor, list_import: ListImport, reached: Collection[int], *, is_about_actor: bool
) -> Decision:
    """May the actor have the list written? Chánh or Phó Chánh Văn phòng, never whoever brought it.

    One that gives roles: the Chánh Văn phòng, there or of an agency above. `reached`: the agencies
    the actor approves for (`approving`), with those below; the list must touch no other.
    `is_about_actor`: whether it gives something to the actor. Source: security.md 8, 9 (4).
    """
    deciding = _is_deciding(actor, list_import, reached)
    if not deciding:
        return deciding
    waiting = _is_waiting(list_import)
    if not waiting:
        return waiting
    if actor.person_id == list_import.proposer_id:
        return refused(
            "importing.own_proposal",
            "Người nhập không tự duyệt danh sách của mình. Việc này cần người thứ hai.",
            line=Line.MASTER_DATA,
        )
    if is_about_actor:
        return refused(
            "importing.about_oneself",
            "Danh sách có dòng về chính đồng chí. Lãnh đạo Văn phòng khác là người duyệt.",
            line=Line.MASTER_DATA,
        )
    if not set(list_import.touched) <= set(reached):
        return refused(
            "importing.beyond_reach",
            "Danh sách có cơ quan ngoài phạm vi của đồng chí. Lãnh đạo Văn phòng cấp trên là người duyệt.",
            line=Line.MASTER_DATA,
        )
    return ALLOWED


def can_refuse(actor: Actor, list_import: ListImport, reached: Collection[int]) -> Decision:
    """May the actor say no to the list? Whoever could approve such a list, or its proposer."""
    deciding = _is_deciding(actor, list_import, reached)
    if not deciding:
        return deciding
    if actor.person_id == list_import.proposer_id:
        return never(
            "importing.own_proposal",
            "Danh sách của mình thì rút lại.",
            line=Line.MASTER_DATA,
        )
    return _is_waiting(list_import)


def can_withdraw(actor: Actor, list_import: ListImport) -> Decision:
    """May the actor take the list back? Whoever brought it in, until it is decided."""
    if actor.person_id is None or actor.person_id != list_import.proposer_id:
        return never(
            "importing.not_own", "Người nhập là người rút danh sách.", line=Line.MASTER_DATA
        )
    if list_import.as_state is State.CHECKING:
        return ALLOWED
    return _is_waiting(list_import)


def _is_deciding(actor: Actor, list_import: ListImport, reached: Collection[int]) -> Decision:
    leads = actor.has_any_role(APPROVING, list_import.agency_id)
    if list_import.gives_roles and list_import.agency_id not in reached:
        says = refused if leads else never
        return says(
            "importing.chief_decides",
            "Danh sách này giao vai trò. Chánh Văn phòng của cơ quan, hoặc của cơ quan cấp trên, là"
            " người duyệt.",
            line=Line.ACCOUNTS,
        )
    if not list_import.gives_roles and not leads:
        return never(
            "importing.not_approving",
            "Lãnh đạo Văn phòng là người duyệt danh sách.",
            line=Line.MASTER_DATA,
        )
    return ALLOWED


def _is_waiting(list_import: ListImport) -> Decision:
    if list_import.as_state is State.PROPOSED:
        return ALLOWED
    words = STATE_LABELS[list_import.as_state].lower()
    return refused(
        "importing.wrong_state", f"Lần nhập này {words} nên không làm được việc này nữa."
    )
