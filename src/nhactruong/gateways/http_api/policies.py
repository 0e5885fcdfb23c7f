"""Who may give out keys. Source: security.md 8, row "Configuration, keys, backup"."""

from __future__ import annotations

from nhactruong.kernel.actor import Actor
from nhactruong.kernel.decisions import ALLOWED, Decision, never
from nhactruong.kernel.states import Role


def can_keep_keys(actor: Actor, agency_id: int | None = None) -> Decision:
    """May the actor issue and revoke keys (of that agency, or of any)?"""
    reached = actor.agencies_with(Role.SYSADMIN)
    if reached if agency_id is None else agency_id in reached:
        return ALLOWED
    return never("key.not_the_administrator", "Khóa truy cập do quản trị hệ thống cấp và thu hồi.")
