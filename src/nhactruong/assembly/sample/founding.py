"""The office before its story begins: bodies, posts, people, authority, books, keys, days off."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.contrib.auth.hashers import make_password

from nhactruong.assembly import sample
from nhactruong.assembly.sample.story import Days, Row, read
from nhactruong.foundation.accounts import commands as accounts
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor, service_actor
from nhactruong.kernel.states import Role, SigningForm
from nhactruong.masterdata.organization import commands, selectors
from nhactruong.masterdata.organization.models import (
    Agency,
    Organ,
    Person,
    Post,
    Registry,
    SigningAuthority,
    Unit,
)
from nhactruong.masterdata.vocabularies.commands import load_document_types
from nhactruong.masterdata.vocabularies.selectors import document_types
from nhactruong.masterdata.workdays.commands import override_day
from nhactruong.records.numbering import commands as numbering
from nhactruong.records.numbering.rules import SeriesKey
from nhactruong.records.outgoing.rules import series_group
from nhactruong.records.signing import commands as signatures
from nhactruong.records.signing.ports import KeyInUse
from nhactruong.records.signing.service import signing_service

FOUNDER: Final = service_actor("setup", "Thiết lập")
#: The day the communes and the boards of the merged province begin.
_SINCE: Final = date(2025, 7, 1)


@dataclass(slots=True)
class Office:
    """What was founded, by the keys of the data."""

    agencies: dict[str, Agency] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    organs: dict[str, Organ] = field(default_factory=dict)
    registries: dict[str, Registry] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    authorities: list[tuple[Row, SigningAuthority]] = field(default_factory=list)
    holders: dict[str, str] = field(default_factory=dict)
    #: (person, how many changes of post lie behind) → the person as an actor.
    _actors: dict[tuple[int, int], Actor] = field(default_factory=dict)
    _changes: list[date] = field(default_factory=lambda: _days_of_change())

    def actor(self, post: str) -> Actor:
        """Whoever holds the post, in all posts of today, acting in this one."""
        person = self.people[self.holders[post]]
        key = (person.pk, bisect_right(self._changes, clock.today()))
        if key not in self._actors:
            self._actors[key] = selectors.actor_for_person(person.pk)
        return self._actors[key].acting_as_id(self.posts[post].pk)

    def post_with(self, role: Role, agency: str) -> str:
        """The first held post of the agency's list that carries the role for it; "" for none."""
        for row in read("organization.toml")["post"]:
            reaches = {"role": role.code, "agency": agency} in row["roles"]
            if reaches and row["key"] in self.holders:
                return str(row["key"])
        return ""


def _days_of_change() -> list[date]:
    """The days on which somebody takes or leaves a post."""
    held = [entry for person in read("people.toml")["person"] for entry in person["posts"]]
    return sorted({entry[end] for entry in held for end in ("from", "to") if end in entry})


def found(days: Days, first_day: date, say: Callable[[str], None]) -> Office:
    """The office as it stands when the first paper of the story is opened on `first_day`."""
    data = read("organization.toml")
    office = Office()
    load_document_types(FOUNDER)
    say(f"Tạo {len(data['agency'])} cơ quan, {len(data['organ'])} cấp ủy, ban chỉ đạo")
    _bodies(office, data)
    people = read("people.toml")["person"]
    say(f"Tạo {len(data['post'])} chức danh, {len(people)} người có tài khoản")
    _posts(office, data["post"])
    _people(office, people)
    _seats(office, data["organ"])
    _authorities(office, days)
    say("Mở sổ văn bản đi, văn bản đến; cấp chứng thư số thử nghiệm")
    _books(office, data, first_day, days.on(0))
    _keys(office)
    return office


def settle_days() -> None:
    """Days off and working Saturdays as the yearly notices settle them."""
    for row in read("holidays.toml")["override"]:
        override_day(FOUNDER, row["date"], row["kind"], row["name"], basis=row["basis"])


def _bodies(office: Office, data: Row) -> None:
    for row in data["agency"]:
        office.agencies[row["key"]] = commands.found_agency(
            FOUNDER,
            key=row["key"],
            name=row["name"],
            short_name=row["short_name"],
            level=row["level"],
            kind=row["kind"],
            symbol=row["symbol"],
            identifier=row["identifier"],
            issuer_lines=row["issuer_lines"],
            superior_line=row["superior_line"],
            place=row["place"],
            seal_name=row["seal"]["name"],
            seal_diameter_mm=row["seal"]["diameter_mm"],
            drafter_may_seal=row.get("drafter_may_seal", False),
            parent=office.agencies.get(row.get("parent", "")),
            valid_from=_SINCE,
        )
    for row in data["unit"]:
        office.units[row["key"]] = commands.create_unit(
            FOUNDER,
            key=row["key"].replace(".", "-"),
            agency=office.agencies[row["agency"]],
            name=row["name"],
            short_name=row["short"],
            valid_from=_SINCE,
        )
    for row in data["organ"]:
        agency = office.agencies[row["agency"]]
        office.organs[row["key"]] = commands.create_organ(
            FOUNDER,
            key=row["key"],
            agency=agency,
            name=row["name"],
            kind=row["kind"],
            name_block=row["name_block"],
            series_body=row["series_body"],
            symbol=row.get("symbol", agency.symbol),
            superior_line=row.get("superior_line", agency.superior_line),
            collective_line=row["collective_line"],
            is_temporary=row.get("temporary", False),
            valid_from=row.get("from", _SINCE),
        )
    for row in data["registry"]:
        office.registries[row["key"]] = commands.create_registry(
            FOUNDER,
            key=row["key"],
            agency=office.agencies[row["agency"]],
            name=row["name"],
            serves=[office.agencies[key] for key in row["serves"]],
            valid_from=_SINCE,
        )


