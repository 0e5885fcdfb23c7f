"""Random organizations written into the store, many at a time, as the commands leave them behind.

Commands prove elsewhere that they grant what the oracle says (`walk.py`); here their outcome is
written at once, so that thousands of organizations can be asked who sees what.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.contrib.postgres.search import SearchVector
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.db.models import Value

from nhactruong.foundation.access.rules import post_token, role_token, unit_token
from nhactruong.foundation.accounts.models import ApiToken, User
from nhactruong.foundation.accounts.rules import token_hash
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.foundation.search.models import SearchCard
from nhactruong.kernel import clock
from nhactruong.kernel.states import Role
from nhactruong.kernel.text import fold
from nhactruong.masterdata.organization.models import (
    Agency,
    Delegation,
    Holding,
    Organ,
    Person,
    Post,
    PostRole,
    Registry,
    Unit,
)
from nhactruong.records.documents.models import Document
from nhactruong.records.dossiers.models import Dossier
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.outgoing.models import OutgoingDocument
from tests.sight.oracle import Deed, secrecy_of, story_of
from tests.sight.organizations import Organization, Period

COMMON: Final = "chung"
_LONG_AGO: Final = timedelta(days=2000)
_STATES: Final = {
    "received": "received",
    "registered": "submitted",
    "directed": "directed",
    "assigned": "assigned",
    "drafted": "draft",
    "to_head": "content_review",
    "to_chief": "appraisal",
    "to_signer": "awaiting_signature",
    "given_back": "returned",
    "signed": "signed",
    "numbered": "numbered",
    "sealed": "sealed",
    "issued": "issued",
}
#: To which roles each act gives sight, besides the desks it names.
_ROLES: Final[Mapping[str, tuple[Role, ...]]] = {
    "received": (Role.CLERK,),
    "registered": (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.CHIEF_OF_OFFICE),
    "to_chief": (Role.CHIEF_OF_OFFICE,),
    "signed": (Role.CLERK,),
    "issued": (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.CHIEF_OF_OFFICE, Role.CLERK),
    "opened": (Role.CHIEF_OF_OFFICE, Role.DEPUTY_CHIEF, Role.ARCHIVIST),
}


def record_id(record: str) -> uuid.UUID:
    """The identifier of a record in addresses."""
    return uuid.uuid5(uuid.NAMESPACE_OID, record)


def secret_of(person: str) -> str:
    """The key with which the person's program calls."""
    return f"nt_{person}"


def _range(period: Period) -> DateRange:
    return DateRange(period.since, period.until)


@dataclass(slots=True)
class Written:
    """The rows of some organizations by the keys of their facts."""

    organizations: list[Organization]
    today: date
    now: datetime
    agencies: dict[str, Agency] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    accounts: dict[str, User] = field(default_factory=dict)

    def facts(self) -> Iterable[tuple[Organization, str]]:
        """Every person with the organization the person belongs to."""
        for one in self.organizations:
            for person in one.people:
                yield one, person


def write(organizations: list[Organization], today: date, now: datetime) -> Written:
    """All of them in the store."""
    made = Written(organizations, today, now)
    with writes_allowed():
        _bodies(made, today)
        _people(made)
        _papers(made, today)
    return made


def _named(rows: Iterable[Any]) -> dict[str, Any]:
    return {row.key: row for row in rows}


def _bodies(made: Written, today: date) -> None:
    since = today - _LONG_AGO
    made.agencies = _named(
        Agency.objects.bulk_create(
            Agency(
                key=key,
                name=f"Cơ quan {key}",
                short_name=f"Cơ quan {key}",
                level="commune",
                kind="committee",
                symbol="ĐU",
                identifier=key,
                issuer_lines=["CƠ QUAN"],
                place="Sông Lam",
                seal_name="Dấu",
                sort_key=key,
                valid_from=since,
            )
            for one in made.organizations
            for key in one.agencies
        )
    )
    made.units = _named(
        Unit.objects.bulk_create(
            Unit(key=key, agency=made.agencies[owner], name=key, short_name=key, valid_from=since)
            for one in made.organizations
            for key, owner in one.units.items()
        )
    )
    made.posts = _named(
        Post.objects.bulk_create(
            Post(
                key=post.key,
                agency=made.agencies[post.agency],
                unit=made.units.get(post.unit),
                title=f"Chức danh {post.key}",
                clearance=post.clearance,
                valid_from=since,
            )
            for one in made.organizations
            for post in one.posts.values()
        )
    )
    PostRole.objects.bulk_create(
        PostRole(
            post=made.posts[post.key],
            role=Role[carried.role.upper()].value,
            agency=made.agencies[carried.agency],
            valid=_range(carried.period),
        )
        for one in made.organizations
        for post in one.posts.values()
        for carried in post.roles
    )


