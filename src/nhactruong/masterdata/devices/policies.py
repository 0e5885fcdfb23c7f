"""Who keeps the register, who receives, who reports loss.

Source: security.md 8, row "Configuration, keys, backup"; 9.5.
"""

from __future__ import annotations

from typing import Final

from nhactruong.foundation.access.rules import Line
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.decisions import ALLOWED, Decision, never, refused
from nhactruong.kernel.states import Role
from nhactruong.masterdata.devices.models import Device
from nhactruong.masterdata.devices.rules import State

KEEPING: Final = (Role.SYSADMIN, Role.SECURITY_ADMIN)
WATCHING: Final = (*KEEPING, Role.CHIEF_OF_OFFICE)


def can_keep(actor: Actor, agency_id: int | None = None) -> Decision:
    """May the actor write into the register (of that agency, or of any)?"""
    reached = actor.agencies_with(*KEEPING)
    if reached if agency_id is None else agency_id in reached:
        return ALLOWED
    return never(
        "device.not_keeping",
        "Quản trị hệ thống hoặc phụ trách an toàn là người giữ sổ thiết bị.",
        line=Line.CONFIGURATION,
    )


def can_change(actor: Actor, device: Device) -> Decision:
    """May the actor pass it on or take it back?"""
    allowed = can_keep(actor, device.agency_id)
    if allowed and device.as_state is State.RETURNED:
        return refused("device.returned", "Thiết bị này đã trả.")
    return allowed


def can_receive(actor: Actor, device: Device) -> Decision:
    """May the actor acknowledge that it is in hand? Each custodian for himself, once."""
    if actor.person_id not in (device.holder_id, device.second_id) or actor.person_id is None:
        return never(
            "device.not_custodian", "Người giữ thiết bị tự ký nhận.", line=Line.CONFIGURATION
        )
    is_first = actor.person_id == device.holder_id
    received = device.holder_received_at if is_first else device.second_received_at
    if device.as_state is not State.IN_USE or received is not None:
        return refused("device.received", "Đồng chí đã ký nhận thiết bị này.")
    return ALLOWED


def can_report_loss(actor: Actor, device: Device) -> Decision:
    """May the actor say that it is lost? Who keeps it, and who watches the register."""
    is_custodian = actor.person_id is not None and actor.person_id in (
        device.holder_id,
        device.second_id,
    )
    if not is_custodian and device.agency_id not in actor.agencies_with(*WATCHING):
        return never(
            "device.not_reporting",
            "Người giữ thiết bị hoặc người giữ sổ là người báo mất.",
            line=Line.CONFIGURATION,
        )
    if device.as_state is not State.IN_USE:
        return refused("device.not_in_use", "Thiết bị này đã báo mất hoặc đã trả.")
    return ALLOWED
