"""Who comes after whom in a reorganization, and what is still wrong with that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONArray

from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.kernel.states import ROLE_LABELS, SECRECY_LABELS, Role, Secrecy
from nhactruong.masterdata.organization.models import (
    Agency,
    Holding,
    Organ,
    Post,
    PostRole,
    Registry,
    RegistryService,
)
from nhactruong.masterdata.organization.rules import sight_of
from nhactruong.masterdata.reorganization.models import Part, PostMapping, Reorganization
from nhactruong.masterdata.reorganization.rules import (
    Plan,
    PostFacts,
    gained,
    is_wider,
    suggested,
    units_after,
)
from nhactruong.masterdata.reorganization.selectors.gaining import (
    GainLine,
    in_hands_of,
    lines_of,
    of_hands,
)

#: Token → (how much waits, its highest secrecy).
Waiting = Mapping[int, tuple[int, int]]

#: Organs of the same kind follow each other; else the one that issues most.
_SELDOM: Final = {"standing_board": 0, "steering_committee": 2, "congress": 3}


def posts_on(day: date, asked: Q) -> list[PostFacts]:
    """The posts in force on that day with roles and holders; one query."""
    held = Holding.objects.filter(post_id=OuterRef("pk"), valid__contains=day).order_by("pk")
    carried = PostRole.objects.filter(post_id=OuterRef("pk"), valid__contains=day)
    hands = in_hands_of(OuterRef("pk"), day)
    rows = (
        Post.objects.filter(asked, valid_from__lte=day)
        .exclude(valid_to__lte=day)
        .select_related("unit")
        .annotate(
            held_by=Subquery(held.values("person__full_name")[:1]),
            held_by_id=Subquery(held.values("person_id")[:1]),
            carried=ArraySubquery(carried.values_list(JSONArray("role", "agency_id"))),
            hands=ArraySubquery(hands),
        )
        .order_by("agency_id", "rank", "pk")
    )
    return [
        PostFacts(
            post_id=post.pk,
            agency_id=post.agency_id,
            title=post.title,
            unit_id=post.unit_id,
            unit=post.unit.name if post.unit else "",
            clearance=post.clearance,
            roles=frozenset((Role(role), agency) for role, agency in post.carried),
            rank=post.rank,
            holder_id=post.held_by_id,
            holder=post.held_by or "",
            hands=[tuple(one) for one in post.hands],
        )
        for post in rows
    ]


@dataclass(frozen=True, slots=True)
class Planned:
    """A reorganization read whole: parts, posts of both sides, the plan they make."""

    made: Reorganization
    parts: Sequence[Part]
    old: Sequence[PostFacts]
    new: Sequence[PostFacts]
    plan: Plan

    @property
    def gains(self) -> Mapping[int, frozenset[tuple[Role, int]]]:
        """The roles each new post takes over."""
        return gained(self.old, self._by_id, self.plan.posts)

    @property
    def _by_id(self) -> Mapping[int, PostFacts]:
        return {post.post_id: post for post in self.new}

    def agencies(self, side: str) -> list[Agency]:
        """The agencies of one side, in the order of their names."""
        found = [part.agency for part in self.parts if part.side == side]
        return sorted(found, key=lambda agency: agency.sort_key)


@dataclass(frozen=True, slots=True)
class _Body:
    """An agency of either side with its own registries, who keeps its books, its organs and posts."""

    part: Part
    registries: Sequence[int]
    served_by: Sequence[int]
    organs: Sequence[tuple[int, str]]
    mapped: Sequence[tuple[int, int | None]]


def _bodies(made: Reorganization) -> list[_Body]:
    """The agencies of both sides; one query."""
    day = made.effective_on
    own = {"agency_id": OuterRef("agency_id")}
    served = RegistryService.objects.filter(**own, valid__contains=day)
    organs = Organ.objects.filter(**own, valid_from__lte=day).exclude(valid_to__lte=day)
    mapped = PostMapping.objects.filter(
        reorganization_id=OuterRef("reorganization_id"), old_post__agency_id=OuterRef("agency_id")
    )
    rows = made.parts.select_related("agency", "successor").annotate(
        own_registries=ArraySubquery(Registry.objects.filter(**own).values("pk")),
        served_by=ArraySubquery(served.values("registry_id")),
        organs=ArraySubquery(organs.values_list(JSONArray("pk", "kind"))),
        mapped=ArraySubquery(mapped.values_list(JSONArray("old_post_id", "new_post_id"))),
    )
    return [_Body(row, row.own_registries, row.served_by, row.organs, row.mapped) for row in rows]


def planned(made: Reorganization) -> Planned:
    """The reorganization with its plan as the mappings now stand; two queries."""
    day = made.effective_on
    bodies = _bodies(made)
    parts = [body.part for body in bodies]
    successors = {part.agency_id: part.successor_id for part in parts if part.successor_id}
    new_ids = [part.agency_id for part in parts if part.side == Part.Side.NEW]
    everyone = posts_on(day, Q(agency_id__in=[*successors, *new_ids]))
    old = [post for post in everyone if post.agency_id in successors]
    new = [post for post in everyone if post.agency_id not in successors]
    by_id = {post.post_id: post for post in new}
    posts = {old_id: new_id for body in bodies for old_id, new_id in body.mapped if new_id in by_id}
    registries = {
        body.part.agency_id: registry
        for body in bodies
        if body.part.side == Part.Side.NEW
        for registry in body.served_by
    }
    plan = Plan(
        day=day,
        basis=made.basis,
        successors=successors,
        posts=posts,
        units=units_after(old, by_id, posts),
        organs=_organs_after(bodies, new_ids),
        agencies_of_posts={
            post.post_id: (post.agency_id, by_id[posts[post.post_id]].agency_id)
            for post in old
            if post.post_id in posts
        },
        registries=registries,
        books={
            registry: registries[body.part.successor_id]
            for body in bodies
            if body.part.successor_id in registries
            for registry in body.registries
        },
        new_agencies=tuple(new_ids),
    )
    return Planned(made, parts, old, new, plan)


def _organs_after(bodies: Sequence[_Body], new: Collection[int]) -> Mapping[tuple[int, int], int]:
    """(old organ, new agency) → its organ of the same kind, else the one that issues most."""
    ranked = {
        body.part.agency_id: sorted(body.organs, key=lambda one: (_SELDOM.get(one[1], 1), one[0]))
        for body in bodies
    }
    return {
        (organ, agency): next(
            (pk for pk, own in ranked[agency] if own == kind), ranked[agency][0][0]
        )
        for body in bodies
        if body.part.side == Part.Side.OLD
        for organ, kind in body.organs
        for agency in new
        if ranked[agency]
    }


def mappings_of(made: Reorganization) -> Sequence[PostMapping]:
    """Which post followed which, by agency and rank."""
    rows = made.mappings.select_related("old_post__agency", "new_post")
    return list(rows.order_by("old_post__agency__sort_key", "old_post__rank", "old_post_id"))


def suggestion(made: Reorganization) -> Mapping[int, int]:
    """Which post could follow which, for the form that is opened the first time."""
    read = planned(made)
    return suggested(read.old, read.new)


def faults(
    read: Planned, people: Iterable[int | None] = (), waiting: Waiting | None = None
) -> list[str]:
    """What must be settled before it may be carried out, in sentences; two queries.

    `people`: who proposes, approves and carries out. `waiting`: `waiting_for`, when already asked.
    """
    found = waiting_for(read) if waiting is None else waiting
    return [
        *_of_bodies(read),
        *_of_posts(read),
        *_of_people(read, people),
        *of_hands(read.new, read.gains, {post.post_id for post in read.old}, _names(read)),
        *_of_waiting(read, found),
    ]


def _of_bodies(read: Planned) -> Iterable[str]:
    day = read.made.effective_on
    for part in read.parts:
        agency = part.agency
        if agency.valid_to is not None and agency.valid_to <= day:
            yield f"{agency.short_name} đã kết thúc từ ngày {agency.valid_to:%d/%m/%Y}."
        if part.side == Part.Side.NEW and agency.pk not in read.plan.registries:
            yield f"{agency.short_name} chưa có bộ phận văn thư giữ sổ."
        if part.side == Part.Side.NEW and not any(
            after == agency.pk for _, after in read.plan.organs
        ):
            yield f"{agency.short_name} chưa có cơ quan ban hành (Ban Thường vụ, Văn phòng…)."


def _names(read: Planned) -> Mapping[int, str]:
    return {part.agency_id: part.agency.short_name for part in read.parts}


def gain_lines(read: Planned) -> list[GainLine]:
    """Each new post that takes over roles it does not carry yet, with its holder and the roles."""
    return lines_of(read.new, read.gains, _names(read))


def _of_posts(read: Planned) -> Iterable[str]:
    new = {post.post_id: post for post in read.new}
    names = _names(read)
    for post in read.old:
        after = new.get(read.plan.posts.get(post.post_id, 0))
        if after is None:
            if post.roles or post.holder:
                yield f"Chưa chọn chức danh mới cho {post.title}, {names[post.agency_id]}."
        elif after.clearance < post.clearance:
            marks = SECRECY_LABELS[Secrecy(post.clearance)]
            yield (
                f"{after.title}, {names[after.agency_id]} được tiếp cận thấp hơn mức {marks} của "
                f"{post.title}, {names[post.agency_id]}."
            )


def _of_people(read: Planned, people: Iterable[int | None]) -> Iterable[str]:
    asked = {person for person in people if person is not None}
    gains = read.gains
    for person in sorted(asked):
        own = [post for post in (*read.old, *read.new) if post.holder_id == person]
        held = {pair for post in own for pair in post.roles}
        taken = {pair for post in own for pair in gains.get(post.post_id, ())}
        if is_wider(taken, held, read.plan.successors):
            yield (
                f"{own[0].holder} nhận thêm vai trò qua lần sắp xếp này nên không được là người đề "
                "nghị, người duyệt hay người thực hiện."
            )


def _of_waiting(read: Planned, waiting: Waiting) -> Iterable[str]:
    """Work that would wait for nobody, or for somebody who may not see it."""
    bearers = _bearers(read)
    after = tokens_after(read.plan)
    posts = {post.post_id: post for post in read.old}
    for token, (count, secrecy) in waiting.items():
        cleared = bearers.get(after.get(token, token))
        if cleared is None:
            yield f"{count} việc đang chờ {_named(token, posts, read)} sẽ không có ai nhận."
        elif cleared < secrecy:
            yield (
                f"{count} việc đang chờ {_named(token, posts, read)} có độ mật cao hơn mức của "
                "người nhận."
            )


def waiting_for(read: Planned) -> Waiting:
    """What waits, by token, for the old posts, their units and the roles they carry; one query."""
    return workitems.waiting_at(old_tokens(read))


def count_waiting(read: Planned, waiting: Waiting) -> int:
    """How much of that waits for posts, units and roles that end."""
    ending = _ending_tokens(read)
    return sum(count for token, (count, _) in waiting.items() if token in ending)


def _ending_tokens(read: Planned) -> set[int]:
    """The tokens of posts and units that end, and of every role at the bodies that end."""
    found = {tokens.post_token(post.post_id) for post in read.old}
    found |= {tokens.unit_token(post.unit_id) for post in read.old if post.unit_id}
    return found | {
        tokens.role_token(role, agency) for agency in read.plan.successors for role in Role
    }


def old_tokens(read: Planned) -> set[int]:
    """As `_ending_tokens`, and of bodies that live on what somebody of an old office is there for."""
    return _ending_tokens(read) | {
        tokens.role_token(role, agency) for post in read.old for role, agency in post.roles
    }


def tokens_after(plan: Plan) -> Mapping[int, int]:
    """Token of an old post or unit → token of what comes after; roles stay, successors bear them."""
    found = {tokens.post_token(old): tokens.post_token(new) for old, new in plan.posts.items()}
    units = plan.units.items()
    return found | {tokens.unit_token(old): tokens.unit_token(new) for old, new in units}


def _bearers(read: Planned) -> Mapping[int, int]:
    """Token → the highest clearance among those who will bear it on the day."""
    gains = read.gains
    ending = {post.post_id for post in read.old}
    elsewhere = PostRole.objects.filter(
        agency_id__in=_reached(read), valid__contains=read.plan.day
    ).exclude(post__agency_id__in=[*read.plan.successors, *read.plan.new_agencies])
    others = posts_on(read.plan.day, Q(pk__in=elsewhere.values("post_id")))
    found: dict[int, int] = {}
    for post in (*read.new, *others):
        if post.holder_id is None or post.post_id in ending:
            continue
        roles = post.roles | gains.get(post.post_id, frozenset())
        for token in sight_of(post.post_id, post.unit_id, roles):
            found[token] = max(found.get(token, 0), post.clearance)
    return found


def _reached(read: Planned) -> set[int]:
    """The bodies whose roles somebody of the old offices carries, the old ones among them."""
    return {*read.plan.successors, *(agency for post in read.old for _, agency in post.roles)}


def _named(token: int, posts: Mapping[int, PostFacts], read: Planned) -> str:
    meaning = tokens.meaning_of(token)
    if meaning.kind is tokens.TokenKind.ROLE and meaning.role is not None:
        names = _names(read)
        return f"{ROLE_LABELS[meaning.role]}, {names.get(meaning.key, '')}"
    if meaning.kind is tokens.TokenKind.UNIT:
        unit = next((post.unit for post in read.old if post.unit_id == meaning.key), "")
        return f"trưởng đơn vị {unit}"
    post = posts.get(meaning.key)
    return post.title if post else "một chức danh"


def unborne(read: Planned) -> int:
    """How many open pieces of work wait, after the act, for what has ended or for nobody.

    Asked inside the act, when everything has moved: read afresh from the tables.
    """
    plan = read.plan
    reaching = PostRole.objects.filter(agency_id__in=_reached(read), valid__contains=plan.day)
    asked = Q(agency_id__in=plan.new_agencies) | Q(pk__in=reaching.values("post_id"))
    borne: dict[int, int] = {}
    for post in posts_on(plan.day, asked):
        if post.holder_id is not None:
            for token in sight_of(post.post_id, post.unit_id, post.roles):
                borne[token] = max(borne.get(token, -1), post.clearance)
    asked_tokens = {*old_tokens(read), *tokens_after(plan).values()}
    waiting = workitems.waiting_at(asked_tokens)
    return sum(
        count for token, (count, secrecy) in waiting.items() if borne.get(token, -1) < secrecy
    )