def _people(made: Written) -> None:
    now = clock.now()
    names = [person for _, person in made.facts()]
    users = User.objects.bulk_create(
        User(username=name, password="!", created_at=now) for name in names
    )
    made.accounts = dict(zip(names, users, strict=True))
    ApiToken.objects.bulk_create(
        ApiToken(
            user=made.accounts[name],
            label="thử",
            token_hash=token_hash(secret_of(name)),
            created_at=now,
            expires_at=now + timedelta(days=1),
        )
        for name in names
    )
    people = _named(
        Person.objects.bulk_create(
            Person(key=name, full_name=f"Người {name}", sort_key=name, account=made.accounts[name])
            for name in names
        )
    )
    Holding.objects.bulk_create(
        Holding(
            person=people[held.person],
            post=made.posts[held.post],
            kind=Holding.Kind.CONCURRENT,
            valid=_range(held.period),
            recorded_at=now,
        )
        for one in made.organizations
        for held in one.holdings
    )
    Delegation.objects.bulk_create(
        Delegation(
            post=made.posts[lent.post],
            given_by=people[lent.giver],
            delegate=people[lent.delegate],
            kind=Delegation.Kind.SUBSTITUTE,
            basis="Giấy ủy quyền",
            valid=DateTimeTZRange(lent.begins_at, lent.ends_at),
            created_at=lent.begins_at,
            revoked_at=lent.revoked_at,
            highest_secrecy=lent.highest,
        )
        for one in made.organizations
        for lent in one.delegations
    )


def _papers(made: Written, today: date) -> None:
    since = today - _LONG_AGO
    first = next(iter(made.agencies.values()))
    registry = Registry.objects.create(key=f"r-{first.key}", agency=first, name="Văn thư")
    organs = Organ.objects.bulk_create(
        Organ(
            key=f"{key}.btv",
            agency=agency,
            name="Ban Thường vụ",
            kind="standing_board",
            name_block=["BAN THƯỜNG VỤ"],
            series_body=key,
            symbol="ĐU",
            valid_from=since,
        )
        for key, agency in made.agencies.items()
    )
    organ_of = {organ.agency_id: organ for organ in organs}
    people = dict(Person.objects.filter(key__in=list(made.accounts)).values_list("key", "pk"))
    stories = [
        (one, record, story_of(one.deeds, record))
        for one in made.organizations
        for record in dict.fromkeys(deed.record for deed in one.deeds)
    ]
    contents = {
        row.public_id: row
        for row in Document.objects.bulk_create(
            Document(
                public_id=record_id(record),
                agency=made.agencies[story[0].agency],
                created_at=clock.now(),
                created_by="thử",
            )
            for _, record, story in stories
            if story[0].kind != "dossier"
        )
    }
    incoming, outgoing, dossiers, cards = [], [], [], []
    for position, (one, record, story) in enumerate(stories, start=1):
        key, kind = record_id(record), story[0].kind
        common: dict[str, Any] = {
            "public_id": key,
            "agency": made.agencies[story[0].agency],
            "secrecy": secrecy_of(story),
            "readers": _readers(made, story),
        }
        day = today - timedelta(days=position % 5)
        title = f"Việc {COMMON} {record}"
        if kind == "incoming":
            incoming.append(
                IncomingDocument(
                    **common,
                    document=contents[key],
                    registry=registry,
                    state=_STATES[story[-1].verb],
                    file_name="den.pdf",
                    arrived_on=day,
                    received_at=clock.now(),
                    received_by="thử",
                    arrival_number=None if len(story) == 1 else position,
                    subject=title,
                    folded=fold(title),
                )
            )
        elif kind == "outgoing":
            numbered = any(deed.verb == "numbered" for deed in story)
            outgoing.append(
                OutgoingDocument(
                    **common,
                    document=contents[key],
                    registry=registry,
                    organ=organ_of[common["agency"].pk],
                    document_type="cong-van",
                    subject=title,
                    folded=fold(title),
                    state=_STATES[story[-1].verb],
                    drafter_person_id=people[one.people[0]],
                    drafter_post=_first_post(made, one, story[0]),
                    listed_on=day,
                    opened_at=clock.now(),
                    number=position if numbered else None,
                    issued_on=day if numbered else None,
                )
            )
        else:
            dossiers.append(
                Dossier(
                    **common,
                    code=record,
                    year=today.year,
                    title=title,
                    retention="10",
                    keeper_post=_first_post(made, one, story[0]),
                    opened_on=day,
                )
            )
        if kind != "incoming" or len(story) > 1:
            cards.append(_card(common, kind, title, day))
    IncomingDocument.objects.bulk_create(incoming)
    OutgoingDocument.objects.bulk_create(outgoing)
    Dossier.objects.bulk_create(dossiers)
    SearchCard.objects.bulk_create(cards)
    SearchCard.objects.filter(object_id__in=[card.object_id for card in cards]).update(
        words=SearchVector(Value(COMMON), config="simple")
    )


def _first_post(made: Written, one: Organization, deed: Deed) -> Post:
    named = next((desk for desk in deed.desks if desk.startswith("post:")), "")
    return made.posts[named.removeprefix("post:") or next(iter(one.posts))]


def _readers(made: Written, story: list[Deed]) -> list[int]:
    found = set()
    for deed in story:
        agency = made.agencies[deed.agency].pk
        found |= {role_token(role, agency) for role in _ROLES.get(deed.verb, ())}
        for desk in deed.desks:
            kind, _, key = desk.partition(":")
            found.add(
                unit_token(made.units[key].pk) if kind == "unit" else post_token(made.posts[key].pk)
            )
    return sorted(found)


def _card(common: dict[str, Any], kind: str, title: str, day: date) -> SearchCard:
    names = {
        "incoming": "IncomingDocument",
        "outgoing": "OutgoingDocument",
        "dossier": "Dossier",
    }
    return SearchCard(
        object_type=names[kind],
        object_id=common["public_id"],
        agency_id=common["agency"].pk,
        title=title,
        occurred_on=day,
        secrecy=common["secrecy"],
        readers=common["readers"],
        folded=fold(title),
    )
