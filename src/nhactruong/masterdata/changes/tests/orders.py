"""Orders as the office asks for them, for the tests of this app."""

from __future__ import annotations

from typing import Any

from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel import clock
from nhactruong.kernel.states import Role
from nhactruong.masterdata.changes import commands
from nhactruong.masterdata.changes.models import ChangeOrder
from nhactruong.masterdata.changes.rules import Kind
from nhactruong.masterdata.organization import commands as organization
from nhactruong.masterdata.organization.models import Agency, Person, Post
from nhactruong.masterdata.organization.tests.scenarios import (
    FOUNDER,
    SmallOffice,
    a_person,
    small_office,
)


def office_under_the_province() -> SmallOffice:
    """The small office, Đồng Mơ under Tỉnh ủy; the administrator serves Đồng Mơ as well."""
    office = small_office()
    with writes_allowed():
        Agency.objects.filter(pk=office.agencies["dm"].pk).update(parent=office.agencies["tu"])
    organization.grant_role(
        FOUNDER,
        office.posts["quan"],
        Role.SYSADMIN,
        office.agencies["dm"],
        since=clock.today(),
    )
    return office


def vacant_post(office: SmallOffice, *roles: Role, unit: str | None = "th") -> Post:
    """A post at the office of Tỉnh ủy that nobody holds."""
    vptu = office.agencies["vptu"]
    return organization.create_post(
        FOUNDER,
        key=f"vptu.trong-{Post.objects.count()}",
        agency=vptu,
        unit=office.units[unit] if unit else None,
        title="Chuyên viên chính",
        rank=90,
        roles=[(role, vptu) for role in roles],
        valid_from=clock.today(),
    )


def newcomer(office: SmallOffice, key: str = "moi") -> Person:
    """Cao Thị Mới, specialist of the unit since today, who cannot sign in yet."""
    vptu = office.agencies["vptu"]
    office.people[key] = organization.register_person(FOUNDER, key=key, full_name="Cao Thị Mới")
    office.posts[key] = organization.create_post(
        FOUNDER,
        key=f"vptu.{key}",
        agency=vptu,
        unit=office.units["th"],
        title="Chuyên viên Phòng Tổng hợp",
        rank=90,
        roles=[(Role.SPECIALIST, vptu)],
        valid_from=clock.today(),
    )
    organization.appoint(FOUNDER, office.people[key], office.posts[key], since=clock.today())
    return office.people[key]


def second_administrator(office: SmallOffice) -> None:
    """Another administrator of Văn phòng Tỉnh ủy beside Quân."""
    vptu = [(Role.SYSADMIN, "vptu")]
    with writes_allowed():
        a_person(office, "quan2", "Hồ Sỹ Quản", "Quản trị viên thứ hai", "vptu", vptu)


def asked(office: SmallOffice, kind: Kind, agency: str = "vptu", **changes: Any) -> commands.Asked:
    """An order of that kind at the agency, with its reason and basis."""
    return commands.Asked(
        **{
            "kind": kind,
            "agency_id": office.agencies[agency].pk,
            "from_on": clock.today(),
            "reason": "Kiện toàn bộ máy",
            "basis": "Quyết định 12-QĐ/VPTU",
            **changes,
        }
    )


def requested(
    office: SmallOffice, by: str, kind: Kind, agency: str = "vptu", **changes: Any
) -> ChangeOrder:
    """That order, before the head of office."""
    return commands.request(office.actor(by), asked(office, kind, agency, **changes))


def role_for(
    office: SmallOffice,
    person: str,
    role: Role = Role.CLERK,
    *,
    by: str = "lam",
    agency: str = "vptu",
    post: Post | None = None,
) -> ChangeOrder:
    """A role asked for the post of that person."""
    return requested(
        office,
        by,
        Kind.GRANT_ROLE,
        agency,
        post_id=(post or office.posts[person]).pk,
        role=role,
        reached_id=office.agencies[agency].pk,
    )


def approved(office: SmallOffice, order: ChangeOrder, by: str = "khue") -> ChangeOrder:
    """The order, in effect."""
    return commands.approve(office.actor(by), order.public_id, version=order.version)
