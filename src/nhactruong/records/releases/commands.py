"""Asking that a table may leave, and deciding it."""

from __future__ import annotations

import uuid

from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.notices import commands as notices
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.workitems import commands as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import AccessDenied, InvalidInput
from nhactruong.kernel.limits import text_within
from nhactruong.kernel.states import Role
from nhactruong.records.releases import policies, selectors
from nhactruong.records.releases.models import Release
from nhactruong.records.releases.rules import State

DECIDE = "release.decide"


def _reason(text: str, field: str) -> str:
    return text_within(1000, text, field=field, label="Lý do")


@command
def ask(
    actor: Actor, *, agency_id: int, title: str, address: str, rows: int, reason: str
) -> Release:
    """The request, now before Chánh Văn phòng, or before Thường trực when he is who asks.

    Raises: AccessDenied for somebody without a post, InvalidInput. Source: security.md 9.9.
    """
    post = actor.post
    if actor.person_id is None or post is None:
        raise AccessDenied("release.person_only", "Chỉ người có chức danh mới đề nghị xuất được.")
    release = Release.objects.create(
        agency_id=agency_id,
        title=title[:500],
        address=address,
        rows=rows,
        reason=_reason(reason, "reason"),
        asked_by=f"{actor.name}, {post.title}"[:200],
        asked_person_id=actor.person_id,
        asked_post_id=post.post_id,
        asked_at=clock.now(),
    )
    is_chief = actor.has_role(Role.CHIEF_OF_OFFICE, agency_id)
    decider = Role.DEPUTY_SECRETARY if is_chief else Role.CHIEF_OF_OFFICE
    workitems.put_before(
        actor,
        tokens.role_token(decider, agency_id),
        DECIDE,
        release,
        workitems.Wording(f"Xuất {title}, {rows} dòng", source=actor.name),
    )
    audit.record(actor, "release.asked", release, reason=release.reason, rows=rows)
    return release


@command
def allow(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> Release:
    """The request, allowed by a second person: the table may be made for a day."""
    return _decide(actor, public_id, version, State.ALLOWED, "")


@command
def refuse(actor: Actor, public_id: uuid.UUID, *, reason: str, version: int | None) -> Release:
    """The request, refused with a reason. Raises: InvalidInput without one."""
    return _decide(actor, public_id, version, State.REFUSED, reason)


def _decide(
    actor: Actor, public_id: uuid.UUID, version: int | None, to: State, reason: str
) -> Release:
    release = selectors.lock_visible(actor, public_id, version)
    policies.can_decide(actor, release).require()
    reason = _reason(reason, "reason")
    if to is State.REFUSED and not reason:
        sentence = "Thiếu lý do. Đồng chí ghi vì sao không duyệt."
        raise InvalidInput.at("reason", "release.no_reason", sentence)
    release.state = to
    release.decided_by, release.decided_person_id = actor.name, actor.person_id
    release.decided_at, release.decision_reason = clock.now(), reason
    release.save_changes(
        "state", "decided_by", "decided_person_id", "decided_at", "decision_reason"
    )
    workitems.close(actor, release, [DECIDE])
    said = "được duyệt, lập được trong 24 giờ" if to is State.ALLOWED else "không được duyệt"
    asker = [tokens.post_token(release.asked_post_id)]
    notices.tell(actor, asker, DECIDE, release, f"Xuất {release.title}: {said}")
    audit.record(actor, f"release.{to.value}", release, reason=reason)
    return release
