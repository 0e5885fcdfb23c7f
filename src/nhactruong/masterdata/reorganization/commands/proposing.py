"""From the first words of a proposal to its approval."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.notices import commands as notices
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.workitems import commands as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import AccessDenied, InvalidInput, RuleBroken
from nhactruong.kernel.limits import line_within, text_within
from nhactruong.kernel.states import Role, next_state
from nhactruong.masterdata.organization.models import Agency
from nhactruong.masterdata.reorganization import policies, selectors
from nhactruong.masterdata.reorganization.models import Part, PostMapping, Reorganization
from nhactruong.masterdata.reorganization.rules import (
    RUNNING,
    STATE_LABELS,
    TRANSITIONS,
    Kind,
    require_parts,
)
from nhactruong.masterdata.reorganization.selectors.planning import faults, suggestion

APPROVE: Final = "reorganization.approve"
CARRY_OUT: Final = "reorganization.carry_out"


def who(actor: Actor) -> str:
    """The person with the post of the act, as the record prints it."""
    post = actor.post
    return f"{actor.name}, {post.title}"[:300] if post else actor.name


def move(made: Reorganization, verb: str) -> None:
    """The state `verb` leads to. Raises: RuleBroken."""
    made.state = next_state(TRANSITIONS, verb, made.as_state, STATE_LABELS)


def _agencies(ids: Sequence[int], field: str) -> list[Agency]:
    rows = Agency.objects.filter(pk__in=ids).exclude(valid_to__lte=clock.today())
    found = list(rows.select_related("parent__parent__parent").order_by("pk"))
    if len(found) != len(set(ids)):
        raise InvalidInput.at(
            field, "reorganization.no_agency", "Cơ quan đã chọn không còn hoạt động. Chọn lại."
        )
    return found


@command
def open_proposal(
    actor: Actor,
    *,
    kind: Kind,
    old_ids: Sequence[int],
    new_ids: Sequence[int],
    successor_id: int | None,
    basis: str,
    effective_on: date,
) -> Reorganization:
    """A reorganization being prepared, each post that ends mapped to what most likely follows it.

    `successor_id`: of several new agencies the one that receives for the old and keeps its books.
    Raises: InvalidInput naming the field, AccessDenied for who is not above these agencies,
    RuleBroken while one of them is in another reorganization.
    """
    policies.can_propose(actor).require()
    require_parts(kind, old_ids, new_ids)
    old, new = _agencies(old_ids, "old"), _agencies(new_ids, "new")
    successor = new_ids[0] if len(set(new_ids)) == 1 else successor_id
    if successor not in new_ids:
        raise InvalidInput.at(
            "successor",
            "reorganization.no_successor",
            "Chọn cơ quan nhận văn bản và giữ sổ của cơ quan cũ, trong các cơ quan mới.",
        )
    agency = selectors.deciding_agency(actor, old)
    if agency is None:
        raise AccessDenied(
            "reorganization.not_above",
            "Chỉ đề nghị được việc sắp xếp các cơ quan thuộc cấp mình.",
        )
    spoken = Part.objects.filter(
        agency__in=old,
        side=Part.Side.OLD,
        reorganization__state__in=[state.value for state in RUNNING],
    ).select_related("agency")
    if taken := spoken.first():
        raise RuleBroken(
            "reorganization.running",
            "%(agency)s đang nằm trong một lần sắp xếp khác chưa xong.",
            agency=taken.agency.short_name,
        )
    post = next((held for held in actor.posts if any(a == agency.pk for _, a in held.roles)), None)
    actor = actor.acting_as(post)
    words = text_within(500, basis, field="basis", label="Căn cứ")
    if not words:
        raise InvalidInput.at("basis", "reorganization.no_basis", "Ghi số, ngày văn bản căn cứ.")
    made = Reorganization.objects.create(
        agency=agency,
        kind=kind.value,
        basis=words,
        effective_on=effective_on,
        proposed_by=who(actor),
        proposer_id=actor.person_id or 0,
        proposed_at=clock.now(),
    )
    Part.objects.bulk_create(
        [
            *(
                Part(reorganization=made, agency=one, side=Part.Side.OLD, successor_id=successor)
                for one in old
            ),
            *(Part(reorganization=made, agency=one, side=Part.Side.NEW) for one in new),
        ]
    )
    _map(made, suggestion(made))
    audit.record(
        actor,
        "reorganization.drafted",
        made,
        kind=made.kind,
        old=[one.key for one in old],
        new=[one.key for one in new],
    )
    return made


def _map(made: Reorganization, posts: Mapping[int, int | None]) -> None:
    PostMapping.objects.bulk_create(
        [
            PostMapping(reorganization=made, old_post_id=old, new_post_id=new)
            for old, new in posts.items()
        ],
        update_conflicts=True,
        unique_fields=["reorganization", "old_post"],
        update_fields=["new_post"],
    )


@command
def map_posts(
    actor: Actor, public_id: uuid.UUID, posts: Mapping[int, int | None], *, version: int | None
) -> Reorganization:
    """The reorganization with these posts following those; None leaves a post without successor.

    Raises: InvalidInput for a post of neither side.
    """
    made = selectors.lock_visible(actor, public_id, version)
    policies.can_edit(actor, made).require()
    read = selectors.planned(made)
    old, new = {post.post_id for post in read.old}, {post.post_id for post in read.new}
    if not posts.keys() <= old or not {after for after in posts.values() if after} <= new:
        raise InvalidInput(
            "reorganization.other_post", "Chức danh đã chọn không thuộc các cơ quan này. Chọn lại."
        )
    move(made, "edit")
    _map(made, posts)
    made.save_changes("state")
    return made


def _tell(actor: Actor, made: Reorganization, kind: str, role: Role) -> None:
    workitems.put_before(
        actor,
        tokens.role_token(role, made.agency_id),
        kind,
        made,
        workitems.Wording(
            f"{made.as_kind_words}: {made.basis}", source=actor.name, due_on=made.effective_on
        ),
    )


@command
def send(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> Reorganization:
    """The proposal before the leaders of the office, sent by whoever drew it up and mapped it.

    Raises: AccessDenied for anybody else, RuleBroken naming the first thing that is not settled.
    """
    made = selectors.lock_visible(actor, public_id, version)
    policies.can_edit(actor, made).require()
    _require_sound(made, [actor.person_id])
    move(made, "propose")
    made.proposed_by, made.proposed_at, made.returned_reason = who(actor), clock.now(), ""
    made.save_changes("state", "proposed_by", "proposed_at", "returned_reason")
    _tell(actor, made, APPROVE, Role.CHIEF_OF_OFFICE)
    audit.record(actor, "reorganization.proposed", made)
    return made


def _require_sound(made: Reorganization, people: Sequence[int | None]) -> None:
    for sentence in faults(selectors.planned(made), people):
        raise RuleBroken("reorganization.fault", sentence)


@command
def approve(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> Reorganization:
    """The reorganization, approved by a second person; a third carries it out on its day.

    The page has asked for the code. Raises: AccessDenied, RuleBroken as `send`.
    """
    made = selectors.lock_visible(actor, public_id, version)
    policies.can_approve(actor, made).require()
    _require_sound(made, [made.proposer_id, actor.person_id])
    move(made, "approve")
    made.approved_by, made.approver_id, made.approved_at = (
        who(actor),
        actor.person_id,
        clock.now(),
    )
    made.save_changes("state", "approved_by", "approver", "approved_at")
    workitems.close(actor, made, [APPROVE], outcome="approved")
    _tell(actor, made, CARRY_OUT, Role.DEPUTY_CHIEF)
    _tell(actor, made, CARRY_OUT, Role.SYSADMIN)
    audit.record(actor, "reorganization.approved", made, proposed_by=made.proposed_by)
    return made


@command
def send_back(
    actor: Actor, public_id: uuid.UUID, *, reason: str, version: int | None
) -> Reorganization:
    """The proposal, to be prepared anew for that reason. Raises: InvalidInput without one."""
    made = selectors.lock_visible(actor, public_id, version)
    policies.can_send_back(actor, made).require()
    said = text_within(500, reason, field="reason", label="Lý do")
    if not said:
        raise InvalidInput.at("reason", "reorganization.no_reason", "Trả lại phải ghi lý do.")
    move(made, "send_back")
    made.returned_reason = said
    made.save_changes("state", "returned_reason")
    workitems.close(actor, made, [APPROVE], outcome="returned")
    audit.record(actor, "reorganization.sent_back", made, reason=said)
    return made


@command
def withdraw(
    actor: Actor, public_id: uuid.UUID, *, reason: str, version: int | None
) -> Reorganization:
    """The reorganization, given up for that reason; nothing has moved. Raises: InvalidInput."""
    made = selectors.lock_visible(actor, public_id, version)
    policies.can_withdraw(actor, made).require()
    said = line_within(500, reason, field="reason", label="Lý do")
    if not said:
        raise InvalidInput.at("reason", "reorganization.no_reason", "Rút phải ghi lý do.")
    move(made, "withdraw")
    made.returned_reason = said
    made.save_changes("state", "returned_reason")
    workitems.close(actor, made, outcome="withdrawn")
    approved = [] if made.approver_id is None else [Role.CHIEF_OF_OFFICE]
    notices.tell(
        actor,
        [tokens.role_token(role, made.agency_id) for role in approved],
        "reorganization.withdrawn",
        made,
        f"Đã rút: {made.as_kind_words}, {made.basis}",
    )
    audit.record(actor, "reorganization.withdrawn", made, reason=said)
    return made
