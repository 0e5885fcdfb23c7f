"""One command moves everything, ends the old agencies and proves that nothing is left behind."""

from __future__ import annotations

import uuid

from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.notices import commands as notices
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.workitems import commands as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import RuleBroken
from nhactruong.masterdata.organization import commands as organization
from nhactruong.masterdata.organization import selectors as bodies
from nhactruong.masterdata.organization.commands.ending import Gained
from nhactruong.masterdata.organization.models import Agency, Term
from nhactruong.masterdata.reorganization import policies, selectors
from nhactruong.masterdata.reorganization.base import movers
from nhactruong.masterdata.reorganization.commands.proposing import move, who
from nhactruong.masterdata.reorganization.models import Part, Reorganization
from nhactruong.masterdata.reorganization.selectors import Planned
from nhactruong.masterdata.reorganization.selectors.planning import (
    Waiting,
    count_waiting,
    faults,
    tokens_after,
    unborne,
    waiting_for,
)

WAITING = "Việc đang chờ trong Hộp việc"


@command
def carry_out(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> Reorganization:
    """The reorganization, carried out whole or not at all; `result` says what moved.

    The page has asked for the code. Raises: AccessDenied (the third person), RuleBroken
    `reorganization.too_early`, `.fault`, `.blocked`, `.orphans`: then nothing has changed.
    """
    made = selectors.lock_visible(actor, public_id, version)
    policies.can_carry_out(actor, made, bodies.agencies_kept_with(made.agency_id)).require()
    if made.effective_on > clock.today():
        raise RuleBroken(
            "reorganization.too_early",
            "Chưa đến ngày có hiệu lực %(day)s nên chưa thực hiện được.",
            day=f"{made.effective_on:%d/%m/%Y}",
        )
    # Nothing new may be opened for these agencies meanwhile: a row that names one waits for us.
    ids = sorted(made.parts.values_list("agency_id", flat=True))
    list(Agency.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    read = selectors.planned(made)
    before = waiting_for(read)
    _require_sound(read, actor, before)
    waiting = count_waiting(read, before)
    for agency in read.agencies(Part.Side.NEW):
        _begin_term(actor, agency, read)
    organization.hand_over_posts(
        actor,
        read.plan.posts,
        read.plan.units,
        [
            Gained(post, int(role), agency)
            for post, pairs in sorted(read.gains.items())
            for role, agency in sorted(pairs)
        ],
        since=read.plan.day,
    )
    organization.hand_over_books(actor, read.plan.books, since=read.plan.day)
    result = [(mover.words, mover.move(actor, read.plan)) for mover in movers()]
    workitems.pass_on(actor, tokens_after(read.plan), posts=read.plan.posts)
    result.append((WAITING, waiting))
    ended = read.agencies(Part.Side.OLD)
    for agency in ended:
        organization.close_agency(actor, agency, on=read.plan.day, reason=made.basis)
    left = sum(mover.orphans(read.plan) for mover in movers()) + unborne(read)
    if left:
        raise RuleBroken(
            "reorganization.orphans",
            "%(left)s việc sẽ không có ai nhận nên chưa thực hiện. Chưa có gì thay đổi; đồng chí mở "
            "lại bản xem trước.",
            left=left,
        )
    move(made, "carry_out")
    made.carried_out_by, made.executor_id = who(actor), actor.person_id
    made.carried_out_at = clock.now()
    made.result = [[words, count] for words, count in result]
    made.save_changes("state", "carried_out_by", "executor", "carried_out_at", "result")
    workitems.close(actor, made, outcome="carried_out")
    notices.tell(
        actor,
        {tokens.post_token(post) for post in read.plan.posts.values()},
        "reorganization.carried_out",
        made,
        f"{made.as_kind_words}: tiếp nhận công việc của "
        f"{', '.join(agency.short_name for agency in ended)}",
    )
    audit.record(
        actor,
        "reorganization.carried_out",
        made,
        reason=made.basis,
        moved=dict(result),
        proposed_by=made.proposed_by,
        approved_by=made.approved_by,
    )
    return made


def _require_sound(read: Planned, actor: Actor, waiting: Waiting) -> None:
    made = read.made
    for sentence in faults(read, [made.proposer_id, made.approver_id, actor.person_id], waiting):
        raise RuleBroken("reorganization.fault", sentence)
    for blocker in selectors.blockers(read.plan):
        raise RuleBroken("reorganization.blocked", blocker.sentence)


def _begin_term(actor: Actor, agency: Agency, read: Planned) -> None:
    """A new agency without a term begins one under the name of those that end."""
    if bodies.term_of(agency.pk, read.plan.day) is None:
        before = Term.objects.filter(agency_id__in=read.plan.old_agencies).order_by("-starts_on")
        name = before.values_list("name", flat=True).first()
        if name is not None:
            organization.open_term(actor, agency, name=name, starts_on=read.plan.day)
