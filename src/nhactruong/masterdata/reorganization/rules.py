"""Kinds and states of a reorganization, and who comes after whom: pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.states import Role
from nhactruong.kernel.text import fold


class Kind(StrEnum):
    """What becomes of the old agencies."""

    MERGE = "merge"
    SPLIT = "split"
    DISSOLVE = "dissolve"


KIND_LABELS: Final[Mapping[Kind, str]] = {
    Kind.MERGE: "Sáp nhập",
    Kind.SPLIT: "Chia, tách",
    Kind.DISSOLVE: "Giải thể, có cơ quan kế tục",
}


class State(StrEnum):
    """Where a reorganization stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    CARRIED_OUT = "carried_out"
    WITHDRAWN = "withdrawn"


STATE_LABELS: Final[Mapping[State, str]] = {
    State.DRAFT: "Đang chuẩn bị",
    State.PROPOSED: "Chờ duyệt",
    State.APPROVED: "Đã duyệt, chờ thực hiện",
    State.CARRIED_OUT: "Đã thực hiện",
    State.WITHDRAWN: "Đã rút",
}

TRANSITIONS: Final[Mapping[tuple[str, State], State]] = {
    ("edit", State.DRAFT): State.DRAFT,
    ("propose", State.DRAFT): State.PROPOSED,
    ("send_back", State.PROPOSED): State.DRAFT,
    ("approve", State.PROPOSED): State.APPROVED,
    ("carry_out", State.APPROVED): State.CARRIED_OUT,
    ("withdraw", State.DRAFT): State.WITHDRAWN,
    ("withdraw", State.PROPOSED): State.WITHDRAWN,
    ("withdraw", State.APPROVED): State.WITHDRAWN,
}
#: States in which its agencies are spoken for.
RUNNING: Final = frozenset({State.DRAFT, State.PROPOSED, State.APPROVED})


def require_parts(kind: Kind, old: Collection[int], new: Collection[int]) -> None:
    """Nothing when so many agencies make a reorganization of that kind. Raises: InvalidInput."""
    if set(old) & set(new):
        raise InvalidInput.at(
            "new", "reorganization.on_both_sides", "Một cơ quan không thể vừa kết thúc vừa kế tục."
        )
    fault = {
        Kind.MERGE: ("Sáp nhập cần từ hai cơ quan cũ trở lên.", "old")
        if len(old) < 2
        else ("Sáp nhập vào đúng một cơ quan mới.", "new")
        if len(new) != 1
        else None,
        Kind.SPLIT: ("Chia, tách đúng một cơ quan cũ.", "old")
        if len(old) != 1
        else ("Chia, tách cần từ hai cơ quan mới trở lên.", "new")
        if len(new) < 2
        else None,
        Kind.DISSOLVE: ("Chọn cơ quan giải thể.", "old")
        if not old
        else ("Chọn đúng một cơ quan kế tục.", "new")
        if len(new) != 1
        else None,
    }[kind]
    if fault:
        raise InvalidInput.at(fault[1], "reorganization.wrong_parts", fault[0])


@dataclass(frozen=True, slots=True)
class PostFacts:
    """A post as the mapping sees it."""

    post_id: int
    agency_id: int
    title: str
    unit_id: int | None
    unit: str
    clearance: int
    roles: frozenset[tuple[Role, int]]
    rank: int = 90
    holder_id: int | None = None
    holder: str = ""
    #: (person, name, post, role carried or None): all that its holders have from the day on.
    hands: Sequence[tuple[int, str, int, int | None]] = ()

    @property
    def is_head(self) -> bool:
        """Whether it answers for its unit."""
        return any(role == Role.HEAD_OF_DIVISION for role, _ in self.roles)


def suggested(old: Iterable[PostFacts], new: Sequence[PostFacts]) -> Mapping[int, int]:
    """For each old post the new one of the same title and unit, else of the same title and roles."""
    found: dict[int, int] = {}
    for post in old:
        title, unit = fold(post.title), fold(post.unit)
        kinds = {role for role, _ in post.roles}
        for alike in (
            lambda one, t=title, u=unit: fold(one.title) == t and fold(one.unit) == u,
            lambda one, t=title, k=kinds: fold(one.title) == t and {r for r, _ in one.roles} >= k,
            lambda one, u=unit, k=kinds: fold(one.unit) == u and {r for r, _ in one.roles} == k,
        ):
            match = next((one.post_id for one in new if alike(one)), None)
            if match is not None:
                found[post.post_id] = match
                break
    return found


def units_after(
    old: Iterable[PostFacts], new: Mapping[int, PostFacts], posts: Mapping[int, int]
) -> Mapping[int, int]:
    """For each old unit the unit that comes after: where its head goes, else where its first post goes."""
    found: dict[int, int] = {}
    for post in sorted(old, key=lambda one: (not one.is_head, one.rank, one.post_id)):
        after = new.get(posts.get(post.post_id, 0))
        if post.unit_id is not None and after is not None and after.unit_id is not None:
            found.setdefault(post.unit_id, after.unit_id)
    return found


@dataclass(frozen=True, slots=True)
class Plan:
    """Who comes after whom from `day` on, by keys; what the movers of the apps above work from."""

    day: date
    basis: str
    #: Old agency → the agency that receives for it and keeps its books.
    successors: Mapping[int, int]
    #: Old post → new post; old unit → new unit.
    posts: Mapping[int, int]
    units: Mapping[int, int]
    #: (old organ, new agency) → new organ.
    organs: Mapping[tuple[int, int], int] = field(default_factory=dict)
    #: Old post → (its own agency, the agency of the post that comes after).
    agencies_of_posts: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    #: New agency → the registry that keeps its books.
    registries: Mapping[int, int] = field(default_factory=dict)
    #: Registry that ends → registry that comes after.
    books: Mapping[int, int] = field(default_factory=dict)
    new_agencies: Collection[int] = ()

    @property
    def old_agencies(self) -> list[int]:
        """The agencies that end, in a stable order."""
        return sorted(self.successors)

    def agency_after(self, agency_id: int, post_id: int) -> int:
        """Whose a draft becomes: where the drafter goes, if the draft was of the drafter's agency."""
        own, after = self.agencies_of_posts.get(post_id, (0, 0))
        return after if own == agency_id else self.successors[agency_id]


def gained(
    old: Iterable[PostFacts], new: Mapping[int, PostFacts], posts: Mapping[int, int]
) -> Mapping[int, frozenset[tuple[Role, int]]]:
    """By new post the (role, agency) pairs it takes over and does not carry yet."""
    found: dict[int, set[tuple[Role, int]]] = {}
    for post in old:
        after = new.get(posts.get(post.post_id, 0))
        if after is not None:
            found.setdefault(after.post_id, set()).update(post.roles - after.roles)
    return {post: frozenset(pairs) for post, pairs in found.items() if pairs}


def is_wider(
    pairs: Iterable[tuple[Role, int]],
    held: Collection[tuple[Role, int]],
    old_agencies: Collection[int],
) -> bool:
    """Whether these pairs give somebody who holds `held` more than the same office of a successor.

    For a body that ends: a role held nowhere until now. For a body that lives on: any new pair.
    Source: security.md 9 (rule 4).
    """
    kinds = {role for role, _ in held}
    return any(
        role not in kinds if agency in old_agencies else (role, agency) not in held
        for role, agency in pairs
    )
