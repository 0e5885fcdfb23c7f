"""Random small organizations as plain facts: bodies, posts, people and papers, with their periods.

It knows nothing of the product. What is true at an instant is handed to the oracle as its `Office`:
who holds which post on that day, and whose sight is lent to whom at that second.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.sight import oracle
from tests.sight.oracle import CHIEF, CLERK, Deed

_LEADING = ("secretary", "deputy_secretary")
_IN_UNITS = ("head_of_division", "specialist", "specialist", "deputy_chief")
_ELSEWHERE = (*_LEADING, CHIEF, CLERK, "archivist", "standing_member")
#: How often each level of secrecy is met; clearances are drawn from the same levels, higher.
_MARKINGS = (0, 0, 0, 0, 1, 1, 1, 2, 3)
_CLEARANCES = (0, 1, 1, 1, 2, 3)
#: How many of the holdings are lent to somebody.
_DELEGATIONS = 0.6
#: A post that carries one of these is never lent. Source: security.md 7, rule 7.
NEVER_LENT = frozenset({*oracle.TECHNICAL, CLERK, "secret_clerk"})


@dataclass(frozen=True, slots=True)
class Period:
    """From a day on, until the day before another; None is for ever."""

    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether that day lies in it."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Carried:
    """A role a post carries for an agency, for a time."""

    role: str
    agency: str
    period: Period


@dataclass(frozen=True, slots=True)
class PostFacts:
    """A post of an agency or one of its units."""

    key: str
    agency: str
    unit: str
    clearance: int
    roles: tuple[Carried, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A person's time in a post."""

    post: str
    person: str
    period: Period


@dataclass(frozen=True, slots=True)
class Lent:
    """The sight of a post, lent by its holder to another person until a second."""

    post: str
    giver: str
    delegate: str
    begins_at: datetime
    ends_at: datetime
    revoked_at: datetime | None
    #: The giver's mark: nothing above it is shown. Source: security.md 7 (3).
    highest: int = 4

    def runs(self, now: datetime) -> bool:
        """Whether it is in force at this second."""
        withdrawn = self.revoked_at is not None and self.revoked_at <= now
        return self.begins_at <= now < self.ends_at and not withdrawn


@dataclass(slots=True)
class Organization:
    """Everything of one small organization; keys are unique among all of a run."""

    number: int
    agencies: list[str] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    posts: dict[str, PostFacts] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)
    holdings: list[Held] = field(default_factory=list)
    delegations: list[Lent] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)

    def office_at(self, day: date, now: datetime) -> oracle.Office:
        """Who stands where on that day and at that second, as the oracle wants it."""
        office = oracle.Office()
        for key, post in self.posts.items():
            roles = frozenset(
                (carried.role, carried.agency)
                for carried in post.roles
                if carried.period.holds(day)
            )
            office.posts[key] = oracle.Post(key, post.unit, roles, post.clearance)
        for held in self.holdings:
            if held.period.holds(day):
                office.holders[held.post] = held.person
        for lent in self.delegations:
            if self._is_lent(office, lent, now):
                highest = min(lent.highest, self.posts[lent.post].clearance)
                office.lent.setdefault(lent.delegate, {})[lent.post] = highest
        return office

    @staticmethod
    def _is_lent(office: oracle.Office, lent: Lent, now: datetime) -> bool:
        """In force; by who still holds the post; to a serving person who does not administer."""
        own = office.posts_of(lent.delegate)
        return (
            lent.runs(now)
            and office.holders.get(lent.post) == lent.giver
            and bool(own)
            and not any(role in oracle.TECHNICAL for post in own for role, _ in post.roles)
            and not any(role in NEVER_LENT for role, _ in office.posts[lent.post].roles)
        )


