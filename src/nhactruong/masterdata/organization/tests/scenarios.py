"""A small office for tests: Tỉnh ủy and its office, and a commune committee of five people.

Reached through commands only. `SmallOffice.actor("khue")` is that person today.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction

from nhactruong.foundation.accounts import commands as accounts
from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.foundation.persistence.tests.once import made_once
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor, service_actor
from nhactruong.kernel.states import Role, SigningForm
from nhactruong.masterdata.organization import commands, selectors
from nhactruong.masterdata.organization.models import Agency, Organ, Person, Post, Unit
from nhactruong.masterdata.vocabularies.commands import load_document_types
from nhactruong.masterdata.vocabularies.selectors import document_types
from nhactruong.records.numbering import commands as numbering
from nhactruong.records.numbering.rules import SeriesKey
from nhactruong.records.outgoing.rules import series_group
from nhactruong.records.signing import commands as signatures

PASSWORD: Final = "mat-khau-van-phong-mau"
FOUNDER: Final = service_actor("setup", "Thiết lập")
SINCE: Final = date(2025, 7, 1)


@dataclass(slots=True)
class SmallOffice:
    """What the scenario made, by short keys."""

    agencies: dict[str, Agency] = field(default_factory=dict)
    organs: dict[str, Organ] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def actor(self, person: str) -> Actor:
        """The person of that key in today's posts."""
        return selectors.actor_for_account(self.user(person).pk)

    def user(self, person: str) -> User:
        """The person's account; every password is PASSWORD."""
        account = self.people[person].account
        assert account is not None
        return account


def _agency(
    office: SmallOffice, key: str, name: str, level: str, symbol: str, **extra: str
) -> None:
    office.agencies[key] = commands.found_agency(
        FOUNDER,
        key=key,
        name=name,
        short_name=name,
        level=level,
        kind="committee",
        symbol=symbol,
        identifier=f"A99.{len(office.agencies) + 1:02d}",
        issuer_lines=[name.upper()],
        superior_line=extra.get("superior", ""),
        place=extra.get("place", "Sông Lam"),
        seal_name=f"Dấu {name}",
        valid_from=SINCE,
    )


def _organ(office: SmallOffice, key: str, agency: str, name: str, body: str, **extra: str) -> None:
    held = office.agencies[agency]
    office.organs[key] = commands.create_organ(
        FOUNDER,
        key=key,
        agency=held,
        name=name,
        kind=extra.get("kind", "standing_board"),
        name_block=held.issuer_lines,
        superior_line=held.superior_line,
        collective_line=extra.get("collective", ""),
        series_body=body,
        symbol=held.symbol,
        valid_from=SINCE,
    )


@lru_cache(maxsize=1)
def _encoded() -> str:
    """The hash all accounts share: sixteen of them would cost seconds in every test."""
    return make_password(PASSWORD)


def a_person(
    office: SmallOffice,
    key: str,
    full_name: str,
    title: str,
    agency: str,
    roles: list[tuple[Role, str]],
    *,
    unit: str | None = None,
    rank: int = 90,
) -> None:
    account = accounts.create_account(
        FOUNDER, username=key, password=PASSWORD, is_sample=True, encoded=_encoded()
    )
    office.people[key] = commands.register_person(
        FOUNDER, key=key, full_name=full_name, account=account
    )
    office.posts[key] = commands.create_post(
        FOUNDER,
        key=f"{agency}.{key}",
        agency=office.agencies[agency],
        unit=office.units[unit] if unit else None,
        title=title,
        rank=rank,
        roles=[(role, office.agencies[reached]) for role, reached in roles],
        valid_from=SINCE,
    )
    commands.appoint(FOUNDER, office.people[key], office.posts[key], since=SINCE)


def _authority(
    office: SmallOffice, organ: str, post: str, form: SigningForm, capacity: str, title: str
) -> None:
    commands.grant_signing_authority(
        FOUNDER,
        organ=office.organs[organ],
        post=office.posts[post],
        form=form,
        capacity_line=capacity,
        title_line=title,
        basis="Điều 10 Quy chế làm việc",
        since=SINCE,
    )


