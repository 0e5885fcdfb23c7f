"""Reading the organization: the actor of an account, bodies, posts and their holders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import (
    Case,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    When,
)

from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.access.selectors import lent_to
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor, HeldPost
from nhactruong.kernel.errors import NotFound, RuleBroken
from nhactruong.kernel.states import Role, Secrecy
from nhactruong.kernel.text import fold
from nhactruong.masterdata.organization import rules
from nhactruong.masterdata.organization.delegating import in_force, lent_posts
from nhactruong.masterdata.organization.models import (
    Absence,
    Agency,
    Holding,
    InheritedSight,
    Organ,
    Person,
    Post,
    PostRole,
    Registry,
    RegistryService,
    SigningAuthority,
    Term,
    Unit,
)

_B = TypeVar("_B", Agency, Unit, Post)


def actor_for_account(
    user_id: int, *, on: date | None = None, session_id: str = "", client_address: str = ""
) -> Actor:
    """The person behind an account with the posts held on that day; two queries, four for a delegate.

    Without `on`, what is delegated to the person at this second is in the sight.
    Raises: NotFound `account.no_person` when the account belongs to nobody.
    """
    day = on or clock.today()
    held = _held(Q(person__account_id=user_id), day)
    person = held[0].person if held else Person.objects.filter(account_id=user_id).first()
    if person is None:
        raise NotFound("account.no_person", "Tài khoản này chưa gắn với người nào.")
    lent = held[0].lent if held else ()  # type: ignore[attr-defined]  # annotated in `_held`
    actor = _actor(person, held, user_id, session_id, client_address, lent)
    return _with_lent(person, held, actor) if on is None else actor


def actor_for_person(person_id: int, on: date | None = None) -> Actor:
    """The person in the posts held on that day, without a session; for jobs and loaders."""
    held = _held(Q(person_id=person_id), on or clock.today())
    person = held[0].person if held else Person.objects.get(pk=person_id)
    actor = _actor(person, held, person.account_id, "", "", ())
    return _with_lent(person, held, actor) if on is None else actor


def _with_lent(person: Person, held: Sequence[Holding], actor: Actor) -> Actor:
    """The actor with what is delegated to him at this second; who holds no post is lent none."""
    if not any(row.is_lent for row in held):  # type: ignore[attr-defined]  # annotated in `_held`
        return actor
    # Nobody who administers sees content, not even for another.
    if any(role in rules.WITHOUT_CONTENT for role, _ in actor.role_reach):
        return actor
    lent = lent_posts(person, frozenset(actor.tokens))
    wide = [post.tokens for post in lent if post.cap >= actor.clearance]
    sight = frozenset(actor.tokens).union(*wide)
    return replace(actor, tokens=tuple(sorted(sight)), lent=lent)


#: Roles that administer or keep a seal; whoever signs is found by the signing table.
_GUARDED_ROLES: Final = frozenset(
    {Role.SYSADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.CLERK, Role.SECRET_CLERK}
)


def must_have_second_factor(actor: Actor) -> bool:
    """Whether the person administers, keeps a seal or signs today; at most one query.

    Source: security.md 1.2 (MFA for administrators), 6 V6.
    """
    if any(role in _GUARDED_ROLES for role, _ in actor.role_reach):
        return True
    return SigningAuthority.objects.filter(
        post_id__in=[post.post_id for post in actor.posts], valid__contains=clock.today()
    ).exists()


def _held(whose: Q, day: date) -> Sequence[Holding]:
    """Who holds which posts on that day, with their roles, the main post first; two queries."""
    rows = (
        Holding.objects.filter(whose, valid__contains=day)
        .annotate(
            lent=ArraySubquery(lent_to(OuterRef("person_id"))),
            is_lent=Exists(in_force(OuterRef("person_id"))),
            inherited=ArraySubquery(
                InheritedSight.objects.filter(post_id=OuterRef("post_id"), since__lte=day).values(
                    "token"
                )
            ),
        )
        .select_related("person", "post__agency", "post__unit")
        .prefetch_related(Prefetch("post__roles", PostRole.objects.filter(valid__contains=day)))
        .order_by("kind", "post__rank", "post_id")
    )
    return sorted(rows, key=lambda row: row.kind != Holding.Kind.MAIN)


def _actor(
    person: Person,
    held: Sequence[Holding],
    user_id: int | None,
    session_id: str,
    client_address: str,
    lent: Iterable[int],
) -> Actor:
    posts = []
    sight: set[int] = {tokens.lease_token(lease) for lease in lent}
    for row in held:
        post = row.post
        roles = frozenset((role.as_role, role.agency_id) for role in post.roles.all())
        posts.append(
            HeldPost(
                post_id=post.pk,
                title=f"Quyền {post.title}" if row.kind == Holding.Kind.ACTING else post.title,
                agency_id=post.agency_id,
                agency_name=post.agency.short_name,
                unit_id=post.unit_id,
                unit_name=post.unit.name if post.unit else "",
                roles=roles,
            )
        )
        sight |= rules.sight_of(post.pk, post.unit_id, roles)
        sight.update(row.inherited)  # type: ignore[attr-defined]  # annotated in `_held`
    return Actor(
        name=person.full_name,
        user_id=user_id,
        person_id=person.pk,
        posts=tuple(posts),
        clearance=max((Secrecy(row.post.clearance) for row in held), default=Secrecy.ORDINARY),
        tokens=tuple(sorted(sight)),
        session_id=session_id,
        client_address=client_address,
        role_reach=frozenset(pair for post in posts for pair in post.roles),
    )


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
        posts = _in_force(posts.filter(agency_id=agency_id), day)
    if agency_ids is not None:
        posts = _in_force(posts.filter(agency_id__in=list(agency_ids)), day)
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
    rows = (
        posts.select_related("unit")
        .annotate(
            held_by=Subquery(held.values("person__full_name")[:1]),
            held_by_id=Subquery(held.values("person_id")[:1]),
            away=Subquery(away.values("valid")[:1]),
        )
        .prefetch_related(Prefetch("roles", PostRole.objects.filter(valid__contains=day)))
        .order_by("rank", "pk")
    )
    return [
        PostCard(
            post_id=post.pk,
            title=post.title,
            agency_id=post.agency_id,
            unit_id=post.unit_id,
            unit_name=post.unit.name if post.unit else "",
            holder_name=post.held_by or "",
            person_id=post.held_by_id,
            roles=frozenset((role.as_role, role.agency_id) for role in post.roles.all()),
            absent_until=post.away.upper - timedelta(days=1) if post.away else None,
        )
        for post in rows
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


def agency(agency_id: int) -> Agency:
    """The agency of that key."""
    return Agency.objects.get(pk=agency_id)


def agencies(ids: Iterable[int] | None = None) -> QuerySet[Agency]:
    """Agencies in force today in Vietnamese order; one that ends later is still in force."""
    found = _in_force(Agency.objects.all(), clock.today())
    if ids is not None:
        found = found.filter(pk__in=list(ids))
    return found.order_by("level", "sort_key")


def _in_force(rows: QuerySet[_B], day: date) -> QuerySet[_B]:
    """The rows of bodies that exist on that day."""
    return rows.filter(valid_from__lte=day).exclude(valid_to__lte=day)


def require_in_force(agency_id: int) -> None:
    """Nothing while the agency exists. Raises: RuleBroken `agency.ended` with the day it ended."""
    ended = Agency.objects.filter(pk=agency_id, valid_to__lte=clock.today())
    day = ended.values_list("valid_to", flat=True).first()
    if day is not None:
        raise RuleBroken(
            "agency.ended",
            "Cơ quan này đã kết thúc hoạt động từ ngày %(day)s. Đồng chí làm việc này ở cơ quan "
            "kế tục.",
            day=f"{day:%d/%m/%Y}",
        )


def agency_names(ids: Iterable[int]) -> Mapping[int, str]:
    """Short names by key."""
    return dict(Agency.objects.filter(pk__in=set(ids)).values_list("pk", "short_name"))


def unit_names(ids: Iterable[int]) -> Mapping[int, str]:
    """Names of units by key, those no longer in force as well."""
    return dict(Unit.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


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


def watched_agencies() -> Sequence[int]:
    """Agencies whose record somebody watches: an auditor's post reaches them today."""
    reaching = PostRole.objects.filter(role=Role.AUDITOR, valid__contains=clock.today())
    return sorted(set(reaching.values_list("agency_id", flat=True)))


