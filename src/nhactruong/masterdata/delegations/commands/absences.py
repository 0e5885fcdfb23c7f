"""Being away: declared with the substitute, ended on return."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import AccessDenied, InvalidInput, NotFound, RuleBroken
from nhactruong.kernel.limits import line_within
from nhactruong.kernel.states import Act
from nhactruong.masterdata.delegations import rules
from nhactruong.masterdata.delegations.commands.lending import (
    Scope,
    delegate,
    revoke_delegation,
)
from nhactruong.masterdata.organization.models import Absence, Delegation, Person
from nhactruong.masterdata.organization.rules import may_be_lent


@command
def declare_absence(
    actor: Actor, *, first: date, last: date, reason: str, substitute: Person | None
) -> Absence:
    """The actor's days away; the substitute has each of his posts that may be lent, with all acts.

    New work of those posts is thereby before both. Whoever keeps seal, books or the system names
    no substitute: these are given to another by the agency.
    Raises: AccessDenied, InvalidInput `absence.*`, RuleBroken `absence.overlaps`.
    """
    if actor.person_id is None:
        raise AccessDenied("absence.person_only", "Chỉ người có chức danh khai vắng mặt.")
    rules.may_be_away(first, last, clock.today()).require()
    words = line_within(100, reason, field="reason", label="Lý do")
    if not words:
        raise InvalidInput.at("reason", "absence.no_reason", "Thiếu lý do, ví dụ: đi công tác.")
    lent = [post for post in actor.posts if may_be_lent(frozenset(role for role, _ in post.roles))]
    if substitute is not None and not lent:
        raise AccessDenied(
            "delegation.never",
            "Quyền quản trị, xem nhật ký, giữ sổ và giữ dấu không được ủy quyền; để trống người"
            " xử lý thay, cơ quan giao người khác.",
        )
    try:
        with transaction.atomic():
            away = Absence.objects.create(
                person_id=actor.person_id,
                substitute=substitute,
                valid=DateRange(first, _day_after(last), "[)"),
                reason=words,
                declared_at=clock.now(),
            )
    except IntegrityError as fault:
        raise RuleBroken(
            "absence.overlaps", "Đồng chí đã khai vắng trong những ngày này; hủy lần trước đã."
        ) from fault
    audit.record(
        actor,
        "organization.absence_declared",
        away,
        until=last.isoformat(),
        substitute=substitute.key if substitute else "",
    )
    if substitute is None:
        return away
    begins, ends = rules.instants(first, last, clock.now(), clock.OFFICE_ZONE)
    for post in lent:
        delegate(
            actor,
            post.post_id,
            substitute,
            kind=Delegation.Kind.SUBSTITUTE,
            basis=f"Khai vắng mặt {first:%d/%m}-{last:%d/%m/%Y}: {words}",
            starts_at=begins,
            ends_at=ends,
            scope=Scope(acts=frozenset(Act)),
            absence=away,
        )
    return away


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


@command
def end_absence(actor: Actor, absence_id: uuid.UUID) -> Absence:
    """The actor is back from this second, and his substitute no longer stands in; twice is once.

    Raises: NotFound `absence.none` unless it is the actor's own.
    """
    away = (
        Absence.objects.select_for_update(of=("self",))
        .filter(public_id=absence_id, person_id=actor.person_id or 0)
        .first()
    )
    if away is None:
        raise NotFound("absence.none", "Không có lần vắng mặt này của đồng chí.")
    if away.ended_at is None:
        away.ended_at = clock.now()
        away.save(update_fields=["ended_at"])
        for public_id in Delegation.objects.filter(absence=away, revoked_at=None).values_list(
            "public_id", flat=True
        ):
            revoke_delegation(actor, public_id)
        audit.record(actor, "organization.absence_ended", away)
    return away
