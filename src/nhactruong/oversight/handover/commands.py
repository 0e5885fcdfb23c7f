"""The proposal, the answer of a second person, and the day on which all is done."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError, transaction

from nhactruong.foundation.access import commands as access
from nhactruong.foundation.access.rules import post_token, role_token
from nhactruong.foundation.access.selectors import find_thing
from nhactruong.foundation.accounts import commands as accounts
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.notices import commands as notices
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.workitems import commands as workitems
from nhactruong.foundation.workitems.commands import Wording
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput, NotFound, RuleBroken
from nhactruong.kernel.limits import line_within
from nhactruong.masterdata.delegations import commands as delegations
from nhactruong.masterdata.organization import commands as appointing
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Holding, Person
from nhactruong.masterdata.organization.rules import may_meet
from nhactruong.masterdata.organization.selectors import PostCard
from nhactruong.oversight.handover import policies, rules, selectors
from nhactruong.oversight.handover.models import HandOver, Part
from nhactruong.oversight.handover.rules import State
from nhactruong.records.dossiers import commands as dossiers
from nhactruong.records.incoming import commands as incoming
from nhactruong.records.outgoing import commands as outgoing

DECIDE = "handover.decide"


@dataclass(frozen=True, slots=True)
class Receiving:
    """Who receives one post (`successor_id`), or its work (`receiver_id`, some of it `apart`)."""

    post_id: int
    successor_id: int | None = None
    receiver_id: int | None = None
    apart: Mapping[str, int] = field(default_factory=dict)


@command
def propose(
    actor: Actor,
    *,
    agency_id: int,
    person: Person | None,
    on: date,
    basis: str,
    receiving: Sequence[Receiving],
) -> HandOver:
    """The hand-over of somebody's posts at the agency, or of one post's work when nobody leaves.

    It waits for the head of office or a deputy. Raises: AccessDenied, InvalidInput, NotFound,
    RuleBroken `handover.orphaned` naming what nobody would receive.
    """
    posts = {card.post_id: card for card in organization.post_cards(agency_id=agency_id)}
    chosen = [posts.get(one.post_id) for one in receiving]
    units = {card.unit_id for card in chosen if card is not None}
    policies.can_propose_for(actor, agency_id, units).require()
    rules.may_be_on(on, clock.today()).require()
    words = line_within(300, basis, field="basis", label="Căn cứ")
    if not words:
        raise InvalidInput.at("basis", "handover.no_basis", "Thiếu căn cứ bàn giao.")
    if person is not None:
        held = {card.post_id for card in posts.values() if card.person_id == person.pk}
        if {one.post_id for one in receiving} != held or not held:
            raise RuleBroken(
                "handover.posts_changed",
                "Chức danh của người này vừa thay đổi. Đồng chí tải lại trang.",
            )
    _require_all_received(posts, receiving, person)
    try:
        with transaction.atomic():
            made = HandOver.objects.create(
                agency_id=agency_id,
                person=person,
                on=on,
                basis=words,
                asked_by=actor.name,
                asked_person_id=actor.person_id or 0,
                asked_at=clock.now(),
            )
    except IntegrityError as fault:
        raise RuleBroken(
            "handover.already", "Người này đã có đề nghị bàn giao chưa xong."
        ) from fault
    Part.objects.bulk_create(
        [
            Part(
                hand_over=made,
                post_id=one.post_id,
                successor_id=one.successor_id,
                receiver_id=one.receiver_id,
                apart=dict(one.apart),
            )
            for one in receiving
        ]
    )
    for role in policies.DECIDING:
        workitems.put_before(
            actor,
            role_token(role, agency_id),
            DECIDE,
            made,
            Wording(selectors.title_of(made), source=actor.name, due_on=on),
        )
    audit.record(
        actor,
        "organization.handover_asked",
        made,
        person=person.key if person else "",
        on=on.isoformat(),
        basis=words,
    )
    return made


def _require_all_received(
    posts: Mapping[int, PostCard], receiving: Sequence[Receiving], person: Person | None
) -> None:
    """Nothing when everything has a receiver. Raises: NotFound, RuleBroken `handover.*`."""
    if any(one.post_id not in posts for one in receiving):
        raise NotFound("handover.no_post", "Không có chức danh này ở cơ quan.")
    for one in receiving:
        for post_id in {one.receiver_id, *one.apart.values()} - {None}:
            _require_receiver(posts.get(post_id or 0), one, person)
        if one.successor_id is not None:
            _require_successor(posts, posts[one.post_id], one.successor_id, person)
    burdens = selectors.burdens_of([posts[one.post_id] for one in receiving])
    left: list[str] = []
    for one in receiving:
        if person is None and one.receiver_id is not None:
            # The holder stays: role and unit keep their work, and he signs what waits.
            continue
        left += rules.orphans(
            burdens[one.post_id],
            has_successor=one.successor_id is not None,
            has_receiver=one.receiver_id is not None,
        )
    if left:
        raise RuleBroken("handover.orphaned", " ".join(left))


def _require_receiver(to: PostCard | None, one: Receiving, person: Person | None) -> None:
    if to is None or to.post_id == one.post_id or not selectors.serves_content(to):
        raise NotFound("handover.no_receiver", "Nơi nhận việc không thuộc cơ quan này.")
    leaves = person is not None and to.person_id == person.pk
    if to.person_id is None or leaves:
        raise RuleBroken(
            "handover.receiver_vacant",
            f"{to.title} hiện không có người, hoặc chính người ấy bàn giao; chọn nơi khác.",
        )


def _require_successor(
    posts: Mapping[int, PostCard], post: PostCard, successor_id: int, person: Person | None
) -> None:
    if person is None or successor_id == person.pk:
        raise RuleBroken("handover.no_successor", "Chọn người khác nhận chức danh.")
    if not any(other.person_id == successor_id for other in posts.values()):
        raise NotFound("handover.no_person", "Không có người này trong cơ quan.")
    held = organization.roles_in_hand([successor_id], clock.today()).get(successor_id, frozenset())
    meeting = may_meet(held | {role for role, _ in post.roles})
    if not meeting:
        raise RuleBroken(meeting.code, meeting.reason)


@command
def approve(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> HandOver:
    """The hand-over, approved by a second person; carried out at once when its day has come.

    Raises: NotFound, AccessDenied, ConflictingChange, RuleBroken `handover.orphaned`.
    """
    made = selectors.lock_visible(actor, public_id, version)
    policies.can_decide(actor, made).require()
    made.state = State.APPROVED
    _decide(actor, made, "")
    audit.record(actor, "organization.handover_approved", made)
    if made.on <= clock.today():
        _carry_out(actor, made)
    return made


@command
def refuse(actor: Actor, public_id: uuid.UUID, *, reason: str, version: int | None) -> HandOver:
    """The hand-over, refused with the reason. Raises: as `approve`, InvalidInput."""
    made = selectors.lock_visible(actor, public_id, version)
    policies.can_decide(actor, made).require()
    said = line_within(1000, reason, field="reason", label="Lý do")
    if not said:
        raise InvalidInput.at("reason", "handover.no_reason", "Không duyệt phải nêu lý do.")
    made.state = State.REFUSED
    _decide(actor, made, said)
    audit.record(actor, "organization.handover_refused", made, reason=said)
    return made


def _decide(actor: Actor, made: HandOver, reason: str) -> None:
    made.decided_by, made.decided_person_id = actor.name, actor.person_id
    made.decided_at, made.decision_reason = clock.now(), reason
    made.save_changes("state", "decided_by", "decided_person_id", "decided_at", "decision_reason")
    workitems.close(actor, made, [DECIDE], outcome=made.state)


@command
def withdraw(actor: Actor, public_id: uuid.UUID) -> HandOver:
    """The hand-over, given up by who asked before it was carried out."""
    made = selectors.lock_visible(actor, public_id, None)
    policies.can_withdraw(actor, made).require()
    made.state = State.WITHDRAWN
    made.save_changes("state")
    workitems.close(actor, made, [DECIDE], outcome=State.WITHDRAWN)
    audit.record(actor, "organization.handover_withdrawn", made)
    return made


def carry_out_due(actor: Actor) -> int:
    """How many approved hand-overs whose day has come are done now, each by itself."""
    due = HandOver.objects.filter(state=State.APPROVED, on__lte=clock.today())
    done = 0
    for public_id in due.order_by("on", "pk").values_list("public_id", flat=True):
        try:
            done += _carry_out_one(actor, public_id)
        except (NotFound, RuleBroken) as fault:
            # What was right when it was approved no longer is: somebody must look at it again.
            _hold_back(actor, public_id, fault.sentence)
    return done


@command
def _hold_back(actor: Actor, public_id: uuid.UUID, why: str) -> None:
    made = HandOver.objects.select_for_update(of=("self",)).get(public_id=public_id)
    made.state, made.decision_reason = State.REFUSED, f"Chưa thực hiện được: {why}"[:1000]
    made.save_changes("state", "decision_reason")
    seats = Holding.objects.filter(
        person_id=made.asked_person_id, valid__contains=clock.today()
    ).values_list("post_id", flat=True)
    told = [post_token(seat) for seat in seats]
    told += [role_token(role, made.agency_id) for role in policies.DECIDING]
    title = selectors.title_of(made)
    notices.tell(actor, told, "handover.held_back", made, f"{title}: {made.decision_reason}")
    audit.record(actor, "organization.handover_refused", made, reason=made.decision_reason)


@command
def _carry_out_one(actor: Actor, public_id: uuid.UUID) -> bool:
    made = HandOver.objects.select_for_update(of=("self",)).get(public_id=public_id)
    if made.as_state != State.APPROVED:
        return False
    _carry_out(actor, made)
    return True


def _carry_out(actor: Actor, made: HandOver) -> None:
    today = clock.today()
    day = max(made.on, today)
    cards = {card.post_id: card for card in organization.post_cards(agency_id=made.agency_id)}
    parts = list(made.parts.select_related("post", "successor").order_by("pk"))
    _require_all_received(cards, [_receiving(part) for part in parts], made.person)
    moved = 0
    for part in parts:
        if part.successor is not None and made.person is not None:
            appointing.end_holding(actor, made.person, part.post, on=day)
            appointing.appoint(
                actor,
                part.successor,
                part.post,
                kind=_kind_of(part.successor, day),
                since=day,
            )
            continue
        part.moved = _move(actor, cards, part)
        part.save(update_fields=["moved"])
        moved += part.moved
        if made.person is not None:
            appointing.end_holding(actor, made.person, part.post, on=day)
    ended = sessions = 0
    if made.person is not None:
        ended = delegations.end_all_of(actor, made.person_id or 0)
        if made.person.account_id is not None:
            sessions = accounts.end_sessions_of(actor, made.person.account_id)
    made.state, made.carried_out_at = State.CARRIED_OUT, clock.now()
    made.save_changes("state", "carried_out_at")
    audit.record(
        actor,
        "organization.handover_carried_out",
        made,
        moved=moved,
        delegations=ended,
        sessions=sessions,
    )


def _receiving(part: Part) -> Receiving:
    apart = {key: int(post_id) for key, post_id in part.apart.items()}
    return Receiving(part.post_id, part.successor_id, part.receiver_id, apart)


def _kind_of(person: Person, day: date) -> str:
    """Who holds a post already takes the further one beside it."""
    has_one = Holding.objects.filter(person=person, valid__contains=day).exists()
    return Holding.Kind.CONCURRENT if has_one else Holding.Kind.MAIN


def _move(actor: Actor, cards: Mapping[int, PostCard], part: Part) -> int:
    """How many records went from the post to its receivers: first those apart, then the rest."""
    apart: dict[int, list[uuid.UUID]] = {}
    for object_id, post_id in part.apart.items():
        apart.setdefault(int(post_id), []).append(uuid.UUID(object_id))
    moved: set[uuid.UUID] = set()
    for post_id, chosen in apart.items():
        moved |= _move_to(actor, part.post_id, cards[post_id], chosen)
    if part.receiver_id is None:
        return len(moved)
    to = cards[part.receiver_id]
    moved |= _move_to(actor, part.post_id, to, None)
    return len(moved) + dossiers.take_over(actor, part.post_id, to)


def _move_to(
    actor: Actor, from_post_id: int, to: PostCard, only: Sequence[uuid.UUID] | None
) -> set[uuid.UUID]:
    moved = set(incoming.take_over(actor, from_post_id, to, only=only))
    moved |= outgoing.take_over(actor, from_post_id, to, only=only)
    rerouted = set(
        workitems.reroute(
            actor,
            post_token(from_post_id),
            post_token(to.post_id),
            to_post_id=to.post_id,
            only=only,
            apart_from=[selectors.SIGN],
        )
    )
    for object_id in rerouted:
        thing = find_thing(object_id)
        if thing is not None:
            access.grant(actor, thing, [post_token(to.post_id)], "handover")
    return moved | rerouted
