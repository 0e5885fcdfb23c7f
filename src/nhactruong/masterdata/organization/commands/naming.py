"""What an agency is called and known by, from a day on; earlier words stay beside the new ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.kernel.limits import line_within
from nhactruong.kernel.text import collation_key
from nhactruong.masterdata.organization import rules
from nhactruong.masterdata.organization.models import (
    Agency,
    AgencyIdentifier,
    AgencyName,
    Organ,
)


def _locked(agency: Agency) -> Agency:
    return Agency.objects.select_for_update(of=("self",)).get(pk=agency.pk)


@command
def rename_agency(
    actor: Actor,
    agency: Agency,
    *,
    name: str,
    short_name: str,
    issuer_lines: Sequence[str],
    since: date,
    basis: str,
) -> Agency:
    """The agency under its new name from that day; the earlier name ends on it.

    Organs that print the agency's own lines follow. What was issued keeps its words: they are
    frozen on the page and in the register.
    Raises: InvalidInput for a day to come, RuleBroken when the present name is not older.
    """
    if since > clock.today():
        raise InvalidInput.at(
            "since", "organization.rename_early", "Tên mới được ghi từ ngày có hiệu lực trở đi."
        )
    agency = _locked(agency)
    present = AgencyName.objects.get(agency=agency, valid__contains=since, superseded_at=None)
    if present.valid.lower >= since or present.valid.upper is not None:
        raise RuleBroken(
            "organization.renamed_later",
            "Cơ quan đã đổi tên từ ngày này hoặc sau ngày này. Đồng chí kiểm tra lại ngày.",
        )
    before = list(agency.issuer_lines)
    present.valid = DateRange(present.valid.lower, since, "[)")
    present.save(update_fields=["valid"])
    agency.name = line_within(300, name, field="name", label="Tên cơ quan")
    agency.short_name = line_within(200, short_name, field="short_name", label="Tên gọi tắt")
    agency.issuer_lines = list(issuer_lines)
    agency.sort_key = collation_key(agency.short_name)
    agency.save(update_fields=["name", "short_name", "issuer_lines", "sort_key"])
    AgencyName.objects.create(
        agency=agency,
        name=agency.name,
        short_name=agency.short_name,
        issuer_lines=agency.issuer_lines,
        valid=DateRange(since, None, "[)"),
        recorded_at=clock.now(),
    )
    Organ.objects.filter(agency=agency, name_block=before).update(name_block=agency.issuer_lines)
    audit.record(actor, "organization.agency_renamed", agency, reason=basis, name=agency.name)
    return agency


@command
def give_identifier(
    actor: Actor, agency: Agency, *, scheme: AgencyIdentifier.Scheme, value: str, since: date
) -> AgencyIdentifier:
    """The agency's identifier of that form from that day; the earlier one of the form ends on it.

    Raises: InvalidInput for a wrong form, RuleBroken when another agency bears the value.
    """
    agency = _locked(agency)
    is_old = scheme == AgencyIdentifier.Scheme.OLD
    value = rules.require_identifier(value, is_old=is_old)
    for row in AgencyIdentifier.objects.filter(
        agency=agency, scheme=scheme, valid__endswith__isnull=True, valid__startswith__lt=since
    ):
        row.valid = DateRange(row.valid.lower, since, "[)")
        row.save(update_fields=["valid"])
    try:
        with transaction.atomic():
            given = AgencyIdentifier.objects.create(
                agency=agency, scheme=scheme, value=value, valid=DateRange(since, None, "[)")
            )
            if not is_old:
                Agency.objects.filter(pk=agency.pk).update(identifier=value)
    except IntegrityError as fault:
        raise RuleBroken(
            "organization.identifier_taken",
            "Mã định danh này đã cấp cho cơ quan khác, hoặc cơ quan đã có mã từ sau ngày này.",
        ) from fault
    audit.record(actor, "organization.identifier_given", agency, value=value, scheme=scheme)
    return given
