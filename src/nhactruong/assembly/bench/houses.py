"""The agencies as a document meets them: desks, organs, books and who may see what by office."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from nhactruong.foundation.access import rules as tokens
from nhactruong.kernel import clock
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Agency, Holding, Organ, PostRole, Term
from nhactruong.masterdata.organization.selectors import PostCard
from nhactruong.records.numbering.models import NumberSeries
from nhactruong.records.outgoing.policies import DRAFTING_ROLES

#: Shares of the agencies in a thousand, by their order; whoever comes later has the last share.
_SHARES: Final = (420, 130, 60, 50, 45, 40, 35, 25)
_SHARE_OF_OTHERS: Final = 16
#: Whose desks get work of an incoming document.
_HANDLERS: Final = frozenset(
    {Role.SPECIALIST, Role.HEAD_OF_DIVISION, Role.DEPUTY_CHIEF, Role.STANDING_MEMBER}
)


@dataclass(frozen=True, slots=True)
class Desk:
    """A unit or a post that can be given a part."""

    token: int
    name: str
    unit_id: int | None = None
    post_id: int | None = None


@dataclass(frozen=True, slots=True)
class Issuing:
    """An organ with one row of its signing table."""

    organ_id: int
    organ_name: str
    series_body: str
    symbol: str
    authority_id: int
    form: str
    capacity: str
    position: str
    signer_post: int
    signer_person: int
    signer_name: str


@dataclass(frozen=True, slots=True)
class Drafter:
    """Somebody who drafts for the agency."""

    person_id: int
    post_id: int
    unit_id: int | None
    name: str


@dataclass(slots=True)
class House:
    """One agency."""

    agency_id: int
    key: str
    name: str
    share: int
    registry_id: int
    clerk: str
    director: PostCard | None
    leader: str
    units: Sequence[Desk]
    posts: Sequence[Desk]
    #: Desks of the people in a unit.
    inside: Mapping[int, Sequence[Desk]]
    issuing: Sequence[Issuing]
    drafters: Sequence[Drafter]
    #: (issuing body, group, period) → (series, its last number).
    series: dict[tuple[str, str, str], tuple[int, int]] = field(default_factory=dict)
    term_period: str = ""

    def role(self, role: Role) -> int:
        """The sight token of that role here."""
        return tokens.role_token(role, self.agency_id)

    def take(self, body: str, group: str, period: str) -> tuple[int, int] | None:
        """(series, next number), or None when no such series is open."""
        found = self.series.get((body, group, period))
        if found is None:
            return None
        series, last = found
        self.series[body, group, period] = (series, last + 1)
        return series, last + 1


def houses() -> list[House]:
    """Every agency with open books, the largest first."""
    served = list(Agency.objects.filter(valid_to=None).order_by("pk"))
    made = []
    for position, agency in enumerate(served):
        share = _SHARES[position] if position < len(_SHARES) else _SHARE_OF_OTHERS
        made.append(_house(agency, share))
    return [house for house in made if house.issuing and house.drafters and house.posts]


def first_day() -> date:
    """The first day on which every agency's books of the term are open."""
    return max(Term.objects.values_list("starts_on", flat=True))


def _house(agency: Agency, share: int) -> House:
    today = clock.today()
    reaching = PostRole.objects.filter(agency=agency, valid__contains=today)
    cards = [
        card
        for card in organization.post_cards(ids=set(reaching.values_list("post_id", flat=True)))
        if card.person_id is not None
    ]
    units = [
        Desk(tokens.unit_token(unit.pk), unit.name, unit_id=unit.pk)
        for unit in organization.units_serving(agency.pk)
    ]
    inside: dict[int, list[Desk]] = defaultdict(list)
    posts = []
    for card in cards:
        if _roles(card, agency.pk) & _HANDLERS:
            desk = Desk(tokens.post_token(card.post_id), _named(card), post_id=card.post_id)
            posts.append(desk)
            if card.unit_id is not None:
                inside[card.unit_id].append(desk)
    house = House(
        agency_id=agency.pk,
        key=agency.key,
        name=agency.short_name,
        share=share,
        registry_id=organization.registry_of(agency.pk).pk,
        clerk=_first(cards, agency.pk, Role.CLERK) or "Văn thư",
        director=_director(cards, agency.pk),
        leader=_first(cards, agency.pk, Role.SECRETARY) or agency.short_name,
        units=[unit for unit in units if inside.get(unit.unit_id or 0)],
        posts=posts,
        inside=inside,
        issuing=_issuing(agency.pk, today),
        drafters=[
            Drafter(card.person_id or 0, card.post_id, card.unit_id, card.holder_name)
            for card in cards
            if _roles(card, agency.pk) & DRAFTING_ROLES & {Role.SPECIALIST, Role.HEAD_OF_DIVISION}
        ]
        or [
            Drafter(card.person_id or 0, card.post_id, card.unit_id, card.holder_name)
            for card in cards
            if _roles(card, agency.pk) & DRAFTING_ROLES
        ],
    )
    for row in NumberSeries.objects.filter(agency=agency, closed_on=None, secrecy_class="open"):
        house.series[row.issuing_body, row.group, row.period] = (row.pk, row.last_number)
    term = organization.term_of(agency.pk)
    house.term_period = f"term:{term.starts_on.isoformat()}" if term else ""
    return house


def _roles(card: PostCard, agency_id: int) -> frozenset[Role]:
    return frozenset(role for role, agency in card.roles if agency == agency_id)


def _named(card: PostCard) -> str:
    return f"{card.holder_name}, {card.title}"


def _first(cards: Sequence[PostCard], agency_id: int, role: Role) -> str:
    return next((_named(card) for card in cards if role in _roles(card, agency_id)), "")


def _director(cards: Sequence[PostCard], agency_id: int) -> PostCard | None:
    for role in (Role.CHIEF_OF_OFFICE, Role.DEPUTY_SECRETARY, Role.SECRETARY):
        for card in cards:
            if role in _roles(card, agency_id):
                return card
    return None


def _issuing(agency_id: int, today: date) -> list[Issuing]:
    """One signing row for each organ of the agency that has one today and a holder for it."""
    found = []
    for organ in Organ.objects.filter(agency_id=agency_id, valid_to=None, is_temporary=False):
        for row in organization.authorities(organ.pk, "cong-van", today):
            holder = (
                Holding.objects.filter(post_id=row.post_id, valid__contains=today)
                .select_related("person")
                .first()
            )
            if holder is not None:
                found.append(
                    Issuing(
                        organ.pk,
                        organ.name,
                        organ.series_body,
                        organ.symbol,
                        row.pk,
                        row.form,
                        row.capacity_line,
                        row.title_line,
                        row.post_id,
                        holder.person_id,
                        holder.person.full_name,
                    )
                )
                break
    return found
