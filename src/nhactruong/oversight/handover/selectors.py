"""What lies at a post, who may receive it, and the hand-overs the actor may know of."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse

from nhactruong.foundation.access.rules import post_token, role_token, unit_token
from nhactruong.foundation.search import selectors as search
from nhactruong.foundation.thread.cards import RecordCard
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.foundation.workitems.kinds import kind_of
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.states import ROLE_LABELS, Role
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Delegation
from nhactruong.masterdata.organization.rules import WITHOUT_CONTENT
from nhactruong.masterdata.organization.selectors import PostCard
from nhactruong.oversight.handover.models import HandOver, Part
from nhactruong.oversight.handover.policies import DECIDING, PROPOSING
from nhactruong.oversight.handover.rules import STATE_LABELS, Burden
from nhactruong.records.dossiers import selectors as dossiers
from nhactruong.records.outgoing import selectors as outgoing

SIGN = "outgoing.sign"
_HEADS = frozenset({Role.HEAD_OF_DIVISION, Role.CHIEF_OF_OFFICE, Role.DEPUTY_CHIEF})
#: So many pieces of work are listed one by one; the others go where the post's work goes.
MOST_LISTED = 60
_HIDDEN = "Ngoài phạm vi được xem"


def visible(actor: Actor) -> QuerySet[HandOver]:
    """Hand-overs of the agencies the actor decides for, and those he asked for; unordered."""
    mine = Q(asked_person_id=actor.person_id or 0)
    decided = Q(agency_id__in=actor.agencies_with(*DECIDING))
    return HandOver.objects.filter(mine | decided).select_related("person", "agency")


def get_visible(actor: Actor, public_id: uuid.UUID) -> HandOver:
    """The hand-over. Raises: NotFound."""
    found = (
        visible(actor)
        .filter(public_id=public_id)
        .prefetch_related(
            Prefetch("parts", Part.objects.select_related("post", "successor", "receiver"))
        )
    )
    made = found.first()
    if made is None:
        raise NotFound("handover.none", "Không tìm thấy đề nghị bàn giao này.")
    return made


def lock_visible(actor: Actor, public_id: uuid.UUID, version: int | None) -> HandOver:
    """The hand-over, locked. Raises: NotFound, ConflictingChange."""
    made = visible(actor).filter(public_id=public_id).select_for_update(of=("self",)).first()
    if made is None:
        raise NotFound("handover.none", "Không tìm thấy đề nghị bàn giao này.")
    return made.require_version(version)


def record_cards(actor: Actor, ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, RecordCard]:
    """Cards of the hand-overs the actor may see."""
    return {
        made.public_id: RecordCard(
            object_type=HandOver.type_name(),
            object_id=made.public_id,
            title=title_of(made),
            reference="",
            kind="Bàn giao",
            url=reverse("handover:detail", args=[made.public_id]),
            occurred_on=clock.local(made.asked_at).date(),
            state=STATE_LABELS[made.as_state],
        )
        for made in visible(actor).filter(public_id__in=list(ids))
    }


def title_of(made: HandOver) -> str:
    """What it is called on pages."""
    if made.person is not None:
        return f"Bàn giao công việc của {made.person.full_name}"
    # `all`, so that a list that has fetched them asks no more.
    titles = [part.post.title for part in made.parts.all()]
    return f"Chuyển việc của {titles[0]}" if titles else "Chuyển việc"


# ── Who and what ─────────────────────────────────────────────────────────────────────────────


def agencies_of(actor: Actor) -> tuple[int, ...]:
    """The agencies for which the actor may propose."""
    return actor.agencies_with(*PROPOSING)


def staff(actor: Actor) -> Sequence[PostCard]:
    """The posts employed at the agencies for which the actor may propose, by rank."""
    return organization.post_cards(agency_ids=agencies_of(actor))


def posts_of(person_id: int, cards_: Iterable[PostCard]) -> Sequence[PostCard]:
    """Of these posts those the person holds."""
    return [card for card in cards_ if card.person_id == person_id]


def serves_content(card: PostCard) -> bool:
    """Whether work may be given to the post: not to one that only administers."""
    return any(role not in WITHOUT_CONTENT for role, _ in card.roles)


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of open work; its title is said only to who may see the record."""

    work: WorkItem
    kind: str
    title: str


