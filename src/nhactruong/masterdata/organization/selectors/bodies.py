"""Agencies, units, organs, registries, the signing table, terms."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Final, TypeVar

from django.db import connection
from django.db.models import (
    Case,
    IntegerField,
    Q,
    QuerySet,
    When,
)

from nhactruong.kernel import clock
from nhactruong.kernel.errors import NotFound, RuleBroken
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization.models import (
    Agency,
    Organ,
    Post,
    PostRole,
    Registry,
    RegistryService,
    SigningAuthority,
    Term,
    Unit,
)

_B = TypeVar("_B", Agency, Unit, Post)


def agency(agency_id: int) -> Agency:
    """The agency of that key."""
    return Agency.objects.get(pk=agency_id)


def agencies(ids: Iterable[int] | None = None) -> QuerySet[Agency]:
    """Agencies in force today in Vietnamese order; one that ends later is still in force."""
    found = existing_on(Agency.objects.all(), clock.today())
    if ids is not None:
        found = found.filter(pk__in=list(ids))
    return found.order_by("level", "sort_key")


def existing_on(rows: QuerySet[_B], day: date) -> QuerySet[_B]:
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
    return existing_on(units, clock.today()).order_by("pk")


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
    return list(existing_on(Unit.objects.filter(serving), day).order_by("pk"))


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


def kept_with(agency_ids: Collection[int]) -> QuerySet[RegistryService]:
    """Who serves today the agencies whose papers lie in the same registry as one of these."""
    today = clock.today()
    own = RegistryService.objects.filter(agency_id__in=agency_ids, valid__contains=today)
    return RegistryService.objects.filter(
        registry_id__in=own.values("registry_id"), valid__contains=today
    )


def agencies_kept_with(agency_id: int) -> frozenset[int]:
    """The agencies whose papers lie today in the same registry, this one among them."""
    return frozenset({agency_id, *kept_with([agency_id]).values_list("agency_id", flat=True)})


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
