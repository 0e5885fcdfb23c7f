"""Who may see what, once more and naively: security.md 8 read aloud over the acts of the office.

It knows no tokens, no grants and no database. It is told who holds which post today and what was
done, and answers from that alone, so that the machinery of sight can be compared with it.
It must import nothing from `nhactruong`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

LEADERS = ("secretary", "deputy_secretary")
CHIEF = "chief_of_office"
CLERK = "clerk"
#: Roles that answer for what their unit is given.
HEADS = ("head_of_division", "chief_of_office", "deputy_chief")
#: "Administrators never see content", "no content" for auditors: such posts are given nothing.
TECHNICAL = ("sysadmin", "security_admin", "auditor")
#: Acts after which the text lies with its drafter, outside the list of what is on its way.
IN_HAND = ("drafted", "given_back")


@dataclass(frozen=True, slots=True)
class Post:
    """A post with its unit and the (role, agency) pairs it carries; `clearance` 0 or 1."""

    key: str
    unit: str
    roles: frozenset[tuple[str, str]]
    clearance: int


@dataclass(slots=True)
class Office:
    """The posts by key, and who holds each today."""

    posts: dict[str, Post] = field(default_factory=dict)
    holders: dict[str, str] = field(default_factory=dict)
    #: Person → posts whose sight is lent to that person at this second, each with the highest
    #: marking it shows. Source: security.md 7.
    lent: dict[str, dict[str, int]] = field(default_factory=dict)

    def before(self, marking: int) -> Office:
        """The office as it stands before a paper of that marking: capped posts show it no more."""
        lent = {
            person: {post: highest for post, highest in posts.items() if marking <= highest}
            for person, posts in self.lent.items()
        }
        return Office(self.posts, self.holders, lent)

    def stands_in(self, person: str) -> list[Post]:
        """The posts for which the person sees: those held, and those lent."""
        return [*self.posts_of(person), *(self.posts[key] for key in self.lent.get(person, ()))]

    def posts_of(self, person: str) -> list[Post]:
        """The posts a person holds today."""
        return [self.posts[key] for key, holder in self.holders.items() if holder == person]

    def has_role(self, person: str, role: str, agency: str) -> bool:
        """Whether the person sees for a post that carries the role for that agency."""
        return any((role, agency) in post.roles for post in self.stands_in(person))

    def is_filled(self, role: str, agency: str) -> bool:
        """Whether anybody holds a post with that role for that agency."""
        return any((role, agency) in self.posts[key].roles for key in self.holders)

    def heads(self, person: str, unit: str) -> bool:
        """Whether the person answers for that unit."""
        return any(
            post.unit == unit and any(role in HEADS for role, _ in post.roles)
            for post in self.stands_in(person)
        )

    def agencies_of(self, person: str) -> set[str]:
        """The agencies in whose registers the person may look at all."""
        return {agency for post in self.posts_of(person) for _, agency in post.roles}

    def clearance_of(self, person: str) -> int:
        """The highest clearance of the posts held today; nobody without a post has one."""
        return max((post.clearance for post in self.posts_of(person)), default=-1)

    def sits_at(self, person: str, desk: str) -> bool:
        """Whether work given to `unit:x` or `post:y` is the person's."""
        kind, _, key = desk.partition(":")
        if kind == "unit":
            return self.heads(person, key)
        serves = any(role not in TECHNICAL for role, _ in self.posts[key].roles)
        return serves and key in {post.key for post in self.stands_in(person)}


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done to a record, in the words of the office.

    `desks` are those to whom the act gave a part, the leading one first.
    """

    verb: str
    record: str
    kind: str
    agency: str
    desks: tuple[str, ...] = ()
    to: str = ""
    secrecy: int | None = None


def story_of(deeds: Sequence[Deed], record: str) -> list[Deed]:
    """What was done to one record, in order."""
    return [deed for deed in deeds if deed.record == record]


def secrecy_of(story: Sequence[Deed]) -> int:
    """The level last said."""
    return next((deed.secrecy for deed in reversed(story) if deed.secrecy is not None), 0)


def may_see(office: Office, deeds: Sequence[Deed], person: str, record: str) -> bool:
    """Relation to the record ∧ clearance ≥ marking. Source: security.md 8."""
    story = story_of(deeds, record)
    if not story or secrecy_of(story) > office.clearance_of(person):
        return False
    office = office.before(secrecy_of(story))
    return any(_has_to_know(office, deed, person) for deed in story)


def _has_to_know(office: Office, deed: Deed, person: str) -> bool:
    """Whether this act alone gave the person sight: need-to-know, security.md 8."""

    def role(*names: str) -> bool:
        return any(office.has_role(person, name, deed.agency) for name in names)

    def desk() -> bool:
        return any(office.sits_at(person, one) for one in deed.desks)

    match deed.verb:
        case "received" | "signed":
            # documents.md 7.1-2 and 8.8: the registry's clerk takes over here.
            return role(CLERK)
        case "registered":
            # Row "register" and "content": Bí thư, Thường trực, Chánh VP see what came.
            return role(*LEADERS, CHIEF)
        case "directed" | "assigned" | "drafted" | "to_head" | "to_signer":
            # Handlers, co-operators, the informed, drafter, reviewer, signer.
            return desk()
        case "to_chief" | "void_requested":
            return role(CHIEF)
        case "issued":
            # Row "content" for the office, and the unit that drafted it.
            return role(*LEADERS, CHIEF, CLERK) or desk()
        case "opened":
            # Row "close dossier / approve retention": Chánh VP, Phó CVP, the unit, the archivist.
            return role(CHIEF, "deputy_chief", "archivist") or desk()
        case _:
            return False


def seen_by(office: Office, deeds: Sequence[Deed], person: str, kind: str) -> set[str]:
    """The records of that kind the person may see."""
    records = {deed.record for deed in deeds if deed.kind == kind}
    return {record for record in records if may_see(office, deeds, person, record)}


def listed_for(office: Office, deeds: Sequence[Deed], person: str, kind: str) -> set[str]:
    """What the list shows: seen, of the person's agencies, and on its way.

    What waits in the intake has its own page, and so have drafts in their drafter's hands.
    """
    return {
        record
        for record in seen_by(office, deeds, person, kind)
        if (story := story_of(deeds, record))[0].agency in office.agencies_of(person)
        and {deed.verb for deed in story} != {"received"}
        and not _is_in_hand(story)
    }


def _is_in_hand(story: Sequence[Deed]) -> bool:
    moves = [deed.verb for deed in story if deed.verb not in ("revised", "opened")]
    return bool(moves) and moves[-1] in IN_HAND


def drafts_of(office: Office, deeds: Sequence[Deed], person: str) -> set[str]:
    """What the person's posts drafted and nobody has signed yet."""
    return {
        record
        for record in seen_by(office, deeds, person, "outgoing")
        if office.sits_at(person, (story := story_of(deeds, record))[0].desks[0])
        and "signed" not in {deed.verb for deed in story}
    }


