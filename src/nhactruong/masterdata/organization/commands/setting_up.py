"""Setting up bodies, posts and people, and who may sign."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import RuleBroken
from nhactruong.kernel.states import Role, SigningForm
from nhactruong.kernel.text import collation_key, person_sort_key
from nhactruong.masterdata.organization.models import (
    Agency,
    AgencyIdentifier,
    AgencyName,
    Holding,
    Organ,
    OrganMembership,
    Person,
    Post,
    PostRole,
    Registry,
    RegistryService,
    SigningAuthority,
    Term,
    Unit,
)


def _from(day: date, until: date | None = None) -> DateRange:
    return DateRange(day, until, "[)")


@command
def found_agency(
    actor: Actor,
    *,
    key: str,
    name: str,
    short_name: str,
    level: str,
    kind: str,
    symbol: str,
    identifier: str,
    issuer_lines: Sequence[str],
    place: str,
    seal_name: str,
    valid_from: date,
    superior_line: str = "",
    seal_diameter_mm: int = 36,
    drafter_may_seal: bool = False,
    parent: Agency | None = None,
) -> Agency:
    """A legal body with its first name."""
    agency = Agency.objects.create(
        key=key,
        name=name,
        short_name=short_name,
        level=level,
        kind=kind,
        symbol=symbol,
        identifier=identifier,
        superior_line=superior_line,
        issuer_lines=list(issuer_lines),
        place=place,
        seal_name=seal_name,
        seal_diameter_mm=seal_diameter_mm,
        drafter_may_seal=drafter_may_seal,
        parent=parent,
        sort_key=collation_key(short_name),
        valid_from=valid_from,
    )
    AgencyName.objects.create(
        agency=agency,
        name=name,
        short_name=short_name,
        issuer_lines=list(issuer_lines),
        valid=_from(valid_from),
        recorded_at=clock.now(),
    )
    AgencyIdentifier.objects.create(
        agency=agency,
        scheme=AgencyIdentifier.Scheme.NEW,
        value=identifier,
        valid=_from(valid_from),
    )
    audit.record(actor, "organization.agency_founded", agency, identifier=identifier)
    return agency


@command
def create_unit(
    actor: Actor, *, key: str, agency: Agency, name: str, short_name: str, valid_from: date
) -> Unit:
    """A division of an agency."""
    unit = Unit.objects.create(
        key=key, agency=agency, name=name, short_name=short_name, valid_from=valid_from
    )
    audit.record(actor, "organization.unit_created", unit)
    return unit


@command
def create_organ(
    actor: Actor,
    *,
    key: str,
    agency: Agency,
    name: str,
    kind: str,
    name_block: Sequence[str],
    series_body: str,
    symbol: str,
    valid_from: date,
    superior_line: str = "",
    collective_line: str = "",
    is_temporary: bool = False,
) -> Organ:
    """A body that decides and issues."""
    organ = Organ.objects.create(
        key=key,
        agency=agency,
        name=name,
        kind=kind,
        name_block=list(name_block),
        superior_line=superior_line,
        collective_line=collective_line,
        series_body=series_body,
        symbol=symbol,
        is_temporary=is_temporary,
        valid_from=valid_from,
    )
    audit.record(actor, "organization.organ_created", organ)
    return organ


@command
def create_registry(
    actor: Actor,
    *,
    key: str,
    agency: Agency,
    name: str,
    serves: Iterable[Agency],
    valid_from: date,
) -> Registry:
    """An office of văn thư that keeps the books of `serves` from that day."""
    registry = Registry.objects.create(key=key, agency=agency, name=name)
    RegistryService.objects.bulk_create(
        [
            RegistryService(registry=registry, agency=served, valid=_from(valid_from))
            for served in serves
        ]
    )
    audit.record(actor, "organization.registry_created", registry)
    return registry


@command
def create_post(
    actor: Actor,
    *,
    key: str,
    agency: Agency,
    title: str,
    rank: int,
    valid_from: date,
    unit: Unit | None = None,
    roles: Iterable[tuple[Role, Agency]] = (),
) -> Post:
    """A post with the roles it carries and the agencies they reach."""
    post = Post.objects.create(
        key=key, agency=agency, unit=unit, title=title, rank=rank, valid_from=valid_from
    )
    PostRole.objects.bulk_create(
        [
            PostRole(post=post, role=role.value, agency=reached, valid=_from(valid_from))
            for role, reached in roles
        ]
    )
    audit.record(actor, "organization.post_created", post, title=title)
    return post


@command
def grant_role(actor: Actor, post: Post, role: Role, reached: Agency, *, since: date) -> PostRole:
    """The role the post carries from that day, for the agency it reaches.

    The database refuses one that it carries already at that time.
    """
    given = PostRole.objects.create(post=post, role=role.value, agency=reached, valid=_from(since))
    audit.record(
        actor,
        "organization.role_granted",
        post,
        role=role.code,
        reached=reached.key,
        since=since.isoformat(),
    )
    return given


@command
def register_person(
    actor: Actor, *, key: str, full_name: str, account: User | None = None
) -> Person:
    """A person, with or without an account."""
    person = Person.objects.create(
        key=key, full_name=full_name, sort_key=person_sort_key(full_name), account=account
    )
    audit.record(actor, "organization.person_registered", person)
    return person


@command
def give_account(actor: Actor, person: Person, account: User) -> Person:
    """The person, who signs in with that account from now on; nobody gets a second one.

    Raises: RuleBroken `person.has_account`.
    """
    held = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if held.account_id is not None:
        raise RuleBroken("person.has_account", f"{held.full_name} đã có tài khoản.")
    held.account = account
    held.save(update_fields=["account"])
    audit.record(actor, "organization.account_given", held, username=account.username)
    return held


@command
def appoint(
    actor: Actor,
    person: Person,
    post: Post,
    *,
    kind: str = Holding.Kind.MAIN,
    since: date,
    until: date | None = None,
) -> Holding:
    """The person's time in the post; the database refuses two holders at a time."""
    holding = Holding.objects.create(
        person=person, post=post, kind=kind, valid=_from(since, until), recorded_at=clock.now()
    )
    audit.record(actor, "organization.appointed", person, post=post.key, kind=kind)
    return holding


@command
def seat(actor: Actor, organ: Organ, post: Post, *, capacity: str, since: date) -> OrganMembership:
    """The post's seat in an organ."""
    membership = OrganMembership.objects.create(
        organ=organ, post=post, capacity=capacity, valid=_from(since)
    )
    audit.record(actor, "organization.seated", organ, post=post.key, capacity=capacity)
    return membership


@command
def grant_signing_authority(
    actor: Actor,
    *,
    organ: Organ,
    post: Post,
    form: SigningForm,
    title_line: str,
    basis: str,
    since: date,
    until: date | None = None,
    capacity_line: str = "",
    document_types: Sequence[str] = (),
) -> SigningAuthority:
    """A row of the signing table; no types means all. Source: documents.md 8.1."""
    authority = SigningAuthority.objects.create(
        organ=organ,
        document_types=list(document_types),
        form=form.value,
        post=post,
        capacity_line=capacity_line,
        title_line=title_line,
        valid=_from(since, until),
        basis=basis,
    )
    audit.record(actor, "organization.signing_authority_granted", authority, basis=basis)
    return authority


@command
def open_term(actor: Actor, agency: Agency, *, name: str, starts_on: date) -> Term:
    """The committee's term, from the closing of its congress."""
    term = Term.objects.create(agency=agency, name=name, starts_on=starts_on)
    audit.record(actor, "organization.term_opened", term, name=name)
    return term
