"""The second person's answer, and the proposer's second thoughts."""

from __future__ import annotations

import uuid

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.jobs.commands import publish
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.workitems import commands as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.limits import text_within
from nhactruong.kernel.states import next_state
from nhactruong.masterdata.importing import policies, selectors
from nhactruong.masterdata.importing.commands.uploading import DECIDE, who
from nhactruong.masterdata.importing.events import ListApproved
from nhactruong.masterdata.importing.models import ListImport
from nhactruong.masterdata.importing.rules import STATE_LABELS, TRANSITIONS

#: Whoever approves waits for the result.
_AWAITED = 10


@command
def approve(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> ListImport:
    """The list approved; a job writes all of it in one transaction.

    Raises: NotFound, ConflictingChange, AccessDenied (the second person, reach and state; the
    head of office when roles are given). Source: security.md 8 (rows 20, 25).
    """
    found = selectors.lock_import(actor, public_id, version)
    reached = selectors.reach_of(actor, policies.approving(found))
    policies.can_approve(
        actor, found, reached, is_about_actor=selectors.is_about(actor, found)
    ).require()
    found.state = next_state(TRANSITIONS, "approve", found.as_state, STATE_LABELS)
    found.decider_id, found.decided_by = actor.person_id, who(actor)[:300]
    found.decided_at = clock.now()
    found.save_changes("state", "decider", "decided_by", "decided_at")
    workitems.close(actor, found, [DECIDE], outcome="approved")
    publish(ListApproved(import_id=found.public_id), priority=_AWAITED)
    audit.record(
        actor,
        "importing.approved",
        found,
        proposed_by=found.proposed_by,
        sha256=found.sha256,
        new=found.new_count,
        changed=found.changed_count,
    )
    return found


@command
def refuse(actor: Actor, public_id: uuid.UUID, *, reason: str, version: int | None) -> ListImport:
    """The list not approved, with the reason; nothing is written.

    Raises: NotFound, ConflictingChange, AccessDenied, InvalidInput without a reason.
    """
    found = selectors.lock_import(actor, public_id, version)
    reached = selectors.reach_of(actor, policies.approving(found))
    policies.can_refuse(actor, found, reached).require()
    if not reason.strip():
        raise InvalidInput.at("reason", "importing.no_reason", "Không duyệt phải ghi lý do.")
    found.state = next_state(TRANSITIONS, "refuse", found.as_state, STATE_LABELS)
    found.reason = text_within(500, reason, field="reason", label="Lý do")
    found.decider_id, found.decided_by = actor.person_id, who(actor)[:300]
    found.decided_at = clock.now()
    found.save_changes("state", "reason", "decider", "decided_by", "decided_at")
    workitems.close(actor, found, [DECIDE], outcome="refused")
    audit.record(actor, "importing.refused", found, reason=found.reason)
    return found


@command
def withdraw(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> ListImport:
    """The proposer's own list, taken back before anybody decided; a running check stops.

    Raises: NotFound, ConflictingChange, AccessDenied.
    """
    found = selectors.lock_import(actor, public_id, version)
    policies.can_withdraw(actor, found).require()
    found.state = next_state(TRANSITIONS, "withdraw", found.as_state, STATE_LABELS)
    found.save_changes("state")
    workitems.close(actor, found, [DECIDE], outcome="withdrawn")
    audit.record(actor, "importing.withdrawn", found)
    return found
