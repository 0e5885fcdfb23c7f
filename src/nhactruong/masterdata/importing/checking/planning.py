"""What a row of the list of people is about, and what is to be written for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from nhactruong.masterdata.importing.checking.fetching import HeldTime
from nhactruong.masterdata.organization.models import Person, Post


@dataclass(frozen=True, slots=True)
class HoldingPlan:
    """A person's time in a post as the file wants it; None keys are of what is to be made."""

    person_id: int | None
    person_key: str
    #: The new name; None leaves the name as it is.
    full_name: str | None
    post_id: int | None
    post_key: str
    agency_id: int
    unit_id: int | None
    title: str
    rank: int
    #: (role, agency reached); None leaves the roles as they are.
    roles: frozenset[tuple[int, int]] | None
    has_post_changes: bool
    holding_id: int | None
    kind: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class PostSaid:
    """What an earlier row said of a post."""

    number: int
    title: str
    unit_id: int | None
    rank: int | None
    roles: frozenset[tuple[int, int]] | None


@dataclass(frozen=True, slots=True)
class About:
    """What a row is about; None is what does not exist yet."""

    person: Person | None
    post: Post | None
    code: str
    unit_id: int | None
    roles: frozenset[tuple[int, int]] | None
    held: HeldTime | None
    has_post_changes: bool
