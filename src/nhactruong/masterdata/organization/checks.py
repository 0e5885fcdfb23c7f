"""What is missing, doubtful, duplicate or stale in the organization; one query or two a check.

Each function is named in `datasets.toml`. Signature: `kernel.findings.Check`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from nhactruong.kernel import clock
from nhactruong.kernel.findings import Finding
from nhactruong.kernel.text import fold
from nhactruong.masterdata.organization.models import (
    Agency,
    Delegation,
    Holding,
    Organ,
    Post,
    PostRole,
    RegistryService,
    SigningAuthority,
    Term,
    Unit,
)

_VACANT_DAYS: Final = 30
_LETTERS_ONLY: Final = re.compile(r"[^\W\d_]+(?:[ '’.-]+[^\W\d_]+)*\.?")
_PLAIN: Final = re.compile(r"[^0-9a-z]")


def _at(
    rows: QuerySet[Any], agency_ids: Collection[int] | None, field: str = "agency_id"
) -> QuerySet[Any]:
    return rows if agency_ids is None else rows.filter(**{f"{field}__in": list(agency_ids)})


def _in_force(rows: QuerySet[Any], on: date) -> QuerySet[Any]:
    return rows.filter(valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gt=on))


def agencies_without_identifier(on: date, agency_ids: Collection[int] | None) -> Iterable[Finding]:
    """Agencies in force whose identifier is not written."""
    rows = _at(_in_force(Agency.objects.filter(identifier=""), on), agency_ids, "pk")
    return [Finding(row.pk, row.name, "chưa có mã định danh") for row in rows]


def agencies_without_registry(on: date, agency_ids: Collection[int] | None) -> Iterable[Finding]:
    """Agencies in force whose books nobody keeps on that day."""
    served = RegistryService.objects.filter(agency=OuterRef("pk"), valid__contains=on)
    rows = _at(_in_force(Agency.objects.filter(~Exists(served)), on), agency_ids, "pk")
    return [Finding(row.pk, row.name, "chưa bộ phận văn thư nào giữ sổ") for row in rows]


def identifiers_written_twice(on: date, agency_ids: Collection[int] | None) -> Iterable[Finding]:
    """Agencies whose identifiers differ only in dots, dashes, blanks or case."""
    alike: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    rows = _in_force(Agency.objects.exclude(identifier=""), on)
    for key, name, identifier in rows.values_list("pk", "name", "identifier"):
        alike[_PLAIN.sub("", identifier.lower())].append((key, name, identifier))
    for group in alike.values():
        for key, name, identifier in group if len(group) > 1 else ():
            if agency_ids is None or key in agency_ids:
                others = ", ".join(other for _, _, other in group if other != identifier)
                yield Finding(key, name, f"{identifier} và {others}")


def bodies_with_dates_out_of_order(
    on: date, agency_ids: Collection[int] | None
) -> Iterator[Finding]:
    """Agencies, units, posts, organs and terms that end before they begin."""
    for row in _at(Agency.objects.filter(valid_to__lte=F("valid_from")), agency_ids, "pk"):
        yield Finding(row.pk, row.name, "hết hiệu lực trước khi bắt đầu")
    for model in (Unit, Post, Organ):
        bodies: QuerySet[Any] = model.objects.filter(valid_to__lte=F("valid_from"))
        for row in _at(bodies, agency_ids):
            yield Finding(row.agency_id, str(row), "hết hiệu lực trước khi bắt đầu")
    for row in _at(Term.objects.filter(ends_on__lte=F("starts_on")), agency_ids):
        yield Finding(row.agency_id, row.name, "kết thúc trước khi bắt đầu")


def posts_vacant_too_long(on: date, agency_ids: Collection[int] | None) -> Iterable[Finding]:
    """Posts in force that nobody has held for more than thirty days."""
    held = Holding.objects.filter(post=OuterRef("pk"), valid__contains=on)
    since = on - timedelta(days=_VACANT_DAYS)
    rows = _in_force(Post.objects.filter(~Exists(held)), on)
    rows = rows.annotate(left_on=Max("holdings__valid__endswith")).select_related("agency")
    for row in _at(rows, agency_ids):
        vacant_since = max(row.valid_from, row.left_on or row.valid_from)
        if vacant_since < since:
            yield Finding(row.agency_id, row.title, f"trống từ {vacant_since:%d/%m/%Y}")


def units_named_twice(on: date, agency_ids: Collection[int] | None) -> Iterable[Finding]:
    """Units of one agency whose names are the same but for accents and case."""
    alike: dict[tuple[int, str], list[str]] = defaultdict(list)
    for agency, name in _at(_in_force(Unit.objects.all(), on), agency_ids).values_list(
        "agency_id", "name"
    ):
        alike[agency, fold(name)].append(name)
    for (agency, _), names in alike.items():
        if len(names) > 1:
            yield Finding(agency, names[0], f"có {len(names)} phòng, ban cùng tên")


def _holdings(on: date, agency_ids: Collection[int] | None) -> QuerySet[Holding]:
    rows = Holding.objects.filter(valid__contains=on).select_related("person", "post")
    return _at(rows, agency_ids, "post__agency_id")


def holders_without_account(on: date, agency_ids: Collection[int] | None) -> Iterable[Finding]:
    """People in posts that carry a role who cannot sign in."""
    works = PostRole.objects.filter(post=OuterRef("post"), valid__contains=on)
    rows = _holdings(on, agency_ids).filter(Exists(works), person__account=None)
    return [Finding(row.post.agency_id, row.person.full_name, row.post.title) for row in rows]


def names_with_digits(on: date, agency_ids: Collection[int] | None) -> Iterable[Finding]:
    """People in posts whose name holds something else than letters."""
    for row in _holdings(on, agency_ids):
        if not _LETTERS_ONLY.fullmatch(row.person.full_name.strip()):
            yield Finding(row.post.agency_id, row.person.full_name, row.post.title)


def people_named_twice(on: date, agency_ids: Collection[int] | None) -> Iterable[Finding]:
    """Different people of one agency whose names are the same but for accents and case."""
    alike: dict[tuple[int, str], dict[int, str]] = defaultdict(dict)
    for row in _holdings(on, agency_ids):
        of_agency = alike[row.post.agency_id, fold(row.person.full_name)]
        of_agency[row.person_id] = f"{row.person.full_name} ({row.post.title})"
    for (agency, _), people in alike.items():
        if len(people) > 1:
            yield Finding(agency, "; ".join(people.values()), "cùng họ tên")


def organs_without_authority(on: date, agency_ids: Collection[int] | None) -> Iterable[Finding]:
    """Organs in force that had a signing table once and have no row in force now."""
    rows = SigningAuthority.objects.filter(organ=OuterRef("pk"))
    bodies = Organ.objects.filter(Exists(rows), ~Exists(rows.filter(valid__contains=on)))
    return [
        Finding(row.agency_id, row.name, "không còn dòng thẩm quyền ký nào có hiệu lực")
        for row in _at(_in_force(bodies, on), agency_ids)
    ]


def delegations_without_holder(on: date, agency_ids: Collection[int] | None) -> Iterable[Finding]:
    """Delegations that still run though the giver no longer holds the post."""
    holds = Holding.objects.filter(
        post=OuterRef("post"), person=OuterRef("given_by"), valid__contains=on
    )
    rows = Delegation.objects.filter(~Exists(holds), revoked_at=None, valid__contains=clock.now())
    rows = rows.select_related("post", "given_by", "delegate")
    return [
        Finding(
            row.post.agency_id,
            f"{row.given_by.full_name} ủy quyền cho {row.delegate.full_name}",
            row.post.title,
        )
        for row in _at(rows, agency_ids, "post__agency_id")
    ]
