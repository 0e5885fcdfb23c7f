"""Who acts: pure data, built once a request and handed to every command and selector."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from nhactruong.kernel.states import Act, Role, Secrecy


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post the person holds today, with the roles it carries and where they reach."""

    post_id: int
    title: str
    agency_id: int
    agency_name: str
    unit_id: int | None = None
    unit_name: str = ""
    #: (role, agency the role reaches): one registry may serve several agencies.
    roles: frozenset[tuple[Role, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class LentPost:
    """A post lent to the person at this second: what it shows, and which acts it lets do.

    `tokens` are those it adds to the person's own sight, up to `cap`. No types and no units mean
    all of them; they narrow acts, never sight. Source: security.md 7.
    """

    delegation: str
    post: HeldPost
    #: How the delegate is named then: `TL. Chánh Văn phòng Tỉnh ủy`.
    named: str
    giver: str
    giver_person_id: int
    until: datetime
    cap: Secrecy
    tokens: frozenset[int] = frozenset()
    acts: frozenset[Act] = frozenset()
    document_types: frozenset[str] = frozenset()
    unit_ids: frozenset[int] = frozenset()

    def covers(self, act: Act, paper: Paper) -> bool:
        """Whether `act` may be done on that paper for the lent post."""
        return (
            act in self.acts
            and paper.secrecy <= self.cap
            and (not self.document_types or paper.document_type in self.document_types)
            and (not self.unit_ids or not self.unit_ids.isdisjoint(paper.unit_ids))
        )


@dataclass(frozen=True, slots=True)
class Paper:
    """What the scope of a delegation asks of a paper; the units are those it lies with now."""

    secrecy: int
    document_type: str = ""
    unit_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in today's posts, or a service of the system, as commands see them.

    `tokens` are the sight tokens of all posts, and of the lent ones that are not capped below the
    person's clearance; `acting_post` is the post an act is done in (None until the work item or the
    page says which).
    """

    name: str
    user_id: int | None = None
    person_id: int | None = None
    posts: tuple[HeldPost, ...] = ()
    clearance: Secrecy = Secrecy.ORDINARY
    tokens: tuple[int, ...] = ()
    #: What is delegated to the person at this second.
    lent: tuple[LentPost, ...] = ()
    #: The lent post in whose right the act is done; then `posts` is that post alone.
    standing: LentPost | None = None
    acting_post: HeldPost | None = None
    on_behalf_of: str = ""
    session_id: str = ""
    client_address: str = ""
    confirmed_at: datetime | None = None
    service: str = ""
    role_reach: frozenset[tuple[Role, int]] = field(default=frozenset())

    def has_role(self, role: Role, agency_id: int) -> bool:
        """Whether one of the held posts carries `role` for that agency."""
        return (role, agency_id) in self.role_reach

    def has_any_role(self, roles: frozenset[Role], agency_id: int) -> bool:
        """Whether one of the held posts carries any of `roles` for that agency."""
        return any((role, agency_id) in self.role_reach for role in roles)

    def agencies_with(self, *roles: Role) -> tuple[int, ...]:
        """The agencies reached with one of `roles`, in a stable order."""
        return tuple(sorted({agency for role, agency in self.role_reach if role in roles}))

    def holds(self, post_id: int | None) -> bool:
        """Whether the person holds that post today."""
        return any(post.post_id == post_id for post in self.posts)

    def post_for(self, role: Role, agency_id: int) -> HeldPost | None:
        """The held post that carries `role` for that agency, if any."""
        return next((post for post in self.posts if (role, agency_id) in post.roles), None)

    def acting_as(self, post: HeldPost | None) -> Actor:
        """The same person acting in `post`; unchanged when None."""
        return self if post is None else replace(self, acting_post=post)

    def acting_as_id(self, post_id: int | None) -> Actor:
        """The same person acting in the held post of that id; unchanged when it is not held."""
        return self.acting_as(next((p for p in self.posts if p.post_id == post_id), None))

    @property
    def leases(self) -> frozenset[int]:
        """The tokens that an emergency lent for a time: they show, they never let act."""
        return frozenset(token for token in self.tokens if token < 0)

    def without_leases(self) -> Actor:
        """The same person with lasting sight only."""
        return replace(self, tokens=tuple(token for token in self.tokens if token >= 0))

    @property
    def own_tokens(self) -> frozenset[int]:
        """The tokens that no delegation lends."""
        return frozenset(self.tokens).difference(*(lent.tokens for lent in self.lent))

    def sights(self) -> tuple[tuple[tuple[int, ...], Secrecy], ...]:
        """(tokens, highest secrecy they show); more than one pair only under a capped delegation."""
        pairs = [(self.tokens, self.clearance)] if self.tokens else []
        for lent in self.lent:
            if lent.cap < self.clearance:
                capped = lent.tokens.difference(self.tokens)
                pairs.append((tuple(sorted(capped)), lent.cap))
        return tuple(pair for pair in pairs if pair[0])

    def standing_in(self, lent: LentPost) -> Actor:
        """The person in the right of a lent post alone; named in the record as what he is himself."""
        return replace(
            self,
            posts=(lent.post,),
            role_reach=lent.post.roles,
            acting_post=self.post,
            standing=lent,
            on_behalf_of=lent.named,
        )

    def stands_before(self, readers: Iterable[int]) -> LentPost | None:
        """For which post the actor stands before a thing with these readers; None: in own right."""
        if self.standing is not None or not self.lent:
            return self.standing
        met = set(readers)
        if not met.isdisjoint(self.own_tokens):
            return None
        return next((lent for lent in self.lent if not lent.tokens.isdisjoint(met)), None)

    @property
    def post(self) -> HeldPost | None:
        """The post named in records of this act: the acting one, else the first held."""
        return self.acting_post or (self.posts[0] if self.posts else None)

    @property
    def agency_ids(self) -> tuple[int, ...]:
        """The agencies of the held posts and of their roles, in a stable order."""
        own = {post.agency_id for post in self.posts}
        return tuple(sorted(own | {agency for _, agency in self.role_reach}))


def service_actor(code: str, name: str) -> Actor:
    """An actor for work the system does itself; it holds no post and sees nothing by token."""
    return Actor(name=name, service=code, clearance=Secrecy.INTERNAL)


ANONYMOUS: Final = Actor(name="")