class _Maker:
    """Draws one organization."""

    def __init__(self, number: int, rng: random.Random, today: date, now: datetime) -> None:
        self.rng, self.today, self.now = rng, today, now
        self.made = Organization(number)

    def _key(self, kind: str, count: int) -> str:
        return f"o{self.made.number}{kind}{count}"

    def _before(self) -> date:
        return self.today - timedelta(days=self.rng.randint(1, 900))

    def organization(self) -> Organization:
        made = self.made
        for count in range(self.rng.choice((1, 1, 2, 3))):
            agency = self._key("a", count)
            made.agencies.append(agency)
            for _ in range(self.rng.choice((0, 1, 2))):
                made.units[self._key("u", len(made.units))] = agency
        made.people = [
            self._key("n", count) for count in range(self.rng.choice((2, 2, 2, 2, 2, 3)))
        ]
        for _ in range(self.rng.randint(4, 7)):
            self._post()
        for post in made.posts:
            self._hold(post)
        for held in list(made.holdings):
            if self.rng.random() < _DELEGATIONS:
                self._lend(held)
        for count in range(self.rng.randint(4, 7)):
            self._paper(self._key("d", count))
        return made

    def _post(self) -> None:
        made, rng = self.made, self.rng
        key, agency = self._key("p", len(made.posts)), rng.choice(made.agencies)
        own = [unit for unit, owner in made.units.items() if owner == agency]
        unit = rng.choice(own) if own and rng.random() < 0.6 else ""
        always = Period(self.today - timedelta(days=1000))
        if rng.random() < 0.06:
            roles = [Carried(rng.choice(oracle.TECHNICAL), agency, always)]
        else:
            roles = [Carried(rng.choice(_IN_UNITS if unit else _ELSEWHERE), agency, always)]
            for _ in range(rng.choice((0, 0, 1, 2))):
                roles.append(self._further_role())
        seen = {}
        for one in roles:
            seen.setdefault((one.role, one.agency), one)
        made.posts[key] = PostFacts(
            key, agency, unit, rng.choice(_CLEARANCES), tuple(seen.values())
        )

    def _further_role(self) -> Carried:
        """Another role, perhaps for another agency, which may be over or yet to come."""
        role = self.rng.choice((*_IN_UNITS, *_ELSEWHERE))
        return Carried(role, self.rng.choice(self.made.agencies), self._some_period())

    def _some_period(self) -> Period:
        since = self._before()
        match self.rng.choice(("open", "open", "ends", "over", "last day", "first day", "to come")):
            case "open":
                return Period(since)
            case "ends":
                return Period(since, self.today + timedelta(days=self.rng.randint(1, 90)))
            case "over":
                return Period(since - timedelta(days=30), since)
            case "last day":
                return Period(since, self.today)
            case "first day":
                return Period(self.today)
            case _:
                return Period(self.today + timedelta(days=self.rng.randint(1, 60)))

    def _hold(self, post: str) -> None:
        """A post is held by one person after another, now and then by nobody."""
        rng, people = self.rng, self.made.people
        first = self._some_period()
        self.made.holdings.append(Held(post, rng.choice(people), first))
        if first.until is not None and rng.random() < 0.7:
            following = Period(first.until + timedelta(days=rng.choice((0, 0, 5))))
            self.made.holdings.append(Held(post, rng.choice(people), following))

    def _lend(self, held: Held) -> None:
        """The holder, of today or of another day, lends the post to somebody else."""
        delegate = self.rng.choice([one for one in self.made.people if one != held.person])
        if any((one.post, one.delegate) == (held.post, delegate) for one in self.made.delegations):
            return  # the store keeps one at a time
        second, hour = timedelta(seconds=1), timedelta(hours=1)
        begins, ends = self.rng.choice(
            (
                (-hour, hour),
                (-hour, hour),
                (-hour, second),
                (timedelta(), hour),
                (-hour, timedelta()),  # over at this very second
                (second, hour),
                (-2 * hour, -hour),
            )
        )
        revoked = self.rng.choice((None, None, None, -second, timedelta(), second))
        self.made.delegations.append(
            Lent(
                held.post,
                held.person,
                delegate,
                self.now + begins,
                self.now + ends,
                None if revoked is None else self.now + revoked,
                self.rng.choice((4, 0, 0, 0, 1)),
            )
        )

    # Papers: what was done to each, in the words of the oracle.

    def _desk(self, agency: str, *, units: bool = True) -> str:
        """A post or unit that may be given work: none that is only technical."""
        posts = [
            f"post:{key}"
            for key, post in self.made.posts.items()
            if any(one.role not in oracle.TECHNICAL for one in post.roles)
            and any(one.agency == agency for one in post.roles)
        ]
        own = [f"unit:{unit}" for unit, owner in self.made.units.items() if owner == agency]
        able = [*posts, *(own if units else [])]
        return self.rng.choice(able) if able else ""

    def _paper(self, record: str) -> None:
        agency = self.rng.choice(self.made.agencies)
        marking = self.rng.choice(_MARKINGS)
        kind = self.rng.choice(("incoming", "incoming", "outgoing", "outgoing", "dossier"))
        draw = {"incoming": self._incoming, "outgoing": self._outgoing, "dossier": self._dossier}
        for verb, desks in draw[kind](agency):
            given = tuple(desk for desk in desks if desk)
            first = not self.made.deeds or self.made.deeds[-1].record != record
            self.made.deeds.append(
                Deed(verb, record, kind, agency, given, secrecy=marking if first else None)
            )

    def _incoming(self, agency: str) -> list[tuple[str, list[str]]]:
        steps = [
            ("received", list[str]()),
            ("registered", []),
            ("directed", [self._desk(agency) for _ in range(3)]),
            ("assigned", [self._desk(agency, units=False)]),
        ]
        return steps[: self.rng.choice((1, 2, 3, 3, 4, 4))]

    def _outgoing(self, agency: str) -> list[tuple[str, list[str]]]:
        units = [unit for unit, owner in self.made.units.items() if owner == agency]
        unit = f"unit:{self.rng.choice(units)}" if units else ""
        steps = [
            ("drafted", [self._desk(agency, units=False)]),
            ("to_head", [unit]),
            ("to_chief", []),
            ("to_signer", [self._desk(agency, units=False)]),
            ("signed", []),
            ("numbered", []),
            ("sealed", []),
            ("issued", [unit]),
        ]
        if self.rng.random() < 0.1:
            return [*steps[: self.rng.choice((2, 3, 4))], ("given_back", [])]
        return steps[: self.rng.choice((1, 2, 3, 4, 5, 6, 7, 8, 8, 8))]

    def _dossier(self, agency: str) -> list[tuple[str, list[str]]]:
        keeper = self._desk(agency, units=False)
        unit = self.made.posts[keeper.removeprefix("post:")].unit if keeper else ""
        return [("opened", [keeper, f"unit:{unit}" if unit else ""])]


def organizations(
    first: int, count: int, *, seed: int, today: date, now: datetime
) -> list[Organization]:
    """So many organizations; the same seed and number is the same organization."""
    return [
        _Maker(number, random.Random(f"{seed}:{number}"), today, now).organization()  # noqa: S311  # facts, no secrets
        for number in range(first, first + count)
    ]


def share_seen(made: list[Organization], today: date, now: datetime) -> tuple[int, int]:
    """(seen, all) of the pairs of a person and a paper of the same organization."""
    seen = pairs = 0
    for one in made:
        office = one.office_at(today, now)
        records = {deed.record for deed in one.deeds}
        for person in one.people:
            pairs += len(records)
            seen += sum(oracle.may_see(office, one.deeds, person, record) for record in records)
    return seen, pairs