def _posts(office: Office, rows: list[Row]) -> None:
    for row in rows:
        office.posts[row["key"]] = commands.create_post(
            FOUNDER,
            key=row["key"],
            agency=office.agencies[row["agency"]],
            unit=office.units.get(row.get("unit", "")),
            title=row["title"],
            rank=row["rank"],
            roles=[
                (Role[held["role"].upper()], office.agencies[held["agency"]])
                for held in row["roles"]
            ],
            valid_from=_SINCE,
        )


def _people(office: Office, rows: list[Row]) -> None:
    encoded = make_password(sample.PASSWORD)
    for row in rows:
        account = accounts.create_account(
            FOUNDER,
            username=row["username"],
            password=sample.PASSWORD,
            encoded=encoded,
            is_sample=True,
        )
        person = commands.register_person(
            FOUNDER, key=row["key"], full_name=row["full_name"], account=account
        )
        office.people[row["key"]] = person
        for held in row["posts"]:
            commands.appoint(
                FOUNDER,
                person,
                office.posts[held["post"]],
                kind=held["kind"],
                since=held["from"],
                until=held.get("to"),
            )
            office.holders[held["post"]] = row["key"]


def _seats(office: Office, rows: list[Row]) -> None:
    for row in rows:
        for member in row.get("members", []):
            commands.seat(
                FOUNDER,
                office.organs[row["key"]],
                office.posts[member["post"]],
                capacity=member["capacity"],
                since=row.get("from", _SINCE),
            )


def _authorities(office: Office, days: Days) -> None:
    for row in read("signing_authority.toml")["authority"]:
        since = days.on(row["from_day"]) if "from_day" in row else row["from"]
        until = days.on(row["to_day"]) if "to_day" in row else row.get("to")
        made = commands.grant_signing_authority(
            FOUNDER,
            organ=office.organs[row["organ"]],
            post=office.posts[row["post"]],
            form=SigningForm(row["form"]),
            capacity_line=row["capacity_line"],
            title_line=row["title_line"],
            document_types=() if row["types"] == "all" else row["types"],
            basis=row["basis"],
            since=since,
            until=until,
        )
        office.authorities.append((row, made))


def _books(office: Office, data: Row, first_day: date, last_day: date) -> None:
    """Series of the term after the paper books, and arrival books of every year of the story."""
    kinds = {kind.slug: kind for kind in document_types(numbered_only=True)}
    groups = {slug: series_group(slug, kind.code, shared_qd=True) for slug, kind in kinds.items()}
    term = read("organization.toml")["term"]["name"]
    with_term: set[str] = set()
    for row in data["series"]:
        agency = office.agencies[row["agency"]]
        if row["agency"] not in with_term:
            commands.open_term(FOUNDER, agency, name=term, starts_on=row["term_start"])
            with_term.add(row["agency"])
        period = f"term:{row['term_start'].isoformat()}"
        numbering.open_series(
            FOUNDER,
            agency.pk,
            [
                SeriesKey(office.registries[row["registry"]].pk, row["series_body"], group, period)
                for group in sorted(set(groups.values()))
            ],
            opened_on=row["term_start"],
            last_numbers={groups[slug]: last for slug, last in row["last_numbers"].items()},
        )
    for row in data["arrival"]:
        for year in range(first_day.year, last_day.year + 1):
            key = SeriesKey(
                office.registries[row["registry"]].pk, row["agency"], "arrival", f"year:{year}"
            )
            is_first = year == first_day.year
            numbering.open_series(
                FOUNDER,
                office.agencies[row["agency"]].pk,
                [key],
                opened_on=date(year, 1, 1),
                last_numbers={"arrival": row["last_number"]} if is_first else None,
            )


def _keys(office: Office) -> None:
    """Certificates of the agencies' seals and of everybody who may sign for an organ."""
    service = signing_service()
    signers = dict.fromkeys(office.holders[row["post"]] for row, _ in office.authorities)
    titles = {held: office.posts[post] for post, held in reversed(office.holders.items())}
    for key in signers:
        person = office.people[key]
        holder = KeyInUse(subject_id=f"TEST-{key}", name=person.full_name, unit=titles[key].title)
        service.enrol(holder, is_agency=False)
        _register("person", person.pk, holder)
    for agency in office.agencies.values():
        holder = KeyInUse(subject_id=agency.identifier, name=agency.name)
        service.enrol(holder, is_agency=True)
        _register("agency", agency.pk, holder)


def _register(kind: str, holder_id: int, holder: KeyInUse) -> None:
    signatures.register_key(
        FOUNDER,
        holder_kind=kind,
        holder_id=holder_id,
        subject_id=holder.subject_id,
        subject_name=holder.name,
    )
