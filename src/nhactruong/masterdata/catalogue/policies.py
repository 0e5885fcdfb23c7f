"""Who may ask what is held about a person. Source: security.md 5, 8."""

from __future__ import annotations

from nhactruong.foundation.access.rules import Line
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.decisions import ALLOWED, Decision, never
from nhactruong.kernel.states import Role


def can_ask_about(actor: Actor, person_id: int, agency_ids: frozenset[int]) -> Decision:
    """May the actor read it? The person, and the security officer of an agency of the person."""
    if actor.person_id == person_id:
        return ALLOWED
    if any(actor.has_role(Role.SECURITY_ADMIN, agency) for agency in agency_ids):
        return ALLOWED
    return never(
        "catalogue.not_your_data",
        "Dữ liệu về một người do chính người ấy và quản trị an toàn xem.",
        line=Line.ACCOUNTS,
    )


def can_correct(actor: Actor, person_id: int) -> Decision:
    """May the actor put a note beside the data? Whoever may read them, in own right."""
    if actor.person_id == person_id or actor.agencies_with(Role.SECURITY_ADMIN):
        return ALLOWED
    return never(
        "catalogue.not_yours_to_correct",
        "Chính người ấy hoặc quản trị an toàn ghi đính chính.",
        line=Line.ACCOUNTS,
    )
