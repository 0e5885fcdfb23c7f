"""Alarms that were found, and what of the record raises new ones."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse

from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.audit.selectors import RecordFilter, rows_of
from nhactruong.foundation.thread.cards import RecordCard
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.oversight.inspection.models import Alert, EmergencyRequest
from nhactruong.oversight.inspection.policies import ALARMED
from nhactruong.oversight.inspection.rules import (
    Alarm,
    Footprint,
    State,
    bursts,
    is_night,
    two_places,
)
from nhactruong.oversight.inspection.words import AlarmRule, alarm_rules

_DOWNLOADS: Final = ("incoming.downloaded", "outgoing.downloaded")


def visible(actor: Actor) -> QuerySet[Alert]:
    """Alarms of the agencies whose record the actor watches."""
    return Alert.objects.filter(agency_id__in=actor.agencies_with(*ALARMED))


def get_visible(actor: Actor, public_id: uuid.UUID) -> Alert:
    """The alarm. Raises: NotFound."""
    found = visible(actor).filter(public_id=public_id).select_related("agency").first()
    if found is None:
        raise NotFound("alert.not_found", "Không tìm thấy cảnh báo này.")
    return found


def record_cards(actor: Actor, ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, RecordCard]:
    """Cards of the wanted alarms that the actor may see."""
    return {
        row.public_id: RecordCard(
            object_type=Alert.type_name(),
            object_id=row.public_id,
            title=alarm_rules()[Alarm(row.rule)].label,
            reference="",
            kind="Cảnh báo",
            url=reverse("inspection:alert", args=[row.public_id]),
            occurred_on=clock.local(row.last_at).date(),
            state="Đã ghi nhận" if row.noted_at else "Chưa ghi nhận",
        )
        for row in visible(actor).filter(public_id__in=list(ids))
    }


@dataclass(frozen=True, slots=True)
class Finding:
    """Something alarming: `key` names it among all of its rule."""

    alarm: Alarm
    key: str
    agency_id: int | None
    person_name: str
    user_id: int | None
    count: int
    first_at: datetime
    last_at: datetime
    object_type: str = ""
    object_id: uuid.UUID | None = None


def findings(since: datetime, until: datetime) -> Sequence[Finding]:
    """Everything alarming in the record between the two instants; a burst may begin before."""
    rules = alarm_rules()
    return [
        *_bursts_of(rules[Alarm.MASS_DOWNLOAD], {"action__in": _DOWNLOADS}, since, until),
        *_bursts_of(rules[Alarm.REPEATED_DENIALS], {"outcome": "denied"}, since, until),
        *_two_places(rules[Alarm.TWO_PLACES], since, until),
        *_nights(rules[Alarm.NIGHT_ADMINISTRATION], since, until),
        *_unnumbered_seals(since, until),
        *_emergencies(since, until),
        *_unreviewed(),
    ]


def _between(since: datetime, until: datetime) -> QuerySet[AuditRow]:
    return rows_of(RecordFilter(since=since, until=until))


def _bursts_of(
    rule: AlarmRule, which: Mapping[str, object], since: datetime, until: datetime
) -> Iterable[Finding]:
    window = timedelta(minutes=rule.window_minutes)
    rows = _between(since - window, until).filter(**which).order_by("at", "id")
    by_person: dict[str, list[AuditRow]] = {}
    for row in rows.iterator(2000):
        who = (
            str(row.user_id)
            if row.user_id is not None
            else f"{row.person_name}@{row.client_address}"
        )
        by_person.setdefault(who, []).append(row)
    for who, theirs in by_person.items():
        times = [row.at for row in theirs]
        agency = next((row.agency_id for row in theirs if row.agency_id), None)
        for burst in bursts(times, most=rule.most, window=window):
            yield Finding(
                rule.alarm,
                # One alarm an hour and person, however long it goes on.
                f"{who}:{burst.first_at:%Y%m%d%H}",
                agency,
                theirs[-1].person_name,
                theirs[-1].user_id,
                burst.count,
                burst.first_at,
                burst.last_at,
            )


def _two_places(rule: AlarmRule, since: datetime, until: datetime) -> Iterable[Finding]:
    window = timedelta(minutes=rule.window_minutes)
    rows = _between(since - window, until).exclude(session_id="").exclude(client_address="")
    by_person: dict[int, list[AuditRow]] = {}
    for row in rows.exclude(user_id=None).order_by("at", "id").iterator(2000):
        by_person.setdefault(row.user_id or 0, []).append(row)
    for user_id, theirs in by_person.items():
        steps = [Footprint(row.at, row.session_id, row.client_address) for row in theirs]
        agency = next((row.agency_id for row in theirs if row.agency_id), None)
        for back in two_places(steps, window=window):
            yield Finding(
                rule.alarm,
                # One alarm an hour and person, however often it goes to and fro.
                f"{user_id}:{back.first_at:%Y%m%d%H}",
                agency,
                theirs[-1].person_name,
                user_id,
                back.count,
                back.first_at,
                back.last_at,
            )


def _nights(rule: AlarmRule, since: datetime, until: datetime) -> Iterable[Finding]:
    administrators = organization.accounts_with((Role.SYSADMIN, Role.SECURITY_ADMIN))
    rows = _between(since, until).filter(user_id__in=administrators, outcome="ok")
    by_night: dict[tuple[int | None, str], list[AuditRow]] = {}
    for row in rows.order_by("at", "id").iterator(2000):
        local = clock.local(row.at)
        if is_night(local.hour, from_hour=rule.from_hour, to_hour=rule.to_hour):
            night = local - timedelta(hours=rule.to_hour + 1)
            by_night.setdefault((row.user_id, f"{night:%Y%m%d}"), []).append(row)
    for (user_id, evening), theirs in by_night.items():
        agency = next((row.agency_id for row in theirs if row.agency_id), None)
        yield Finding(
            rule.alarm,
            f"{user_id}:{evening}",
            agency,
            theirs[0].person_name,
            user_id,
            len(theirs),
            theirs[0].at,
            theirs[-1].at,
        )


def _unnumbered_seals(since: datetime, until: datetime) -> Iterable[Finding]:
    for row in _between(since, until).filter(action="outgoing.sealed").order_by("at", "id"):
        if row.object_id is None:
            continue
        numbered = rows_of(RecordFilter(object_ids=(row.object_id,))).filter(
            action="outgoing.numbered", outcome="ok", at__lte=row.at
        )
        if not numbered.exists():
            yield _of_row(Alarm.SEAL_WITHOUT_NUMBER, row, str(row.object_id))


def _emergencies(since: datetime, until: datetime) -> Iterable[Finding]:
    for row in _between(since, until).filter(action="break_glass.opened").order_by("at", "id"):
        yield _of_row(Alarm.EMERGENCY, row, str(row.facts.get("request") or row.event_id))


def _of_row(alarm: Alarm, row: AuditRow, key: str) -> Finding:
    return Finding(
        alarm,
        key,
        row.agency_id,
        row.person_name,
        row.user_id,
        1,
        row.at,
        row.at,
        row.object_type,
        row.object_id,
    )


def _unreviewed() -> Iterable[Finding]:
    late = EmergencyRequest.objects.filter(state=State.OPENED, review_due_on__lt=clock.today())
    for made in late:
        opened = made.opened_at or made.asked_at
        yield Finding(
            Alarm.EMERGENCY_UNREVIEWED,
            str(made.public_id),
            made.agency_id,
            made.asked_by,
            None,
            1,
            opened,
            opened,
            made.object_type,
            made.object_id,
        )