def found_by(office: Office, deeds: Sequence[Deed], person: str) -> set[str]:
    """What search shows: whatever is seen; an unregistered paper has no card yet."""
    found = seen_by(office, deeds, person, "outgoing") | seen_by(office, deeds, person, "dossier")
    return found | {
        record
        for record in seen_by(office, deeds, person, "incoming")
        if any(deed.verb == "registered" for deed in story_of(deeds, record))
    }


def waiting_for(office: Office, deeds: Sequence[Deed], person: str) -> set[tuple[str, str]]:
    """(kind of work, record) of what waits for the person."""
    waiting = set()
    for record in {deed.record for deed in deeds}:
        story = story_of(deeds, record)
        if secrecy_of(story) > office.clearance_of(person):
            continue
        there = office.before(secrecy_of(story))
        for work, who in _open_work(there, story):
            kind, _, name = who.partition(":")
            mine = (
                there.has_role(person, name, story[0].agency)
                if kind == "role"
                else there.sits_at(person, who)
            )
            if mine:
                waiting.add((work, record))
    return waiting


def _open_work(office: Office, story: Sequence[Deed]) -> Iterator[tuple[str, str]]:
    """(kind of work, for whom) that the story has left open. Source: documents.md 7-8."""
    open_work: set[tuple[str, str]] = set()

    def close(*kinds: str) -> None:
        for pair in [pair for pair in open_work if not kinds or pair[0] in kinds]:
            open_work.discard(pair)

    for deed in story:
        match deed.verb:
            case "received":
                open_work.add(("incoming.register", f"role:{CLERK}"))
            case "registered":
                close()
                open_work.add(("incoming.direct", f"role:{deed.to}"))
            case "submitted_to_leader":
                close("incoming.direct")
                open_work.add(("incoming.direct", deed.to))
            case "directed":
                close()
                lead, *rest = deed.desks
                supporting = rest[: int(deed.to)]
                work = "incoming.assign" if lead.startswith("unit:") else "incoming.handle"
                open_work.add((work, lead))
                open_work |= {("incoming.support", desk) for desk in supporting}
            case "assigned":
                close("incoming.assign", "incoming.handle")
                open_work.add(("incoming.handle", deed.desks[0]))
            case "to_head":
                close()
                open_work.add(("outgoing.review", deed.desks[0]))
            case "to_chief":
                close()
                open_work.add(("outgoing.appraise", f"role:{CHIEF}"))
            case "to_signer":
                close()
                open_work.add(("outgoing.sign", deed.desks[0]))
            case "given_back":
                close()
                open_work.add(("outgoing.revise", deed.desks[0]))
            case "signed":
                close()
                open_work.add(("outgoing.number", f"role:{CLERK}"))
            case "numbered":
                close("outgoing.number")
                open_work.add(("outgoing.seal", f"role:{CLERK}"))
            case "sealed":
                close("outgoing.seal")
                open_work.add(("outgoing.issue", f"role:{CLERK}"))
            case "void_requested":
                open_work.add(("outgoing.void", f"role:{CHIEF}"))
            case "issued":
                close("outgoing.issue")
            case "returned_to_sender" | "completed" | "answered" | "voided":
                close()
            case _:
                pass
    yield from open_work
