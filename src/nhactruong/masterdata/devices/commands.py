"""Entering a device, passing it on, receiving it, reporting it lost, taking it back, warning."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import IntegrityError, transaction

from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.notices import commands as notices
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.limits import line_within, text_within
from nhactruong.kernel.states import Role
from nhactruong.masterdata.devices import policies, rules, selectors
from nhactruong.masterdata.devices.models import Device
from nhactruong.masterdata.devices.rules import KIND_LABELS, Kind, State

HANDED: Final = "device.handed"
LOST: Final = "device.lost"
ENDING: Final = "device.ending"


@dataclass(frozen=True, slots=True)
class Entry:
    """A device as it is entered."""

    agency_id: int
    kind: Kind
    serial: str
    name: str
    issuer: str
    holder_id: int
    second_id: int | None
    valid_until: date | None
    basis: str


@command
def register_device(actor: Actor, entry: Entry) -> Device:
    """The device in the register, to be acknowledged by who keeps it.

    Raises: AccessDenied, InvalidInput naming the field. Source: security.md 8, 9.5.
    """
    policies.can_keep(actor, entry.agency_id).require()
    _require_custodians(entry.kind, entry.agency_id, entry.holder_id, entry.second_id)
    try:
        with transaction.atomic():
            device = Device.objects.create(
                agency_id=entry.agency_id,
                kind=entry.kind,
                serial=_line(100, entry.serial, "serial", "Số hiệu"),
                name=_line(200, entry.name, "name", "Tên gọi"),
                issuer=_line(200, entry.issuer, "issuer", "Nơi cấp"),
                holder_id=entry.holder_id,
                second_id=entry.second_id,
                held_since=clock.today(),
                valid_until=entry.valid_until,
                basis=_line(500, entry.basis, "basis", "Căn cứ"),
            )
    except IntegrityError:
        raise InvalidInput.at(
            "serial",
            "device.twice",
            "Số hiệu này đã có trong sổ và chưa trả. Đồng chí tìm theo số hiệu.",
        ) from None
    _tell(actor, device, HANDED, "giao đồng chí giữ; mở để ký nhận")
    audit.record(
        actor,
        "device.registered",
        device,
        reason=device.basis,
        kind=device.kind,
        serial=device.serial,
        holder=device.holder_id,
        second=device.second_id,
    )
    return device


def _line(most: int, text: str, field: str, label: str) -> str:
    said = line_within(most, text, field=field, label=label)
    if not said:
        raise InvalidInput.at(field, "device.incomplete", f"Thiếu {label}. Đồng chí nhập đủ.")
    return said


def _require_custodians(kind: Kind, agency_id: int, holder: int, second: int | None) -> None:
    if not rules.is_sound(kind, holder, second):
        sentence = (
            f"{KIND_LABELS[kind]} phải có hai người giữ khác nhau."
            if rules.needs_second(kind)
            else f"{KIND_LABELS[kind]} chỉ có một người giữ; bỏ chọn người giữ thứ hai."
        )
        raise InvalidInput.at("second", "device.custodians", sentence)
    for field, person in (("holder", holder), ("second", second)):
        if person is not None and not selectors.works_at(person, agency_id):
            raise InvalidInput.at(
                field, "device.stranger", "Người được chọn hiện không công tác ở cơ quan này."
            )


def _tell(actor: Actor, device: Device, kind: str, words: str, *also: Role) -> None:
    people = [one for one in (device.holder_id, device.second_id) if one is not None]
    told = {tokens.post_token(post) for post in selectors.posts_of(people)}
    told |= {tokens.role_token(role, device.agency_id) for role in also}
    notices.tell(actor, told, kind, device, f"{device.name}, số {device.serial}: {words}")


@command
def hand_over(
    actor: Actor,
    public_id: uuid.UUID,
    *,
    holder_id: int,
    second_id: int | None,
    basis: str,
    version: int | None,
) -> Device:
    """The device in other hands from today; whoever receives acknowledges it."""
    device = selectors.lock_visible(actor, public_id, version)
    policies.can_change(actor, device).require()
    _require_custodians(device.as_kind, device.agency_id, holder_id, second_id)
    before = [device.holder_id, device.second_id]
    device.holder_id, device.second_id = holder_id, second_id
    device.basis = _line(500, basis, "basis", "Căn cứ")
    device.held_since, device.state = clock.today(), State.IN_USE
    device.holder_received_at = device.second_received_at = None
    device.ended_reason, device.ended_by, device.ended_at = "", "", None
    device.save_changes(
        "holder",
        "second",
        "basis",
        "held_since",
        "state",
        "holder_received_at",
        "second_received_at",
        "ended_reason",
        "ended_by",
        "ended_at",
    )
    _tell(actor, device, HANDED, "giao đồng chí giữ; mở để ký nhận")
    audit.record(
        actor,
        "device.handed_over",
        device,
        reason=device.basis,
        before=before,
        holder=holder_id,
        second=second_id,
    )
    return device


@command
def receive(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> Device:
    """The device, acknowledged by one of its custodians."""
    device = selectors.lock_visible(actor, public_id, version)
    policies.can_receive(actor, device).require()
    is_first = actor.person_id == device.holder_id
    field = "holder_received_at" if is_first else "second_received_at"
    setattr(device, field, clock.now())
    device.save_changes(field)
    audit.record(actor, "device.received", device, serial=device.serial)
    return device


@command
def report_loss(actor: Actor, public_id: uuid.UUID, *, reason: str, version: int | None) -> Device:
    """The device, lost: from this second nobody relies on it; keepers and head of office are told."""
    device = selectors.lock_visible(actor, public_id, version)
    policies.can_report_loss(actor, device).require()
    return _end(actor, device, State.LOST, reason)


@command
def take_back(actor: Actor, public_id: uuid.UUID, *, reason: str, version: int | None) -> Device:
    """The device, returned or withdrawn for good."""
    device = selectors.lock_visible(actor, public_id, version)
    policies.can_change(actor, device).require()
    return _end(actor, device, State.RETURNED, reason)


def _end(actor: Actor, device: Device, state: State, reason: str) -> Device:
    said = text_within(500, reason, field="reason", label="Lý do")
    if not said:
        raise InvalidInput.at("reason", "device.no_reason", "Thiếu Lý do. Đồng chí ghi rõ.")
    device.state, device.ended_reason = state, said
    device.ended_by, device.ended_at = actor.name, clock.now()
    device.save_changes("state", "ended_reason", "ended_by", "ended_at")
    if state is State.LOST:
        watching = (Role.SYSADMIN, Role.SECURITY_ADMIN, Role.CHIEF_OF_OFFICE)
        _tell(actor, device, LOST, f"{actor.name} báo mất", *watching)
    audit.record(actor, f"device.{state.value}", device, reason=said, serial=device.serial)
    return device


@command
def warn_of_ends(actor: Actor) -> int:
    """How many devices end in 60, 30 or 7 days and were told of now, each threshold once."""
    today = clock.today()
    told = 0
    rows = Device.objects.select_for_update(of=("self",)).filter(
        state=State.IN_USE, valid_until__gte=today
    )
    for device in rows.order_by("pk"):
        due = rules.warning_due(device.valid_until, today, device.warned_at_days)
        if due is None:
            continue
        device.warned_at_days = due
        device.save_changes("warned_at_days")
        words = f"hết hạn ngày {device.valid_until:%d/%m/%Y}; đề nghị cấp mới"
        _tell(actor, device, ENDING, words, Role.SYSADMIN, Role.CHIEF_OF_OFFICE)
        told += 1
    return told
