"""Agencies and what belongs to them: names, identifiers, units, registries, organs, terms."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    DateRangeField,
    RangeOperators,
)
from django.db import models
from django.db.models import Q

from nhactruong.foundation.persistence.base import PublicRecord, Record


class Agency(PublicRecord):
    """A legal body with a seal and an identifier; its names live in `AgencyName`."""

    class Level(models.TextChoices):
        """Where the body stands; there is no district level since 01/7/2025."""

        CENTRAL = "central", "Trung ương"
        PROVINCE = "province", "Tỉnh"
        COMMUNE = "commune", "Xã"

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=300)
    short_name = models.CharField(max_length=200)
    level = models.CharField(max_length=20, choices=Level.choices)
    kind = models.CharField(max_length=40)
    symbol = models.CharField(max_length=30)
    identifier = models.CharField(max_length=35, unique=True)
    superior_line = models.CharField(max_length=200, blank=True)
    issuer_lines = ArrayField(models.CharField(max_length=200))
    place = models.CharField(max_length=100)
    seal_name = models.CharField(max_length=300)
    seal_diameter_mm = models.PositiveSmallIntegerField(default=36)
    #: Where one person is clerk and drafter at once, she may number and seal what she drafted.
    drafter_may_seal = models.BooleanField(default=False)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sort_key = models.CharField(max_length=400, db_collation="C")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    def __str__(self) -> str:
        return self.short_name


class AgencyName(Record):
    """How an agency was named in a period; a correction is a new row, the old one superseded."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=300)
    short_name = models.CharField(max_length=200)
    issuer_lines = ArrayField(models.CharField(max_length=200))
    valid = DateRangeField()
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            ExclusionConstraint(
                name="one_name_at_a_time",
                expressions=[
                    ("agency", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(superseded_at=None),
            )
        ]


class AgencyIdentifier(Record):
    """The electronic identifier of an agency in a period, in one of the two forms in use.

    Source: exchange.md 7.1, 7.2.
    """

    class Scheme(models.TextChoices):
        """Which form the value has."""

        NEW = "new", "Mã định danh"
        OLD = "old", "Mã dạng cũ"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="identifiers")
    scheme = models.CharField(max_length=3, choices=Scheme.choices)
    value = models.CharField(max_length=35)
    valid = DateRangeField()

    class Meta(Record.Meta):
        constraints = [
            ExclusionConstraint(
                name="one_identifier_at_a_time",
                expressions=[
                    ("agency", RangeOperators.EQUAL),
                    ("scheme", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="identifier_of_one_agency",
                expressions=[
                    ("value", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Unit(PublicRecord):
    """A division (phòng) of an agency."""

    key = models.SlugField(max_length=60, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=100)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class Registry(PublicRecord):
    """An office of văn thư; it may keep the books of several agencies."""

    key = models.SlugField(max_length=60, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    serves = models.ManyToManyField(Agency, through="RegistryService", related_name="+")


class RegistryService(Record):
    """One agency whose books a registry keeps; at any time exactly one registry serves it."""

    registry = models.ForeignKey(Registry, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    valid = DateRangeField()

    class Meta(Record.Meta):
        constraints = [
            ExclusionConstraint(
                name="one_registry_at_a_time",
                expressions=[
                    ("agency", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]


class Organ(PublicRecord):
    """What decides and issues: BCH, Ban Thường vụ, a Ban Chỉ đạo, an office under one head.

    Organs with the same `series_body` share one symbol and one counter per type.
    """

    key = models.CharField(max_length=60, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=40)
    name_block = ArrayField(models.CharField(max_length=200))
    superior_line = models.CharField(max_length=200, blank=True)
    collective_line = models.CharField(max_length=200, blank=True)
    series_body = models.CharField(max_length=60)
    symbol = models.CharField(max_length=30)
    is_temporary = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class Term(PublicRecord):
    """A committee's term: from the closing of one congress to the closing of the next."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