#: How seldom a kind of organ issues: a committee's board daily, a congress once in a term.
_HOW_SELDOM: Final = Case(
    When(kind="standing_board", then=0),
    When(kind="steering_committee", then=2),
    When(kind="congress", then=3),
    default=1,
    output_field=IntegerField(),
)


def organs_of(agency_ids: Iterable[int], on: date | None = None) -> QuerySet[Organ]:
    """Organs of these agencies that exist on that day; what issues most stands first."""
    day = on or clock.today()
    return (
        Organ.objects.filter(agency_id__in=list(agency_ids), valid_from__lte=day)
        .exclude(valid_to__lte=day)
        .select_related("agency")
        .alias(seldom=_HOW_SELDOM)
        .order_by("agency_id", "seldom", "pk")
    )


def units_of(agency_ids: Iterable[int]) -> QuerySet[Unit]:
    """Units in force today of these agencies."""
    units = Unit.objects.filter(agency_id__in=list(agency_ids))
    return _in_force(units, clock.today()).order_by("pk")


def units_serving(agency_id: int) -> Sequence[Unit]:
    """Units that handle the papers of an agency: its own, and those whose head reaches it."""
    day = clock.today()
    reaching = PostRole.objects.filter(
        agency_id=agency_id,
        role=Role.HEAD_OF_DIVISION,
        post__unit__isnull=False,
        valid__contains=day,
    ).values("post__unit_id")
    serving = Q(agency_id=agency_id) | Q(pk__in=reaching)
    return list(_in_force(Unit.objects.filter(serving), day).order_by("pk"))


