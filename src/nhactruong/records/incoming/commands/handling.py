"""From the bút phê to the answer."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from nhactruong.foundation.access import commands as access
from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.notices import commands as notices
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.workitems import commands as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput, NotFound
from nhactruong.kernel.limits import text_within
from nhactruong.kernel.states import Act, Role, next_state
from nhactruong.kernel.text import whole_number
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.records.incoming import policies, selectors
from nhactruong.records.incoming.commands.indexing import wording
from nhactruong.records.incoming.models import Direction, Handling, IncomingDocument
from nhactruong.records.incoming.rules import STATE_LABELS, TRANSITIONS


@dataclass(frozen=True, slots=True)
class Desk:
    """Where work goes: a unit (its head) or a post."""

    unit_id: int | None = None
    post_id: int | None = None

    @property
    def token(self) -> int:
        """The sight token of the desk."""
        if self.unit_id is not None:
            return tokens.unit_token(self.unit_id)
        return tokens.post_token(self.post_id or 0)


def desk_of(text: str) -> Desk:
    """The desk written as `unit:7` or `post:12`, as forms send it. Raises: InvalidInput."""
    kind, _, digits = text.partition(":")
    number = whole_number(digits)
    if kind in ("unit", "post") and number is not None:
        return Desk(unit_id=number) if kind == "unit" else Desk(post_id=number)
    raise InvalidInput("desk.unknown", "Nơi nhận việc không đúng. Đồng chí chọn lại.")


def _names(desks: Sequence[Desk], agency_id: int) -> dict[Desk, str]:
    units = {unit.pk: unit.name for unit in organization.units_serving(agency_id)}
    wanted = [desk.post_id for desk in desks if desk.post_id is not None]
    posts = {
        card.post_id: f"{card.holder_name}, {card.title}" if card.holder_name else card.title
        for card in organization.post_cards(ids=wanted)
        if any(
            agency == agency_id and role not in policies.WITHOUT_CONTENT
            for role, agency in card.roles
        )
    }
    names = {}
    for desk in desks:
        name = units.get(desk.unit_id) if desk.unit_id is not None else posts.get(desk.post_id or 0)
        if name is None:
            raise NotFound("desk.not_here", "Đơn vị hoặc chức danh này không thuộc cơ quan.")
        names[desk] = name
    return names


@command
def direct(
    actor: Actor,
    public_id: uuid.UUID,
    *,
    lead: Desk,
    supporting: Sequence[Desk] = (),
    informed: Sequence[Desk] = (),
    opinion: str = "",
    due_on: date | None = None,
    due_rule: str = "",
    version: int | None,
) -> IncomingDocument:
    """The document with a bút phê: who leads, who supports, who knows, until when.

    A later bút phê ends the parts an earlier one gave and replaces them.
    Source: NĐ 30/2020 Điều 23-24.
    """
    incoming = selectors.lock_visible(actor, public_id, version)
    actor = policies.in_right_to(Act.DIRECT, actor, incoming)
    if due_on is not None and due_on < clock.today():
        raise InvalidInput(
            "incoming.due_past",
            "Hạn giải quyết không thể trước hôm nay.",
            fields={"due_on": "Hạn giải quyết không thể trước hôm nay."},
        )
    others = [desk for desk in dict.fromkeys(supporting) if desk != lead]
    known = [desk for desk in dict.fromkeys(informed) if desk != lead and desk not in others]
    names = _names([lead, *others, *known], incoming.agency_id)
    # For a lent post: given by the delegate under his own title, kept with the post he stands for.
    directing = policies.directing_post(actor, incoming)
    if actor.standing is None:
        actor = actor.acting_as(directing)
    post = actor.post
    incoming.state = next_state(TRANSITIONS, "direct", incoming.as_state, STATE_LABELS)
    direction = Direction.objects.create(
        incoming=incoming,
        given_by=actor.name,
        given_by_title=post.title if post else "",
        on_behalf_of=actor.on_behalf_of,
        post_id=directing.post_id if directing else None,
        given_at=clock.now(),
        opinion=text_within(2000, opinion, field="opinion", label="Ý kiến"),
        due_on=due_on,
        due_rule=due_rule[:200],
    )
    Handling.objects.filter(incoming=incoming, ended_at=None).update(ended_at=clock.now())
    workitems.close(actor, incoming, outcome="directed")
    if due_on is not None:
        incoming.due_on, incoming.due_rule = due_on, due_rule[:200]
    incoming.directed_at = clock.now()
    incoming.lead_printed = names[lead]
    incoming.save_changes("state", "due_on", "due_rule", "directed_at", "lead_printed")
    give = _Giver(actor, incoming, direction, names)
    give.part(Handling.Part.LEAD, [lead])
    give.part(Handling.Part.SUPPORT, others)
    give.part(Handling.Part.INFORM, known)
    audit.record(
        actor,
        "incoming.directed",
        incoming,
        lead=names[lead],
        supporting=[names[desk] for desk in others],
        informed=[names[desk] for desk in known],
        due_on=due_on.isoformat() if due_on else None,
    )
    return incoming


@dataclass(slots=True)
class _Giver:
    """Hands out the parts of one bút phê."""

    actor: Actor
    incoming: IncomingDocument
    direction: Direction | None
    names: dict[Desk, str]

    def part(self, part: Handling.Part, desks: Sequence[Desk]) -> None:
        """Give `part` to each desk: sight, handling row, and work or a notice."""
        if not desks:
            return
        incoming, actor = self.incoming, self.actor
        Handling.objects.bulk_create(
            [
                Handling(
                    incoming=incoming,
                    direction=self.direction,
                    part=part,
                    unit_id=desk.unit_id,
                    post_id=desk.post_id,
                    name_printed=self.names[desk],
                    given_at=clock.now(),
                    given_by=_named(actor),
                )
                for desk in desks
            ]
        )
        access.grant(actor, incoming, [desk.token for desk in desks], part.value)
        if part == Handling.Part.INFORM:
            notices.tell(
                actor,
                [desk.token for desk in desks],
                "incoming.informed",
                incoming,
                f"Để biết: {incoming.subject}",
            )
            return
        for desk in desks:
            kind = "incoming.support"
            if part == Handling.Part.LEAD:
                kind = "incoming.assign" if desk.unit_id is not None else "incoming.handle"
            elif part == Handling.Part.DO:
                kind = "incoming.handle"
            workitems.put_before(
                actor, desk.token, kind, incoming, wording(incoming), post_id=desk.post_id
            )


def _named(actor: Actor) -> str:
    """`Đinh Thùy Miên, Chuyên viên`, or `Đinh Thùy Miên (TL. Chánh Văn phòng)` for another."""
    if actor.on_behalf_of:
        return f"{actor.name} ({actor.on_behalf_of})"
    return f"{actor.name}, {actor.post.title}" if actor.post else actor.name


def _leader_token(agency_id: int, post_id: int | None) -> int:
    for role in (Role.SECRETARY, Role.DEPUTY_SECRETARY):
        for post in organization.posts_with_role(role, agency_id):
            if post.person_id is not None and post_id in (None, post.post_id):
                return (
                    tokens.role_token(role, agency_id)
                    if post_id is None
                    else tokens.post_token(post_id)
                )
    raise InvalidInput(
        "incoming.no_leader", "Cơ quan chưa có lãnh đạo nào giữ chức danh Bí thư, Phó Bí thư."
    )


@command
def submit_to_leader(
    actor: Actor,
    public_id: uuid.UUID,
    *,
    opinion: str = "",
    leader_post_id: int | None = None,
    version: int | None,
) -> IncomingDocument:
    """The document put before a leader of the agency for a decision.

    Without `leader_post_id` it goes to the Bí thư, or the Phó Bí thư while that post is vacant.
    Raises: InvalidInput `incoming.no_leader` when nobody holds such a post.
    """
    incoming = selectors.lock_visible(actor, public_id, version)
    actor = policies.in_right_to(Act.DIRECT, actor, incoming)
    incoming.state = next_state(TRANSITIONS, "submit_to_leader", incoming.as_state, STATE_LABELS)
    if actor.standing is None:
        actor = actor.acting_as(policies.directing_post(actor, incoming))
    leader = _leader_token(incoming.agency_id, leader_post_id)
    incoming.save_changes("state")
    workitems.close(actor, incoming, ["incoming.direct"], outcome="submitted")
    workitems.put_before(
        actor, leader, "incoming.direct", incoming, wording(incoming), post_id=leader_post_id
    )
    audit.record(actor, "incoming.submitted_to_leader", incoming, reason=opinion.strip())
    return incoming


@command
def assign(
    actor: Actor, public_id: uuid.UUID, *, post_id: int, note: str = "", version: int | None
) -> IncomingDocument:
    """The document given to one specialist by the head of the leading unit."""
    incoming = selectors.lock_visible(actor, public_id, version)
    actor = policies.in_right_to(Act.ASSIGN, actor, incoming)
    desk = Desk(post_id=post_id)
    names = _names([desk], incoming.agency_id)
    lead = incoming.handlings.filter(part=Handling.Part.LEAD, ended_at=None).first()
    if actor.standing is None and lead is not None and lead.unit_id is not None:
        actor = actor.acting_as(
            next((post for post in actor.posts if post.unit_id == lead.unit_id), None)
        )
    incoming.state = next_state(TRANSITIONS, "assign", incoming.as_state, STATE_LABELS)
    Handling.objects.filter(incoming=incoming, part=Handling.Part.DO, ended_at=None).update(
        ended_at=clock.now()
    )
    incoming.assigned_at = clock.now()
    incoming.save_changes("state", "assigned_at")
    workitems.close(actor, incoming, ["incoming.assign", "incoming.handle"], outcome="assigned")
    _Giver(actor, incoming, None, names).part(Handling.Part.DO, [desk])
    audit.record(actor, "incoming.assigned", incoming, reason=note.strip(), to=names[desk])
    return incoming


@command
def start(actor: Actor, public_id: uuid.UUID) -> IncomingDocument | None:
    """The document, now being worked on because a reply was opened; None when it is not here."""
    incoming = (
        IncomingDocument.objects.select_for_update(of=("self",)).filter(public_id=public_id).first()
    )
    if incoming is None or ("start", incoming.as_state) not in TRANSITIONS:
        return incoming
    incoming.state = next_state(TRANSITIONS, "start", incoming.as_state, STATE_LABELS)
    incoming.save_changes("state")
    return incoming


@command
def mark_answered(actor: Actor, public_id: uuid.UUID, *, reference: str) -> IncomingDocument | None:
    """The document, answered by an issued reply; None when it is not here. Twice is once."""
    incoming = (
        IncomingDocument.objects.select_for_update(of=("self",)).filter(public_id=public_id).first()
    )
    if incoming is None or ("answer", incoming.as_state) not in TRANSITIONS:
        return incoming
    incoming.state = next_state(TRANSITIONS, "answer", incoming.as_state, STATE_LABELS)
    incoming.answered_by_reference = reference[:100]
    incoming.finished_at = clock.now()
    incoming.save_changes("state", "answered_by_reference", "finished_at")
    workitems.close(actor, incoming, outcome="answered")
    audit.record(actor, "incoming.answered", incoming, by=reference)
    return incoming


@command
def complete(
    actor: Actor, public_id: uuid.UUID, *, result: str, version: int | None
) -> IncomingDocument:
    """The document, closed without a reply because its matter is settled; the result is kept."""
    incoming = selectors.lock_visible(actor, public_id, version)
    actor = policies.in_right_to(Act.HANDLE, actor, incoming)
    if not result.strip():
        raise InvalidInput.at(
            "result", "incoming.no_result", "Kết thúc phải ghi kết quả giải quyết."
        )
    incoming.state = next_state(TRANSITIONS, "complete", incoming.as_state, STATE_LABELS)
    incoming.result = text_within(500, result, field="result", label="Kết quả giải quyết")
    incoming.finished_at = clock.now()
    incoming.save_changes("state", "result", "finished_at")
    workitems.close(actor, incoming, outcome="completed")
    audit.record(actor, "incoming.completed", incoming, result=incoming.result)
    return incoming
