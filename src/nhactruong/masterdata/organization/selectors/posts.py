"""Posts with their holders, and the people who hold them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import (
    OuterRef,
    QuerySet,
    Subquery,
)

from nhactruong.foundation.access.rules import post_token, role_token
from nhactruong.kernel import clock
from nhactruong.kernel.states import Role
from nhactruong.kernel.text import fold
from nhactruong.masterdata.organization.models import (
    Absence,
    Holding,
    Person,
    Post,
    PostRole,
)
from nhactruong.masterdata.organization.selectors.bodies import existing_on


@dataclass(frozen=True, slots=True)
class PostCard:
    """A post with whoever holds it today (empty name: vacant)."""

    post_id: int
    title: str
    agency_id: int
    unit_id: int | None
    unit_name: str
    holder_name: str
    person_id: int | None
    roles: frozenset[tuple[Role, int]]
    #: The last day on which the holder is away; None: here.
    absent_until: date | None = None

    @property
    def absent(self) -> str:
        """In words for pickers: `vắng đến 05/12`; empty when here."""
        return f"vắng đến {self.absent_until:%d/%m}" if self.absent_until else ""


def post_cards(
    *,
    agency_id: int | None = None,
    agency_ids: Iterable[int] | None = None,
    ids: Iterable[int] | None = None,
    on: date | None = None,
) -> Sequence[PostCard]:
    """Posts of agencies (or by id) with holders and roles on that day, by rank; two queries."""
    day = on or clock.today()
    posts: QuerySet[Post] = Post.objects.all()
    if agency_id is not None:
        posts = existing_on(posts.filter(agency_id=agency_id), day)
    if agency_ids is not None:
        posts = existing_on(posts.filter(agency_id__in=list(agency_ids)), day)
    if ids is not None:
        posts = posts.filter(pk__in=list(ids))
    return _cards_of(posts, day)


def posts_reaching(agency_id: int, on: date | None = None) -> Sequence[PostCard]:
    """Posts with any role that reaches that agency, whoever employs them, by rank; two queries."""
    day = on or clock.today()
    reaching = PostRole.objects.filter(agency_id=agency_id, valid__contains=day)
    return _cards_of(Post.objects.filter(pk__in=reaching.values("post_id")), day)


def _cards_of(posts: QuerySet[Post], day: date) -> Sequence[PostCard]:
    """The posts as cards, by rank; two queries."""
    held = Holding.objects.filter(post_id=OuterRef("pk"), valid__contains=day).order_by("pk")
    away = Absence.objects.filter(
        person__holdings__post_id=OuterRef("pk"),
        person__holdings__valid__contains=day,
        valid__contains=day,
        ended_at=None,
    )
    # Plain rows: a picker of a large agency has hundreds of posts.
    rows = list(
        posts.annotate(
            held_by=Subquery(held.values("person__full_name")[:1]),
            held_by_id=Subquery(held.values("person_id")[:1]),
            away=Subquery(away.values("valid")[:1]),
        )
        .order_by("rank", "pk")
        .values_list(
            *("pk", "title", "agency_id", "unit_id", "unit__name"),
            *("held_by", "held_by_id", "away"),
        )
    )
    roles: dict[int, set[tuple[Role, int]]] = {}
    carried = PostRole.objects.filter(post_id__in=[row[0] for row in rows], valid__contains=day)
    for post_id, role, agency_id in carried.values_list("post_id", "role", "agency_id"):
        roles.setdefault(post_id, set()).add((Role(role), agency_id))
    return [
        PostCard(
            post_id=post_id,
            title=title,
            agency_id=agency_id,
            unit_id=unit_id,
            unit_name=unit_name or "",
            holder_name=holder or "",
            person_id=person_id,
            roles=frozenset(roles.get(post_id, ())),
            absent_until=absent.upper - timedelta(days=1) if absent else None,
        )
        for post_id, title, agency_id, unit_id, unit_name, holder, person_id, absent in rows
    ]


def posts_with_role(role: Role, agency_id: int, on: date | None = None) -> Sequence[PostCard]:
    """Posts whose role reaches that agency, whoever employs them, by rank."""
    day = on or clock.today()
    ids = PostRole.objects.filter(role=role, agency_id=agency_id, valid__contains=day).values_list(
        "post_id", flat=True
    )
    return post_cards(ids=list(ids), on=day)


def is_filled(role: Role, agency_id: int, on: date | None = None) -> bool:
    """Whether somebody holds a post whose role reaches that agency; one query."""
    day = on or clock.today()
    reaching = PostRole.objects.filter(role=role, agency_id=agency_id, valid__contains=day)
    return Holding.objects.filter(
        post_id__in=reaching.values("post_id"), valid__contains=day
    ).exists()


def carried_elsewhere(
    post_ids: Iterable[int], agency_ids: Iterable[int]
) -> frozenset[tuple[Role, int, int | None]]:
    """(role, agency reached, unit) of the posts held today besides these; one query."""
    day = clock.today()
    rows = (
        PostRole.objects.filter(
            agency_id__in=list(agency_ids),
            valid__contains=day,
            post__holdings__valid__contains=day,
        )
        .exclude(post_id__in=list(post_ids))
        .values_list("role", "agency_id", "post__unit_id")
    )
    return frozenset((Role(role), agency, unit) for role, agency, unit in rows)


def heads_of_unit(unit_id: int, on: date | None = None) -> Sequence[PostCard]:
    """The head posts of a unit, by rank."""
    day = on or clock.today()
    ids = PostRole.objects.filter(
        post__unit_id=unit_id, role=Role.HEAD_OF_DIVISION, valid__contains=day
    ).values_list("post_id", flat=True)
    return post_cards(ids=set(ids), on=day)


def find_people(words: str, agency_ids: Iterable[int]) -> Sequence[Person]:
    """People with a post reaching these agencies today whose name holds the words, at most 20.

    Accents may be left out; without words, everybody of the agencies is meant.
    """
    day = clock.today()
    reaching = PostRole.objects.filter(agency_id__in=list(agency_ids), valid__contains=day)
    held = Holding.objects.filter(post_id__in=reaching.values("post_id"), valid__contains=day)
    people = Person.objects.filter(pk__in=held.values("person_id")).order_by("sort_key")
    wanted = fold(words)
    return [person for person in people if wanted in fold(person.full_name)][:20]


def accounts_with(roles: Iterable[Role]) -> frozenset[int]:
    """Accounts of people who hold a post with one of these roles today, at any agency."""
    day = clock.today()
    carrying = PostRole.objects.filter(role__in=[r.value for r in roles], valid__contains=day)
    held = Holding.objects.filter(post_id__in=carrying.values("post_id"), valid__contains=day)
    return frozenset(
        held.exclude(person__account=None).values_list("person__account_id", flat=True)
    )


def tokens_apart_from(
    people: Collection[int], roles: Iterable[Role], agency_id: int
) -> Sequence[int]:
    """Before whom work of these roles at the agency waits, when it may not wait for these people.

    Where one of them bears a role today, the other posts that carry it stand for it; two queries.
    """
    today, asked = clock.today(), frozenset(roles)
    carried = PostRole.objects.filter(
        role__in=asked, agency_id=agency_id, valid__contains=today
    ).values_list("role", "post_id")
    own = set(
        Holding.objects.filter(person_id__in=list(people), valid__contains=today).values_list(
            "post_id", flat=True
        )
    )
    borne = {role for role, post in carried if post in own}
    return sorted(
        {
            *(role_token(role, agency_id) for role in asked if role not in borne),
            *(post_token(post) for role, post in carried if role in borne and post not in own),
        }
    )


def watched_agencies() -> Sequence[int]:
    """Agencies whose record somebody watches: an auditor's post reaches them today."""
    reaching = PostRole.objects.filter(role=Role.AUDITOR, valid__contains=clock.today())
    return sorted(set(reaching.values_list("agency_id", flat=True)))


def roles_in_hand(
    person_ids: Collection[int], since: date, until: date | None = None
) -> Mapping[int, frozenset[Role]]:
    """By person the roles of all posts held in that period; two queries."""
    period = DateRange(since, until, "[)")
    held: dict[int, set[int]] = {}
    rows = Holding.objects.filter(
        person_id__in=list(person_ids), valid__overlap=period, valid__isempty=False
    )
    for post_id, person_id in rows.values_list("post_id", "person_id"):
        held.setdefault(post_id, set()).add(person_id)
    roles: dict[int, set[Role]] = {}
    carried = PostRole.objects.filter(
        post_id__in=list(held), valid__overlap=period, valid__isempty=False
    )
    for post_id, role in carried.values_list("post_id", "role"):
        for person_id in held[post_id]:
            roles.setdefault(person_id, set()).add(Role(role))
    return {person_id: frozenset(found) for person_id, found in roles.items()}