def registry_of(agency_id: int, on: date | None = None) -> Registry:
    """The registry that keeps the agency's books on that day.

    Raises: NotFound `registry.none`.
    """
    service = (
        RegistryService.objects.filter(agency_id=agency_id, valid__contains=on or clock.today())
        .select_related("registry")
        .first()
    )
    if service is None:
        raise NotFound("registry.none", "Cơ quan này chưa có bộ phận văn thư giữ sổ.")
    return service.registry


def agencies_kept_with(agency_id: int, on: date | None = None) -> frozenset[int]:
    """The agencies whose papers lie in the same registry, this one among them."""
    day = on or clock.today()
    registries = RegistryService.objects.filter(agency_id=agency_id, valid__contains=day).values(
        "registry_id"
    )
    served = RegistryService.objects.filter(registry_id__in=registries, valid__contains=day)
    return frozenset({agency_id, *served.values_list("agency_id", flat=True)})


def authorities(
    organ_id: int, document_type: str, on: date, *, post_ids: Iterable[int] | None = None
) -> Sequence[SigningAuthority]:
    """Rows of the signing table that allow this type for this organ on that day."""
    rows = (
        SigningAuthority.objects.filter(organ_id=organ_id, valid__contains=on)
        .select_related("post")
        .order_by("post__rank", "pk")
    )
    if post_ids is not None:
        rows = rows.filter(post_id__in=list(post_ids))
    return [row for row in rows if not row.document_types or document_type in row.document_types]


def term_starts_on(agency_id: int) -> date | None:
    """The first day of the agency's term in force today, as `term_of`; for acts in a hurry."""
    day = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(starts_on) FROM organization_term WHERE agency_id = %s"
            " AND starts_on <= %s AND (ends_on IS NULL OR ends_on > %s)",
            [agency_id, day, day],
        )
        found: date | None = cursor.fetchone()[0]
    return found


def term_of(agency_id: int, on: date | None = None) -> Term | None:
    """The agency's term in force on that day."""
    day = on or clock.today()
    return (
        Term.objects.filter(agency_id=agency_id, starts_on__lte=day)
        .exclude(ends_on__lte=day)
        .order_by("-starts_on")
        .first()
    )


def with_those_below(agency_ids: Iterable[int]) -> frozenset[int]:
    """These agencies and every one that stands under them, however deep; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE under(id) AS (SELECT unnest(%s::bigint[]) UNION SELECT agency.id"
            " FROM organization_agency agency JOIN under ON agency.parent_id = under.id)"
            " SELECT id FROM under",
            [list(agency_ids)],
        )
        return frozenset(row[0] for row in cursor.fetchall())