def items_at(actor: Actor, cards: Iterable[PostCard]) -> Mapping[int, Sequence[Item]]:
    """By post the open work that waits for it, due first, but for signatures; two queries."""
    by_token = {post_token(card.post_id): card.post_id for card in cards}
    rows = list(
        workitems.open_for(by_token)
        .exclude(kind=SIGN)
        .order_by(*workitems.WORST_FIRST)[:MOST_LISTED]
    )
    seen = set(
        search.recent(actor)
        .filter(object_id__in=[row.object_id for row in rows])
        .values_list("object_id", flat=True)
    )
    found: dict[int, list[Item]] = {}
    for row in rows:
        title = (row.reference or row.title) if row.object_id in seen else _HIDDEN
        found.setdefault(by_token[row.token], []).append(Item(row, kind_of(row.kind).label, title))
    return found


def loads_of(post_ids: Iterable[int]) -> Mapping[int, Burden]:
    """How much lies at each of these posts; three queries."""
    ids = list(post_ids)
    return _loads(ids, _waiting(post_token(post_id) for post_id in ids))


def _waiting(of: Iterable[int]) -> Sequence[tuple[int, str, int]]:
    """(token, kind, how much) of the open work before these tokens."""
    counted = workitems.open_for(of).values_list("token", "kind").annotate(Count("pk"))
    return list(counted)


def _loads(ids: Sequence[int], waiting: Iterable[tuple[int, str, int]]) -> Mapping[int, Burden]:
    by_token = {post_token(post_id): post_id for post_id in ids}
    work, signatures = dict.fromkeys(ids, 0), dict.fromkeys(ids, 0)
    for token, kind, count in waiting:
        if token in by_token:
            (signatures if kind == SIGN else work)[by_token[token]] += count
    drafts, kept = outgoing.unsigned_counts(ids), dossiers.open_counts(ids)
    return {
        post_id: Burden(
            "", work[post_id], drafts.get(post_id, 0), kept.get(post_id, 0), signatures[post_id]
        )
        for post_id in ids
    }


def burdens_of(cards: Sequence[PostCard]) -> Mapping[int, Burden]:
    """The loads, and what of each role's and unit's work nobody else could take; four queries.

    The posts are handed over together, so that none of them counts as somebody else.
    """
    ids = [card.post_id for card in cards]
    tokens = {post_token(post_id) for post_id in ids}
    tokens |= {role_token(role, agency) for card in cards for role, agency in card.roles}
    tokens |= {unit_token(card.unit_id) for card in cards if card.unit_id is not None}
    counted = _waiting(tokens)
    waiting = {token for token, _, _ in counted}
    loads = _loads(ids, counted)
    reached = {agency for card in cards for _, agency in card.roles}
    others = organization.carried_elsewhere(ids, reached)
    carried = {(role, agency) for role, agency, _ in others}
    headed = {unit for role, _, unit in others if role in _HEADS}
    found = {}
    for card in cards:
        lonely = [
            ROLE_LABELS[role]
            for role, agency in sorted(card.roles)
            if (role, agency) not in carried and role_token(role, agency) in waiting
        ]
        is_head = card.unit_id is not None and any(role in _HEADS for role, _ in card.roles)
        found[card.post_id] = replace(
            loads[card.post_id],
            title=card.title,
            lonely_roles=tuple(dict.fromkeys(lonely)),
            is_lonely_head=is_head
            and card.unit_id not in headed
            and unit_token(card.unit_id or 0) in waiting,
        )
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """What else of a person ends with his leaving."""

    given: int
    received: int


def standing_of(person_id: int) -> Standing:
    """The running delegations of somebody; one query."""
    running = Delegation.objects.filter(revoked_at=None, valid__endswith__gt=clock.now())
    counted = running.aggregate(
        given=Count("pk", filter=Q(given_by_id=person_id)),
        received=Count("pk", filter=Q(delegate_id=person_id)),
    )
    return Standing(counted["given"], counted["received"])
