"""Alarms found in the record, told at once, and noted by somebody."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Final

from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.notices import commands as notices
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.kernel.limits import text_within
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.oversight.inspection import policies
from nhactruong.oversight.inspection.models import Alert, Watch
from nhactruong.oversight.inspection.selectors import alarms
from nhactruong.oversight.inspection.words import alarm_rules

#: Acts commit after their instant: what was looked through is looked at once more.
_AGAIN: Final = timedelta(minutes=2)
#: After a long rest the record of this time is looked through, not more.
_FARTHEST: Final = timedelta(days=1)


@command
def find_alarms(actor: Actor) -> list[Alert]:
    """The alarms found since the last look; auditor and Chánh Văn phòng are told.

    Two finders at once find each alarm once. An act without an agency alarms every agency with an
    auditor's post.
    """
    now = clock.now()
    Watch.objects.get_or_create(pk=1, defaults={"looked_until": now - _FARTHEST})
    watch = Watch.objects.select_for_update(of=("self",)).get(pk=1)
    since = max(watch.looked_until - _AGAIN, now - _FARTHEST)
    made = []
    for finding in alarms.findings(since, now):
        known = [finding.agency_id] if finding.agency_id else organization.watched_agencies()
        for agency_id in known:
            alert, is_new = Alert.objects.get_or_create(
                rule=finding.alarm.value,
                key=finding.key if finding.agency_id else f"{agency_id}:{finding.key}",
                defaults={
                    "agency_id": agency_id,
                    "person_name": finding.person_name[:200],
                    "user_id": finding.user_id,
                    "count": finding.count,
                    "first_at": finding.first_at,
                    "last_at": finding.last_at,
                    "object_type": finding.object_type,
                    "object_id": finding.object_id,
                    "found_at": now,
                },
            )
            if is_new:
                _tell(actor, alert)
                made.append(alert)
    watch.looked_until = now
    watch.save()
    return made


def _tell(actor: Actor, alert: Alert) -> None:
    watching = [tokens.role_token(role, alert.agency_id) for role in policies.ALARMED]
    label = next(rule.label for rule in alarm_rules().values() if rule.alarm == alert.rule)
    who = f": {alert.person_name}" if alert.person_name else ""
    notices.tell(actor, watching, "alert", alert, f"CẢNH BÁO. {label}{who}")
    audit.record(actor, "alert.found", alert, rule=alert.rule, count=alert.count)


@command
def note(actor: Actor, public_id: uuid.UUID, *, conclusion: str) -> Alert:
    """The alarm, noted with what was concluded. Raises: NotFound, AccessDenied, InvalidInput."""
    alert = alarms.get_visible(actor, public_id)
    policies.can_note_alarms(actor, alert.agency_id).require()
    if alert.noted_at is not None:
        raise RuleBroken("alert.noted", "Cảnh báo này đã được ghi nhận.")
    said = text_within(1000, conclusion, field="conclusion", label="Kết luận")
    if not said:
        raise InvalidInput.at("conclusion", "alert.no_conclusion", "Thiếu kết luận.")
    alert.noted_at, alert.noted_by, alert.conclusion = clock.now(), actor.name, said
    alert.save(update_fields=["noted_at", "noted_by", "conclusion"])
    audit.record(actor, "alert.noted", alert, reason=said)
    return alert
