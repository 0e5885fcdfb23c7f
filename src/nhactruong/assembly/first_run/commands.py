"""The founding of an office that nobody can enter yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.utils.text import slugify

from nhactruong.foundation.accounts.commands import create_account
from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor, service_actor
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import commands as organization
from nhactruong.masterdata.organization.models import Agency
from nhactruong.masterdata.vocabularies.commands import load_document_types

FOUNDER: Final = service_actor("first-run", "Thiết lập lần đầu")
_LOCK: Final = 4_711_024
_RANK: Final = 90


@dataclass(frozen=True, slots=True)
class AgencyCard:
    """The first agency as it is typed in."""

    name: str
    short_name: str
    symbol: str
    identifier: str
    level: str
    place: str


@dataclass(frozen=True, slots=True)
class AdministratorCard:
    """One of the two first administrators; the password is not repeated anywhere."""

    full_name: str
    username: str
    password: str


def is_founded() -> bool:
    """Whether somebody can sign in: the first-run page is then closed for ever."""
    return User.objects.exists()


@command
def found_office(
    actor: Actor,
    *,
    agency: AgencyCard,
    security: AdministratorCard,
    system: AdministratorCard,
) -> Agency:
    """The first agency, its document types, and two administrators who hold each other in check.

    Raises: NotFound `first_run.closed` once an account exists, also for whoever presses second.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if is_founded():
        raise NotFound("first_run.closed", "Trang thiết lập lần đầu đã đóng.")
    load_document_types(actor)
    today = clock.today()
    founded = organization.found_agency(
        actor,
        key=slugify(agency.identifier.replace(".", "-")),
        name=agency.name,
        short_name=agency.short_name,
        level=agency.level,
        kind="office",
        symbol=agency.symbol,
        identifier=agency.identifier,
        issuer_lines=[agency.name.upper()],
        place=agency.place,
        seal_name=agency.name,
        valid_from=today,
    )
    for role, card, title in (
        (Role.SECURITY_ADMIN, security, "Quản trị an toàn thông tin"),
        (Role.SYSADMIN, system, "Quản trị hệ thống"),
    ):
        post = organization.create_post(
            actor,
            key=f"{founded.key}-{slugify(role.name)}",
            agency=founded,
            title=title,
            rank=_RANK,
            valid_from=today,
            roles=[(role, founded)],
        )
        account = create_account(actor, username=card.username, password=card.password)
        person = organization.register_person(
            actor, key=slugify(card.username), full_name=card.full_name, account=account
        )
        organization.appoint(actor, person, post, since=today)
    audit.record(actor, "office.founded", founded, identifier=agency.identifier)
    return founded