def _open_books(office: SmallOffice) -> None:
    year = clock.today().year
    for key, agency in office.agencies.items():
        commands.open_term(FOUNDER, agency, name="nhiệm kỳ 2025 - 2030", starts_on=SINCE)
        registry = selectors.registry_of(agency.pk)
        bodies = {organ.series_body for organ in office.organs.values() if organ.agency == agency}
        groups = {
            series_group(kind.slug, kind.code, shared_qd=True)
            for kind in document_types(numbered_only=True)
        }
        keys = [
            SeriesKey(registry.pk, body, group, f"term:{SINCE.isoformat()}")
            for body in sorted(bodies)
            for group in sorted(groups)
        ]
        keys.append(SeriesKey(registry.pk, key, "arrival", f"year:{year}"))
        numbering.open_series(FOUNDER, agency.pk, keys, opened_on=SINCE)


def _register_keys(office: SmallOffice) -> None:
    for key, person in office.people.items():
        signatures.register_key(
            FOUNDER,
            holder_kind="person",
            holder_id=person.pk,
            subject_id=f"TEST-{key}",
            subject_name=person.full_name,
        )
    for agency in office.agencies.values():
        signatures.register_key(
            FOUNDER,
            holder_kind="agency",
            holder_id=agency.pk,
            subject_id=agency.identifier,
            subject_name=agency.name,
        )


@made_once
def small_office() -> SmallOffice:
    """Tỉnh ủy (tu), Văn phòng Tỉnh ủy (vptu), xã Đồng Mơ with five people (dm); books open."""
    # One transaction: its hundred commands then need no savepoint each.
    with writes_allowed(), transaction.atomic():
        return _founded()


