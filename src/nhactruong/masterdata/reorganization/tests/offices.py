"""Three small offices of Tỉnh ủy and the one that comes after them, beside the small office.

Each has a chief, a head and a specialist in one unit, and a clerk; all reached through commands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db import transaction

from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.foundation.persistence.tests.once import made_once
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import Role, SigningForm
from nhactruong.masterdata.organization import commands, selectors
from nhactruong.masterdata.organization.models import Agency
from nhactruong.masterdata.organization.tests.scenarios import (
    FOUNDER,
    SINCE,
    SmallOffice,
    a_person,
    small_office,
)
from nhactruong.masterdata.reorganization import commands as reorganization
from nhactruong.masterdata.reorganization.models import Reorganization
from nhactruong.masterdata.reorganization.rules import Kind
from nhactruong.masterdata.vocabularies.selectors import document_types
from nhactruong.records.incoming.rules import arrival_key
from nhactruong.records.numbering import commands as numbering
from nhactruong.records.numbering.rules import SeriesKey
from nhactruong.records.outgoing.rules import series_group

BASIS: Final = "Quyết định 15-QĐ/TU ngày 20/11/2026"
OLD: Final = ("a1", "a2", "a3")
#: (key, title, role, in the unit) of the posts of each office.
POSTS: Final = (
    ("chanh", "Chánh Văn phòng", Role.CHIEF_OF_OFFICE, False),
    ("truong", "Trưởng phòng Nghiệp vụ", Role.HEAD_OF_DIVISION, True),
    ("cv", "Chuyên viên", Role.SPECIALIST, True),
    ("vt", "Văn thư", Role.CLERK, False),
)


@dataclass(slots=True)
class Offices:
    """The small office with the further ones; people are `<agency>-<post>`."""

    small: SmallOffice = field(default_factory=small_office)

    def actor(self, person: str) -> Actor:
        """That person in today's posts."""
        return self.small.actor(person)

    def agency(self, key: str) -> Agency:
        """The agency of that key, as it now stands."""
        return Agency.objects.get(pk=self.small.agencies[key].pk)

    def post(self, key: str) -> int:
        """The post first held by that person."""
        return self.small.posts[key].pk

    def unit(self, agency: str) -> int:
        """The one unit of that agency."""
        return self.small.units[f"{agency}-nv"].pk


@made_once
def offices() -> Offices:
    """Old offices a1, a2, a3 with open books; new ones b and c with people and no books yet."""
    made = Offices()
    with writes_allowed(), transaction.atomic():
        for key in (*OLD, "b", "c"):
            _office(made.small, key)
            if key in OLD:
                _open_books(made.small, key)
    return made


def _office(small: SmallOffice, key: str) -> None:
    name = f"Ban {key.upper()} Tỉnh ủy"
    small.agencies[key] = agency = commands.found_agency(
        FOUNDER,
        key=key,
        name=name,
        short_name=name,
        level="province",
        kind="board",
        symbol=f"B{key.upper()}",
        identifier=f"A99.77.{key.upper()}",
        issuer_lines=[name.upper()],
        place="Sông Lam",
        seal_name=f"Dấu {name}",
        valid_from=SINCE,
        parent=small.agencies["tu"],
    )
    commands.create_registry(
        FOUNDER, key=f"vt-{key}", agency=agency, name="Văn thư", serves=[agency], valid_from=SINCE
    )
    small.units[f"{key}-nv"] = commands.create_unit(
        FOUNDER,
        key=f"{key}-nv",
        agency=agency,
        name="Phòng Nghiệp vụ",
        short_name="Nghiệp vụ",
        valid_from=SINCE,
    )
    small.organs[f"{key}.ban"] = organ = commands.create_organ(
        FOUNDER,
        key=f"{key}.ban",
        agency=agency,
        name=name,
        kind="office",
        name_block=[name.upper()],
        series_body=key,
        symbol=agency.symbol,
        valid_from=SINCE,
    )
    for short, title, role, in_unit in POSTS:
        a_person(
            small,
            f"{key}-{short}",
            f"{title} {key.upper()}",
            title,
            key,
            [(role, key)],
            unit=f"{key}-nv" if in_unit else None,
        )
    commands.grant_signing_authority(
        FOUNDER,
        organ=organ,
        post=small.posts[f"{key}-chanh"],
        form=SigningForm.OWN,
        title_line="CHÁNH VĂN PHÒNG",
        basis="Quy chế làm việc",
        since=SINCE,
    )


def _open_books(small: SmallOffice, key: str) -> None:
    agency = small.agencies[key]
    commands.open_term(FOUNDER, agency, name="nhiệm kỳ 2025 - 2030", starts_on=SINCE)
    registry = selectors.registry_of(agency.pk).pk
    kinds = document_types(numbered_only=True)
    groups = {series_group(kind.slug, kind.code, shared_qd=True) for kind in kinds}
    keys = [SeriesKey(registry, key, group, f"term:{SINCE.isoformat()}") for group in groups]
    keys.append(arrival_key(registry, key, clock.today()))
    numbering.open_series(FOUNDER, agency.pk, keys, opened_on=SINCE)


def proposal(
    made: Offices,
    kind: Kind = Kind.MERGE,
    *,
    old: tuple[str, ...] = OLD,
    new: tuple[str, ...] = ("b",),
    on: date | None = None,
    successor: str | None = None,
    by: str = "suong",
) -> Reorganization:
    """A proposal by a specialist of Văn phòng Tỉnh ủy, posts mapped as suggested."""
    return reorganization.open_proposal(
        made.actor(by),
        kind=kind,
        old_ids=[made.agency(key).pk for key in old],
        new_ids=[made.agency(key).pk for key in new],
        successor_id=made.agency(successor).pk if successor else None,
        basis=BASIS,
        effective_on=on or clock.today(),
    )


def approved(made: Offices, drafted: Reorganization) -> Reorganization:
    """The proposal sent by its author and approved by the Chánh Văn phòng."""
    reorganization.send(made.actor("suong"), drafted.public_id, version=None)
    return reorganization.approve(made.actor("khue"), drafted.public_id, version=None)


def carried_out(made: Offices, drafted: Reorganization) -> Reorganization:
    """The proposal approved, and carried out by the administrator."""
    return reorganization.carry_out(
        made.actor("quan"), approved(made, drafted).public_id, version=None
    )
