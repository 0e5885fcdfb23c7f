"""Who acts: pure data, built once a request and handed to every command and selector."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from nhactruong.kernel.states import Role, Secrecy


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
class Actor:
    """A person in today's posts, or a service of the system, as commands see them.

    `tokens` are the sight tokens of all posts; `acting_post` is the post an act is done in
    (None until the work item or the page says which).
    """

    name: str
    user_id: int | None = None
    person_id: int | None = None
    posts: tuple[HeldPost, ...] = ()
    clearance: Secrecy = Secrecy.ORDINARY
    tokens: tuple[int, ...] = ()
    #: The tokens among them that a delegation lends, each with how the delegate is then named.
    delegated: tuple[tuple[int, str], ...] = ()
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

    def named_before(self, readers: Iterable[int]) -> str:
        """On whose behalf the act on a thing with these readers is done; empty: in own right."""
        if self.on_behalf_of or not self.delegated:
            return self.on_behalf_of
        lent, meeting = dict(self.delegated), set(readers).intersection(self.tokens)
        if not meeting or not meeting <= lent.keys():
            return ""
        return lent[min(meeting)]

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