def _founded() -> SmallOffice:
    load_document_types(FOUNDER)
    office = SmallOffice()
    _agency(office, "tu", "Tỉnh ủy Sông Lam", "province", "TU")
    _agency(office, "vptu", "Văn phòng Tỉnh ủy", "province", "VPTU", superior="TỈNH ỦY SÔNG LAM")
    _agency(
        office,
        "dm",
        "Đảng ủy xã Đồng Mơ",
        "commune",
        "ĐU",
        superior="ĐẢNG BỘ TỈNH SÔNG LAM",
        place="Đồng Mơ",
    )
    vptu, dm = office.agencies["vptu"], office.agencies["dm"]
    commands.create_registry(
        FOUNDER,
        key="vt-vptu",
        agency=vptu,
        name="Văn thư Văn phòng Tỉnh ủy",
        serves=[office.agencies["tu"], vptu],
        valid_from=SINCE,
    )
    commands.create_registry(
        FOUNDER, key="vt-dm", agency=dm, name="Văn thư Đồng Mơ", serves=[dm], valid_from=SINCE
    )
    for key, name in (("th", "Phòng Tổng hợp"), ("hc", "Phòng Hành chính - Lưu trữ")):
        office.units[key] = commands.create_unit(
            FOUNDER, key=f"vptu-{key}", agency=vptu, name=name, short_name=name, valid_from=SINCE
        )
    _organ(office, "tu.btv", "tu", "Ban Thường vụ Tỉnh ủy", "tu", collective="BAN THƯỜNG VỤ")
    _organ(office, "vptu.vp", "vptu", "Văn phòng Tỉnh ủy", "vptu", kind="office")
    _organ(
        office, "dm.btv", "dm", "Ban Thường vụ Đảng ủy xã Đồng Mơ", "dm", collective="BAN THƯỜNG VỤ"
    )
    both = ["tu", "vptu"]
    role = Role
    a_person(
        office, "khoi", "Tạ Đình Khôi", "Bí thư Tỉnh ủy", "tu", [(role.SECRETARY, "tu")], rank=10
    )
    a_person(
        office,
        "thu",
        "Phan Thị Hoài Thư",
        "Phó Bí thư Thường trực Tỉnh ủy",
        "tu",
        [(role.DEPUTY_SECRETARY, "tu")],
        rank=20,
    )
    a_person(
        office,
        "khue",
        "Đỗ Minh Khuê",
        "Chánh Văn phòng Tỉnh ủy",
        "vptu",
        [(role.CHIEF_OF_OFFICE, a) for a in both],
        rank=50,
    )
    a_person(
        office,
        "le",
        "Trịnh Thu Lệ",
        "Phó Chánh Văn phòng Tỉnh ủy",
        "vptu",
        [(role.DEPUTY_CHIEF, a) for a in both],
        rank=60,
    )
    a_person(
        office,
        "lam",
        "Vũ Ngọc Lâm",
        "Trưởng phòng Tổng hợp",
        "vptu",
        [(role.HEAD_OF_DIVISION, a) for a in both],
        unit="th",
        rank=70,
    )
    a_person(
        office,
        "suong",
        "Hoàng Mai Sương",
        "Chuyên viên Phòng Tổng hợp",
        "vptu",
        [(role.SPECIALIST, a) for a in both],
        unit="th",
    )
    a_person(
        office,
        "mien",
        "Đinh Thùy Miên",
        "Chuyên viên Phòng Tổng hợp",
        "vptu",
        [(role.SPECIALIST, a) for a in both],
        unit="th",
    )
    a_person(
        office,
        "hanh",
        "Ngô Thị Hạnh",
        "Trưởng phòng Hành chính - Lưu trữ",
        "vptu",
        [(role.HEAD_OF_DIVISION, a) for a in both],
        unit="hc",
        rank=70,
    )
    a_person(
        office,
        "nhan",
        "Bùi Thị Nhạn",
        "Văn thư",
        "vptu",
        [(role.CLERK, a) for a in both],
        unit="hc",
    )
    a_person(
        office,
        "luu",
        "Lý Văn Lưu",
        "Chuyên viên lưu trữ",
        "vptu",
        [(role.ARCHIVIST, a) for a in both],
        unit="hc",
    )
    a_person(
        office,
        "quan",
        "Hồ Quản Trị",
        "Quản trị hệ thống",
        "vptu",
        [(role.SYSADMIN, "vptu")],
        unit="hc",
    )
    a_person(
        office, "tram", "Mạc Văn Trầm", "Bí thư Đảng ủy", "dm", [(role.SECRETARY, "dm")], rank=10
    )
    a_person(
        office,
        "nga",
        "Lò Thị Nga",
        "Phó Bí thư Thường trực",
        "dm",
        [(role.DEPUTY_SECRETARY, "dm")],
        rank=20,
    )
    a_person(
        office,
        "son",
        "Giàng A Sơn",
        "Chánh Văn phòng Đảng ủy",
        "dm",
        [(role.CHIEF_OF_OFFICE, "dm")],
        rank=50,
    )
    a_person(office, "may", "Vi Thị Mây", "Chuyên viên", "dm", [(role.SPECIALIST, "dm")])
    a_person(office, "thao", "Lường Thu Thảo", "Văn thư", "dm", [(role.CLERK, "dm")])
    collective = "T/M BAN THƯỜNG VỤ"
    _authority(office, "tu.btv", "thu", SigningForm.COLLECTIVE, collective, "PHÓ BÍ THƯ")
    _authority(office, "tu.btv", "khoi", SigningForm.COLLECTIVE, collective, "BÍ THƯ")
    _authority(office, "vptu.vp", "khue", SigningForm.OWN, "", "CHÁNH VĂN PHÒNG")
    _authority(office, "dm.btv", "tram", SigningForm.COLLECTIVE, collective, "BÍ THƯ")
    _authority(office, "dm.btv", "nga", SigningForm.COLLECTIVE, collective, "PHÓ BÍ THƯ")
    _open_books(office)
    _register_keys(office)
    return office
